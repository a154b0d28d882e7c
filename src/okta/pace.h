// How fast one org may be asked: learned from the headers of every response alone (FACTS 5). Pure: time comes
// in as milliseconds of a steady clock.
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
// Where a 429 follows on a wait, what we take for the window's end may be wrong (no Date, a wrong clock):
// further waits last 2 s at least, doubling up to this.
inline constexpr Milliseconds kMaxWindowLag{64'000};

// What the rate-limit headers of one response say; absent where they are missing or no numbers that make
// sense.
struct RateHeaders {
  std::optional<std::int64_t> limit;      // >= 0
  std::optional<std::int64_t> remaining;  // >= 0
  std::optional<std::int64_t> reset;      // epoch seconds, as sent
  // Reset - Date + 1 s, clamped; by `now` where there is no Date. Absent when that is no sensible window's
  // end.
  std::optional<Milliseconds> until_reset;
  std::optional<Milliseconds> retry_after;  // of Retry-After in seconds, clamped

  bool concurrency() const { return limit == 0 && remaining == 0; }
};

RateHeaders rate_headers(const HttpHeaders& headers, Instant now);

enum class Bucket { reads, puts, users, tokens };
inline constexpr std::size_t kBuckets = 4;
Bucket bucket_of(Operation operation);

// Given out for a request that starts, handed back when it ends.
struct Ticket {
  Bucket bucket = Bucket::reads;
  std::uint64_t window = 0;  // in which window of its bucket it started, as far as we knew
  std::uint64_t number = 0;  // of all that were given out, in order
};

// One org's windows. Never starts more requests in a window than the budget's share of its limit, none while
// Okta says that nothing remains, and halves the number in flight after a 429 (raised again one by one): once
// for all that were under way together.
// Requests that are in flight while one window follows another count in both.
class Governor {
 public:
  explicit Governor(PacePolicy policy) : policy_(policy), width_(policy.parallelism) {}

  // When a request of this bucket may start: `now` or earlier means at once; none: once one in flight has
  // ended.
  std::optional<Milliseconds> may_start(Bucket bucket, Milliseconds now) const;

  Ticket started(Bucket bucket, Milliseconds now);
  // Ended without a response.
  void lost(const Ticket& ticket);
  // Ended with one; `rate` is what its headers said.
  void answered(const Ticket& ticket, int status, const RateHeaders& rate, Milliseconds now);

  std::size_t in_flight() const { return in_flight_; }
  std::size_t width() const { return width_; }

 private:
  struct Window {
    bool told = false;                  // a response was seen
    std::optional<std::int64_t> limit;  // none: not told yet, or headers that say nothing: no pace
    std::optional<std::int64_t> reset;  // as Okta writes it; none: the present window was not heard of yet
    std::int64_t remaining = 0;         // the least that was told, in the present window
    Milliseconds ends{0};               // of the present window, with a second to spare
    std::int64_t started = 0;           // by us, in the present window
    std::size_t in_flight = 0;
    std::uint64_t number = 0;  // of the present window
    std::optional<std::int64_t> previous_reset;
    std::int64_t previous_started = 0;
    Milliseconds blocked_until{0};  // after a 429
    int refusals = 0;               // waits in a row that ended in another 429
  };
  struct Use {
    std::int64_t started = 0;
    std::int64_t in_flight = 0;
  };

  Window& of(Bucket bucket) { return windows_[static_cast<std::size_t>(bucket)]; }
  const Window& of(Bucket bucket) const { return windows_[static_cast<std::size_t>(bucket)]; }
  const Window& governing(Bucket bucket, Milliseconds now) const;
  Use use_of(const Window& window, Milliseconds now) const;
  Milliseconds blocked_until(Bucket bucket) const;
  void take_over(Window& window, const Ticket& ticket, const RateHeaders& rate, Milliseconds now);
  static void open_next(Window& window, std::int64_t started);

  PacePolicy policy_;
  std::size_t width_;
  std::uint64_t given_out_ = 0;    // tickets
  std::uint64_t narrowed_at_ = 0;  // so many of them when the width was lowered last
  std::size_t in_flight_ = 0;
  int calm_ = 0;  // answers without a 429 since the last one
  std::array<Window, kBuckets> windows_;
};

}  // namespace zonepin::okta
