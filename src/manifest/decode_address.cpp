#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "manifest/decode_parts.h"
#include "model/address.h"
#include "model/network_condition.h"

namespace zonepin {

namespace {

constexpr std::string_view kAddressExample = "write an address, 203.0.113.10, or a CIDR, 203.0.113.0/24";
constexpr std::size_t kMostProposed = 4;

// A range has no place in a manifest: what it is as CIDRs.
std::string help_with_range(const IpRange& range) {
  const std::vector<Cidr> cidrs = cidrs_of(range);
  if (cidrs.size() > kMostProposed)
    return "a range is written as CIDRs; this one takes " + std::to_string(cidrs.size());
  std::vector<std::string> texts;
  for (const Cidr& cidr : cidrs) texts.push_back(to_string(cidr));
  return "a range is written as CIDRs: " + join(texts, ", ");
}

// 10.0.0.0/255.255.255.0: the prefix length of a mask, if it is one.
std::optional<unsigned> prefix_of_mask(std::string_view text) {
  const auto mask = parse_address(text);
  if (!mask || mask->family != IpFamily::v4) return std::nullopt;
  const auto ones = static_cast<unsigned>(std::countl_one(static_cast<std::uint32_t>(mask->low)));
  if (static_cast<unsigned>(std::popcount(mask->low)) != ones) return std::nullopt;
  return ones;
}

bool has_leading_zero(std::string_view address) {
  const auto parts = split(address, '.');
  return parts.size() == 4 && std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
           return part.size() > 1 && part.front() == '0' &&
                  part.find_first_not_of("0123456789") == std::string_view::npos;
         });
}

std::string help_with_address(std::string_view text) {
  if (const auto range = parse_range(text)) return help_with_range(*range);
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  if (has_leading_zero(address)) return "leave leading zeros out: some read them as octal";
  if (slash == std::string_view::npos) {
    if (text.find('%') != std::string_view::npos) return "leave the interface behind the % out";
    return std::string(kAddressExample);
  }
  const auto whole = parse_address(address);
  if (!whole) return std::string(kAddressExample);
  if (const auto prefix = prefix_of_mask(text.substr(slash + 1))) {
    return "did you mean " + in_quotes(to_string(base_of({*whole, *prefix}))) + "?";
  }
  return "behind the slash stands a number from 0 to " + std::to_string(bits_of(whole->family));
}

bool check_address(Reader& reader, const Text& text) {
  if (parse_address(text.value)) return true;
  const auto cidr = parse_cidr(text.value);
  if (!cidr) {
    reader.problems().error(text.place, in_quotes(text.value) + " is neither an address nor a CIDR",
                            help_with_address(text.value));
    return false;
  }
  if (base_of(*cidr) == *cidr) return true;
  reader.problems().error(
      text.place, in_quotes(text.value) + " has host bits behind its prefix",
      "the network is " + to_string(base_of(*cidr)) + ", the address alone is " + to_string(cidr->address));
  return false;
}

IpRange range_of_text(const std::string& text) {
  if (const auto address = parse_address(text)) return range_of(*address);
  return range_of(parse_cidr(text).value_or(Cidr{}));
}

// A pin that contradicts itself is broken whatever the zone holds.
void check_covers_lie_within(Reader& reader, const ZonePin& pin, const Value& covers) {
  std::vector<IpRange> within;
  for (const std::string& text : pin.within) within.push_back(range_of_text(text));
  within = joined(std::move(within));
  for (const std::string& text : pin.covers) {
    const IpRange wanted = range_of_text(text);
    if (std::any_of(within.begin(), within.end(),
                    [&](const IpRange& range) { return range.contains(wanted); }))
      continue;
    reader.problems().error(covers.place, "the zone is to cover " + text + ", which lies outside of within",
                            "no zone can do both: widen within, or take the address out of covers");
  }
}

void check_pin_name(Reader& reader, const Text& name) {
  if (is_reserved_zone(name.value)) {
    reader.problems().error(name.place, in_quotes(name.value) + " is a reserved word, not the name of a zone",
                            "pin the zones that it stands for, one by one");
  } else if (parse_address(name.value) || parse_cidr(name.value)) {
    reader.problems().error(name.place, in_quotes(name.value) + " is an address, not the name of a zone",
                            "write the zone's name here, and the address under within: or covers:");
  }
}

ZonePin decode_pin(Reader& reader, const Keyed& member) {
  ZonePin pin;
  pin.name = member.key.value;
  pin.place = member.key.place;
  check_pin_name(reader, member.key);
  const auto fields = reader.mapping(member.value, {"id", "within", "covers", "quarantine"},
                                     "write { id: nzo1a2b3c4d5e6f7g8h9 }, or { within: [203.0.113.0/24] }");
  if (!fields) return pin;
  if (reader.tree().fields(member.value.node).empty()) {
    reader.problems().error(member.value.place, "this zone pin says nothing",
                            "say what the zone is: its id, within, covers or quarantine");
  }
  const std::size_t before = reader.problems().count();
  if (const Value id = fields->get("id"); id.given()) {
    pin.id = decode_id(reader, id, {"a zone", "nzo", "nzo1a2b3c4d5e6f7g8h9"});
  }
  const Value within = fields->get("within");
  const Value covers = fields->get("covers");
  if (within.given()) pin.within = decode_addresses(reader, within);
  if (covers.given()) pin.covers = decode_addresses(reader, covers);
  const bool fine = reader.problems().count() == before;
  if (fine && within.given()) check_covers_lie_within(reader, pin, covers);
  if (const Value quarantine = fields->get("quarantine"); quarantine.given()) {
    pin.quarantine = reader.boolean(quarantine).value_or(false);
  }
  return pin;
}

}  // namespace

std::vector<std::string> decode_addresses(Reader& reader, const Value& list) {
  std::vector<std::string> addresses;
  const auto members = reader.list(list, "an address");
  if (!members) return addresses;
  if (members->empty()) {
    reader.problems().error(list.place, std::string(list.name) + " is empty",
                            "name at least one address or CIDR, or leave the line out");
  }
  std::vector<Text> texts;
  for (const Value& member : *members) {
    auto text = reader.text(member, kAddressExample);
    if (text && check_address(reader, *text)) texts.push_back(std::move(*text));
  }
  std::vector<Member> given;
  for (const Text& text : texts) given.push_back({text.value, text.place});
  check_repeated(reader, std::move(given), list.name);
  for (Text& text : texts) addresses.push_back(std::move(text.value));
  return addresses;
}

std::vector<ZonePin> decode_zone_pins(Reader& reader, const Value& zones) {
  std::vector<ZonePin> pins;
  const auto members =
      reader.entries(zones, "a zone pin", "the name of a zone",
                     "name each zone with what it must be: ci-runners: { within: [203.0.113.0/24] }");
  if (!members) return pins;
  for (const Keyed& member : *members) pins.push_back(decode_pin(reader, member));
  return pins;
}

}  // namespace zonepin
