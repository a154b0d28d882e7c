#include "plan/make_plan.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "plan/cause.h"
#include "plan/claims.h"
#include "plan/decide.h"
#include "plan/guards.h"
#include "plan/reach.h"
#include "plan/remarks.h"
#include "plan/zone_book.h"
#include "plan/zone_findings.h"

namespace zonepin {

namespace {

// The same entries in the order of their places, however the files were given: whoever comes first in a file
// comes first here.
class EntryOrder {
 public:
  explicit EntryOrder(const Sources& sources) : sources_(sources) {}

  bool operator()(const DesiredToken& a, const DesiredToken& b) const { return key(a) < key(b); }
  bool operator()(const Rule& a, const Rule& b) const { return key(a.place) < key(b.place); }
  bool operator()(const Ack& a, const Ack& b) const { return key(a) < key(b); }

 private:
  std::string_view path(const Place& place) const {
    return place.known() && place.source < sources_.size() ? std::string_view(sources_[place.source].path)
                                                           : std::string_view();
  }
  std::tuple<std::string_view, std::uint32_t, std::uint32_t> key(const Place& place) const {
    return {path(place), place.line, place.column};
  }
  std::tuple<std::string_view, std::uint32_t, std::uint32_t, std::string_view, std::string_view,
             std::string_view>
  key(const DesiredToken& entry) const {
    return {path(entry.place), entry.place.line, entry.place.column, entry.id, entry.name, entry.owner};
  }
  std::tuple<std::string_view, std::string_view, std::string_view, std::uint32_t, std::uint32_t,
             std::string_view>
  key(const Ack& ack) const {
    return {ack.guard, ack.token_id, path(ack.place), ack.place.line, ack.place.column, ack.reason};
  }

  const Sources& sources_;
};

class Planner {
 public:
  Planner(const Desired& desired, const Live& live, const PlanPolicy& policy, Instant now,
          const Sources& sources)
      : desired_(desired),
        live_(live),
        policy_(policy),
        now_(now),
        sources_(sources),
        zones_(live.zones, desired.zones) {}

  Planning plan(const OrgPlan* base) {
    planning_.plan.host = live_.host;
    planning_.plan.url = live_.url;
    const Claims claims = claims_of(desired_, live_, now_);
    const Decider decider(desired_, claims, zones_, now_, sources_, planning_.diagnostics);
    planning_.plan.changes.reserve(live_.tokens.size());
    for (std::size_t at = 0; at < live_.tokens.size(); ++at)
      add_live(live_.tokens[at], decider.decision_for(at));
    add_absent(claims);
    append(remarks_on(desired_, live_, claims, decider, sources_));
    if (base != nullptr) tell_causes(planning_.plan, *base);
    if (policy_.only_cause) keep_only(planning_.plan, *policy_.only_cause);
    apply_treatments();
    work_out_reach();
    protect_own();
    collect_zones();
    keep_terms();
    append(findings_on_pins(desired_, live_, planning_.plan, sources_));
    append(findings_on_zones(desired_, live_, planning_.plan, sources_));
    GuardReport guards = guards_of(planning_.plan, live_, policy_, now_, sources_);
    planning_.plan.guards = std::move(guards.guards);
    append(std::move(guards.findings));
    sort_findings();
    planning_.diagnostics = sorted(std::move(planning_.diagnostics));
    return std::move(planning_);
  }

 private:
  void add_live(const Token& token, const Decision& decision) {
    Change change;
    change.id = token.id;
    change.name = token.name;
    change.before = state_of(token);
    change.source = source_of(decision.place, sources_);
    change.decided_by = decision.by;
    carry_over(token, decision, change);
    planning_.plan.changes.push_back(std::move(change));
  }

  void carry_over(const Token& token, const Decision& decision, Change& change) {
    change.note = decision.why;
    switch (decision.wish) {
      case Wish::nothing: change.status = Status::unmanaged; return;
      case Wish::network: return condition(token, decision, change);
      case Wish::revoke:
        change.status = Status::revoke;
        change.reason = decision.revocation->reason;
        change.last_used = last_use_of(token);
        change.before_sha256 = sha256_of(*change.before);
        return;
      case Wish::wait:
        change.status = Status::waiting;
        change.reason = decision.revocation->reason;
        change.note = "to be revoked from " + format_seconds(*decision.revocation->not_before) + " on";
        return;
      case Wish::ignore: change.status = Status::ignored; return;
      case Wish::ambiguous: change.status = Status::ambiguous; return;
      case Wish::conflict:
        change.status = Status::conflict;
        planning_.plan.findings.push_back(
            {"conflict", "error", change.id, "not written: " + decision.why, change.source});
        return;
    }
  }

  void condition(const Token& token, const Decision& decision, Change& change) {
    if (!decision.network) return;  // a diagnostic says why, and the plan is not to be used
    if (canonical(effective_network(token)) == *decision.network) {
      change.status = Status::unchanged;
      return;
    }
    change.status = Status::replace;
    change.after = change.before;
    change.after->network = decision.network;
    change.before_sha256 = sha256_of(*change.before);
  }

  void add_absent(const Claims& claims) {
    MissingWords words(desired_, live_, claims);
    for (std::size_t index = 0; index < desired_.tokens.size(); ++index) {
      if (!claims.entries[index].tokens.empty()) continue;
      const DesiredToken& entry = desired_.tokens[index];
      Change change;
      change.id = entry.id;
      change.name = entry.name;
      change.source = source_of(entry.place, sources_);
      if (entry.revoked) {
        change.status = Status::gone;
        change.reason = entry.revoked->reason;
      } else {
        change.status = Status::missing;
        change.note = words.why(index);
      }
      planning_.plan.changes.push_back(std::move(change));
    }
  }

  // What `unmanaged` and `missing` say becomes findings and, for `fail`, part of the verdict.
  void apply_treatments() {
    OrgPlan& plan = planning_.plan;
    plan.missing_counts = desired_.missing != Treatment::ignore;
    for (const Change& change : plan.changes) {
      if (change.status == Status::missing) {
        treat(change, desired_.missing, "declared, but no such token is live", plan.missing_fails);
      } else if (change.status == Status::unmanaged) {
        treat(change, desired_.unmanaged, "live, but no manifest mentions it", plan.unmanaged_fails);
      }
    }
  }

  void treat(const Change& change, Treatment treatment, std::string message, bool& fails) {
    if (treatment == Treatment::ignore) return;
    const bool failing = treatment == Treatment::fail;
    fails = fails || failing;
    if (!change.note.empty()) message += "; " + change.note;
    planning_.plan.findings.push_back({std::string(to_string(change.status)), failing ? "error" : "note",
                                       change.id, std::move(message), change.source});
  }

  // Before order(), which goes by the effect.
  void work_out_reach() {
    auto& changes = planning_.plan.changes;
    const auto replaced = [](const Change& change) { return change.status == Status::replace; };
    const auto replaces = static_cast<std::size_t>(std::count_if(changes.begin(), changes.end(), replaced));
    if (replaces == 0) return;
    const std::size_t limit = list_limit(replaces);
    ReachBook book(live_.zones);
    for (Change& change : changes) {
      if (!replaced(change)) continue;
      std::tie(change.effect, change.reach) =
          book.change_of(change.before->network, change.after->network, limit);
    }
    for (const Zone& zone : live_.zones) {
      if (shapes_every_reach(zone)) planning_.plan.zones.emplace(zone.id, zone);
    }
  }

  void collect_zones() {
    for (const Change& change : planning_.plan.changes) {
      for (const auto* state : {&change.before, &change.after}) {
        if (!*state || !(*state)->network) continue;
        for (const auto* list : {&(*state)->network->include, &(*state)->network->exclude}) {
          for (const std::string& id : *list) {
            if (is_reserved_zone(id) && is_action(change.status)) collect_usable_zones();
            if (const Zone* zone = zones_.by_id(id)) planning_.plan.zones.emplace(id, *zone);
          }
        }
      }
    }
  }

  void collect_usable_zones() {
    for (const Zone& zone : live_.zones) {
      if (is_usable(zone)) planning_.plan.zones.emplace(zone.id, zone);
    }
  }

  // Puts the changes in order.
  void protect_own() {
    const OwnTokens own = own_tokens(live_, desired_.self);
    if (!own.problem.empty()) {
      planning_.diagnostics.push_back(
          {Severity::error, own.problem, "correct `self:`, or run with that token", desired_.self->place});
    }
    mark_own(planning_.plan, own.ids);
  }

  void keep_terms() {
    Terms& terms = planning_.plan.terms;
    terms.limits = desired_.limits;
    terms.min_tokens = desired_.min_tokens;
    terms.self = desired_.self;
    for (const ZonePin& pin : desired_.zones) {
      if (!pin.quarantine) continue;
      const Zone* zone = pin.id ? zones_.by_id(*pin.id) : zones_.by_name(pin.name);
      if (zone != nullptr) terms.quarantine.push_back(zone->id);
    }
    std::sort(terms.quarantine.begin(), terms.quarantine.end());
    std::set<std::string_view> ids;
    for (const Change& change : planning_.plan.changes) {
      if (is_action(change.status)) ids.insert(change.id);
    }
    for (const Ack& ack : desired_.acks) {
      if (ids.count(ack.token_id) != 0) terms.acks.push_back(ack);
    }
    std::sort(terms.acks.begin(), terms.acks.end(), EntryOrder(sources_));
  }

  void append(std::vector<Finding> findings) {
    for (Finding& finding : findings) planning_.plan.findings.push_back(std::move(finding));
  }

  void sort_findings() {
    const auto key = [](const Finding& finding) {
      const std::uint32_t line = finding.source ? finding.source->line : 0;
      const std::string_view file =
          finding.source ? std::string_view(finding.source->file) : std::string_view();
      return std::make_tuple(std::string_view(finding.rule), file, line, std::string_view(finding.token_id),
                             std::string_view(finding.message), std::cref(finding.details));
    };
    auto& findings = planning_.plan.findings;
    std::sort(findings.begin(), findings.end(),
              [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
  }

  const Desired& desired_;
  const Live& live_;
  const PlanPolicy& policy_;
  Instant now_;
  const Sources& sources_;
  ZoneBook zones_;
  Planning planning_;
};

}  // namespace

int phase_of(const Change& change) {
  if (change.own && is_action(change.status)) return kOwnPhase;
  if (change.status == Status::revoke) return kRevokePhase;
  if (change.status != Status::replace) return kOwnPhase + 1;
  return static_cast<int>(change.effect.value_or(Effect::unknown));
}

void put_in_order(std::vector<Change>& changes) {
  const auto key = [](const Change& change) {
    const std::uint32_t line = change.source ? change.source->line : 0;
    const std::string_view file = change.source ? std::string_view(change.source->file) : std::string_view();
    return std::make_tuple(phase_of(change), change.status, std::string_view(change.name),
                           std::string_view(change.id), file, line, std::string_view(change.reason),
                           std::string_view(change.note));
  };
  std::sort(changes.begin(), changes.end(),
            [&](const Change& a, const Change& b) { return key(a) < key(b); });
}

void mark_own(OrgPlan& plan, const std::vector<std::string>& ids) {
  for (Change& change : plan.changes) {
    change.own = is_action(change.status) && std::binary_search(ids.begin(), ids.end(), change.id);
  }
  put_in_order(plan.changes);
}

Desired in_order(const Desired& desired, const Sources& sources) {
  const EntryOrder before(sources);
  Desired sorted = desired;
  std::stable_sort(sorted.rules.begin(), sorted.rules.end(), before);
  std::vector<std::size_t> order(desired.tokens.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto earlier = [&](std::size_t a, std::size_t b) {
    return before(desired.tokens[a], desired.tokens[b]);
  };
  std::stable_sort(order.begin(), order.end(), earlier);
  for (std::size_t at = 0; at < order.size(); ++at) {
    sorted.tokens[at] = desired.tokens[order[at]];
    if (!desired.token_scopes.empty()) sorted.token_scopes[at] = desired.token_scopes[order[at]];
  }
  return sorted;
}

Planning make_plan(const Desired& desired, const Live& live, const PlanPolicy& policy, Instant now,
                   const Sources& sources, const OrgPlan* base) {
  const EntryOrder before(sources);
  if (std::is_sorted(desired.tokens.begin(), desired.tokens.end(), before) &&
      std::is_sorted(desired.rules.begin(), desired.rules.end(), before)) {
    return Planner(desired, live, policy, now, sources).plan(base);
  }
  const Desired sorted = in_order(desired, sources);
  return Planner(sorted, live, policy, now, sources).plan(base);
}

}  // namespace zonepin
