// From what is live to the results of `check`: profile, owners, and each org judged.
#pragma once

#include <map>
#include <string>

#include "check/check.h"
#include "cli/planning.h"
#include "cli/stage.h"
#include "report/check_report.h"

namespace zonepin {

// The one of --profile: built in, or of a file. Mistakes in the file were said.
Reported<CheckProfile> load_profile(Stage& stage);

// Every org judged, with its code and that of the run. With --owners each owner is asked for, at most
// --max-owner-lookups of each org.
CheckRun check_orgs(Stage& stage, Prepared& prepared, const CheckProfile& profile);

}  // namespace zonepin
