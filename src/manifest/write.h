// A draft -> YAML text in the form that `fmt` gives it: fmt has nothing to change. Pure; the same bytes for
// the same draft.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "manifest/draft.h"

namespace zonepin {

// The document without a `---` in front. Ends with a newline. REQUIRES: every text in it is writable
// (scalar_text.h), and rules match by name, owner, client and connection alone.
std::string write_document(const Draft& draft);

// Several, with a line `---` between them.
std::string write_documents(const std::vector<Draft>& drafts);

// Members of `tokens:` alone, their `- ` in column `indent` (from 0).
std::string write_entries(const std::vector<Noted<DesiredToken>>& tokens, std::size_t indent);

}  // namespace zonepin
