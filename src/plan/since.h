// What is new in an org since an earlier look at it (`drift --baseline`): what happened to its tokens, and
// which of a plan's findings held then already. Pure.
#pragma once

#include "base/diagnostic.h"
#include "model/desired.h"
#include "model/token.h"
#include "plan/plan.h"

namespace zonepin {

// What today's manifests would have found in `then`, an earlier state, at its own time. `now` lends it what
// the manifests need to be understood: whose a login is, and zones that were made since and that they name
// already.
OrgPlan plan_of_baseline(const Desired& desired, const Live& then, const Live& now, const Sources& sources);

// What happened to the tokens between two states of one org. `instant` is when `now` was read. `old_plan` is
// plan_of_baseline(), `plan` the one for `now`: they tell what was to vanish.
Since since_of(const Live& then, const Live& now, const OrgPlan& old_plan, const OrgPlan& plan,
               Instant instant);

// Whether a change is something that drift speaks of: all but those that are as they should be.
bool is_drift_finding(const Change& change);

// Marks what drift speaks of, and every finding: known where the very same held in `old_plan`. A token whose
// condition differs in another way than it did then is new.
void tell_novelty(OrgPlan& plan, const OrgPlan& old_plan);

// All of it: marks `plan` and gives it its `since`.
void tell_since(OrgPlan& plan, const Desired& desired, const Live& then, const Live& now,
                const Sources& sources, Instant instant);

}  // namespace zonepin
