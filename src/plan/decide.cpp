#include "plan/decide.h"

#include <algorithm>

#include "base/text.h"

namespace zonepin {

namespace {

Decision in_conflict(const Place& place, std::string why) {
  return {Wish::conflict, {}, nullptr, place, std::move(why), {}};
}

// Whether the two come to the same for the token, whoever says so.
bool come_to_the_same(const Decision& a, const Decision& b) {
  return a.wish == b.wish && a.network == b.network;
}

}  // namespace

Decider::Decider(const Desired& desired, const Claims& claims, const ZoneBook& zones, Instant now,
                 const Sources& sources, Diagnostics& diagnostics)
    : desired_(desired), claims_(claims), now_(now), sources_(sources) {
  const auto resolve = [&](const std::optional<DesiredNetwork>& network) {
    return network ? zones.resolve(*network, diagnostics) : ResolvedNetwork{};
  };
  entry_networks_.reserve(desired.tokens.size());
  for (const DesiredToken& entry : desired.tokens) entry_networks_.push_back(resolve(entry.network));
  for (const Rule& rule : desired.rules) rule_networks_.push_back(resolve(rule.network));
  default_network_ = resolve(desired.default_network);
}

std::string Decider::where(const Place& place) const {
  const auto source = source_of(place, sources_);
  return source ? escape(source->file) + ":" + std::to_string(source->line) : std::string("the command line");
}

Decision Decider::decision_for(std::size_t token) const {
  const Claim& claim = claims_.tokens[token];
  const bool by_id = !claim.by_id.empty();
  if (!by_id && claim.by_name.empty()) return by_rules(claim);
  Decision decision = by_entries(by_id ? claim.by_id : claim.by_name);
  decision.by = by_id ? DecidedBy::id : DecidedBy::name;
  return decision;
}

// A zone that is not what its pin says must not be written into a condition.
Decision Decider::wanting(const ResolvedNetwork& network, const Place& place) const {
  if (!network.broken_pin.empty()) return in_conflict(place, network.broken_pin);
  return {Wish::network, network.condition, nullptr, place, {}, {}};
}

Decision Decider::by_entries(const std::vector<std::size_t>& entries) const {
  const std::size_t index = entries.front();
  const DesiredToken& entry = desired_.tokens[index];
  if (entries.size() > 1) {
    std::vector<std::string> places;
    for (const std::size_t each : entries) places.push_back(where(desired_.tokens[each].place));
    return in_conflict(entry.place,
                       "claimed by several entries: " + join(places, ", ") + "; keep one of them");
  }
  if (entry.id.empty() && claims_.entries[index].tokens.size() > 1) {
    return {Wish::ambiguous,
            {},
            nullptr,
            entry.place,
            "several live tokens match the entry at " + where(entry.place),
            {}};
  }
  if (!claims_.entries[index].contradiction.empty())
    return in_conflict(entry.place, claims_.entries[index].contradiction);
  if (entry.ignore) return {Wish::ignore, {}, nullptr, entry.place, {}, {}};
  if (entry.revoked) return revoking(*entry.revoked, entry.place);
  return wanting(entry_networks_[index], entry.place);
}

Decision Decider::revoking(const Revocation& revocation, const Place& place) const {
  const bool due = !revocation.not_before || *revocation.not_before <= now_;
  return {due ? Wish::revoke : Wish::wait, {}, &revocation, place, {}, {}};
}

Decision Decider::by_rules(const Claim& claim) const {
  for (const std::size_t rule : claim.by_rule) {
    if (auto why = out_of_bounds(rule); !why.empty())
      return in_conflict(desired_.rules[rule].place, std::move(why));
  }
  Decision decision = of_rules(claim.by_rule);
  decision.by = DecidedBy::rule;
  if (decision.wish == Wish::nothing) decision = fallback();
  if (decision.wish == Wish::nothing || decision.wish == Wish::conflict) return decision;
  if (auto doubt = doubt_about(claim, decision); !doubt.empty())
    return in_conflict(decision.place, std::move(doubt));
  return decision;
}

Decision Decider::fallback() const {
  if (!desired_.default_network) return {};
  Decision decision = wanting(default_network_, desired_.default_network->place);
  decision.by = DecidedBy::fallback;
  return decision;
}

// A rule that may or may not match stands in the way only where it would change what is decided.
std::string Decider::doubt_about(const Claim& claim, const Decision& decision) const {
  for (const std::size_t rule : claim.in_doubt) {
    std::vector<std::size_t> with = claim.by_rule;
    with.insert(std::upper_bound(with.begin(), with.end(), rule), rule);
    if (come_to_the_same(of_rules(std::move(with)), decision)) continue;
    return "whether the rule at " + where(desired_.rules[rule].place) +
           " matches it can't be told, because its owner's login or its clientName is not known: decide with "
           "an entry "
           "by id";
  }
  return {};
}

Decision Decider::of_rules(std::vector<std::size_t> rules) const {
  const auto ignoring =
      std::find_if(rules.begin(), rules.end(), [&](std::size_t rule) { return desired_.rules[rule].ignore; });
  if (ignoring != rules.end()) return {Wish::ignore, {}, nullptr, desired_.rules[*ignoring].place, {}, {}};

  // Of several revocations the one that is due first, and of those the first in the manifests.
  const Rule* first = nullptr;
  const auto from = [](const Rule& rule) { return rule.revoked->not_before.value_or(Instant::min()); };
  for (const std::size_t rule : rules) {
    const Rule& candidate = desired_.rules[rule];
    if (candidate.revoked && (first == nullptr || from(candidate) < from(*first))) first = &candidate;
  }
  if (first != nullptr) return revoking(*first->revoked, first->place);
  return of_networks(rules);
}

Decision Decider::of_networks(const std::vector<std::size_t>& rules) const {
  if (rules.empty()) return {};
  const std::size_t first = rules.front();
  for (const std::size_t rule : rules) {
    if (rule_networks_[rule].condition == rule_networks_[first].condition) continue;
    return in_conflict(desired_.rules[first].place,
                       "rules give it different conditions: " + where(desired_.rules[first].place) + " and " +
                           where(desired_.rules[rule].place) +
                           "; narrow one of them, or decide with an entry");
  }
  return wanting(rule_networks_[first], desired_.rules[first].place);
}

std::string Decider::out_of_bounds(std::size_t index) const {
  const Rule& rule = desired_.rules[index];
  const std::size_t matched = claims_.rules[index].matched;
  const bool too_few = rule.min && matched < *rule.min;
  const bool too_many = rule.max && matched > *rule.max;
  if (!too_few && !too_many) return {};
  const std::string bound = too_few ? "fewer than its `min: " + std::to_string(*rule.min)
                                    : "more than its `max: " + std::to_string(*rule.max);
  return "the rule at " + where(rule.place) + " matches " + plural(matched, "token") + ", " + bound +
         "`, and so decides for none of them: correct the match or the bound";
}

}  // namespace zonepin
