// Holds the start of a program that does next to nothing (`zonepin version`) against that of /bin/true: wall
// time from fork to the end, in turns, the least of all rounds, because what disturbs only adds. Ends with 1
// when it is more than 3 times as long plus 10 ms.
//   start-bench ZONEPIN [ROUNDS]     200 rounds
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "measure.h"

namespace zonepin {

namespace {

constexpr double kTimes = 3;
constexpr double kPlus_ms = 10;

struct Least {
  double wall_ms = 1e9;
  double cpu_ms = 1e9;

  void take(const Cost& cost) {
    wall_ms = std::min(wall_ms, cost.wall_ms);
    cpu_ms = std::min(cpu_ms, cost.cpu_ms);
  }
};

int bench(const std::string& zonepin, int rounds) {
  Least bare;
  Least ours;
  for (int round = 0; round < rounds; ++round) {
    bare.take(run_and_measure({"/bin/true"}));
    const Cost cost = run_and_measure({zonepin, "version"});
    ours.take(cost);
    if (cost.exit_code == 0) continue;
    std::cerr << "start-bench: " << zonepin << " version ended with " << cost.exit_code << "\n";
    return 1;
  }
  const double limit = kTimes * bare.wall_ms + kPlus_ms;
  const bool well = ours.wall_ms <= limit;
  std::printf("/bin/true        %6.2f ms, %6.2f ms CPU\n", bare.wall_ms, bare.cpu_ms);
  std::printf("zonepin version  %6.2f ms, %6.2f ms CPU (at most 3 times as long plus 10 ms: %.2f ms)%s\n",
              ours.wall_ms, ours.cpu_ms, limit, well ? "" : "   TOO MUCH");
  return well ? 0 : 1;
}

}  // namespace

}  // namespace zonepin

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::cerr << "start-bench ZONEPIN [ROUNDS]\n";
    return 3;
  }
  return zonepin::bench(argv[1], argc > 2 ? std::atoi(argv[2]) : 200);
}
