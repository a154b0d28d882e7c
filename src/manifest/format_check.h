// The last line of defence of formatting: what was written is read again, and held against what was there.
#pragma once

#include <string>
#include <string_view>

#include "manifest/decode.h"

namespace zonepin {

// Whether both say the same, wherever in their files.
bool mean_the_same(Manifests one, Manifests other);

// Whether both texts, without byte order mark and carriage returns, have the same comments, in any order.
bool have_the_same_comments(std::string_view one, std::string_view other);

}  // namespace zonepin
