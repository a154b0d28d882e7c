// Snapshots named on the command line: one file, or a folder of them for many orgs (DESIGN 4).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/stage.h"
#include "model/org.h"
#include "okta/snapshot.h"

namespace zonepin {

inline constexpr std::size_t kMaxSnapshotFiles = 1'000;

struct SnapshotFile {
  std::string path;
  okta::Snapshot snapshot;
  std::string sha256{};  // of the file, where evidence is wanted: it is kept to the byte
};

struct Snapshots {
  std::string path;  // as given
  bool is_folder = false;
  std::vector<SnapshotFile> files;  // at least one; of one org each, by org

  std::vector<OrgAddress> orgs() const;
  SnapshotFile* of(const OrgAddress& org);  // null: there is none of this org
  // Trouble::stale: why nothing is known of an org. `named_at` says where it was named; may be empty.
  Error error_for(const OrgAddress& org, const std::string& named_at, const std::string& mend) const;
};

// A file, or every *.json below a folder. Each must be a snapshot, and no two of one org: otherwise it is
// Trouble::usage that names them, for a snapshot that is left out in silence would be an org without a watch.
Result<Snapshots> load_snapshots(Stage& stage, const std::string& path);

// Those of --live, with a warning where they are old; none: Okta itself is to be read.
Result<std::optional<Snapshots>> live_snapshots(Stage& stage);

// Those of --baseline; none: nothing is compared.
Result<std::optional<Snapshots>> baseline_snapshots(Stage& stage);

}  // namespace zonepin
