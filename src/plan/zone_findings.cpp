#include "plan/zone_findings.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "model/address_set.h"
#include "model/match.h"
#include "plan/reach.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxTokensTold = 20;
constexpr std::size_t kMaxRangesTold = 10;

std::string ranges_text(const AddressSet& addresses) {
  std::vector<std::string> texts;
  for (const Cidr& cidr : addresses.cidrs(kMaxRangesTold)) texts.push_back(cidr_text(cidr));
  const std::size_t more = addresses.cidr_count() - texts.size();
  return join(texts, ", ") + (more > 0 ? " and " + std::to_string(more) + " more ranges" : "") + " (" +
         addresses.count() + (addresses.count() == "1" ? " address)" : " addresses)");
}

std::string label_of(const Zone& zone) {
  return "network zone " + in_quotes(zone.name) + " (" + escape(zone.id) + ")";
}

bool names_zone(const std::optional<NetworkCondition>& network, const std::string& id) {
  if (!network) return false;
  const auto holds = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), id) != list.end();
  };
  return holds(network->include) || holds(network->exclude);
}

// The tokens whose conditions, now or as planned, name one of the zones.
std::vector<std::string> tokens_at(const OrgPlan& plan, const std::set<std::string>& ids) {
  std::vector<std::string> tokens;
  std::size_t more = 0;
  for (const Change& change : plan.changes) {
    const bool concerned = std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
      return (change.before && names_zone(change.before->network, id)) ||
             (change.after && names_zone(change.after->network, id));
    });
    if (!concerned) continue;
    if (tokens.size() < kMaxTokensTold) {
      tokens.push_back("token " + in_quotes(change.name) + " " + escape(change.id));
    } else {
      ++more;
    }
  }
  std::sort(tokens.begin(), tokens.end());
  if (more > 0) tokens.push_back(plural(more, "more token"));
  return tokens;
}

class PinFindings {
 public:
  PinFindings(const Desired& desired, const Live& live, const OrgPlan& plan, const Sources& sources)
      : desired_(desired), plan_(plan), sources_(sources), zones_(live.zones) {}

  std::vector<Finding> all() {
    const std::set<std::string_view> named = zones_named();
    for (const ZonePin& pin : desired_.zones) {
      on_pin(pin);
      const bool used = named.count(pin.name) != 0 || (pin.id && named.count(*pin.id) != 0);
      if (!used && !pin.quarantine) {
        findings_.push_back({"zone-pin-unused",
                             "note",
                             {},
                             "no entry, rule or default names the pinned zone " + in_quotes(pin.name),
                             source_of(pin.place, sources_),
                             {},
                             Novelty::none,
                             pin.id.value_or(pin.name)});
      }
    }
    return std::move(findings_);
  }

 private:
  std::set<std::string_view> zones_named() const {
    std::set<std::string_view> named;
    const auto add = [&](const std::optional<DesiredNetwork>& network) {
      if (!network) return;
      for (const ZoneRef& ref : network->include) named.insert(ref.text);
      for (const ZoneRef& ref : network->exclude) named.insert(ref.text);
    };
    for (const DesiredToken& entry : desired_.tokens) add(entry.network);
    for (const Rule& rule : desired_.rules) add(rule.network);
    add(desired_.default_network);
    return named;
  }

  void on_pin(const ZonePin& pin) {
    const Zone* named = zones_.by_name(pin.name);
    const Zone* pinned = pin.id ? zones_.by_id(*pin.id) : named;
    if (pin.id) on_id(pin, named, pinned);
    if (!pin.id && named == nullptr)
      broken(pin, nullptr, "no live network zone, or more than one, is named " + in_quotes(pin.name));
    // Another zone of this name is not what the pin speaks of, but it is what a person finds in the console.
    const Zone* zone = pinned != nullptr ? pinned : named;
    if (zone == nullptr) return;
    if (!is_usable(*zone))
      return broken(pin, zone, label_of(*zone) + " " + why_unusable(*zone) + ", so no token can use it");
    on_content(pin, *zone);
  }

  void on_id(const ZonePin& pin, const Zone* named, const Zone* pinned) {
    if (pinned == nullptr && named == nullptr) {
      return broken(pin, nullptr,
                    "network zone " + in_quotes(pin.name) + " (" + escape(*pin.id) +
                        ") is not live any more, and no other zone has its name");
    }
    if (pinned == nullptr) {
      return broken(pin, named,
                    "network zone " + in_quotes(pin.name) + " was re-created: it is pinned to " +
                        escape(*pin.id) + ", which is not live any more, and the live one is " +
                        escape(named->id));
    }
    if (pinned->name != pin.name) {
      broken(pin, pinned,
             "network zone " + escape(*pin.id) + " was renamed: the pin calls it " + in_quotes(pin.name) +
                 ", it is now named " + in_quotes(pinned->name) +
                 (named == nullptr ? "" : "; another zone, " + escape(named->id) + ", has the name now"));
    }
  }

  void on_content(const ZonePin& pin, const Zone& zone) {
    const ZoneContent content = content_of(zone);
    if (!content.unknown.empty()) {
      if (!pin.within.empty() || !pin.covers.empty())
        broken(pin, &zone, label_of(zone) + " can't be held against its pin: " + content.unknown);
      return;
    }
    const AddressSet beyond =
        pin.within.empty() ? AddressSet() : content.addresses.without(addresses_of(pin.within));
    if (!beyond.empty()) {
      broken(pin, &zone,
             label_of(zone) + " was widened: it reaches beyond its pin's `within` by " + ranges_text(beyond));
    }
    const AddressSet lacking = addresses_of(pin.covers).without(content.addresses);
    if (!lacking.empty()) {
      broken(pin, &zone,
             label_of(zone) + (content.addresses.empty() ? " was emptied" : " was narrowed") +
                 ": of its pin's `covers` it no longer reaches " + ranges_text(lacking));
    }
  }

  void broken(const ZonePin& pin, const Zone* zone, const std::string& what) {
    std::set<std::string> ids;
    if (pin.id) ids.insert(*pin.id);
    if (zone != nullptr) ids.insert(zone->id);
    findings_.push_back(
        {std::string(kZonePinBroken),
         "error",
         {},
         what + ". zonepin never writes zones: put the zone right in Okta, or correct the pin",
         source_of(pin.place, sources_),
         tokens_at(plan_, ids),
         Novelty::none,
         pin.id.value_or(pin.name)});
  }

  const Desired& desired_;
  const OrgPlan& plan_;
  const Sources& sources_;
  ZoneBook zones_;
  std::vector<Finding> findings_;
};

// Blocks that are no public source: RFC 1918, 6598, 1122, 3927, 5771, 1112, 4193, 4291. Those for
// documentation are left out: they are what examples are made of.
const AddressSet& never_public() {
  static const AddressSet blocks = addresses_of(
      {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
       "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/127", "fc00::/7", "fe80::/10", "ff00::/8"});
  return blocks;
}

// Zones by id with the number of tokens whose condition, as it is to be, names them.
std::map<std::string, std::size_t> zones_in_use(const OrgPlan& plan) {
  std::map<std::string, std::size_t> used;
  for (const Change& change : plan.changes) {
    const auto& state = change.status == Status::replace     ? change.after
                        : change.status == Status::unchanged ? change.before
                                                             : std::optional<TokenState>();
    if (!state || !state->network) continue;
    for (const auto* list : {&state->network->include, &state->network->exclude}) {
      for (const std::string& id : *list) ++used[id];
    }
  }
  return used;
}

std::map<std::string, std::size_t> unusable_in_use(const Live& live, const ZoneBook& zones) {
  std::map<std::string, std::size_t> used;
  for (const Token& token : live.tokens) {
    if (!token.network) continue;
    for (const auto* list : {&token.network->include, &token.network->exclude}) {
      for (const std::string& id : *list) {
        const Zone* zone = zones.by_id(id);
        if (zone != nullptr && !is_usable(*zone)) ++used[id];
      }
    }
  }
  return used;
}

void on_zone(const Zone& zone, std::vector<Finding>& findings) {
  const ZoneContent content = content_of(zone);
  if (!content.unknown.empty()) return;
  const auto add = [&](const char* rule, const char* severity, const std::string& what) {
    findings.push_back({rule, severity, {}, label_of(zone) + " " + what, {}, {}, Novelty::none, zone.id});
  };
  if (content.addresses.empty()) {
    return add("zone-empty", "warning",
               "holds no addresses: a token pinned to it alone can be used from nowhere");
  }
  if (is_too_wide(content.addresses)) {
    add("zone-too-wide", "warning",
        "holds a range wider than a /8 (in IPv6 a /32): that is hardly one network");
  }
  const AddressSet never = content.addresses.common_with(never_public());
  if (!never.empty() && !is_too_wide(content.addresses))
    add("zone-private", "note", "holds addresses that Okta never sees as a source: " + ranges_text(never));
}

using Line = std::pair<std::string, std::uint32_t>;

// What decides at a line of the manifests: an entry, a rule or the default.
std::map<Line, std::string> deciders_of(const Desired& desired, const Sources& sources) {
  std::map<Line, std::string> deciders;
  const auto add = [&](const Place& place, std::string text) {
    if (const auto source = source_of(place, sources))
      deciders.emplace(Line(source->file, source->line), std::move(text));
  };
  for (const DesiredToken& entry : desired.tokens) add(entry.place, entry_text(entry));
  for (const Rule& rule : desired.rules) add(rule.place, match_text(rule.match));
  if (desired.default_network) add(desired.default_network->place, "default");
  return deciders;
}

void on_exclude_only(const Desired& desired, const OrgPlan& plan, const Sources& sources,
                     std::vector<Finding>& findings) {
  std::map<Line, std::size_t> lines;
  for (const Change& change : plan.changes) {
    const bool managed = change.status == Status::replace || change.status == Status::unchanged;
    const auto& state = change.status == Status::replace ? change.after : change.before;
    if (managed && change.source && state && state->network && !state->network->exclude.empty())
      ++lines[{change.source->file, change.source->line}];
  }
  if (lines.empty()) return;
  std::map<Line, std::string> deciders = deciders_of(desired, sources);
  for (const auto& [line, count] : lines) {
    findings.push_back(
        {"token-exclude-only",
         "note",
         {},
         plural(count, "token") + " may be used from everywhere but the zones that `exclude` names",
         SourceRef{line.first, line.second},
         {},
         Novelty::none,
         deciders[line]});
  }
}

}  // namespace

bool is_too_wide(const AddressSet& addresses) {
  const std::vector<IpRange> ranges = addresses.ranges();
  return std::any_of(ranges.begin(), ranges.end(), [](const IpRange& range) {
    if (range.first.family == IpFamily::v4)
      return range.last.low - range.first.low >= (std::uint64_t{1} << 24);
    // More than 2^96 addresses: the upper halves alone tell, but for the very edge of 2^32 of them.
    const std::uint64_t stretch = range.last.high - range.first.high;
    const std::uint64_t limit = std::uint64_t{1} << 32;
    return stretch > limit || (stretch == limit && range.last.low >= range.first.low);
  });
}

std::vector<Finding> findings_on_pins(const Desired& desired, const Live& live, const OrgPlan& plan,
                                      const Sources& sources) {
  return PinFindings(desired, live, plan, sources).all();
}

std::vector<Finding> findings_on_zones(const Desired& desired, const Live& live, const OrgPlan& plan,
                                       const Sources& sources) {
  std::vector<Finding> findings;
  const ZoneBook zones(live.zones);
  for (const auto& entry : zones_in_use(plan)) {
    const Zone* zone = zones.by_id(entry.first);
    if (zone != nullptr && is_usable(*zone)) on_zone(*zone, findings);
  }
  for (const auto& [id, count] : unusable_in_use(live, zones)) {
    const Zone& zone = *zones.by_id(id);
    findings.push_back({"zone-unusable",
                        "warning",
                        {},
                        label_of(zone) + " " + why_unusable(zone) + ", and " +
                            plural(count, "live condition") + " " + (count == 1 ? "names" : "name") + " it",
                        {},
                        {},
                        Novelty::none,
                        id});
  }
  on_exclude_only(desired, plan, sources, findings);
  return findings;
}

bool has_broken_pin(const OrgPlan& plan) {
  return std::any_of(plan.findings.begin(), plan.findings.end(),
                     [](const Finding& finding) { return finding.rule == kZonePinBroken; });
}

}  // namespace zonepin
