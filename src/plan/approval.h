// Holds a plan that was just made against one that was approved before (DESIGN 5, `apply --approved`).
#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"

namespace zonepin {

// Why actions of `plan` are not covered by `approved`, one line each, escaped; empty: all of them are.
// Covered is an action that stands there for the same org and token, with the same `before` and `after`, for
// a revoke with the same last use, and where the zones that it relies on are as they were. Approved actions
// that are no longer needed are no matter.
std::vector<std::string> not_approved(const OrgPlan& plan, const Plan& approved);

}  // namespace zonepin
