#include <algorithm>

#include "base/time.h"

namespace zonepin {

namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::size_t kMaxDurationDigits = 9;

// One designator of a duration and what a unit of it adds.
struct DurationUnit {
  char designator;
  std::int64_t Duration::*part;
  std::int64_t factor;
};

constexpr DurationUnit kDateUnits[] = {{'Y', &Duration::months, 12},
                                       {'M', &Duration::months, 1},
                                       {'W', &Duration::days, 7},
                                       {'D', &Duration::days, 1}};
constexpr DurationUnit kTimeUnits[] = {
    {'H', &Duration::seconds, 3600}, {'M', &Duration::seconds, 60}, {'S', &Duration::seconds, 1}};

// Takes `12D` off the front of `text`; none when there is no number of 1 to 9 digits with something after it.
struct Amount {
  std::int64_t number;
  char designator;
};
std::optional<Amount> take_amount(std::string_view& text) {
  std::int64_t number = 0;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    if (digits == kMaxDurationDigits) return std::nullopt;
    number = number * 10 + (text[digits] - '0');
    ++digits;
  }
  if (digits == 0 || digits == text.size()) return std::nullopt;
  const char designator = text[digits];
  text.remove_prefix(digits + 1);
  return Amount{number, designator};
}

// At least one amount, each designator at most once and in the order of `units`.
template <std::size_t N>
bool read_amounts(std::string_view text, const DurationUnit (&units)[N], Duration& duration) {
  if (text.empty()) return false;
  const DurationUnit* next = std::begin(units);
  while (!text.empty()) {
    const auto amount = take_amount(text);
    if (!amount) return false;
    next = std::find_if(next, std::end(units),
                        [&](const DurationUnit& unit) { return unit.designator == amount->designator; });
    if (next == std::end(units)) return false;
    duration.*(next->part) += amount->number * next->factor;
    ++next;
  }
  return true;
}

// More than these leads out of the calendar from anywhere in it; so larger amounts need no larger arithmetic.
constexpr std::int64_t kAllMonths = 120'000;
constexpr std::int64_t kAllDays = 3'660'000;
constexpr std::int64_t kAllSeconds = kAllDays * 86'400;

Instant shift_months(Instant instant, std::int64_t months) {
  const auto days = std::chrono::floor<std::chrono::days>(instant);
  const year_month_day date{days};
  const std::int64_t index =
      std::int64_t{static_cast<int>(date.year())} * 12 + static_cast<unsigned>(date.month()) - 1 + months;
  if (index < 12) return kFirstInstant;
  if (index >= std::int64_t{10'000} * 12) return kLastInstant;
  const auto month = std::chrono::year{static_cast<int>(index / 12)} / static_cast<int>(index % 12 + 1);
  const auto last = (month / std::chrono::last).day();
  return sys_days{month / std::min(date.day(), last)} + (instant - days);
}

Instant shift(Instant instant, const Duration& duration, std::int64_t sign) {
  const auto amount = [sign](std::int64_t part, std::int64_t limit) {
    return sign * std::clamp(part, -limit, limit);
  };
  const auto within = [](Instant moment) { return std::clamp(moment, kFirstInstant, kLastInstant); };
  const Instant by_months = shift_months(within(instant), amount(duration.months, kAllMonths));
  const Instant by_days = within(by_months + std::chrono::days{amount(duration.days, kAllDays)});
  return within(by_days + std::chrono::seconds{amount(duration.seconds, kAllSeconds)});
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  if (text.empty() || text.front() != 'P') return std::nullopt;
  text.remove_prefix(1);
  Duration duration;
  const std::size_t time = text.find('T');
  if (time == std::string_view::npos) {
    if (!read_amounts(text, kDateUnits, duration)) return std::nullopt;
    return duration;
  }
  if (time != 0 && !read_amounts(text.substr(0, time), kDateUnits, duration)) return std::nullopt;
  if (!read_amounts(text.substr(time + 1), kTimeUnits, duration)) return std::nullopt;
  return duration;
}

Instant add(Instant instant, const Duration& duration) {
  return shift(instant, duration, 1);
}

Instant subtract(Instant instant, const Duration& duration) {
  return shift(instant, duration, -1);
}

}  // namespace zonepin
