// Orgs out of nothing: the one of the demo, and large ones for measurements. Same input, same org; dates are
// relative to `now`, so that nothing is lapsed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"
#include "sim/state.h"

namespace zonepin::sim {

// 14 tokens and 9 zones of a company called Acme, as docs/simulator.md lists them.
State demo_org(Instant now);

struct OrgSize {
  std::size_t tokens = 14;
  std::size_t zones = 9;           // with the three system zones that every org has; at least 3
  std::size_t repeated_names = 0;  // tokens that take the name of another one
  std::uint64_t seed = 1;
};
inline constexpr std::size_t kMaxGeneratedTokens = 1'000'000;
inline constexpr std::size_t kMaxGeneratedZones = 5'000;

// The first token is `zonepin-ci`, usable from anywhere, owned by a super admin.
State generated_org(const OrgSize& size, Instant now);

}  // namespace zonepin::sim
