// What a change of the manifests causes, and what was due before it (DESIGN 5, `plan --base`).
#pragma once

#include "plan/plan.h"

namespace zonepin {

// `base` is the plan that older manifests give for the same live state. Says of each action of `plan` whether
// it would be carried out without the newer manifests, too; tokens that `base` decides for and that are
// unmanaged now become findings of rule `becomes-unmanaged`.
void tell_causes(OrgPlan& plan, const OrgPlan& base);

// Turns the actions of another cause into changes that wait for a run that carries them out.
void keep_only(OrgPlan& plan, Cause cause);

}  // namespace zonepin
