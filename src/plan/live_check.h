// Manifests held against a live org, without a plan: does everything exist that they speak of?
#pragma once

#include "base/diagnostic.h"
#include "model/desired.h"
#include "model/token.h"

namespace zonepin {

// Errors for entries that no live token, or more than one, fits; owners that nobody is; pins and `self` that
// name what is not there; rules outside of their bounds. Warnings for rules and acks that come upon nothing.
// Not the zones of conditions: make_plan() resolves those. `live` must hold what unknown_users() asks for;
// `sources` gives the file names for the places in `desired`.
Diagnostics check_against_live(const Desired& desired, const Live& live, Instant now, const Sources& sources);

}  // namespace zonepin
