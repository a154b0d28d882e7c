// The small doors: time, environment variables and randomness of this machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/world.h"

namespace zonepin {

class SystemClock : public Clock {
 public:
  Instant now() override;
  Milliseconds steady() override;
};

class ProcessEnvironment : public Environment {
 public:
  std::optional<std::string> get(const std::string& name) override;
  std::vector<std::string> names(std::string_view prefix) override;
};

// The kernel's generator, good enough for keys.
class SystemRandom : public Random {
 public:
  std::uint64_t next() override;
};

}  // namespace zonepin
