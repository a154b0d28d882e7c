// The front door: makes the real world, returns the exit code.
#include <exception>
#include <string>
#include <vector>

#include "cli/run.h"
#include "platform/real_world.h"

int main(int count, char** values) {
  zonepin::RealWorld real;
  zonepin::World world = real.world();
  try {
    return zonepin::run(std::vector<std::string>(values + 1, values + count), world);
  } catch (const std::exception&) {
    // What it says may quote input, which may hold a secret.
    world.terminal.err(
        "error: zonepin met a state it should not be in; please report it with the command that led here\n");
    return 1;
  }
}
