// What the engine itself needs for each action of a plan: the heap while 100,000 replaces are carried out
// over a transport that answers at once, less the heap before. Ends with 1 when that is above its limit.
//   apply-bench [ACTIONS]     100,000
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "unit/apply/engine_kit.h"

int main(int argc, char** argv) {
  constexpr double kLimit = 1024;
  const int actions = argc > 1 ? std::atoi(argv[1]) : 100'000;
  std::vector<std::string> names;
  for (int number = 0; number < actions; ++number) names.push_back("a" + std::to_string(number));
  zonepin::Workshop shop(names);
  shop.fakes.log.level = zonepin::LogLevel::off;
  const std::size_t before = mallinfo2().uordblks;
  std::size_t peak = before;
  int arrivals = 0;
  shop.on_arrival = [&](const zonepin::Arrival&) {
    shop.fakes.network.arrivals.clear();  // what the fake remembers is not the engine's
    shop.script.clear();
    if (++arrivals % 100 == 0) peak = std::max(peak, std::size_t{mallinfo2().uordblks});
  };
  const zonepin::OrgOutcome outcome = shop.run();
  peak = std::max(peak, std::size_t{mallinfo2().uordblks});
  const double each = static_cast<double>(peak - before) / actions;
  std::printf("%zu of %d done; at most %.0f bytes an action beyond the plan and the list (limit %.0f)\n",
              zonepin::count(outcome, zonepin::Fate::done), actions, each, kLimit);
  return each <= kLimit ? 0 : 1;
}
