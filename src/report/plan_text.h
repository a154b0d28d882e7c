// A plan in words, for a person: what would be done and why, what could not be decided, what blocks apply.
#pragma once

#include <string>

#include "plan/plan.h"
#include "report/style.h"

namespace zonepin {

// What the reader asked: the same facts, another headline and last line.
enum class PlanView { plan, drift, reverse };

// `now` is what ages are counted from. Ends with a newline. Everything that came from outside is escaped and
// cut. Long lists are cut with a count of what is left out; actions and what blocks them never are.
std::string plan_text(const Plan& plan, PlanView view, Instant now, const Style& style);

}  // namespace zonepin
