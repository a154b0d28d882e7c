// YAML text -> desired state. Pure: files are read by the caller, zone names are resolved against a live org
// by plan/.
#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "model/desired.h"

namespace zonepin {

struct Manifests {
  std::vector<Document> documents;  // of kind ApiTokens, in the order of sources and documents
  std::vector<OrgEntry>
      orgs;                 // of all documents of kind Orgs, in the same order; labels and hosts are unique
  Diagnostics diagnostics;  // sorted; every problem of every source
};

// Reads every source to its end, or to the place where it stops being YAML. `documents` and `orgs` are fit
// for planning only if no diagnostic is an error.
Manifests decode_manifests(const Sources& sources);

}  // namespace zonepin
