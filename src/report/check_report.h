// What `check` found, in words.
#pragma once

#include <string>
#include <vector>

#include "check/check.h"
#include "plan/plan.h"
#include "report/report.h"
#include "report/style.h"

namespace zonepin {

// As whom an org was read. Never a secret.
struct Principal {
  std::string kind;       // ssws, service_app, access_token, snapshot
  std::string user_id;    // whom the token acts as; empty: not known
  std::string login;      // of the same
  std::string client_id;  // of a service app
};

struct CheckedOrg {
  OrgCheck check;
  int exit_code = 0;
  Instant read_at{};  // or taken, where it is a snapshot
  Principal principal{};
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
