// What `check` found, in words.
#pragma once

#include <string>
#include <vector>

#include "check/check.h"
#include "plan/plan.h"
#include "report/report.h"
#include "report/style.h"

namespace zonepin {

struct CheckedOrg {
  OrgCheck check;
  int exit_code = 0;
};

// A whole run of `check`.
struct CheckRun {
  CheckProfile profile;
  Instant at{};
  std::string source_revision{};  // of the manifests; empty: not said
  int exit_code = 0;
  std::vector<CheckedOrg> orgs{};   // by host
  std::vector<UnreadOrg> unread{};  // by host; none of these in `orgs`
};

// An item for each finding, one for each token that has none that counts, and one for each zone that is at
// fault, however many tokens are pinned to it.
Report report_of_check(const CheckRun& run);

// The summary first, then the findings by rule; long lists are cut, with a count.
std::string check_text(const CheckRun& run, const Style& style);

// schemas/check.schema.json
std::string check_json(const CheckRun& run);

}  // namespace zonepin
