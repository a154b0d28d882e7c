// The hands of the program: every door of base/world.h, opened onto the real machine.
// One per process, made first thing in main(): it ignores SIGPIPE, takes SIGINT and SIGTERM, and sees to it
// that the three standard descriptors are open. Everything is put back when it ends.
#pragma once

#include <memory>

#include "base/world.h"

namespace zonepin {

class RealWorld {
 public:
  RealWorld();
  ~RealWorld();
  RealWorld(const RealWorld&) = delete;
  RealWorld& operator=(const RealWorld&) = delete;

  // Doors that are valid as long as this object is.
  World world();

 private:
  struct Doors;
  std::unique_ptr<Doors> doors_;
};

}  // namespace zonepin
