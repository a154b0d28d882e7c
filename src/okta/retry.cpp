#include "okta/retry.h"

#include <algorithm>

#include "okta/refusal.h"

namespace zonepin::okta {

namespace {

bool is_passing_fault(int status) {
  return status == 500 || status == 502 || status == 503 || status == 504;
}

// The same request would meet the same answer.
bool is_hopeless(TransportFault fault) {
  return fault == TransportFault::tls || fault == TransportFault::proxy ||
         fault == TransportFault::too_large || fault == TransportFault::cancelled;
}

Decision again(Attempts attempts, std::uint64_t random) {
  if (attempts.made >= kMaxAttempts) return {};
  return {Verdict::try_again, backoff(attempts.made, random)};
}

}  // namespace

Milliseconds backoff(int attempt, std::uint64_t random) {
  const int doublings = std::clamp(attempt - 1, 0, 10);
  const Milliseconds ceiling = std::min(kMaxBackoff, kFirstBackoff * (1 << doublings));
  return Milliseconds(static_cast<std::int64_t>(random % static_cast<std::uint64_t>(ceiling.count() + 1)));
}

Decision decide(Operation operation, const HttpResponse* response, const TransportError* error,
                const RateHeaders& rate, Attempts attempts, std::uint64_t random) {
  if (error != nullptr) {
    if (is_hopeless(error->fault)) return {};
    if (is_write(operation) && !never_sent(error->fault)) return {};
    return again(attempts, random);
  }
  if (response->status == 429) {
    if (attempts.rate_waits > kMaxRateWaits) return {};
    if (!rate.concurrency()) return {Verdict::wait_window, Milliseconds(0)};
    return {Verdict::try_again, std::max(kMinWindowWait, backoff(attempts.rate_waits + 2, random))};
  }
  if (!is_passing_fault(response->status) || is_write(operation)) return {};
  if (response->status == 503 && is_read_only(refusal_of(*response))) return {};
  return again(attempts, random);
}

}  // namespace zonepin::okta
