#include "base/ensure.h"

#include <cstdio>
#include <cstdlib>

namespace zonepin {

void ensure(bool condition, const char* why) {
  if (condition) return;
  std::fputs("zonepin: internal error: ", stderr);
  std::fputs(why, stderr);
  std::fputs("\nThis is a mistake in zonepin, not in your input. Please report it.\n", stderr);
  std::abort();
}

}  // namespace zonepin
