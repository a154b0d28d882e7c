#include "plan/plan.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/ensure.h"

namespace zonepin {

namespace {

constexpr std::array<std::pair<Status, std::string_view>, 10> kStatusWords = {{
    {Status::replace, "replace"},
    {Status::revoke, "revoke"},
    {Status::unchanged, "unchanged"},
    {Status::missing, "missing"},
    {Status::gone, "gone"},
    {Status::unmanaged, "unmanaged"},
    {Status::ignored, "ignored"},
    {Status::ambiguous, "ambiguous"},
    {Status::conflict, "conflict"},
    {Status::waiting, "waiting"},
}};

constexpr std::array<std::pair<Effect, std::string_view>, 5> kEffectWords = {{
    {Effect::loosen, "loosen"},
    {Effect::same, "same"},
    {Effect::shift, "shift"},
    {Effect::unknown, "unknown"},
    {Effect::tighten, "tighten"},
}};

constexpr std::array<std::pair<Novelty, std::string_view>, 2> kNoveltyWords = {
    {{Novelty::fresh, "new"}, {Novelty::known, "known"}}};

constexpr std::array<std::pair<Happening, std::string_view>, 5> kHappeningWords = {{
    {Happening::appeared, "appeared"},
    {Happening::vanished, "vanished"},
    {Happening::renamed, "renamed"},
    {Happening::condition_changed, "condition-changed"},
    {Happening::reach_changed, "reach-changed"},
}};

constexpr std::array<std::pair<Vanishing, std::string_view>, 3> kVanishingWords = {{
    {Vanishing::lapsed, "lapsed"},
    {Vanishing::revoked, "revoked"},
    {Vanishing::unknown, "unknown"},
}};

template <class Words, class Value>
std::string_view word_for(const Words& words, Value value) {
  for (const auto& pair : words) {
    if (pair.first == value) return pair.second;
  }
  return "?";
}

template <class Value, class Words>
std::optional<Value> value_for(const Words& words, std::string_view text) {
  for (const auto& pair : words) {
    if (pair.second == text) return pair.first;
  }
  return std::nullopt;
}

void collect_zones(const std::optional<TokenState>& state, const std::map<std::string, Zone>& zones,
                   std::map<std::string, Zone>& out) {
  if (!state || !state->network) return;
  for (const auto* list : {&state->network->include, &state->network->exclude}) {
    for (const std::string& id : *list) {
      if (is_reserved_zone(id)) {
        std::copy_if(zones.begin(), zones.end(), std::inserter(out, out.end()),
                     [](const auto& entry) { return is_usable(entry.second); });
        continue;
      }
      const auto found = zones.find(id);
      if (found != zones.end()) out.insert(*found);
    }
  }
}

}  // namespace

std::string_view to_string(Status status) {
  return word_for(kStatusWords, status);
}
std::optional<Status> parse_status(std::string_view text) {
  return value_for<Status>(kStatusWords, text);
}
std::optional<SourceRef> source_of(const Place& place, const Sources& sources) {
  if (!place.known()) return std::nullopt;
  ensure(place.source < sources.size(), "a place names a source that was not given");
  return SourceRef{sources[place.source].path, place.line};
}

std::string_view to_string(Novelty novelty) {
  return novelty == Novelty::none ? std::string_view() : word_for(kNoveltyWords, novelty);
}

std::optional<Novelty> parse_novelty(std::string_view text) {
  return value_for<Novelty>(kNoveltyWords, text);
}

std::string_view to_string(Happening happening) {
  return word_for(kHappeningWords, happening);
}

std::optional<Happening> parse_happening(std::string_view text) {
  return value_for<Happening>(kHappeningWords, text);
}

std::string_view to_string(Vanishing vanishing) {
  return word_for(kVanishingWords, vanishing);
}

std::optional<Vanishing> parse_vanishing(std::string_view text) {
  return value_for<Vanishing>(kVanishingWords, text);
}

std::string_view to_string(Cause cause) {
  return cause == Cause::change ? "change" : "drift";
}

std::optional<Cause> parse_cause(std::string_view text) {
  for (const Cause cause : {Cause::change, Cause::drift}) {
    if (text == to_string(cause)) return cause;
  }
  return std::nullopt;
}

namespace {

constexpr std::array<std::pair<DecidedBy, std::string_view>, 4> kDecidedByWords = {
    {{DecidedBy::id, "id"},
     {DecidedBy::name, "name"},
     {DecidedBy::rule, "rule"},
     {DecidedBy::fallback, "default"}}};

}  // namespace

std::string_view to_string(DecidedBy by) {
  for (const auto& [value, word] : kDecidedByWords) {
    if (value == by) return word;
  }
  return "";
}

std::optional<DecidedBy> parse_decided_by(std::string_view text) {
  for (const auto& [value, word] : kDecidedByWords) {
    if (word == text) return value;
  }
  return std::nullopt;
}

bool is_action(Status status) {
  return status == Status::replace || status == Status::revoke;
}

std::string_view to_string(Effect effect) {
  return word_for(kEffectWords, effect);
}
std::optional<Effect> parse_effect(std::string_view text) {
  return value_for<Effect>(kEffectWords, text);
}

TokenState state_of(const Token& token) {
  TokenState state{token.id, token.name, token.user_id, token.client_name, token.network};
  if (state.network) state.network = canonical(std::move(*state.network));
  return state;
}

bool is_as_wanted(const TokenState& wanted, const TokenState& now) {
  if (now.network || wanted.network != anywhere()) return now == wanted;
  TokenState filled = now;
  filled.network = anywhere();
  return filled == wanted;
}

std::size_t Summary::count(Status status) const {
  const auto found = by_status.find(status);
  return found == by_status.end() ? 0 : found->second;
}

std::size_t Summary::actions() const {
  return count(Status::replace) + count(Status::revoke);
}

Summary summary_of(const OrgPlan& plan) {
  Summary summary;
  for (const Change& change : plan.changes) {
    ++summary.by_status[change.status];
    if (change.before) ++summary.live;
  }
  return summary;
}

Summary summary_of(const Plan& plan) {
  Summary total;
  for (const OrgPlan& org : plan.orgs) {
    const Summary one = summary_of(org);
    for (const auto& [status, count] : one.by_status) total.by_status[status] += count;
    total.live += one.live;
  }
  return total;
}

bool is_blocked(const OrgPlan& plan) {
  return std::any_of(plan.guards.begin(), plan.guards.end(),
                     [](const Guard& guard) { return !guard.lifted; });
}

std::map<std::string, Zone> zones_relied_on(const OrgPlan& plan, const std::vector<const Change*>& changes) {
  std::map<std::string, Zone> zones;
  for (const Change* change : changes) {
    collect_zones(change->before, plan.zones, zones);
    collect_zones(change->after, plan.zones, zones);
  }
  return zones;
}

std::map<std::string, Zone> zones_relied_on(const OrgPlan& plan) {
  std::vector<const Change*> actions;
  for (const Change& change : plan.changes) {
    if (is_action(change.status)) actions.push_back(&change);
  }
  return zones_relied_on(plan, actions);
}

}  // namespace zonepin
