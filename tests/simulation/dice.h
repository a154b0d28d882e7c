// Chance, the same on every machine for the same seed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace zonepin::simulation {

// SplitMix64's mixing step: any number to an unrelated one.
inline std::uint64_t mixed(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(mixed(seed)) {}
  std::uint64_t roll() { return mixed(state_++); }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(roll() % limit); }
  bool one_in(std::size_t many) { return below(many) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace zonepin::simulation
