// A sentence of a command's own, where the result is no more than that.
#pragma once

#include <string>
#include <string_view>

#include "report/style.h"

namespace zonepin {

// In lines of the style's width, in its letters, with a newline. Names in it are escaped already.
std::string sentence_text(std::string_view escaped, const Style& style);

}  // namespace zonepin
