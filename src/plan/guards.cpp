#include "plan/guards.h"

#include <algorithm>
#include <functional>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "model/address_set.h"
#include "plan/claims.h"
#include "plan/reach.h"
#include "plan/zone_findings.h"

namespace zonepin {

namespace {

enum class Lift { none, lifted, ended };

// How an ack of the manifest or the command line bears on one guard and token.
struct Ruling {
  Lift lift = Lift::none;
  const Ack* ended = nullptr;
};

class Acks {
 public:
  Acks(const std::vector<Ack>& manifest, const PlanPolicy& policy, Instant now)
      : manifest_(manifest), flags_(policy.acks), now_(now) {}

  Ruling ruling(std::string_view guard, const std::string& token_id) const {
    for (const AckFlag& flag : flags_) {
      if (flag.guard == guard && (flag.token_id.empty() || flag.token_id == token_id))
        return {Lift::lifted, nullptr};
    }
    Ruling ruling;
    for (const Ack& ack : manifest_) {
      if (ack.guard != guard || ack.token_id != token_id) continue;
      if (!ack.until || now_ < *ack.until) return {Lift::lifted, nullptr};
      if (ruling.ended == nullptr || *ruling.ended->until < *ack.until) ruling = {Lift::ended, &ack};
    }
    return ruling;
  }

  // A bare `--ack GUARD`.
  bool lifts_for_all(std::string_view guard) const {
    return std::any_of(flags_.begin(), flags_.end(),
                       [&](const AckFlag& flag) { return flag.guard == guard && flag.token_id.empty(); });
  }

 private:
  const std::vector<Ack>& manifest_;
  const std::vector<AckFlag>& flags_;
  Instant now_;
};

std::string ack_lift(std::string_view guard, const std::vector<std::string>& token_ids) {
  const std::string one = "--ack " + std::string(guard) + ":";
  if (token_ids.size() == 1) return one + token_ids.front() + ", or an entry in acks:";
  return one + "TOKEN_ID for each token, or entries in acks:";
}

bool is_recent(const std::optional<Instant>& instant, Instant now) {
  // What is not known counts as just now.
  return !instant || now < add(*instant, Duration{0, kRecentDays, 0});
}

std::vector<std::string> ids_with(const OrgPlan& plan, Status status) {
  std::vector<std::string> ids;
  for (const Change& change : plan.changes) {
    if (change.status == status) ids.push_back(change.id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

class Judge {
 public:
  Judge(const OrgPlan& plan, const Live& live, const PlanPolicy& policy, Instant now, const Sources& sources)
      : plan_(plan),
        live_(live),
        policy_(policy),
        now_(now),
        sources_(sources),
        acks_(plan.terms.acks, policy, now),
        reaches_(live.zones),
        egress_(plan.terms.self ? addresses_of(plan.terms.self->egress) : AddressSet()) {
    for (const Token& token : live.tokens) tokens_.emplace(token.id, &token);
  }

  GuardReport report() {
    caller_unknown();
    list_shrank();
    if (auto guard = allow_revoke_guard(plan_, policy_)) report_.guards.push_back(std::move(*guard));
    per_token("self-lockout", &Judge::locks_out,
              "it may be the token that zonepin runs with, and afterwards it would be revoked or might no "
              "longer admit "
              "zonepin, which could not undo that: say with `self: {name: …, egress: […]}` which token that "
              "is and where "
              "zonepin calls from, or use another credential");
    per_token(
        "agent-token", &Judge::is_agent,
        "its clientName is not \"Okta API\": it may belong to an agent that Okta manages, and writing it can "
        "cut that agent off");
    per_token(
        "recently-used", &Judge::is_recently_used,
        "it was used in the last 7 days, or its last use is not known: something may still depend on it",
        policy_.named_by_person);
    per_token(
        "recently-created", &Judge::is_recently_created,
        "it was created in the last 7 days, or nobody knows when, and a name or a rule chose it: it may be "
        "another one than was meant");
    per_token("loosen-wide", &Judge::is_loosened_wide,
              "afterwards it can be used from nearly everywhere, or from places that can't be known");
    per_token("quarantined", &Judge::leaves_quarantine,
              "it stands in a zone that is pinned as quarantine, and would be let out of it");
    limits();
    return std::move(report_);
  }

 private:
  using Concern = bool (Judge::*)(const Change&);

  // The guard's tokens split into those that an ack lifts it for and the others.
  void per_token(std::string_view name, Concern concerns, const std::string& message,
                 bool by_person = false) {
    Guard blocking{std::string(name), {}, false, {}, message};
    Guard lifted{std::string(name), {}, true, {}, message};
    for (const Change& change : plan_.changes) {
      if (!is_action(change.status) || !(this->*concerns)(change)) continue;
      const Ruling ruling = by_person ? Ruling{Lift::lifted, nullptr} : acks_.ruling(name, change.id);
      (ruling.lift == Lift::lifted ? lifted : blocking).token_ids.push_back(change.id);
      if (ruling.lift == Lift::ended) add_ended(*ruling.ended, change.id);
    }
    for (Guard* guard : {&blocking, &lifted}) {
      if (guard->token_ids.empty()) continue;
      std::sort(guard->token_ids.begin(), guard->token_ids.end());
      guard->lift = ack_lift(name, guard->token_ids);
      report_.guards.push_back(std::move(*guard));
    }
  }

  void add_ended(const Ack& ack, const std::string& token_id) {
    Finding finding;
    finding.rule = "ack-ended";
    finding.severity = "warning";
    finding.token_id = token_id;
    finding.message =
        "the ack of " + ack.guard + " for " + token_id + " ended at " + format_seconds(*ack.until);
    finding.source = source_of(ack.place, sources_);
    report_.findings.push_back(std::move(finding));
  }

  const Token* live_token(const Change& change) const {
    const auto found = tokens_.find(change.id);
    return found == tokens_.end() ? nullptr : found->second;
  }

  void caller_unknown() {
    if (live_.self_unknown.empty()) return;
    Finding finding;
    finding.rule = "caller-unknown";
    finding.severity = "warning";
    finding.message =
        "self-lockout protects only what `self:` names, because it is not known whose token is in use: " +
        live_.self_unknown;
    report_.findings.push_back(std::move(finding));
  }

  // Afterwards the caller might be unable to undo it. Safe where every address that it can come from stays
  // in.
  bool locks_out(const Change& change) {
    if (!change.own) return false;
    if (change.status == Status::revoke) return true;
    const Reach before = reaches_.reach_of(change.before->network);
    const Reach after = reaches_.reach_of(change.after->network);
    const Effect effect = difference_of(before, after, reaches_.admitted()).effect;
    if (effect == Effect::loosen || effect == Effect::same) return false;
    return egress_.empty() || !after.less.empty() || !after.known.contains(egress_);
  }

  bool is_agent(const Change& change) { return change.before->client_name != std::string(kOrdinaryClient); }

  bool is_recently_used(const Change& change) {
    if (change.status != Status::revoke) return false;
    const Token* token = live_token(change);
    return is_recent(token == nullptr ? change.last_used : last_use_of(*token), now_);
  }

  bool is_recently_created(const Change& change) {
    if (change.status != Status::revoke || change.decided_by == DecidedBy::id) return false;
    const Token* token = live_token(change);
    return is_recent(token == nullptr || !token->created ? std::nullopt : parse_instant(*token->created),
                     now_);
  }

  bool is_loosened_wide(const Change& change) {
    if (change.status != Status::replace) return false;
    const NetworkCondition& after = *change.after->network;
    const Reach reach = reaches_.reach_of(after);
    const Effect effect =
        difference_of(reaches_.reach_of(change.before->network), reach, reaches_.admitted()).effect;
    if (effect == Effect::tighten) return false;
    const bool reserved = std::any_of(after.include.begin(), after.include.end(), is_reserved_zone);
    return after.connection == kAnywhere || !after.exclude.empty() || reserved || !reach.is_known() ||
           is_too_wide(reach.known);
  }

  bool leaves_quarantine(const Change& change) {
    if (change.status != Status::replace || !change.before->network) return false;
    const auto& quarantine = plan_.terms.quarantine;
    const auto& include = change.before->network->include;
    const bool inside = std::any_of(include.begin(), include.end(), [&](const std::string& id) {
      return std::binary_search(quarantine.begin(), quarantine.end(), id);
    });
    if (!inside) return false;
    const Effect effect = difference_of(reaches_.reach_of(change.before->network),
                                        reaches_.reach_of(change.after->network), reaches_.admitted())
                              .effect;
    return effect != Effect::tighten && effect != Effect::same;
  }

  // A credential whose role sees less looks like an org that has less.
  void list_shrank() {
    const std::size_t live = live_.tokens.size();
    const bool below = plan_.terms.min_tokens && live < *plan_.terms.min_tokens;
    if (live > 0 && !below) return;
    std::string message =
        live == 0
            ? std::string("the list of tokens is empty")
            : "the list holds " + plural(live, "token") +
                  ", fewer than `expect: {min_tokens: " + std::to_string(*plan_.terms.min_tokens) + "}`";
    message += ": perhaps the credential's admin role sees only part of them";
    report_.guards.push_back(
        {"list-shrank",
         {},
         acks_.lifts_for_all("list-shrank"),
         live == 0 ? "a credential that sees the tokens, or a bare --ack list-shrank on a terminal"
                   : "a lower min_tokens in the manifest, or a bare --ack list-shrank on a terminal",
         std::move(message)});
  }

  void limits() {
    if (policy_.named_by_person) return;
    const auto revoked = ids_with(plan_, Status::revoke);
    const auto revoke_limit = policy_.max_revoke ? policy_.max_revoke : plan_.terms.limits.revoke;
    if (revoke_limit && revoked.size() > *revoke_limit) {
      report_.guards.push_back({"revoke", revoked, acks_.lifts_for_all("revoke"),
                                "--max-revoke " + std::to_string(revoked.size()),
                                plural(revoked.size(), "revoke") + ", and at most " +
                                    std::to_string(*revoke_limit) + " may be done in one apply"});
    }
    const auto replaced = ids_with(plan_, Status::replace);
    const auto percent_limit =
        policy_.max_update_pct ? policy_.max_update_pct : plan_.terms.limits.update_pct;
    const std::size_t live = live_.tokens.size();
    if (!percent_limit || live < kFewestForPercent || replaced.size() * 100 <= *percent_limit * live) return;
    const std::size_t needed = (replaced.size() * 100 + live - 1) / live;
    report_.guards.push_back({"update_pct", replaced, acks_.lifts_for_all("update_pct"),
                              "--max-update-pct " + std::to_string(needed),
                              plural(replaced.size(), "replace") + " among " + plural(live, "live token") +
                                  ", and at most " + std::to_string(*percent_limit) +
                                  " % of them may be changed in one apply"});
  }

  const OrgPlan& plan_;
  const Live& live_;
  const PlanPolicy& policy_;
  Instant now_;
  const Sources& sources_;
  Acks acks_;
  ReachBook reaches_;
  AddressSet egress_;
  std::unordered_map<std::string_view, const Token*> tokens_;
  GuardReport report_;
};

}  // namespace

std::optional<Guard> allow_revoke_guard(const OrgPlan& plan, const PlanPolicy& policy) {
  auto revoked = ids_with(plan, Status::revoke);
  if (revoked.empty()) return std::nullopt;
  std::string message = "a revoked token can't be brought back (" + plural(revoked.size(), "revoke") + ")";
  return Guard{std::string(kAllowRevoke), std::move(revoked), policy.allow_revoke, "--allow-revoke",
               std::move(message)};
}

GuardReport guards_of(const OrgPlan& plan, const Live& live, const PlanPolicy& policy, Instant now,
                      const Sources& sources) {
  return Judge(plan, live, policy, now, sources).report();
}

OwnTokens own_tokens(const Live& live, const std::optional<Self>& self) {
  OwnTokens own;
  const bool narrowed = self && (!self->id.empty() || !self->name.empty() || !self->owner.empty());
  // Where Okta does not tell the caller, what the manifest says of the token has to do.
  if (!live.self && !(narrowed && !live.self_unknown.empty())) return own;
  std::vector<const Token*> candidates;
  for (const Token& token : live.tokens) {
    if (!live.self || token.user_id == live.self->id) candidates.push_back(&token);
  }
  for (const Token* token : candidates) {
    const bool fits = !narrowed || ((self->id.empty() || self->id == token->id) &&
                                    (self->name.empty() || self->name == token->name) &&
                                    owns(self->owner, *token, live.users));
    if (fits) own.ids.push_back(token->id);
  }
  std::sort(own.ids.begin(), own.ids.end());
  if (narrowed && own.ids.empty()) {
    const std::string whose =
        !live.self ? std::string()
                   : " of " + escape(live.self->login.empty() ? live.self->id : live.self->login);
    own.problem = "`self:` must be a token of the caller, and none of the " +
                  plural(candidates.size(), "live token") + whose + " fits it";
  }
  return own;
}

}  // namespace zonepin
