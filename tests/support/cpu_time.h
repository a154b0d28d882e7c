// For bounds that tell an algorithm that runs away from one that doesn't: they hold on a busy machine, too.
#pragma once

#include <ctime>

namespace zonepin {

// Seconds of processor time that this process has used so far.
inline double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace zonepin
