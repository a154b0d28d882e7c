// How fast one org may be asked: learned from the headers of every response alone (FACTS 5). Pure: time comes in as milliseconds
// of a steady clock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/http.h"
#include "base/time.h"
#include "okta/api.h"

namespace zonepin::okta {

struct PacePolicy {
  int budget_percent = 50;      // of a window's limit; 1 to 100
  std::size_t parallelism = 8;  // requests in flight, at least 1
};

// Waits are kept between these whatever the headers say.
inline constexpr Milliseconds kMinWindowWait{1'000};
inline constexpr Milliseconds kMaxWindowWait{300'000};

// What the rate-limit headers of one response say; absent where they are missing or no numbers that make sense.
struct RateHeaders {
  std::optional<std::int64_t> limit;      // >= 0
  std::optional<std::int64_t> remaining;  // >= 0
  std::optional<std::int64_t> reset;      // epoch seconds, as sent
  // Reset - Date + 1 s, clamped; by `now` where there is no Date. Absent when that is no sensible window's end.
  std::optional<Milliseconds> until_reset;
  std::optional<Milliseconds> retry_after;  // of Retry-After in seconds, clamped

  bool concurrency() const { return limit == 0 && remaining == 0; }
};

RateHeaders rate_headers(const HttpHeaders& headers, Instant now);

enum class Bucket { reads, puts, users, tokens };
inline constexpr std::size_t kBuckets = 4;
Bucket bucket_of(Operation operation);

// One org's windows. Never starts more requests in a window than the budget's share of its limit, none while Okta says that
// nothing remains, and lowers the number in flight after a 429 (raised again one by one).
class Governor {
 public:
  explicit Governor(PacePolicy policy) : policy_(policy), width_(policy.parallelism) {}

  // When a request of this bucket may start: `now` or earlier means at once; none: once one in flight has ended.
  std::optional<Milliseconds> may_start(Bucket bucket, Milliseconds now) const;

  void started(Bucket bucket, Milliseconds now);
  // Ended without a response.
  void lost(Bucket bucket);
  // Ended with one; `rate` is what its headers said.
  void answered(Bucket bucket, int status, const RateHeaders& rate, Milliseconds now);

  std::size_t in_flight() const { return in_flight_; }
  std::size_t width() const { return width_; }

 private:
  struct Window {
    std::optional<std::int64_t> limit;  // none: not told yet, or not at all
    std::optional<std::int64_t> reset;           // none: the new window was not heard of yet
    std::optional<std::int64_t> previous_reset;  // of the window before
    std::int64_t remaining = 0;
    Milliseconds ends{0};
    std::int64_t started = 0;  // by us, in this window
    std::size_t in_flight = 0;
    bool told = false;  // a response was seen
  };

  const Window& governing(Bucket bucket, Milliseconds now) const;
  bool shares(const Window& a, const Window& b) const;
  std::int64_t started_in(const Window& window) const;
  void roll(Window& window, const RateHeaders& rate, Milliseconds now);

  PacePolicy policy_;
  std::size_t width_;
  std::size_t in_flight_ = 0;
  int calm_ = 0;  // answers without a 429 since the last one
  std::array<Window, kBuckets> windows_;
  Milliseconds blocked_until_{0};  // after a 429 without a usable window
};

}  // namespace zonepin::okta
