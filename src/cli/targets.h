// Which orgs a run speaks of, and what is wanted of each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "cli/stage.h"
#include "model/desired.h"
#include "model/org.h"

namespace zonepin {

// The files that were read and what they say. Errors among the diagnostics end the run.
struct Loaded {
  Sources sources;
  std::vector<Document> documents;
  std::vector<OrgEntry> orgs;  // labels and hosts are unique
  Diagnostics diagnostics;
};

// Reads the paths (default: manifests). An unreadable or missing path, or a folder without manifests, is an
// error.
Result<Sources> read_manifests(Stage& stage);
// And what they say.
Result<Loaded> load_manifests(Stage& stage);
// The same of one folder that may be without manifests: nothing was said there.
Result<Loaded> load_folder(Stage& stage, const std::string& path);

struct Target {
  OrgAddress org;
  Desired desired;
  Place org_place;  // where a manifest names the org; unknown: --org, the environment or a snapshot does
  std::optional<OrgEntry> entry;  // what a manifest says of the org itself
};

// Which org each document speaks of (DESIGN 8): its own, else every one of --org, else the environment's,
// else every one of `fallbacks` (of snapshots). Documents of another org than those of --org are left out,
// and so are orgs that --only and --shard leave out: with --shard there may be none left. Sorted by org.
// Mistakes in `org:` go to `loaded.diagnostics`.
Result<std::vector<Target>> targets_of(Stage& stage, Loaded& loaded,
                                       const std::vector<OrgAddress>& fallbacks);

// The orgs of --org, each once; with none of them, the environment's; none at all is an error. For commands
// without manifests.
Result<std::vector<OrgAddress>> orgs_named(Stage& stage);

}  // namespace zonepin
