#include "check/conditions.h"

#include <algorithm>

#include "base/text.h"

namespace zonepin {

namespace {

std::string zone_words(const std::string& name, const std::string& id) {
  return name.empty() ? "zone " + in_quotes(id) : "zone " + in_quotes(name) + " (" + escape(id) + ")";
}

std::string listed_zones(const std::vector<std::string>& ids,
                         const std::unordered_map<std::string_view, const Zone*>& zones) {
  constexpr std::size_t kMost = 3;
  std::vector<std::string> words;
  for (std::size_t at = 0; at < std::min(ids.size(), kMost); ++at) {
    const auto zone = zones.find(ids[at]);
    words.push_back(in_quotes(zone == zones.end() ? ids[at] : zone->second->name));
  }
  if (ids.size() > kMost) words.push_back(std::to_string(ids.size() - kMost) + " more");
  return join(words, ", ");
}

const AddressSet& everything_of(IpFamily family) {
  static const AddressSet all_v4({range_of(Cidr{IpAddress{IpFamily::v4, 0, 0}, 0})});
  static const AddressSet all_v6({range_of(Cidr{IpAddress{IpFamily::v6, 0, 0}, 0})});
  return family == IpFamily::v4 ? all_v4 : all_v6;
}

Uint128 number_of(const IpAddress& address) {
  return (static_cast<Uint128>(address.high) << 64) | address.low;
}

// As many addresses less one as the widest stretch may have.
bool is_wider(const IpRange& range, std::size_t widest) {
  const std::size_t bits = bits_of(range.first.family);
  if (widest == 0) return false;
  return number_of(range.last) - number_of(range.first) >= static_cast<Uint128>(1) << (bits - widest);
}

std::string prefix_words(const CheckBounds& bounds) {
  return "/" + std::to_string(bounds.widest_ipv4) + " (in IPv6 a /" + std::to_string(bounds.widest_ipv6) +
         ")";
}

}  // namespace

bool is_wider(const AddressSet& addresses, std::size_t widest_ipv4, std::size_t widest_ipv6) {
  const std::vector<IpRange> ranges = addresses.ranges();
  return std::any_of(ranges.begin(), ranges.end(), [&](const IpRange& range) {
    return is_wider(range, range.first.family == IpFamily::v4 ? widest_ipv4 : widest_ipv6);
  });
}

ConditionChecker::ConditionChecker(const std::vector<Zone>& zones, const CheckProfile& profile)
    : profile_(profile), reaches_(zones) {
  by_id_.reserve(zones.size());
  for (const Zone& zone : zones) by_id_.emplace(zone.id, &zone);
}

void ConditionChecker::add(std::vector<CheckFinding>& findings, CheckRule rule, std::string message,
                           CheckState state) const {
  const CheckLevel level = profile_.level_of(rule);
  if (level == CheckLevel::off) return;
  CheckFinding finding;
  finding.rule = rule;
  finding.level = level;
  finding.state = state;
  finding.message = std::move(message);
  findings.push_back(std::move(finding));
}

std::vector<CheckFinding> ConditionChecker::findings_of(const Token& token) {
  std::vector<CheckFinding> findings;
  if (!token.network) {
    add(findings, CheckRule::token_anywhere,
        "usable from anywhere: it has no network condition, which counts as ANYWHERE");
  } else if (token.network->connection == kAnywhere) {
    add(findings, CheckRule::token_anywhere, "usable from anywhere: its condition is ANYWHERE");
  } else if (token.network->connection == kZone) {
    judge_zone_condition(*token.network, findings);
  } else {
    add(findings, CheckRule::token_anywhere,
        "its condition " + in_quotes(token.network->connection) +
            " is not known to zonepin: nobody can tell " + "from where it is usable",
        CheckState::not_reviewed);
  }
  return findings;
}

void ConditionChecker::judge_zone_condition(const NetworkCondition& condition,
                                            std::vector<CheckFinding>& findings) {
  if (condition.include.empty() && condition.exclude.empty()) {
    add(findings, CheckRule::token_anywhere, "its condition ZONE names no zone, so it restricts nothing");
  } else if (!condition.include.empty() && !condition.exclude.empty()) {
    add(findings, CheckRule::token_anywhere,
        "its condition includes and excludes zones, which no document of Okta's explains",
        CheckState::not_reviewed);
  } else if (condition.include.empty()) {
    add(findings, CheckRule::token_exclude_only,
        "usable from everywhere but " + listed_zones(condition.exclude, by_id_));
  } else {
    judge_included(condition, findings);
  }
  judge_zones(condition, findings);
}

void ConditionChecker::judge_included(const NetworkCondition& condition,
                                      std::vector<CheckFinding>& findings) {
  const auto reserved = std::find_if(condition.include.begin(), condition.include.end(), is_reserved_zone);
  if (reserved != condition.include.end()) {
    add(findings, CheckRule::token_all_zones,
        "usable from every zone of the org: its condition includes " + escape(*reserved));
    return;
  }
  if (const std::string_view family = whole_family(condition); !family.empty()) {
    add(findings, CheckRule::token_anywhere,
        "usable from anywhere: " + listed_zones(condition.include, by_id_) +
            (condition.include.size() > 1 ? " hold every " : " holds every ") + std::string(family) +
            " address");
  }
}

// "IPv4" or "IPv6" where the zones hold all that the org does not block of it; else empty.
std::string_view ConditionChecker::whole_family(const NetworkCondition& condition) {
  const auto [place, fresh] = whole_.try_emplace(condition.include);
  if (!fresh) return place->second;
  const AddressSet known =
      reaches_.reach_of(NetworkCondition{condition.connection, condition.include, {}}).known;
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    const AddressSet all = reaches_.admitted().common_with(everything_of(family));
    if (all.empty() || !known.contains(all)) continue;
    place->second = family == IpFamily::v4 ? "IPv4" : "IPv6";
    break;
  }
  return place->second;
}

const ConditionChecker::ZoneFault& ConditionChecker::fault_of(const std::string& id) {
  const auto [place, fresh] = faults_.try_emplace(id);
  if (!fresh) return place->second;
  ZoneFault& fault = place->second;
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) {
    fault.unusable = "zone " + in_quotes(id) + " is not among the org's zones";
    return fault;
  }
  const Zone& zone = *found->second;
  const std::string label = zone_words(zone.name, zone.id);
  if (!is_usable(zone)) {
    fault.unusable = label + " " + why_unusable(zone);
    return fault;
  }
  const ZoneContent content = content_of(zone);
  fault.unusable = content.unknown;
  if (is_wider(content.addresses, profile_.bounds.widest_ipv4, profile_.bounds.widest_ipv6))
    fault.too_wide = label + " holds a range wider than a " + prefix_words(profile_.bounds);
  return fault;
}

void ConditionChecker::judge_zones(const NetworkCondition& condition, std::vector<CheckFinding>& findings) {
  const bool is_anywhere = std::any_of(findings.begin(), findings.end(), [](const CheckFinding& finding) {
    return finding.rule == CheckRule::token_anywhere;
  });
  const auto judge = [&](const std::vector<std::string>& ids, bool included) {
    for (const std::string& id : ids) {
      if (is_reserved_zone(id)) continue;
      const ZoneFault& fault = fault_of(id);
      const auto zone = by_id_.find(id);
      const auto add_here = [&](CheckRule rule, const std::string& message) {
        const std::size_t before = findings.size();
        add(findings, rule, message);
        if (findings.size() == before) return;
        findings.back().subject = id;
        findings.back().name = zone == by_id_.end() ? std::string() : zone->second->name;
      };
      if (!fault.unusable.empty()) add_here(CheckRule::zone_unusable, fault.unusable);
      // Of one that is usable from anywhere it would say the same again.
      if (included && !is_anywhere && !fault.too_wide.empty())
        add_here(CheckRule::zone_too_wide, fault.too_wide);
    }
  };
  judge(condition.include, true);
  judge(condition.exclude, false);
}

}  // namespace zonepin
