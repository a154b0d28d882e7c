// Which calls are made again, when, and how often: one pure table (DESIGN 6, docs/plan-and-apply.md).
#pragma once

#include <cstdint>
#include <optional>

#include "base/http.h"
#include "base/time.h"
#include "base/world.h"
#include "okta/api.h"
#include "okta/pace.h"

namespace zonepin::okta {

// Attempts of one call, the first included, however they end.
inline constexpr int kMaxAttempts = 5;
// 429s of one call that are waited out; they are not its fault, so they count apart.
inline constexpr int kMaxRateWaits = 10;
inline constexpr Milliseconds kFirstBackoff{500};
inline constexpr Milliseconds kMaxBackoff{30'000};

enum class Verdict {
  hand_over,    // the caller sees it as it is: success, a refusal, a write whose fate is unknown, or the last
                // attempt
  try_again,    // after `delay`
  wait_window,  // once the governor lets it start
};

struct Decision {
  Verdict verdict = Verdict::hand_over;
  Milliseconds delay{0};

  bool operator==(const Decision&) const = default;
};

struct Attempts {
  int made = 0;        // ended attempts that were no 429, this one included
  int rate_waits = 0;  // 429s so far, this one included
};

// Exactly one of `response` and `error` is given. `random` is uniform; it makes full jitter.
// A write that may have been carried out (5xx, a lost answer) is never tried again here: that takes a look
// first (apply/engine.h).
Decision decide(Operation operation, const HttpResponse* response, const TransportError* error,
                const RateHeaders& rate, Attempts attempts, std::uint64_t random);

// Full jitter: uniform between 0 and kFirstBackoff * 2^(attempt - 1), at most kMaxBackoff. attempt >= 1.
Milliseconds backoff(int attempt, std::uint64_t random);

}  // namespace zonepin::okta
