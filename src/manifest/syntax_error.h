// The parser's complaint in words for a person: what is wrong, where it began, how to mend it.
#pragma once

#include <string_view>

#include "base/diagnostic.h"
#include "manifest/tree_builder.h"

namespace zonepin {

// `mark` and `message` are yaml-cpp's; `builder` knows what was read before.
Diagnostic explain_syntax_error(const TreeBuilder& builder, const Mark& mark, std::string_view message);

}  // namespace zonepin
