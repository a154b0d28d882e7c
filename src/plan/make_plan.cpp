#include "plan/make_plan.h"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>
#include <utility>

#include "base/ensure.h"
#include "base/text.h"
#include "plan/claims.h"
#include "plan/guards.h"
#include "plan/reach.h"
#include "plan/zone_book.h"

namespace zonepin {

namespace {

// Looking for the nearest name costs a walk over all names: beyond this many missing tokens it is left out.
constexpr std::size_t kMaxSuggestions = 100;
// Candidates listed in one message.
constexpr std::size_t kMaxCandidates = 20;

std::string describe(const Token& token) {
  std::string text = token.id + " (owner " + escape(token.user_id.value_or("unknown")) + ", created " +
                     escape(token.created.value_or("unknown")) + ", last used ";
  const auto used = last_use_of(token);
  return text + (used ? "about " + format_seconds(*used) : std::string("unknown")) + ")";
}

std::string label_of(const DesiredToken& entry) {
  return entry.id.empty() ? in_quotes(entry.name) : entry.id;
}

// The same entries in the order of their places, however the files were given: whoever comes first in a file
// comes first here.
class EntryOrder {
 public:
  explicit EntryOrder(const Sources& sources) : sources_(sources) {}

  bool operator()(const DesiredToken& a, const DesiredToken& b) const { return key(a) < key(b); }
  bool operator()(const Ack& a, const Ack& b) const { return key(a) < key(b); }

 private:
  std::string_view path(const Place& place) const {
    return place.known() && place.source < sources_.size() ? std::string_view(sources_[place.source].path)
                                                           : std::string_view();
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
      : desired_(desired), live_(live), policy_(policy), now_(now), sources_(sources), zones_(live.zones) {}

  Planning plan() {
    planning_.plan.host = live_.host;
    planning_.plan.url = live_.url;
    resolve_networks();
    claims_ = claims_of(desired_, live_);
    planning_.plan.changes.reserve(live_.tokens.size());
    for (std::size_t at = 0; at < live_.tokens.size(); ++at) add_live(at);
    for (std::size_t index = 0; index < desired_.tokens.size(); ++index) add_absent(index);
    for (std::size_t index = 0; index < desired_.tokens.size(); ++index) report_ambiguity(index);
    apply_treatments();
    work_out_reach();
    order();
    collect_zones();
    keep_acks();
    GuardReport guards = guards_of(planning_.plan, policy_, now_, sources_);
    planning_.plan.guards = std::move(guards.guards);
    append(std::move(guards.findings));
    sort_findings();
    planning_.diagnostics = sorted(std::move(planning_.diagnostics));
    return std::move(planning_);
  }

 private:
  void resolve_networks() {
    networks_.resize(desired_.tokens.size());
    for (std::size_t index = 0; index < desired_.tokens.size(); ++index) {
      const auto& network = desired_.tokens[index].network;
      if (network) networks_[index] = zones_.resolve(*network, planning_.diagnostics);
    }
  }

  std::optional<SourceRef> source_of(const Place& place) const {
    if (!place.known()) return std::nullopt;
    ensure(place.source < sources_.size(), "a place names a source that was not given");
    return SourceRef{sources_[place.source].path, place.line};
  }

  std::string where(std::size_t index) const {
    const auto source = source_of(desired_.tokens[index].place);
    return source ? escape(source->file) + ":" + std::to_string(source->line)
                  : std::string("the command line");
  }

  void add_live(std::size_t at) {
    const Token& token = live_.tokens[at];
    const Claim& claim = claims_.tokens[at];
    Change change;
    change.id = token.id;
    change.name = token.name;
    change.before = state_of(token);
    const auto& deciding = claim.by_id.empty() ? claim.by_name : claim.by_id;
    if (deciding.empty()) {
      change.status = Status::unmanaged;
      planning_.plan.changes.push_back(std::move(change));
      return;
    }
    change.source = source_of(desired_.tokens[deciding.front()].place);
    if (deciding.size() > 1) {
      claim_twice(deciding, change);
    } else if (claim.by_id.empty() && claims_.matches[deciding.front()].size() > 1) {
      change.status = Status::ambiguous;
      change.note = "several live tokens match the entry at " + where(deciding.front());
    } else if (!claims_.contradictions[deciding.front()].empty()) {
      in_conflict(change, claims_.contradictions[deciding.front()]);
    } else {
      decide(deciding.front(), token, change);
    }
    if (!claim.by_id.empty() && !claim.by_name.empty()) report_shadowed(claim, change);
    planning_.plan.changes.push_back(std::move(change));
  }

  void claim_twice(const std::vector<std::size_t>& entries, Change& change) {
    std::vector<std::string> places;
    for (const std::size_t index : entries) places.push_back(where(index));
    in_conflict(change, "claimed by several entries: " + join(places, ", ") + "; keep one of them");
  }

  void in_conflict(Change& change, const std::string& why) {
    change.status = Status::conflict;
    change.note = why;
    planning_.plan.findings.push_back({"conflict", "error", change.id, "not written: " + why, change.source});
  }

  void decide(std::size_t index, const Token& token, Change& change) {
    const DesiredToken& entry = desired_.tokens[index];
    if (entry.revoked) {
      change.status = Status::revoke;
      change.reason = entry.revoked->reason;
      change.last_used = last_use_of(token);
      change.before_sha256 = sha256_of(*change.before);
      return;
    }
    if (!networks_[index]) return;  // a diagnostic says why, and the plan is not to be used
    const NetworkCondition now = canonical(effective_network(token));
    if (now == *networks_[index]) {
      change.status = Status::unchanged;
      return;
    }
    change.status = Status::replace;
    change.after = change.before;
    change.after->network = networks_[index];
    change.before_sha256 = sha256_of(*change.before);
  }

  void report_shadowed(const Claim& claim, const Change& change) {
    for (const std::size_t index : claim.by_name) {
      planning_.plan.findings.push_back({"shadowed", "warning", change.id,
                                         "the entry at " + where(index) + " has no say: the one by id at " +
                                             where(claim.by_id.front()) + " decides",
                                         source_of(desired_.tokens[index].place)});
    }
  }

  void add_absent(std::size_t index) {
    if (!claims_.matches[index].empty()) return;
    const DesiredToken& entry = desired_.tokens[index];
    Change change;
    change.id = entry.id;
    change.name = entry.name;
    change.source = source_of(entry.place);
    if (entry.revoked) {
      change.status = Status::gone;
      change.reason = entry.revoked->reason;
    } else {
      change.status = Status::missing;
      change.note = why_missing(entry);
    }
    planning_.plan.changes.push_back(std::move(change));
  }

  std::string why_missing(const DesiredToken& entry) {
    if (!entry.owner.empty() && entry.id.empty() && !looks_like_user_id(entry.owner) &&
        is_nobody(entry.owner)) {
      return "no user of this org has the login " + in_quotes(entry.owner);
    }
    if (suggestions_++ >= kMaxSuggestions) return {};
    if (names_.empty()) {
      for (const Token& token : live_.tokens) {
        names_.push_back(token.name);
        ids_.push_back(token.id);
      }
      std::sort(names_.begin(), names_.end());  // of two that are equally near, always the same is suggested
      std::sort(ids_.begin(), ids_.end());
    }
    if (!entry.id.empty()) return did_you_mean(entry.id, ids_);
    if (!std::binary_search(names_.begin(), names_.end(), std::string_view(entry.name)))
      return did_you_mean(entry.name, names_);
    return "a live token has this name, but another owner: " + describe(namesake(entry.name));
  }

  // REQUIRES: a live token has this name. Of several, the one with the smallest id.
  const Token& namesake(const std::string& name) const {
    const Token* found = nullptr;
    for (const Token& token : live_.tokens) {
      if (token.name == name && (found == nullptr || token.id < found->id)) found = &token;
    }
    return *found;
  }

  bool is_nobody(const std::string& login) const {
    const auto found = live_.users.find(login);
    return found == live_.users.end() || found->second.empty();
  }

  void report_ambiguity(std::size_t index) {
    const DesiredToken& entry = desired_.tokens[index];
    const auto& matches = claims_.matches[index];
    if (!entry.id.empty() || matches.size() < 2) return;
    // Where entries by id decide for all of them, this one has no say, which is said as `shadowed`.
    if (std::all_of(matches.begin(), matches.end(),
                    [&](std::size_t at) { return !claims_.tokens[at].by_id.empty(); }))
      return;
    std::vector<std::string> candidates;
    for (const std::size_t at : matches) candidates.push_back(describe(live_.tokens[at]));
    std::sort(candidates.begin(), candidates.end());
    if (candidates.size() > kMaxCandidates) {
      const std::size_t more = candidates.size() - kMaxCandidates;
      candidates.resize(kMaxCandidates);
      candidates.push_back(std::to_string(more) + " more");
    }
    planning_.plan.findings.push_back(
        {"ambiguous",
         "error",
         {},
         std::to_string(matches.size()) + " live tokens match " + label_of(entry) +
             ". It decides for none of them: name one by its id, or add `owner:`",
         source_of(entry.place),
         std::move(candidates)});
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

  void order() {
    const auto key = [](const Change& change) {
      const std::uint32_t line = change.source ? change.source->line : 0;
      const std::string_view file =
          change.source ? std::string_view(change.source->file) : std::string_view();
      return std::make_tuple(phase_of(change), change.status, std::string_view(change.name),
                             std::string_view(change.id), file, line, std::string_view(change.reason),
                             std::string_view(change.note));
    };
    auto& changes = planning_.plan.changes;
    std::sort(changes.begin(), changes.end(),
              [&](const Change& a, const Change& b) { return key(a) < key(b); });
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

  void keep_acks() {
    std::set<std::string_view> ids;
    for (const Change& change : planning_.plan.changes) {
      if (is_action(change.status)) ids.insert(change.id);
    }
    for (const Ack& ack : desired_.acks) {
      if (ids.count(ack.token_id) != 0) planning_.plan.acks.push_back(ack);
    }
    std::sort(planning_.plan.acks.begin(), planning_.plan.acks.end(), EntryOrder(sources_));
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
  Claims claims_;
  std::vector<std::optional<NetworkCondition>> networks_;  // beside desired_.tokens
  std::vector<std::string_view> names_;                    // live ones, for suggestions
  std::vector<std::string_view> ids_;
  std::size_t suggestions_ = 0;
  Planning planning_;
};

}  // namespace

int phase_of(const Change& change) {
  if (change.status == Status::revoke) return kRevokePhase;
  if (change.status != Status::replace) return kRevokePhase + 1;
  return static_cast<int>(change.effect.value_or(Effect::unknown));
}

Planning make_plan(const Desired& desired, const Live& live, const PlanPolicy& policy, Instant now,
                   const Sources& sources) {
  const EntryOrder before(sources);
  if (std::is_sorted(desired.tokens.begin(), desired.tokens.end(), before)) {
    return Planner(desired, live, policy, now, sources).plan();
  }
  Desired in_order = desired;
  std::sort(in_order.tokens.begin(), in_order.tokens.end(), before);
  return Planner(in_order, live, policy, now, sources).plan();
}

}  // namespace zonepin
