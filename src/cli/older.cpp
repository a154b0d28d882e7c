#include "cli/older.h"

#include <algorithm>

#include "base/text.h"

namespace zonepin {

const Target* OlderManifests::of(const OrgAddress& org) const {
  const auto found =
      std::find_if(targets.begin(), targets.end(), [&](const Target& target) { return target.org == org; });
  return found == targets.end() ? nullptr : &*found;
}

Result<OlderManifests> load_older(Stage& stage, const std::vector<OrgAddress>& fallbacks) {
  const std::string& folder = stage.options().base_dir;
  auto loaded = load_folder(stage, folder);
  if (!loaded) return fail(loaded.error());
  OlderManifests older{std::move(*loaded), {}};
  if (older.loaded.sources.empty()) return older;
  auto targets = targets_of(stage, older.loaded, fallbacks);
  if (has_errors(older.loaded.diagnostics)) {
    stage.refuse(older.loaded.diagnostics, older.loaded.sources);
    return fail(Trouble::usage,
                "the older manifests in " + escape(folder) + " have errors, so that nothing can be compared",
                "compare with manifests that were valid, or leave --base out");
  }
  if (!targets) return fail(targets.error());
  older.targets = std::move(*targets);
  return older;
}

}  // namespace zonepin
