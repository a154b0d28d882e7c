// Windows of a fixed length that open with the first request after the last one ended: one per path class,
// and on demand one per principal within it (FACTS 5).
#include <algorithm>

#include "sim/exchange.h"

namespace zonepin::sim {

namespace {

std::chrono::seconds window_length(const Settings& settings) {
  return std::chrono::seconds(settings.rate_window_seconds);
}

RateWindow& open_window(RateWindow& window, const Settings& settings, Instant now) {
  // A window that lies ahead is one of a state file from another day: it must not stay shut till then.
  const bool is_over = now >= window.opened + window_length(settings) || now < window.opened;
  if (is_over) window = RateWindow{floor_to_second(now), 0};
  return window;
}

RateReading reading_of(const RateWindow& window, int limit, const Settings& settings) {
  RateReading reading;
  reading.limit = limit;
  reading.reset = window.opened + window_length(settings);
  reading.exceeded = window.used >= limit;
  reading.remaining = std::max(0, limit - window.used);
  return reading;
}

// The share of a window that one principal may use; of the smallest window still one request.
int principal_limit(int limit, int percent) {
  return std::max(1, static_cast<int>(static_cast<std::int64_t>(limit) * percent / 100));
}

}  // namespace

RateReading count_request(State& state, std::string_view rate_class, const std::string& principal,
                          Instant now) {
  const std::string name(rate_class);
  const Settings& settings = state.settings;
  const int limit = settings.rate_limits.at(name);
  RateWindow& org = open_window(state.rate_windows[name], settings, now);
  if (principal.empty()) {
    const bool exceeded = org.used >= limit;
    if (!exceeded) ++org.used;
    RateReading reading = reading_of(org, limit, settings);
    reading.exceeded = exceeded;
    return reading;
  }
  const int own_limit = principal_limit(limit, settings.principal_percent);
  RateWindow& own = open_window(state.principal_windows[name + " " + principal], settings, now);
  const bool exceeded = org.used >= limit || own.used >= own_limit;
  if (!exceeded) {  // what is refused uses up nothing of either
    ++org.used;
    ++own.used;
  }
  const RateReading of_org = reading_of(org, limit, settings);
  const RateReading of_own = reading_of(own, own_limit, settings);
  RateReading reading = of_own.remaining <= of_org.remaining ? of_own : of_org;
  reading.exceeded = exceeded;
  return reading;
}

RateReading concurrency_reading(Instant now) {
  constexpr std::chrono::seconds kSuggestion{1};
  RateReading reading;
  reading.reset = floor_to_second(now) + kSuggestion;
  reading.exceeded = true;
  return reading;
}

}  // namespace zonepin::sim
