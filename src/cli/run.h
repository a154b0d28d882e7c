// One run of the program: arguments in, exit code out. Everything outside comes through the world's doors.
#pragma once

#include <string>
#include <vector>

#include "base/world.h"
#include "cli/options.h"

namespace zonepin {

// `arguments` without the program's name. Standard output is complete when this returns; a failure to write
// it is an error (1) of its own.
int run(const std::vector<std::string>& arguments, World& world);
// The same with a command line that was parsed before.
int run(const Options& options, World& world);

}  // namespace zonepin
