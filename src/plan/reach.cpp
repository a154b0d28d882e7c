#include "plan/reach.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "base/text.h"

namespace zonepin {

namespace {

constexpr std::string_view kActive = "ACTIVE";
constexpr std::string_view kBlocklist = "BLOCKLIST";
// Its addresses are let in whatever BLOCKLIST zones say (FACTS 3.3). Okta tells it from LegacyIpZone by this
// name alone.
constexpr std::string_view kExemptZone = "DefaultExemptIpZone";

constexpr std::string_view kNoConditionAssumed = "a token without a condition can be used from anywhere";
constexpr std::string_view kAllZonesAssumed =
    "ALL_ZONES and ALL_IP_ZONES are all ACTIVE zones of type IP and usage POLICY";

// Conditions and pairs that are kept: a bound on memory, far above what an org has where people, not scripts,
// made them.
constexpr std::size_t kMaxKept = 4096;

constexpr std::size_t kMaxCidrsInPlan = 200'000;
constexpr std::size_t kMinListed = 16;
constexpr std::size_t kMaxListed = 1'000;

using Names = std::vector<std::string>;

bool is_exempt(const Zone& zone) {
  return zone.system && zone.status == kActive && zone.usage == "POLICY" && zone.name == kExemptZone;
}

std::string zone_label(const Zone& zone) {
  return "zone " + in_quotes(zone.name) + " (" + escape_cut(zone.id, 64) + ")";
}

void add_name(Names& names, std::string name) {
  const auto place = std::lower_bound(names.begin(), names.end(), name);
  if (place == names.end() || *place != name) names.insert(place, std::move(name));
}

Names both(const Names& a, const Names& b) {
  Names result;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

bool among(const Names& inner, const Names& outer) {
  return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

// By halves: merging one after the other would walk the first ones again and again.
AddressSet union_of(const std::vector<const AddressSet*>& sets, std::size_t first, std::size_t last) {
  if (first == last) return {};
  if (last - first == 1) return *sets[first];
  const std::size_t middle = first + (last - first) / 2;
  return union_of(sets, first, middle).united_with(union_of(sets, middle, last));
}

// Whether every address of `inner` is one of `outer`, whatever the unknown parts hold; `known` says it of the
// known ones.
bool surely_within(const Reach& inner, const Reach& outer, bool known, const AddressSet& admitted) {
  if (!known) return false;
  const bool is_all = outer.less.empty() && outer.known == admitted;
  return is_all || (among(inner.more, outer.more) && among(outer.less, inner.less));
}

AddressList list_of(const AddressSet& set, const AddressSet& admitted, std::size_t limit) {
  AddressList list;
  list.count = set.count();
  const std::size_t all = set.cidr_count();
  for (const Cidr& cidr : set.cidrs(limit)) list.cidrs.push_back(cidr_text(cidr));
  list.more = all - list.cidrs.size();
  if (all <= 1) return list;
  const AddressSet rest = admitted.without(set);
  const std::size_t others = rest.cidr_count();
  if (others >= all || others > limit) return list;
  list.all_but.emplace();
  for (const Cidr& cidr : rest.cidrs()) list.all_but->push_back(cidr_text(cidr));
  return list;
}

// One text for one condition: members stand with their lengths, so that no two conditions share one.
std::string key_of(const std::optional<NetworkCondition>& condition) {
  if (!condition) return {};
  std::string key = condition->connection;
  for (const auto* list : {&condition->include, &condition->exclude}) {
    key += '\n' + std::to_string(list->size());
    for (const std::string& member : *list) key += '\n' + std::to_string(member.size()) + ':' + member;
  }
  return key;
}

}  // namespace

AddressSet addresses_of(const std::vector<std::string>& texts) {
  std::vector<IpRange> ranges;
  for (const std::string& text : texts) {
    if (const auto cidr = parse_cidr(text)) ranges.push_back(range_of(*cidr));
    if (const auto address = parse_address(text)) ranges.push_back({*address, *address});
  }
  return AddressSet(ranges);
}

ZoneContent content_of(const Zone& zone) {
  ZoneContent content;
  if (zone.type != "IP") {
    content.unknown = zone_label(zone) + " " + why_unusable(zone);
    return content;
  }
  if (zone.status != kActive) {
    content.unknown =
        zone_label(zone) + (zone.status.empty() ? " has no status" : " is " + escape_cut(zone.status, 40));
    return content;
  }
  std::vector<IpRange> ranges;
  ranges.reserve(zone.gateways.size());
  std::size_t unreadable = 0;
  for (const Gateway& gateway : zone.gateways) {
    if (const auto range = parse_gateway(gateway.value)) {
      ranges.push_back(*range);
    } else if (unreadable++ == 0) {
      content.unknown = in_quotes(gateway.value, 40);
    }
  }
  if (unreadable != 0) {
    content.unknown = zone_label(zone) + " has " + plural(unreadable, "gateway") + " that can't be read" +
                      (unreadable > 1 ? ", the first " : ": ") + content.unknown;
  }
  content.addresses = AddressSet(ranges);
  return content;
}

bool shapes_every_reach(const Zone& zone) {
  return zone.status == kActive && (zone.usage == kBlocklist || is_exempt(zone));
}

ReachDifference difference_of(const Reach& before, const Reach& after, const AddressSet& admitted) {
  ReachDifference difference;
  difference.unknown = both(both(before.more, before.less), both(after.more, after.less));
  difference.assumed = both(before.assumed, after.assumed);
  difference.lost = before.known.without(after.known);
  difference.gained = after.known.without(before.known);
  const bool loosened = surely_within(before, after, difference.lost.empty(), admitted);
  const bool tightened = surely_within(after, before, difference.gained.empty(), admitted);
  if (loosened || tightened) {
    difference.effect = !tightened ? Effect::loosen : !loosened ? Effect::tighten : Effect::same;
  } else if (before.is_known() && after.is_known()) {
    difference.effect = Effect::shift;
  }
  return difference;
}

// What the book has worked out so far.
struct ReachBook::Pages {
  explicit Pages(const std::vector<Zone>& all) : zones(all) {
    by_id.reserve(zones.size());
    AddressSet exempt;
    for (const Zone& zone : zones) {
      by_id.emplace(zone.id, &zone);
      if (!shapes_every_reach(zone)) continue;
      if (is_exempt(zone)) {
        exempt = exempt.united_with(content_of(zone).addresses);
      } else {
        block(zone);
      }
    }
    blocked = blocked.without(exempt);
    admitted = blocked.complement();
  }

  void block(const Zone& zone) {
    ZoneContent content = content_of(zone);
    blocked = blocked.united_with(content.addresses);
    if (!content.unknown.empty()) add_name(unknown_blocks, std::move(content.unknown));
  }

  // Less what is blocked.
  const ZoneContent& content(const Zone& zone) {
    const auto [place, fresh] = contents.try_emplace(&zone);
    if (fresh) {
      place->second = content_of(zone);
      if (!blocked.empty()) place->second.addresses = place->second.addresses.without(blocked);
    }
    return place->second;
  }

  const ZoneContent& every_zone() {
    if (!all_zones) {
      all_zones.emplace();
      std::vector<const AddressSet*> sets;
      for (const Zone& zone : zones) {
        if (!is_usable(zone)) continue;
        const ZoneContent& one = content(zone);
        sets.push_back(&one.addresses);
        if (!one.unknown.empty()) add_name(all_zones_unknown, one.unknown);
      }
      all_zones->addresses = union_of(sets, 0, sets.size());
    }
    return *all_zones;
  }

  Reach make(const std::optional<NetworkCondition>& condition) {
    Reach reach;
    if (!condition) add_name(reach.assumed, std::string(kNoConditionAssumed));
    if (!condition || *condition == anywhere()) {
      reach.known = admitted;
      return reach;
    }
    if (!is_writable(*condition)) {
      reach.more = {why_unreadable(*condition)};
      return reach;
    }
    const bool excludes = condition->include.empty();
    Names& unknown = excludes ? reach.less : reach.more;
    std::vector<const AddressSet*> sets;
    for (const std::string& member : excludes ? condition->exclude : condition->include) {
      add_member(member, sets, unknown, reach.assumed);
    }
    AddressSet named = union_of(sets, 0, sets.size());
    reach.known = excludes ? admitted.without(named) : std::move(named);
    return reach;
  }

  void add_member(const std::string& member, std::vector<const AddressSet*>& sets, Names& unknown,
                  Names& assumed) {
    if (is_reserved_zone(member)) {
      sets.push_back(&every_zone().addresses);
      unknown = both(unknown, all_zones_unknown);
      add_name(assumed, std::string(kAllZonesAssumed));
      return;
    }
    const auto found = by_id.find(member);
    if (found == by_id.end()) {
      add_name(unknown, "the org has no zone with the id " + in_quotes(member));
      return;
    }
    const ZoneContent& one = content(*found->second);
    sets.push_back(&one.addresses);
    if (!one.unknown.empty()) add_name(unknown, one.unknown);
  }

  // Two such conditions are the same unknown only when they are the same condition.
  static std::string why_unreadable(const NetworkCondition& condition) {
    if (condition == NetworkCondition{std::string(kZone), {}, {}})
      return "a condition ZONE that names no zone";
    std::string words = "a condition that zonepin can't read: " + in_quotes(condition.connection);
    if (!condition.include.empty()) words += " with include " + in_quotes(join(condition.include, ", "));
    if (!condition.exclude.empty()) words += " with exclude " + in_quotes(join(condition.exclude, ", "));
    return words;
  }

  const Reach& reach(const std::optional<NetworkCondition>& condition, const std::string& key) {
    const auto [place, fresh] = reaches.try_emplace(key);
    if (fresh) place->second = make(condition);
    return place->second;
  }

  const std::vector<Zone>& zones;
  std::unordered_map<std::string_view, const Zone*> by_id;
  std::unordered_map<const Zone*, ZoneContent> contents;
  std::optional<ZoneContent> all_zones;
  Names all_zones_unknown;
  AddressSet blocked;
  AddressSet admitted;
  Names unknown_blocks;
  std::unordered_map<std::string, Reach> reaches;
  std::unordered_map<std::string, std::pair<Effect, ReachChange>> changes;
};

ReachBook::ReachBook(const std::vector<Zone>& zones) : pages_(std::make_unique<Pages>(zones)) {}
ReachBook::~ReachBook() = default;

Reach ReachBook::reach_of(const std::optional<NetworkCondition>& condition) {
  if (pages_->reaches.size() >= kMaxKept) pages_->reaches.clear();
  return pages_->reach(condition, key_of(condition));
}

const AddressSet& ReachBook::admitted() const {
  return pages_->admitted;
}
const std::vector<std::string>& ReachBook::unknown_blocks() const {
  return pages_->unknown_blocks;
}

std::pair<Effect, ReachChange> ReachBook::change_of(const std::optional<NetworkCondition>& before,
                                                    const std::optional<NetworkCondition>& after,
                                                    std::size_t limit) {
  const std::string key_before = key_of(before);
  const std::string key_after = key_of(after);
  const std::string key = key_before + "\n>" + key_after + "\n" + std::to_string(limit);
  const auto kept = pages_->changes.find(key);
  if (kept != pages_->changes.end()) return kept->second;

  if (pages_->reaches.size() + 1 >= kMaxKept) pages_->reaches.clear();
  if (pages_->changes.size() >= kMaxKept) pages_->changes.clear();
  ReachDifference difference =
      difference_of(pages_->reach(before, key_before), pages_->reach(after, key_after), pages_->admitted);
  ReachChange change{list_of(difference.lost, pages_->admitted, limit),
                     list_of(difference.gained, pages_->admitted, limit), std::move(difference.unknown),
                     std::move(difference.assumed)};
  return pages_->changes.emplace(key, std::make_pair(difference.effect, std::move(change))).first->second;
}

std::pair<Effect, ReachChange> change_between(ReachBook& then, const std::optional<NetworkCondition>& before,
                                              ReachBook& now, const std::optional<NetworkCondition>& after,
                                              std::size_t limit) {
  ReachDifference difference =
      difference_of(then.reach_of(before), now.reach_of(after), then.admitted().united_with(now.admitted()));
  ReachChange change{list_of(difference.lost, then.admitted(), limit),
                     list_of(difference.gained, now.admitted(), limit), std::move(difference.unknown),
                     std::move(difference.assumed)};
  return {difference.effect, std::move(change)};
}

std::size_t list_limit(std::size_t replaces) {
  return std::clamp(kMaxCidrsInPlan / std::max<std::size_t>(replaces, 1), kMinListed, kMaxListed);
}

Effect reverse_of(Effect effect) {
  switch (effect) {
    case Effect::loosen: return Effect::tighten;
    case Effect::tighten: return Effect::loosen;
    case Effect::same:
    case Effect::shift:
    case Effect::unknown: return effect;
  }
  return effect;
}

ReachChange reverse_of(ReachChange change) {
  std::swap(change.lost, change.gained);
  return change;
}

}  // namespace zonepin
