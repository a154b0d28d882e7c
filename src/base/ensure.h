// For our own mistakes, never for input: on in every build.
#pragma once

namespace zonepin {

// Ends the program with `why` on standard error when `condition` does not hold.
void ensure(bool condition, const char* why);

}  // namespace zonepin
