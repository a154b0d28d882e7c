#include "plan/admission.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace zonepin {

namespace {

// Zones, gateways and stretches that one reason names; the rest is counted.
constexpr std::size_t kMaxZonesNamed = 8;
constexpr std::size_t kMaxGatewaysNamed = 4;
constexpr std::size_t kMaxGatewaysKept = 32;
constexpr std::size_t kMaxGatewayColumns = 90;
constexpr std::size_t kMaxStretchesNamed = 4;

std::string list_text(const std::vector<std::string>& first, std::size_t all) {
  std::string text = join(first, ", ");
  if (all > first.size()) text += " and " + std::to_string(all - first.size()) + " more";
  return text;
}

// The worst first; the same whatever the order of the zones.
std::tuple<int, GroundKind, bool, std::string_view, std::string_view> rank(const Ground& ground) {
  return {-static_cast<int>(ground.verdict), ground.kind, ground.zone_id.empty(), ground.zone_name,
          ground.zone_id};
}

bool blocks(const Zone& zone) {
  return shapes_every_reach(zone) && zone.usage == "BLOCKLIST";
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::allowed: return "allowed";
    case Verdict::unknown: return "unknown";
    case Verdict::denied: return "denied";
  }
  return "";
}

std::string_view to_string(GroundKind kind) {
  switch (kind) {
    case GroundKind::condition: return "condition";
    case GroundKind::included: return "included";
    case GroundKind::outside: return "outside";
    case GroundKind::excluded: return "excluded";
    case GroundKind::not_excluded: return "not-excluded";
    case GroundKind::blocked: return "blocked";
    case GroundKind::exempt: return "exempt";
    case GroundKind::unknowable: return "unknowable";
    case GroundKind::revoked: return "revoked";
  }
  return "";
}

Verdict Admission::verdict() const {
  if (!denied.empty()) return Verdict::denied;
  return unknown.empty() ? Verdict::allowed : Verdict::unknown;
}

std::string AdmissionBook::Hit::words() const {
  const std::size_t shown = std::min(gateways.size(), kMaxGatewaysNamed);
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < shown; ++at) texts.push_back(escape_cut(gateways[at], kMaxGatewayColumns));
  return ": " + list_text(texts, count);
}

AdmissionBook::AdmissionBook(ReachBook& reaches, const std::vector<Zone>& zones, AddressSet asked,
                             const std::set<std::string>& overridden)
    : reaches_(reaches),
      zones_(zones),
      asked_(std::move(asked)),
      inside_(asked_.common_with(reaches.admitted())),
      overridden_(overridden) {
  for (const Zone& zone : zones_) by_id_.emplace(zone.id, &zone);
  learn_blocks();
}

const Admission& AdmissionBook::admission_of(const std::optional<NetworkCondition>& condition) {
  Key key = condition ? Key{true, condition->connection, condition->include, condition->exclude} : Key{};
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  return known_.emplace(std::move(key), make(condition)).first->second;
}

void AdmissionBook::learn_blocks() {
  const AddressSet blocked = asked_.without(inside_);
  AddressSet spoken_of;  // by any BLOCKLIST zone
  for (const Zone& zone : zones_) {
    if (!shapes_every_reach(zone)) continue;
    const ZoneContent content = content_of(zone);
    if (!blocks(zone)) {
      exempt_ = exempt_.united_with(content.addresses);
      continue;
    }
    spoken_of = spoken_of.united_with(content.addresses);
    if (!content.unknown.empty()) {
      // Okta's own, by which it keeps anonymizers out, is in every org: no answer would be left.
      const bool is_okta_s = zone.system && zone.type != "IP";
      (is_okta_s ? assumed_ : unknown_blocks_).push_back(content.unknown);
    }
    const Hit hit = hit_of(zone, blocked);
    if (hit.part.empty()) continue;
    blocks_.push_back({GroundKind::blocked, Verdict::denied, zone.id, zone.name, hit.gateways,
                       "BLOCKLIST " + label(zone) + " blocks " + subject(hit.part) + hit.words()});
  }
  const bool is_exempted =
      !unknown_blocks_.empty() || !asked_.common_with(spoken_of).common_with(exempt_).empty();
  if (inside_.without(exempt_).empty()) {  // nothing is left that they could block
    assumed_.clear();
    unknown_blocks_.clear();
  }
  for (std::string& zone : assumed_) zone += ", and as a BLOCKLIST zone it blocks none of these addresses";
  std::sort(assumed_.begin(), assumed_.end());
  std::sort(unknown_blocks_.begin(), unknown_blocks_.end());
  if (!is_exempted) return;
  for (const Zone& zone : zones_) {
    if (!shapes_every_reach(zone) || blocks(zone)) continue;
    const Hit hit = hit_of(zone, inside_);
    if (hit.part.empty()) continue;
    blocks_.push_back(
        {GroundKind::exempt, Verdict::allowed, zone.id, zone.name, hit.gateways,
         "no BLOCKLIST zone blocks " + subject(hit.part) + ", for " + label(zone) + " is exempt"});
  }
}

AdmissionBook::Hit AdmissionBook::hit_of(const Zone& zone, const AddressSet& part) {
  Hit hit;
  if (part.empty()) return hit;
  hit.part = content_of(zone).addresses.common_with(part);
  if (hit.part.empty()) return hit;
  for (const Gateway& gateway : zone.gateways) {
    const auto range = parse_gateway(gateway.value);
    if (!range || AddressSet({*range}).common_with(hit.part).empty()) continue;
    ++hit.count;
    if (hit.gateways.size() < kMaxGatewaysKept) hit.gateways.push_back(gateway.value);
  }
  return hit;
}

std::string AdmissionBook::label(const Zone& zone) const {
  return "zone " + in_quotes(zone.name) + " (" + escape_cut(zone.id, 64) + ")" +
         (overridden_.count(zone.id) != 0 ? ", as overridden," : "");
}

// "it" where that is all that was asked for.
std::string AdmissionBook::subject(const AddressSet& part) const {
  if (part == asked_) return "it";
  std::vector<std::string> texts;
  for (const Cidr& cidr : part.cidrs(kMaxStretchesNamed)) texts.push_back(to_string(cidr));
  return list_text(texts, part.cidr_count()) + " of it";
}

std::string AdmissionBook::member_labels(const std::vector<std::string>& members) const {
  std::vector<std::string> labels;
  for (const std::string& member : members) {
    if (labels.size() == kMaxZonesNamed) break;
    const auto zone = by_id_.find(member);
    std::string text = is_reserved_zone(member) ? member
                       : zone == by_id_.end()   ? in_quotes(member)
                                                : in_quotes(zone->second->name);
    if (overridden_.count(member) != 0) text += " as overridden";
    labels.push_back(std::move(text));
  }
  return list_text(labels, members.size());
}

std::vector<const Zone*> AdmissionBook::zones_named(const std::vector<std::string>& members) const {
  std::vector<const Zone*> zones;
  for (const std::string& member : members) {
    if (is_reserved_zone(member)) {
      for (const Zone& zone : zones_) {
        if (is_usable(zone)) zones.push_back(&zone);
      }
    } else if (const auto zone = by_id_.find(member); zone != by_id_.end()) {
      zones.push_back(zone->second);
    }
  }
  std::sort(zones.begin(), zones.end(),
            [](const Zone* a, const Zone* b) { return std::tie(a->name, a->id) < std::tie(b->name, b->id); });
  zones.erase(std::unique(zones.begin(), zones.end()), zones.end());
  return zones;
}

Admission AdmissionBook::make(const std::optional<NetworkCondition>& condition) {
  const Reach reach = reaches_.reach_of(condition);
  const AddressSet within = inside_.common_with(reach.known);
  Admission admission;
  admission.denied = asked_.without(inside_);
  if (!inside_.empty()) admission.assumed = reach.assumed;
  (reach.less.empty() ? admission.allowed : admission.unknown) = within;
  AddressSet& rest = reach.more.empty() ? admission.denied : admission.unknown;
  rest = rest.united_with(inside_.without(within));
  admission.grounds = blocks_;
  add_condition_grounds(condition, reach, within, admission.grounds);
  if (!unknown_blocks_.empty()) {
    const AddressSet exposed = admission.allowed.without(exempt_);
    admission.allowed = admission.allowed.without(exposed);
    admission.unknown = admission.unknown.united_with(exposed);
    if (!exposed.empty()) {
      for (const std::string& zone : unknown_blocks_)
        add_unknown({zone + ", and as a BLOCKLIST zone it may block " + subject(exposed)}, admission.grounds);
    }
  }
  std::stable_sort(admission.grounds.begin(), admission.grounds.end(),
                   [](const Ground& a, const Ground& b) { return rank(a) < rank(b); });
  return admission;
}

void AdmissionBook::add_condition_grounds(const std::optional<NetworkCondition>& condition,
                                          const Reach& reach, const AddressSet& within,
                                          std::vector<Ground>& grounds) {
  const AddressSet beyond = inside_.without(within);
  const auto add = [&](GroundKind kind, Verdict verdict, std::string message) {
    grounds.push_back({kind, verdict, {}, {}, {}, std::move(message)});
  };
  if (inside_.empty()) return;
  if (!condition || *condition == anywhere()) {
    return add(GroundKind::condition, Verdict::allowed,
               condition ? "the condition is ANYWHERE" : "there is no condition");
  }
  if (!is_writable(*condition)) return add_unknown(reach.more, grounds);
  if (condition->exclude.empty()) {
    add_zone_grounds(condition->include, GroundKind::included, Verdict::allowed, grounds);
    if (beyond.empty()) return;
    if (!reach.more.empty()) return add_unknown(reach.more, grounds);
    return add(
        GroundKind::outside, Verdict::denied,
        "no zone of the condition holds " + subject(beyond) + ": " + member_labels(condition->include));
  }
  add_zone_grounds(condition->exclude, GroundKind::excluded, Verdict::denied, grounds);
  if (within.empty()) return;
  if (!reach.less.empty()) return add_unknown(reach.less, grounds);
  add(GroundKind::not_excluded, Verdict::allowed,
      "no excluded zone holds " + subject(within) + ": " + member_labels(condition->exclude));
}

void AdmissionBook::add_zone_grounds(const std::vector<std::string>& members, GroundKind kind,
                                     Verdict verdict, std::vector<Ground>& grounds) {
  std::size_t named = 0;
  for (const Zone* zone : zones_named(members)) {
    const auto [place, fresh] = hits_.try_emplace(zone);
    if (fresh) place->second = hit_of(*zone, inside_);
    const Hit& hit = place->second;
    if (hit.part.empty() || ++named > kMaxZonesNamed) continue;
    grounds.push_back({kind, verdict, zone->id, zone->name, hit.gateways,
                       (kind == GroundKind::excluded ? "excluded " : "") + label(*zone) + " holds " +
                           subject(hit.part) + hit.words()});
  }
  if (named <= kMaxZonesNamed) return;
  grounds.push_back(
      {kind, verdict, {}, {}, {}, "and so do " + plural(named - kMaxZonesNamed, "further zone")});
}

void AdmissionBook::add_unknown(const std::vector<std::string>& parts, std::vector<Ground>& grounds) {
  for (std::size_t at = 0; at < parts.size() && at < kMaxZonesNamed; ++at) {
    std::string message = "can't be told: " + parts[at];
    if (at + 1 == kMaxZonesNamed && parts.size() > kMaxZonesNamed)
      message += ", and " + std::to_string(parts.size() - kMaxZonesNamed) + " more such";
    grounds.push_back({GroundKind::unknowable, Verdict::unknown, {}, {}, {}, std::move(message)});
  }
}

}  // namespace zonepin
