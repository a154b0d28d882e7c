// How words may look: decided once, by the command line, the terminal and the environment.
#pragma once

#include <cstddef>

#include "base/charset.h"

namespace zonepin {

// A style's width is kept within these.
inline constexpr std::size_t kMinPageWidth = 40;
inline constexpr std::size_t kMaxPageWidth = 1000;

struct Style {
  bool color = false;      // ANSI colours; meaning never hangs on them
  std::size_t width = 80;  // columns; at least 40
  Charset charset = Charset::utf8;
  // Of tables, where nobody looks at a screen: a cell that is cut is lost to grep. 0: as wide as the text.
  std::size_t table_width = 0;
};

}  // namespace zonepin
