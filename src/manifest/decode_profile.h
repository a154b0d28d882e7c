// YAML text -> a profile of `zonepin check`. Pure, and as strict as manifests are.
#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "model/profile.h"

namespace zonepin {

struct DecodedProfile {
  std::optional<ProfileEdits> edits;  // none: there is an error
  Diagnostics diagnostics;            // sorted
};

// The file holds one document of kind Profile.
DecodedProfile decode_profile(const Source& source);

}  // namespace zonepin
