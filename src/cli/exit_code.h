// The exit code of every run (DESIGN 7), in one place.
#pragma once

#include <vector>

#include "apply/outcome.h"
#include "base/result.h"
#include "plan/plan.h"

namespace zonepin {

struct OrgCheck;

inline constexpr int kDone = 0;
inline constexpr int kFailure = 1;
inline constexpr int kChanges = 2;
inline constexpr int kInvalid = 3;
inline constexpr int kBlocked = 4;
inline constexpr int kStale = 5;
inline constexpr int kPartial = 6;
inline constexpr int kUnauthorised = 7;
inline constexpr int kUnfinished = 8;
inline constexpr int kViolations = 9;
inline constexpr int kInterrupted = 130;

int code_of(Trouble trouble);

// What a plan alone says: 6 when a token could not be decided, else 9 when `unmanaged: fail` or `missing:
// fail` was met, else 0.
int code_of_undecided(const OrgPlan& plan);

// 2 when drift shows (an action, or a missing token that counts), unless 6 or 9 come first.
int code_of_drift(const OrgPlan& plan);

// 6 when something could not be judged, else 9 when something is a violation, else 0.
int code_of_check(const OrgCheck& org);

// What --soft-fail makes of a code: 0 where it is the one that says that something was found.
int forgiving(int code, int found);

int code_of_apply(const OrgPlan& plan, const OrgOutcome& outcome);

// The code of a run from those of its orgs: 6 when some did well (0, 2 or 9) and others failed, else the
// first of 130, 3, 5, 4, 8, 7, 1, 6, 9, 2, 0 that any has. No orgs: 0.
int combine(const std::vector<int>& codes);

}  // namespace zonepin
