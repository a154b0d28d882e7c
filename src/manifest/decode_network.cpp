#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "manifest/decode_parts.h"
#include "manifest/scalar_text.h"
#include "model/network_condition.h"

namespace zonepin {

namespace {

constexpr const char* kExample = "write network: { connection: ZONE, include: [a-zone] }";

std::vector<ZoneRef> decode_zones(Reader& reader, const Value& list) {
  std::vector<ZoneRef> zones;
  const std::string member_name = "a member of " + std::string(list.name);
  const auto members = reader.list(list, member_name);
  if (!members) return zones;
  if (members->empty()) {
    reader.problems().error(list.place, std::string(list.name) + " is empty",
                            "name at least one zone; every address is allowed by connection: ANYWHERE");
  }
  zones.reserve(members->size());
  for (const Value& member : *members) {
    auto text = reader.text(member);
    if (!text) continue;
    if (looks_like_address(text->value)) {
      reader.problems().error(text->place, in_quotes(text->value) + " is an address, not a zone",
                              "tokens are pinned to network zones: name the zone that holds this address");
      continue;
    }
    zones.push_back({std::move(text->value), text->place});
  }
  if (zones.size() < 2) return zones;
  std::vector<Member> given;
  given.reserve(zones.size());
  for (const ZoneRef& zone : zones) given.push_back({zone.text, zone.place});
  check_repeated(reader, std::move(given), list.name);
  return zones;
}

std::string decode_connection(Reader& reader, const Fields& fields) {
  const Value value = fields.get("connection");
  if (!value.given()) {
    if (fields.missing("connection")) {
      const bool lists = fields.given("include") || fields.given("exclude");
      reader.problems().error(fields.place(), "connection is missing in network",
                              lists ? "add connection: ZONE" : kExample);
    }
    return {};
  }
  auto text = reader.text(value, "it may be ANYWHERE or ZONE");
  if (!text) return {};
  if (text->value == kAnywhere || text->value == kZone) return std::move(text->value);
  const std::string guess = did_you_mean(text->value, {kAnywhere, kZone});
  reader.problems().error(
      text->place, "connection can't be " + in_quotes(text->value),
      guess.empty() ? "it may be ANYWHERE or ZONE, in capitals as Okta writes it" : guess);
  return {};
}

void check_lists(Reader& reader, const Fields& fields, const std::string& connection) {
  const Value include = fields.get("include");
  const Value exclude = fields.get("exclude");
  if (include.given() && exclude.given()) {
    reader.problems().error(exclude.place, "a network has either include or exclude, not both",
                            "Okta takes one list: keep the one that you mean");
    return;
  }
  const Value& list = include.given() ? include : exclude;
  if (connection == kAnywhere && list.given()) {
    reader.problems().error(list.place,
                            "ANYWHERE allows every address and takes no " + std::string(list.name),
                            "for these zones only, write connection: ZONE");
  }
  if (connection == kZone && fields.missing("include") && fields.missing("exclude")) {
    reader.problems().error(fields.place(), "ZONE needs a list of zones",
                            "add include: [a-zone], or exclude: [a-zone]");
  }
}

}  // namespace

void check_repeated(Reader& reader, std::vector<Member> members, std::string_view list_name) {
  std::stable_sort(members.begin(), members.end(),
                   [](const Member& one, const Member& other) { return one.text < other.text; });
  for (std::size_t i = 1; i < members.size(); ++i) {
    if (members[i].text != members[i - 1].text) continue;
    reader.problems().error(
        members[i].place, in_quotes(members[i].text) + " stands twice in " + std::string(list_name),
        "the other one is in line " + std::to_string(members[i - 1].place.line) + ": keep one of the two");
  }
}

DesiredNetwork decode_network(Reader& reader, const Value& value) {
  DesiredNetwork network;
  network.place = value.place;
  const auto fields = reader.mapping(value, {"connection", "include", "exclude"}, kExample);
  if (!fields) return network;
  network.connection = decode_connection(reader, *fields);
  check_lists(reader, *fields, network.connection);
  if (network.connection == kAnywhere) return network;  // lists there are wrong, whatever they hold
  if (const Value include = fields->get("include"); include.given()) {
    network.include = decode_zones(reader, include);
  }
  if (const Value exclude = fields->get("exclude"); exclude.given()) {
    network.exclude = decode_zones(reader, exclude);
  }
  return network;
}

}  // namespace zonepin
