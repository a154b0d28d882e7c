// Holds the start of a program that does next to nothing (`zonepin version`) against that of /bin/true: wall
// time from fork to the end, in turns, medians. Ends with 1 when it is more than 3 times as long plus 10 ms.
//   start-bench ZONEPIN [ROUNDS]     200 rounds
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <vector>

#include "measure.h"

namespace zonepin {

namespace {

constexpr double kTimes = 3;
constexpr double kPlus_ms = 10;

int bench(const std::string& zonepin, int rounds) {
  std::vector<double> bare;
  std::vector<double> ours;
  for (int round = 0; round < rounds; ++round) {
    bare.push_back(run_and_measure({"/bin/true"}).wall_ms);
    const Cost cost = run_and_measure({zonepin, "version"});
    ours.push_back(cost.wall_ms);
    if (cost.exit_code == 0) continue;
    std::cerr << "start-bench: " << zonepin << " version ended with " << cost.exit_code << "\n";
    return 1;
  }
  const double limit = kTimes * median(bare) + kPlus_ms;
  const bool well = median(ours) <= limit;
  std::printf("/bin/true %.2f ms, zonepin version %.2f ms (at most 3 times as long plus 10 ms: %.2f ms)%s\n",
              median(bare), median(ours), limit, well ? "" : "   TOO MUCH");
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
