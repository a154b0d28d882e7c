#include "sim/apps.h"

#include <algorithm>
#include <iterator>

namespace zonepin::sim {

bool UsedOnce::take(const std::string& what, Instant ends, Instant now) {
  constexpr std::size_t kLeastSweep = 1024;
  if (ends_.size() >= next_sweep_) {
    for (auto item = ends_.begin(); item != ends_.end();) {
      item = item->second < now ? ends_.erase(item) : std::next(item);
    }
    next_sweep_ = std::max(kLeastSweep, 2 * ends_.size());
  }
  return ends_.emplace(what, ends).second;
}

}  // namespace zonepin::sim
