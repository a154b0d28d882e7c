// Windows of a fixed length that open with the first request after the last one ended (FACTS 5).
#include "sim/exchange.h"

namespace zonepin::sim {

RateReading count_request(State& state, std::string_view rate_class, Instant now) {
  const std::string name(rate_class);
  const Settings& settings = state.settings;
  const auto length = std::chrono::seconds(settings.rate_window_seconds);
  RateWindow& window = state.rate_windows[name];
  // A window that lies ahead is one of a state file from another day: it must not stay shut till then.
  if (now >= window.opened + length || now < window.opened) window = RateWindow{floor_to_second(now), 0};
  RateReading reading;
  reading.limit = settings.rate_limits.at(name);
  reading.reset = window.opened + length;
  reading.exceeded = window.used >= reading.limit;
  if (!reading.exceeded) ++window.used;
  reading.remaining = reading.exceeded ? 0 : reading.limit - window.used;
  return reading;
}

}  // namespace zonepin::sim
