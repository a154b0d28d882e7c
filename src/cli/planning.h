// From paths and options to a plan per org: what plan, apply and drift have in common.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "cli/session.h"
#include "cli/stage.h"
#include "cli/targets.h"
#include "plan/plan.h"

namespace zonepin {

// A value, or the exit code of a trouble that was already said.
template <class T>
using Reported = tl::expected<T, int>;

struct PlannedOrg {
  Target target;
  Live live;
  OrgPlan plan;
  std::string snapshot{};         // where evidence is wanted
  Instant read_at{};              // or taken, where it is a snapshot
  std::string snapshot_file{};    // that it was read from; empty: from Okta itself
  std::string snapshot_sha256{};  // of that file, where evidence is wanted
};

// An org that could not be reached, asked or read. Its error was said.
struct FailedOrg {
  OrgAddress org;
  Error error;
};

struct Prepared {
  Loaded loaded;
  std::optional<Session> session;  // none: planned against a snapshot
  std::vector<PlannedOrg> orgs;    // those that could be read, by org
  std::vector<std::size_t> links;  // beside orgs: which link of the session
  std::vector<FailedOrg> failed;
};

// One org that fails does not stop the others; where the run has just one org, its failure is the run's. No
// org at all is no error (--shard).
Reported<Prepared> prepare(Stage& stage);
// The same, but that the only org's failure stands in `failed` like any other's.
Reported<Prepared> prepare_whatever_fails(Stage& stage);
// Whether there is nothing to tell but the failure of the run's only org.
bool is_one_failure(const Prepared& prepared);

// Which users to look up for what `desired` says: the logins that it names, then at most `max_owners` owners
// of tokens that a glob speaks of. `desired` is copied.
std::function<std::vector<std::string>(const Live&)> user_lookups(const Desired& desired,
                                                                  std::size_t max_owners, Instant now);

// Of each org that failed.
std::vector<int> codes_of(const std::vector<FailedOrg>& orgs);

// What a manifest's entry says of the org goes with it; null: nothing.
void take_entry(OrgNamed& named, const OrgEntry* entry, const Sources& sources);

// The plans of all orgs in one, taken out of `prepared`, with times; `exit_code` gives the code of each.
// `ttl` none: it has no end.
Plan take_plan(Prepared& prepared, Instant now, const std::optional<Duration>& ttl,
               const std::function<int(const OrgPlan&)>& exit_code);

// A plan as the result of a command. Refers to it. `encoded`: its JSON where that was made already.
Telling telling_of(const Plan& plan, PlanView view, Instant now, std::string encoded);

// The code of a run that did no more than plan.
int code_of_run(const Plan& plan);

// A bare `--ack GUARD` is for people only.
Result<void> check_bare_acks(Stage& stage);

}  // namespace zonepin
