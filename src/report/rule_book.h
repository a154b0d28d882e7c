// What the rules of plans, drifts, outcomes and failures are called and mean. For this room only; `check`
// brings the rules of its own.
#pragma once

#include <string_view>

#include "report/report.h"

namespace zonepin {

// Sets `rules` to those that the items have, in the order in which lists show them. One that the book does
// not know has its id for a title.
void take_rules(Report& report);

}  // namespace zonepin
