// What an apply did, in words and as JSON (schemas/outcome.schema.json).
#pragma once

#include <string>
#include <vector>

#include "apply/outcome.h"
#include "plan/plan.h"
#include "report/style.h"

namespace zonepin {

// One org's part of a run. `outcome.actions` refer to `plan.changes`.
struct OrgReport {
  OrgPlan plan;
  OrgOutcome outcome;
  int exit_code = 0;
};

std::string outcome_text(const std::vector<OrgReport>& orgs, const Style& style);
std::string outcome_json(const std::vector<OrgReport>& orgs, const std::string& plan_digest);

}  // namespace zonepin
