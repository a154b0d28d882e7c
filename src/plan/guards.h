// What apply refuses over: each guard has a name, a reason, the tokens it concerns and what lifts it (DESIGN
// 5, docs/safety.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/desired.h"
#include "plan/make_plan.h"

namespace zonepin {

// The name under which a plan says that revokes need `--allow-revoke`. No ack lifts it.
inline constexpr std::string_view kAllowRevoke = "allow-revoke";

// A revoke of a token that was used, or made, less than so long ago has a guard of its own.
inline constexpr std::int64_t kRecentDays = 7;
// Below so many live tokens a percentage says nothing.
inline constexpr std::size_t kFewestForPercent = 10;

// Every guard that concerns the plan as judged by what is live, lifted or not, in a fixed order; and a
// finding for each ack of the plan that has ended although its guard fires. `sources` names the places of the
// acks; those of a saved plan have none. REQUIRES: mark_own().
struct GuardReport {
  std::vector<Guard> guards;
  std::vector<Finding> findings;
};

GuardReport guards_of(const OrgPlan& plan, const Live& live, const PlanPolicy& policy, Instant now,
                      const Sources& sources);

// What needs no look at the live org. None: nothing is revoked.
std::optional<Guard> allow_revoke_guard(const OrgPlan& plan, const PlanPolicy& policy);

// The live tokens that the run may be using: those of the caller (Live::self), narrowed down by what `self:`
// says. None are known without Live::self, and where the caller has no token: nothing is to be protected
// then.
struct OwnTokens {
  std::vector<std::string> ids;  // sorted
  std::string problem;           // `self:` names none of the caller's tokens: one line, escaped
};
OwnTokens own_tokens(const Live& live, const std::optional<Self>& self);

// Marks the actions on these tokens, and puts them last.
void mark_own(OrgPlan& plan, const std::vector<std::string>& ids);

}  // namespace zonepin
