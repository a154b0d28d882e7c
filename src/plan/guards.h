// What apply refuses over: each guard has a name, a reason, the tokens it concerns and what lifts it (DESIGN
// 5).
#pragma once

#include "model/desired.h"
#include "plan/make_plan.h"

namespace zonepin {

// The name under which a plan says that revokes need `--allow-revoke`. No ack lifts it.
inline constexpr std::string_view kAllowRevoke = "allow-revoke";

// Every guard that concerns an action of the plan, lifted or not, in a fixed order; and a finding for each
// ack of the plan that has ended although its guard fires. `sources` names the places of the acks; those of a
// saved plan have none.
struct GuardReport {
  std::vector<Guard> guards;
  std::vector<Finding> findings;
};

GuardReport guards_of(const OrgPlan& plan, const PlanPolicy& policy, Instant now, const Sources& sources);

}  // namespace zonepin
