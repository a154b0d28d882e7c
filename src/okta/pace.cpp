#include "okta/pace.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/text.h"

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
  const std::string_view text = trim(header(headers, name).value_or(""));
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value < 0 || value > kMaxNumber) return std::nullopt;
  return value;
}

Milliseconds bounded_wait(Milliseconds wait) {
  return std::clamp(wait, kMinWindowWait, kMaxWindowWait);
}

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
    if (left >= kMostPast && left <= kMostFuture)
      rate.until_reset = bounded_wait(left + std::chrono::seconds(1));
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
    case Operation::list_zones:
    case Operation::get_org: return Bucket::reads;
  }
  return Bucket::reads;
}

namespace {

// A new window begins this much before we expect it (Reset has whole seconds, and we spare one), or its Reset
// is this much later.
constexpr Milliseconds kEarly{2'000};
constexpr std::int64_t kLaterSeconds = 2;

// Okta does not say in which bucket a PUT counts (FACTS 5): reads and PUTs are taken for one until what they
// are told differs.
bool may_be_one(Bucket a, Bucket b) {
  const auto of_tokens = [](Bucket bucket) { return bucket == Bucket::reads || bucket == Bucket::puts; };
  return a == b || (of_tokens(a) && of_tokens(b));
}

constexpr std::array<Bucket, kBuckets> kAllBuckets = {Bucket::reads, Bucket::puts, Bucket::users,
                                                      Bucket::tokens};

}  // namespace

// A bucket of api-tokens that was not heard of yet is taken for the other one.
const Governor::Window& Governor::governing(Bucket bucket, Milliseconds now) const {
  const Window& own = of(bucket);
  if (own.told || !may_be_one(bucket, Bucket::reads)) return own;
  const Window& other = of(bucket == Bucket::puts ? Bucket::reads : Bucket::puts);
  return other.told && now < other.ends ? other : own;
}

// What we used of a window, with what buckets did that may well be the same one.
Governor::Use Governor::use_of(const Window& window, Milliseconds now) const {
  const auto bucket = static_cast<Bucket>(&window - windows_.data());
  Use use;
  for (const Bucket each : kAllBuckets) {
    const Window& other = of(each);
    const bool same_reset = !other.reset || !window.reset || other.reset == window.reset;
    const bool shared = !other.told || (other.limit == window.limit && same_reset && now < other.ends);
    if (each != bucket && !(may_be_one(each, bucket) && shared)) continue;
    use.started += other.started;
    use.in_flight += static_cast<std::int64_t>(other.in_flight);
  }
  return use;
}

Milliseconds Governor::blocked_until(Bucket bucket) const {
  Milliseconds until{0};
  for (const Bucket each : kAllBuckets) {
    if (may_be_one(each, bucket)) until = std::max(until, of(each).blocked_until);
  }
  return until;
}

std::optional<Milliseconds> Governor::may_start(Bucket bucket, Milliseconds now) const {
  if (in_flight_ >= width_) return std::nullopt;
  if (const Milliseconds blocked = blocked_until(bucket); now < blocked) return blocked;
  const Window& window = governing(bucket, now);
  if (!window.told) {
    if (of(bucket).in_flight >= kUntoldInFlight) return std::nullopt;
    return now;
  }
  if (!window.limit || *window.limit == 0 || now >= window.ends) return now;
  const std::int64_t share = std::max<std::int64_t>(1, *window.limit * policy_.budget_percent / 100);
  const Use use = use_of(window, now);
  // Nothing may start before the window ends, unless what is in flight tells of a new one.
  if (use.started >= share || window.remaining <= use.in_flight) return window.ends;
  return now;
}

// `started`: what of us may count in the new window already.
void Governor::open_next(Window& window, std::int64_t started) {
  window.previous_reset = window.reset;
  window.previous_started = window.started;
  window.started = started;
  ++window.number;
}

Ticket Governor::started(Bucket bucket, Milliseconds now) {
  Window& window = of(bucket);
  if (window.told && window.limit && now >= window.ends) {
    open_next(window, static_cast<std::int64_t>(window.in_flight));
    window.remaining = *window.limit;
    window.reset.reset();
    window.ends = now + kMaxWindowWait;  // until an answer tells
  }
  ++window.started;
  ++window.in_flight;
  ++in_flight_;
  return {bucket, window.number, given_out_++};
}

void Governor::lost(const Ticket& ticket) {
  --of(ticket.bucket).in_flight;
  --in_flight_;
}

// Takes over what a response says of the window, and notices when it speaks of another one.
void Governor::take_over(Window& window, const Ticket& ticket, const RateHeaders& rate, Milliseconds now) {
  const bool first = !window.told || !window.limit;
  window.told = true;
  if (!rate.limit || !rate.remaining || !rate.until_reset) {
    // One answer without sensible headers (a proxy's) makes nothing forgotten; a window that starts so is one
    // without a pace.
    if (!window.reset) window.limit.reset();
    return;
  }
  const bool of_previous = window.previous_reset && *rate.reset <= *window.previous_reset;
  if (!first && !window.reset && of_previous) {
    if (ticket.window != window.number) return;  // a late answer
    window.started += window.previous_started;   // we were early: the window before goes on
  }
  if (first || !window.reset) {
    window.remaining = *rate.remaining;
    window.ends = now + *rate.until_reset;
  } else if (*rate.reset < *window.reset) {
    return;  // a late answer
  } else if (*rate.reset > *window.reset) {
    const bool more = *rate.remaining > window.remaining && *rate.reset - *window.reset >= kLaterSeconds;
    const bool another = more || now >= window.ends - kEarly;
    if (another) open_next(window, static_cast<std::int64_t>(window.in_flight) + 1);
    window.remaining = another ? *rate.remaining : std::min(window.remaining, *rate.remaining);
    window.ends = now + *rate.until_reset;
  } else {
    window.remaining = std::min(window.remaining, *rate.remaining);
    // Each answer's Date is at most as late as the answer, and leaves out parts of a second: the least is
    // true.
    window.ends = std::min(window.ends, now + *rate.until_reset);
  }
  window.limit = rate.limit;
  window.reset = rate.reset;
}

void Governor::answered(const Ticket& ticket, int status, const RateHeaders& rate, Milliseconds now) {
  lost(ticket);
  Window& window = of(ticket.bucket);
  if (!rate.concurrency()) take_over(window, ticket, rate, now);
  if (status != 429) {
    window.refusals = 0;
    if (++calm_ >= kCalmAnswers && width_ < policy_.parallelism) {
      ++width_;
      calm_ = 0;
    }
    return;
  }
  calm_ = 0;
  if (ticket.number >= narrowed_at_) {
    width_ = std::max<std::size_t>(1, width_ / 2);
    narrowed_at_ = given_out_;
  }
  if (rate.concurrency()) return;  // the window has room; the call's own backoff does the rest
  const Milliseconds wait = rate.retry_after.value_or(rate.until_reset.value_or(kMinWindowWait));
  if (now >= window.blocked_until) ++window.refusals;  // others are of one burst with the first
  const Milliseconds lag =
      window.refusals <= 1 ? Milliseconds(0) : kMinWindowWait * (1 << std::min(window.refusals - 1, 6));
  window.blocked_until = std::max(window.blocked_until, now + std::max(wait, std::min(lag, kMaxWindowLag)));
}

}  // namespace zonepin::okta
