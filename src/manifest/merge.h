// Several documents of one org -> what is wanted of that org.
#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "model/desired.h"

namespace zonepin {

// `documents` all speak of one org, in order; their tokens, rules, acks and waivers follow each other, and
// the scope of a document goes with its tokens and rules. Two that set `unmanaged`, `missing`, `self`,
// `expect`, a limit, `default` or the pin of a zone differently are an error; it names both places, for which
// `sources` are those that the documents were read from. The first one counts then. Lists whose order means
// nothing are compared as sets. That an entry or a rule stands twice is no business of this.
Desired merge(const std::vector<const Document*>& documents, const Sources& sources,
              Diagnostics& diagnostics);

// Keeps of equal entries the first. Entries that share a label (in whatever case) or a host and are not equal
// are an error that names both places; the later one is dropped.
void drop_repeated_orgs(std::vector<OrgEntry>& orgs, const Sources& sources, Diagnostics& diagnostics);

}  // namespace zonepin
