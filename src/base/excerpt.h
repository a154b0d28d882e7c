// One source line, as far as it fits on a screen, with the stretch of it that a diagnostic speaks of. For
// base only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/charset.h"

namespace zonepin {

struct Excerpt {
  std::string text;          // escaped; "…" where the line goes on
  std::size_t mark_column;   // columns before the mark, from 0
  std::size_t mark_columns;  // at least 1
};

// `offset` and `length` in bytes; what lies beyond the line's end marks the column after it.
Excerpt excerpt_around(std::string_view line, std::size_t offset, std::size_t length, Charset charset);

}  // namespace zonepin
