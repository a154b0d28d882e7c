// From options to what every org has and what manifests say of it already: the reading half of export.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adopt/adopt.h"
#include "cli/planning.h"
#include "cli/session.h"
#include "cli/stage.h"
#include "cli/targets.h"

namespace zonepin {

// One org that is exported.
struct ExportedOrg {
  OrgAddress org;
  Live live;
  Owners owners;
  std::optional<std::set<std::string>> only;  // ids; none: every token
};

struct Exporting {
  std::optional<Loaded> managed;   // the manifests of --unmanaged-only
  std::optional<Loaded> appended;  // the file of --append
  std::vector<ExportedOrg> orgs;   // that could be read, by org
  std::vector<FailedOrg> unread;
};

Reported<Exporting> read_for_export(Stage& stage);

// The documents that speak of the org: those that name it, and those that name none. Sorted as they stand.
Result<std::vector<std::size_t>> documents_of(Stage& stage, const Loaded& loaded, const OrgAddress& org);

}  // namespace zonepin
