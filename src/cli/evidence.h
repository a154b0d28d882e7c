// The folder of `check --evidence`: what an auditor wants to keep.
#pragma once

#include "base/result.h"
#include "cli/planning.h"
#include "cli/stage.h"
#include "report/check_report.h"

namespace zonepin {

// Before anything is read: the folder is not there yet, is empty, or holds earlier evidence.
Result<void> check_evidence_folder(Stage& stage);

// Of each org the snapshot and the results, then the report, and last the index that vouches for them. Files
// of earlier evidence are replaced; where one would be left over, nothing is written. Without --evidence
// nothing is done.
Result<void> write_evidence(Stage& stage, const Prepared& prepared, const CheckRun& run);

}  // namespace zonepin
