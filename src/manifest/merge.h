// Several documents of one org -> what is wanted of that org.
#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "model/desired.h"

namespace zonepin {

// `documents` all speak of one org, in order; their tokens and acks follow each other. Two that set a word
// (`unmanaged`, `missing`) differently are an error; it names both places, for which `sources` are those that
// the documents were read from. The first one counts then.
Desired merge(const std::vector<const Document*>& documents, const Sources& sources,
              Diagnostics& diagnostics);

}  // namespace zonepin
