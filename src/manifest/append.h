// Entries added to a manifest that people wrote, with every other byte of it left as it is. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "manifest/draft.h"

namespace zonepin {

enum class AppendedTo {
  list,      // at the end of `tokens:` of the document
  document,  // as a document of its own, at the end of the file
};

struct Appended {
  std::string text;  // the whole file
  AppendedTo where = AppendedTo::document;
};

// `document` is an index into what decode_manifests() makes of `text`: the one whose `tokens:` is to take the
// entries of the draft. Where that can't be done safely, or none is given, the draft becomes a document of
// its own. What comes out is read again: it says what `text` says and what the draft adds, and nothing else;
// none where that can't be reached. REQUIRES: `text` has no errors.
std::optional<Appended> append_entries(std::string_view text, std::optional<std::size_t> document,
                                       const Draft& draft);

}  // namespace zonepin
