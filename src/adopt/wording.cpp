#include "adopt/wording.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "manifest/scalar_text.h"
#include "model/address.h"
#include "plan/reach.h"

namespace zonepin {

namespace {

// A pin with more addresses is a copy of the zone that nobody reads.
constexpr std::size_t kMaxPinnedCidrs = 16;
// A key of YAML ends within 1024 characters of its line, escapes included.
constexpr std::size_t kMaxKeyLength = 900;

bool is_writable_zone(const std::string& text) {
  return is_writable_text(text) && !trim(text).empty() && !looks_like_address(text);
}

// << is a merge key to many readers, whatever quotes stand around it.
bool is_writable_pin_name(const std::string& name) {
  if (name == "<<") return false;
  return yaml_quoted(name).size() <= kMaxKeyLength && !parse_address(name) && !parse_cidr(name);
}

// What `zones:` takes as an id.
bool is_writable_pin_id(const std::string& id) {
  return id.size() > 3 && id.size() <= 64 && id.rfind("nzo", 0) == 0 && is_token_id(id);
}

std::string why_unwritable(const NetworkCondition& condition) {
  if (condition.connection != kAnywhere && condition.connection != kZone)
    return "its connection is " + in_quotes(condition.connection) + ", which zonepin does not know";
  if (condition.connection == kAnywhere) return "its condition is ANYWHERE and names zones all the same";
  if (condition.include.empty()) return "its condition is ZONE and names no zone";
  return "its condition includes and excludes zones at once";
}

}  // namespace

bool Wording::reads_as(const std::string& text, const std::string& zone_id) const {
  Diagnostics diagnostics;
  const auto read = book_.resolve({std::string(kZone), {{text, {}}}, {}, {}}, diagnostics);
  return read.condition && read.condition->include == std::vector<std::string>{zone_id};
}

ZoneWord Wording::word_for(const std::string& member) const {
  if (is_reserved_zone(member)) return {member, {}, {}, {}};
  const Zone* zone = book_.by_id(member);
  if (zone == nullptr) {
    return {
        {}, {}, {}, "its condition names the zone " + in_quotes(member) + ", which this org does not have"};
  }
  const std::string label = in_quotes(zone->name) + " (" + escape(zone->id) + ")";
  if (!is_usable(*zone))
    return {{}, {}, {}, "its condition names the zone " + label + ", which " + why_unusable(*zone)};
  if (is_writable_zone(zone->name) && reads_as(zone->name, member)) return {zone->name, {}, member, {}};
  if (is_writable_zone(member) && reads_as(member, member))
    return {member, "zone " + escape(member) + " is " + in_quotes(zone->name), {}, {}};
  return {{}, {}, {}, "a manifest can't name the zone " + label};
}

const ZoneWord& Wording::zone(const std::string& member) {
  const auto [place, fresh] = words_.try_emplace(member);
  if (fresh) place->second = word_for(member);
  return place->second;
}

NetworkWord Wording::network(const NetworkCondition& condition) {
  NetworkWord word;
  if (!is_writable(condition)) {
    word.why_not = why_unwritable(condition);
    return word;
  }
  DesiredNetwork network{condition.connection, {}, {}, {}};
  const auto take = [&](const std::vector<std::string>& members, std::vector<ZoneRef>& refs) {
    for (const std::string& member : members) {
      const ZoneWord& one = zone(member);
      if (word.why_not.empty()) word.why_not = one.why_not;
      if (!one.note.empty()) word.notes.push_back(one.note);
      if (!one.zone_id.empty()) word.zone_ids.push_back(one.zone_id);
      refs.push_back({one.text, {}});
    }
    std::sort(refs.begin(), refs.end(), [](const ZoneRef& a, const ZoneRef& b) { return a.text < b.text; });
  };
  take(condition.include, network.include);
  take(condition.exclude, network.exclude);
  if (word.why_not.empty()) {
    word.network = std::move(network);
  } else {
    word.notes.clear();
    word.zone_ids.clear();
  }
  return word;
}

std::vector<Noted<ZonePin>> Wording::pins(const std::set<std::string>& zone_ids) const {
  std::vector<Noted<ZonePin>> pins;
  for (const Zone& zone : zones_) {
    if (zone_ids.count(zone.id) == 0 || !is_writable_pin_name(zone.name)) continue;
    Noted<ZonePin> pin;
    pin.part.name = zone.name;
    if (is_writable_pin_id(zone.id)) pin.part.id = zone.id;
    const ZoneContent content = content_of(zone);
    const std::size_t count = content.addresses.cidr_count();
    if (!content.unknown.empty()) {
      pin.notes.push_back("without its addresses: " + content.unknown);
    } else if (count > kMaxPinnedCidrs) {
      pin.notes.push_back("without its addresses: they are " + std::to_string(count) + " CIDRs");
    } else {
      for (const Cidr& cidr : content.addresses.cidrs()) pin.part.within.push_back(to_string(cidr));
    }
    if (pin.part.id || !pin.part.within.empty()) pins.push_back(std::move(pin));
  }
  std::sort(pins.begin(), pins.end(), [](const auto& a, const auto& b) { return a.part.name < b.part.name; });
  return pins;
}

}  // namespace zonepin
