// A document about to be written: what it says, and the comments that stand beside it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/desired.h"

namespace zonepin {

// Comment lines over a part, without their `#`. Names in them are escaped by whoever writes them.
using Notes = std::vector<std::string>;

template <class Part>
struct Noted {
  Part part;
  Notes notes;

  bool operator==(const Noted&) const = default;
};

// A document of kind ApiTokens. Places are not looked at.
struct Draft {
  Notes notes;
  std::optional<std::string> org;
  std::vector<Noted<ZonePin>> zones;
  std::vector<Noted<DesiredToken>> tokens;
  std::vector<Noted<Rule>> rules;
  Notes closing;  // at the end

  bool operator==(const Draft&) const = default;
};

// What a reader finds in it.
Document document_of(const Draft& draft);

// The document without a place, for comparing what two texts say.
Document without_places(Document document);

}  // namespace zonepin
