#include "plan/guards.h"

#include <algorithm>
#include <set>

#include "base/text.h"

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

void add_ended(const Ack& ack, const std::string& token_id, const Sources& sources,
               std::vector<Finding>& findings) {
  Finding finding;
  finding.rule = "ack-ended";
  finding.severity = "warning";
  finding.token_id = token_id;
  finding.message =
      "the ack of " + ack.guard + " for " + token_id + " ended at " + format_seconds(*ack.until);
  if (ack.place.known()) finding.source = SourceRef{sources.at(ack.place.source).path, ack.place.line};
  findings.push_back(std::move(finding));
}

// Splits the tokens of one guard into those that an ack lifts it for and the others.
void add_per_token(std::string_view name, const std::vector<std::string>& token_ids,
                   const std::string& message, const Acks& acks, const Sources& sources,
                   GuardReport& report) {
  Guard blocking{std::string(name), {}, false, {}, message};
  Guard lifted{std::string(name), {}, true, {}, message};
  for (const std::string& id : token_ids) {
    const Ruling ruling = acks.ruling(name, id);
    (ruling.lift == Lift::lifted ? lifted : blocking).token_ids.push_back(id);
    if (ruling.lift == Lift::ended) add_ended(*ruling.ended, id, sources, report.findings);
  }
  for (Guard* guard : {&blocking, &lifted}) {
    if (guard->token_ids.empty()) continue;
    guard->lift = ack_lift(name, guard->token_ids);
    report.guards.push_back(std::move(*guard));
  }
}

std::vector<std::string> action_ids(const OrgPlan& plan, bool (*concerns)(const Change&)) {
  std::set<std::string> ids;
  for (const Change& change : plan.changes) {
    if (is_action(change.status) && concerns(change)) ids.insert(change.id);
  }
  return {ids.begin(), ids.end()};
}

}  // namespace

GuardReport guards_of(const OrgPlan& plan, const PlanPolicy& policy, Instant now, const Sources& sources) {
  GuardReport report;
  const Acks acks(plan.acks, policy, now);

  const auto revoked = action_ids(plan, [](const Change& change) { return change.status == Status::revoke; });
  if (!revoked.empty()) {
    report.guards.push_back(
        {std::string(kAllowRevoke), revoked, policy.allow_revoke, "--allow-revoke",
         "a revoked token can't be brought back (" + plural(revoked.size(), "revoke") + ")"});
  }

  const auto agents = action_ids(plan, [](const Change& change) {
    return change.before && change.before->client_name != std::string(kOrdinaryClient);
  });
  add_per_token(
      "agent-token", agents,
      "its clientName is not \"Okta API\": it may belong to an agent that Okta manages, and writing it can "
      "cut that agent off",
      acks, sources, report);
  return report;
}

}  // namespace zonepin
