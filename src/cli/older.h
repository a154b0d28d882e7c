// The manifests as they were before a change (`--base DIR`).
#pragma once

#include <optional>
#include <vector>

#include "cli/targets.h"

namespace zonepin {

struct OlderManifests {
  Loaded loaded;
  std::vector<Target> targets;

  // None: they said nothing about this org.
  const Target* of(const OrgAddress& org) const;
};

// Of Options::base_dir. Mistakes in them are errors of the run: what they meant can't be told.
Result<OlderManifests> load_older(Stage& stage, const std::vector<OrgAddress>& fallbacks);

}  // namespace zonepin
