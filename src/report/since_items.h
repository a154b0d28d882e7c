// What is new in an org since a baseline, as a part of its report. For this room only.
#pragma once

#include <vector>

#include "plan/plan.h"
#include "report/report.h"

namespace zonepin {

// An item for each event; none without a baseline.
void add_events(const OrgPlan& plan, Instant now, std::vector<ReportItem>& items);

// How much is new, as a count and a remark.
void add_since(const OrgPlan& plan, ReportOrg& org);

}  // namespace zonepin
