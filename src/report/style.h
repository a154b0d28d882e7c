// How words may look: decided once, by the command line, the terminal and the environment.
#pragma once

#include <cstddef>

#include "base/charset.h"

namespace zonepin {

struct Style {
  bool color = false;      // ANSI colours; meaning never hangs on them
  std::size_t width = 80;  // columns; at least 40
  Charset charset = Charset::utf8;
};

}  // namespace zonepin
