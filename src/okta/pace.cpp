#include "okta/pace.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace zonepin::okta {

namespace {

// Before the first answer of a bucket: few enough to do no harm in a window that is nearly used up.
constexpr std::size_t kUntoldInFlight = 2;
// Answers without a 429 before one more request may be in flight.
constexpr int kCalmAnswers = 20;
// More than this is no epoch second that a clock shows (year 9999), nor a limit.
constexpr std::int64_t kMaxNumber = 253'402'300'799;

// A reset further off than these is no window's end; such headers are taken for missing.
constexpr Milliseconds kMostPast{-5'000};
constexpr Milliseconds kMostFuture{3'600'000};

std::optional<std::int64_t> number(const HttpHeaders& headers, std::string_view name) {
  const auto text = header(headers, name);
  if (!text || text->empty()) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  if (value < 0 || value > kMaxNumber) return std::nullopt;
  return value;
}

Milliseconds bounded_wait(Milliseconds wait) { return std::clamp(wait, kMinWindowWait, kMaxWindowWait); }

}  // namespace

RateHeaders rate_headers(const HttpHeaders& headers, Instant now) {
  RateHeaders rate;
  rate.limit = number(headers, "X-Rate-Limit-Limit");
  rate.remaining = number(headers, "X-Rate-Limit-Remaining");
  rate.reset = number(headers, "X-Rate-Limit-Reset");
  if (rate.reset) {
    const auto date = parse_http_date(header(headers, "Date").value_or(""));
    const Instant reset{std::chrono::seconds(*rate.reset)};
    const Milliseconds left = reset - date.value_or(now);
    if (left >= kMostPast && left <= kMostFuture) rate.until_reset = bounded_wait(left + std::chrono::seconds(1));
  }
  if (const auto seconds = number(headers, "Retry-After")) {
    rate.retry_after = bounded_wait(std::chrono::seconds(std::min<std::int64_t>(*seconds, 86'400)));
  }
  return rate;
}

Bucket bucket_of(Operation operation) {
  switch (operation) {
    case Operation::replace_token: return Bucket::puts;
    case Operation::get_user:
    case Operation::get_current_user: return Bucket::users;
    case Operation::get_access_token: return Bucket::tokens;
    case Operation::list_tokens:
    case Operation::get_token:
    case Operation::revoke_token:
    case Operation::revoke_current:
    case Operation::list_zones: return Bucket::reads;
  }
  return Bucket::reads;
}

// Okta does not say which bucket a PUT counts in (FACTS 5): the same as reads when both tell the same window.
bool Governor::shares(const Window& a, const Window& b) const {
  return &a == &b || (a.limit == b.limit && a.reset == b.reset && a.told && b.told);
}

// A bucket of api-tokens that was not heard of yet is taken for the other one, to be safe.
const Governor::Window& Governor::governing(Bucket bucket, Milliseconds now) const {
  const auto& own = windows_[static_cast<std::size_t>(bucket)];
  if (own.told || bucket == Bucket::users || bucket == Bucket::tokens) return own;
  const auto& other = windows_[static_cast<std::size_t>(bucket == Bucket::puts ? Bucket::reads : Bucket::puts)];
  return other.told && now < other.ends ? other : own;
}

std::int64_t Governor::started_in(const Window& window) const {
  std::int64_t sum = 0;
  for (const Window& other : windows_) {
    if (shares(window, other) || !other.told) sum += other.started;
  }
  return sum;
}

std::optional<Milliseconds> Governor::may_start(Bucket bucket, Milliseconds now) const {
  if (in_flight_ >= width_) return std::nullopt;
  const Window& window = governing(bucket, now);
  if (now < blocked_until_) return blocked_until_;
  if (!window.told) {
    if (windows_[static_cast<std::size_t>(bucket)].in_flight >= kUntoldInFlight) return std::nullopt;
    return now;
  }
  if (!window.limit || *window.limit == 0 || now >= window.ends) return now;
  const std::int64_t share = std::max<std::int64_t>(1, *window.limit * policy_.budget_percent / 100);
  const auto flying = static_cast<std::int64_t>(window.in_flight);
  if (started_in(window) >= share || window.remaining - flying <= 0) {
    // Nothing may start before the window ends, unless what is in flight tells of a new one.
    return window.ends;
  }
  return now;
}

void Governor::started(Bucket bucket, Milliseconds now) {
  auto& window = windows_[static_cast<std::size_t>(bucket)];
  if (window.told && window.limit && now >= window.ends) {
    window.started = 0;
    window.remaining = *window.limit;
    window.ends = now + kMaxWindowWait;  // until an answer tells the new window's end
    window.previous_reset = window.reset;
    window.reset.reset();
  }
  ++window.started;
  ++window.in_flight;
  ++in_flight_;
}

void Governor::lost(Bucket bucket) {
  auto& window = windows_[static_cast<std::size_t>(bucket)];
  --window.in_flight;
  --in_flight_;
}

// Takes over what a response says of the window, and notices when it speaks of a new one.
void Governor::roll(Window& window, const RateHeaders& rate, Milliseconds now) {
  window.told = true;
  if (!rate.limit || !rate.remaining || !rate.until_reset) {
    window.limit.reset();
    return;
  }
  const bool another = window.reset != rate.reset;
  const bool first = !window.limit || !window.reset;
  if (window.previous_reset && *rate.reset <= *window.previous_reset) return;  // a late answer of the window before
  if (!first && *rate.reset < *window.reset) return;
  if (another && !first && (now >= window.ends - std::chrono::seconds(2) || *rate.remaining > window.remaining)) {
    window.started = static_cast<std::int64_t>(window.in_flight) + 1;
    window.remaining = *rate.remaining;
  }
  window.remaining = first || another ? *rate.remaining : std::min(window.remaining, *rate.remaining);
  window.limit = rate.limit;
  if (another || first) window.ends = now + *rate.until_reset;
  window.reset = rate.reset;
}

void Governor::answered(Bucket bucket, int status, const RateHeaders& rate, Milliseconds now) {
  auto& window = windows_[static_cast<std::size_t>(bucket)];
  --window.in_flight;
  --in_flight_;
  if (!rate.concurrency()) roll(window, rate, now);
  if (status != 429) {
    if (++calm_ >= kCalmAnswers && width_ < policy_.parallelism) {
      ++width_;
      calm_ = 0;
    }
    return;
  }
  calm_ = 0;
  width_ = std::max<std::size_t>(1, width_ / 2);
  if (rate.concurrency()) return;  // the window has room; the call's own backoff does the rest
  if (rate.retry_after) {
    blocked_until_ = std::max(blocked_until_, now + *rate.retry_after);
  } else if (rate.until_reset) {
    window.remaining = 0;
    blocked_until_ = std::max(blocked_until_, now + *rate.until_reset);
  }
}

}  // namespace zonepin::okta
