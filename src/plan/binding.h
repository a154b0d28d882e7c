// Holds a saved plan against what is live now (DESIGN 5): what is still to do, what is done, what is stale.
// And the plan that takes one back.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"

namespace zonepin {

enum class Standing {
  due,    // the live token equals `before`
  done,   // it equals `after`
  gone,   // it is not live any more
  stale,  // anything else: somebody changed it since the plan was made
};

struct Bound {
  std::size_t change = 0;  // index into OrgPlan::changes
  Standing standing = Standing::due;
  std::string why;  // of a stale one: what differs, one line, escaped
};

struct Binding {
  std::vector<Bound> actions;         // in plan order
  std::vector<std::string> problems;  // what is stale, one line each; not empty: nothing may be written
};

// Pure; `live` is what was just listed. A zone that a due action relies on and that changed is a problem,
// too, and so is a revoke of a token that was used since the plan was made.
Binding bind_plan(const OrgPlan& plan, const Live& live);

// The plan that puts every replaced condition back, without an end. Revokes, and conditions that can't be
// written again, become findings of rule `final`; nothing else is carried over.
Plan reverse_of(const Plan& plan);

}  // namespace zonepin
