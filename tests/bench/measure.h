// Runs a program and says what it took.
#pragma once

#include <string>
#include <vector>

namespace zonepin {

struct Cost {
  int exit_code = 0;  // 128 and more: ended by a signal
  double cpu_ms = 0;  // user and system
  double wall_ms = 0;
  long peak_kb = 0;  // resident
};

// argv[0] is a path. Standard output goes to /dev/null. The peak is that of the program as long as it is more
// than what this process has: between fork and exec the child is a copy of it.
Cost run_and_measure(const std::vector<std::string>& argv);

}  // namespace zonepin
