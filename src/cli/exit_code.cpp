#include "cli/exit_code.h"

#include <algorithm>
#include <array>

#include "check/check.h"
#include "plan/zone_findings.h"

namespace zonepin {

int code_of(Trouble trouble) {
  switch (trouble) {
    case Trouble::failure: return kFailure;
    case Trouble::usage: return kInvalid;
    case Trouble::blocked: return kBlocked;
    case Trouble::stale: return kStale;
    case Trouble::unauthorised: return kUnauthorised;
    case Trouble::unfinished: return kUnfinished;
    case Trouble::interrupted: return kInterrupted;
  }
  return kFailure;
}

int code_of_undecided(const OrgPlan& plan) {
  const Summary summary = summary_of(plan);
  if (summary.count(Status::ambiguous) + summary.count(Status::conflict) > 0) return kPartial;
  const bool rule_undecided = std::any_of(plan.findings.begin(), plan.findings.end(),
                                          [](const Finding& finding) { return finding.rule == kRuleBounds; });
  if (rule_undecided) return kPartial;
  return plan.unmanaged_fails || plan.missing_fails ? kViolations : kDone;
}

int code_of_drift(const OrgPlan& plan) {
  if (const int code = code_of_undecided(plan); code != kDone) return code;
  const Summary summary = summary_of(plan);
  const bool missing = plan.missing_counts && summary.count(Status::missing) > 0;
  return summary.actions() > 0 || missing || has_broken_pin(plan) ? kChanges : kDone;
}

int code_of_check(const OrgCheck& org) {
  if (is_incomplete(org)) return kPartial;
  return has_violations(org) ? kViolations : kDone;
}

int forgiving(int code, int found) {
  return code == found ? kDone : code;
}

int code_of_apply(const OrgPlan& plan, const OrgOutcome& outcome) {
  if (outcome.ended_early) {
    const int cause = code_of(outcome.ended_early->trouble);
    if (cause == kInterrupted || cause == kUnfinished) return cause;
    return count(outcome, Fate::done) > 0 ? kPartial : cause;
  }
  if (failures(outcome) + count(outcome, Fate::not_reached) > 0) return kPartial;
  return code_of_undecided(plan);
}

int combine(const std::vector<int>& codes) {
  if (codes.empty()) return kDone;
  const auto is_well = [](int code) { return code == kDone || code == kChanges || code == kViolations; };
  const bool some_well = std::any_of(codes.begin(), codes.end(), is_well);
  const bool some_failed = !std::all_of(codes.begin(), codes.end(), is_well);
  if (some_well && some_failed && codes.size() > 1) {
    const bool interrupted = std::find(codes.begin(), codes.end(), kInterrupted) != codes.end();
    return interrupted ? kInterrupted : kPartial;
  }
  constexpr std::array<int, 11> kOrder = {kInterrupted, kInvalid,      kStale,   kBlocked,
                                          kUnfinished,  kUnauthorised, kFailure, kPartial,
                                          kViolations,  kChanges,      kDone};
  for (const int code : kOrder) {
    if (std::find(codes.begin(), codes.end(), code) != codes.end()) return code;
  }
  return kFailure;
}

}  // namespace zonepin
