// argv -> Options. Every command and option is defined here, once, with its help.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace zonepin {

struct Parsed {
  Options options;
  std::string help;  // not empty: print this and leave with 0
};

// `arguments` without the program's name. Mistakes are Trouble::usage, one line, with "did you mean" where it
// helps.
Result<Parsed> parse_arguments(const std::vector<std::string>& arguments);

}  // namespace zonepin
