// From what a run found or did to its report. Pure; the same bytes for the same input.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "report/outcome_report.h"
#include "report/plan_text.h"
#include "report/report.h"

namespace zonepin {

// What a run is besides its result.
struct RunFacts {
  Instant now{};
  int exit_code = 0;
  std::string source_revision{};  // of the manifests; empty: not said
};

// `view` says how it is told: as a plan, what is to be done; as a drift, what is wrong. An item for each
// change, finding and guard, and one for each org that could not be read.
Report report_of_plan(const Plan& plan, PlanView view, const RunFacts& run);

// An item for each action, and one for each org whose run ended early.
Report report_of_outcome(const std::vector<OrgReport>& orgs, const std::string& plan_digest,
                         const RunFacts& run);

// A run that ended before it had anything to report: mistakes in manifests with their places, and errors.
Report report_of_failure(const Diagnostics& diagnostics, const Sources& sources,
                         const std::vector<Error>& errors, const RunFacts& run);

// The same for `validate`, whose result is these mistakes; none: the manifests are valid.
Report report_of_validation(const Diagnostics& diagnostics, const Sources& sources,
                            const std::vector<Error>& errors, const RunFacts& run);

}  // namespace zonepin
