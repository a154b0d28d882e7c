#include "plan/binding.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "plan/make_plan.h"
#include "plan/reach.h"

namespace zonepin {

namespace {

std::string words_of(const std::optional<NetworkCondition>& network) {
  if (!network) return "no condition";
  std::string words = network->connection;
  if (!network->include.empty()) words += " include " + join(network->include, ", ");
  if (!network->exclude.empty()) words += " exclude " + join(network->exclude, ", ");
  return escape(words);
}

std::string difference(const TokenState& before, const TokenState& now) {
  if (before.name != now.name)
    return "it is now named " + in_quotes(now.name) + ", not " + in_quotes(before.name);
  if (before.user_id != now.user_id) return "its owner is now " + escape(now.user_id.value_or("unknown"));
  if (before.client_name != now.client_name)
    return "its clientName is now " + in_quotes(now.client_name.value_or(""));
  return "its condition is now " + words_of(now.network) + ", the plan was made against " +
         words_of(before.network);
}

Bound bind_one(const Change& change, std::size_t index, const Token* token) {
  if (token == nullptr) return {index, Standing::gone, {}};
  const TokenState now = state_of(*token);
  if (change.after && is_as_wanted(*change.after, now)) return {index, Standing::done, {}};
  if (now != *change.before) return {index, Standing::stale, difference(*change.before, now)};
  if (change.status == Status::revoke && last_use_of(*token) != change.last_used) {
    const auto used = last_use_of(*token);
    return {index, Standing::stale,
            "it was used since" + (used ? ", about " + format_seconds(*used) : std::string())};
  }
  return {index, Standing::due, {}};
}

bool names_reserved_zone(const Change& change) {
  const auto reserved = [](const std::string& member) { return is_reserved_zone(member); };
  for (const auto* state : {&change.before, &change.after}) {
    if (!*state || !(*state)->network) continue;
    const NetworkCondition& network = *(*state)->network;
    if (std::any_of(network.include.begin(), network.include.end(), reserved)) return true;
    if (std::any_of(network.exclude.begin(), network.exclude.end(), reserved)) return true;
  }
  return false;
}

// A reserved word also means the zones that came after the plan.
void add_new_zones(const OrgPlan& plan, const Live& live, std::vector<std::string>& problems) {
  for (const Zone& zone : live.zones) {
    if (!is_usable(zone) || plan.zones.count(zone.id) != 0) continue;
    problems.push_back("network zone " + in_quotes(zone.name) + " (" + escape(zone.id) +
                       ") was added or activated since the plan was made, and a condition means all zones");
  }
}

void add_zone_problems(const OrgPlan& plan, const Live& live, const Binding& binding,
                       std::vector<std::string>& problems) {
  std::vector<const Change*> due;
  for (const Bound& bound : binding.actions) {
    if (bound.standing == Standing::due) due.push_back(&plan.changes[bound.change]);
  }
  if (std::any_of(due.begin(), due.end(), [](const Change* change) { return names_reserved_zone(*change); }))
    add_new_zones(plan, live, problems);
  // No structured binding: clang 14 lets no lambda capture one.
  for (const auto& entry : zones_relied_on(plan, due)) {
    const std::string& id = entry.first;
    const Zone& zone = entry.second;
    const auto now =
        std::find_if(live.zones.begin(), live.zones.end(), [&](const Zone& z) { return z.id == id; });
    if (now == live.zones.end()) {
      problems.push_back("network zone " + in_quotes(zone.name) + " (" + escape(id) + ") is gone");
    } else if (*now != zone) {
      problems.push_back("network zone " + in_quotes(zone.name) + " (" + escape(id) +
                         ") was changed since the plan was made");
    }
  }
}

// A plan holds the zones that its changes name and those that shape every reach, and no others.
void keep_named_zones(const OrgPlan& from, OrgPlan& to) {
  to.zones = from.zones;
  to.zones = zones_relied_on(to);
  for (const auto& [id, zone] : from.zones) {
    if (!to.changes.empty() && shapes_every_reach(zone)) to.zones.emplace(id, zone);
  }
}

}  // namespace

Binding bind_plan(const OrgPlan& plan, const Live& live) {
  std::unordered_map<std::string_view, const Token*> by_id;
  by_id.reserve(live.tokens.size());
  for (const Token& token : live.tokens) by_id.emplace(token.id, &token);

  Binding binding;
  for (std::size_t index = 0; index < plan.changes.size(); ++index) {
    const Change& change = plan.changes[index];
    if (!is_action(change.status)) continue;
    const auto found = by_id.find(change.id);
    binding.actions.push_back(bind_one(change, index, found == by_id.end() ? nullptr : found->second));
    const Bound& bound = binding.actions.back();
    if (bound.standing == Standing::stale) {
      binding.problems.push_back("token " + change.id + " (" + in_quotes(change.name) + "): " + bound.why);
    }
  }
  add_zone_problems(plan, live, binding, binding.problems);
  return binding;
}

Plan reverse_of(const Plan& plan) {
  Plan reversed;
  reversed.created_at = plan.created_at;
  for (const OrgPlan& org : plan.orgs) {
    OrgPlan back;
    back.host = org.host;
    back.url = org.url;
    back.org_id = org.org_id;
    back.client_id = org.client_id;
    const auto is_final = [&](const Change& change, std::string why) {
      back.findings.push_back({"final", "warning", change.id, std::move(why), change.source});
    };
    for (const Change& change : org.changes) {
      if (change.status == Status::revoke) is_final(change, "a revoked token can't be brought back");
      if (change.status != Status::replace) continue;
      // An absent condition can't be written; ANYWHERE is what it is compared as (FACTS 1.3).
      const NetworkCondition target = change.before->network.value_or(anywhere());
      if (!is_writable(target)) {
        is_final(change,
                 "its condition before, " + words_of(change.before->network) + ", can't be written again");
        continue;
      }
      Change undo = change;
      undo.before = change.after;
      undo.after = change.after;
      undo.after->network = target;
      undo.before_sha256 = sha256_of(*undo.before);
      if (undo.effect) undo.effect = reverse_of(*undo.effect);
      if (undo.reach) undo.reach = reverse_of(std::move(*undo.reach));
      undo.note.clear();
      back.changes.push_back(std::move(undo));
    }
    keep_named_zones(org, back);
    std::stable_sort(back.changes.begin(), back.changes.end(),
                     [](const Change& a, const Change& b) { return phase_of(a) < phase_of(b); });
    reversed.orgs.push_back(std::move(back));
  }
  return reversed;
}

}  // namespace zonepin
