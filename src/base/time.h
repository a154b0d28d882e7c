// Instants and durations as manifests and Okta write them. No clock is read here: base/world.h has the door.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zonepin {

using Milliseconds = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Milliseconds>;

// What can be written: the first and the last millisecond of the years 0001 to 9999.
inline constexpr Instant kFirstInstant =
    std::chrono::sys_days{std::chrono::year{1} / std::chrono::January / 1} + Milliseconds{0};
inline constexpr Instant kLastInstant =
    std::chrono::sys_days{std::chrono::year{9999} / std::chrono::December / 31} + Milliseconds{86'399'999};

// RFC 3339 with 0 to 9 fraction digits (cut to milliseconds) and `Z` or an offset; years 0001 to 9999.
std::optional<Instant> parse_instant(std::string_view text);

// `2026-12-31`: the first millisecond of that day, UTC.
std::optional<Instant> parse_date(std::string_view text);

// `2026-01-02T03:04:05.000Z`, as Okta writes dates.
std::string format_instant(Instant instant);

// `2026-01-02T03:04:05Z`, for people and reports.
std::string format_seconds(Instant instant);

// IMF-fixdate of RFC 9110, `Sun, 06 Nov 1994 08:49:37 GMT`, and back.
std::optional<Instant> parse_http_date(std::string_view text);
std::string format_http_date(Instant instant);

// An ISO 8601 duration; months and years are counted by the calendar, so it has no length of its own.
struct Duration {
  std::int64_t months = 0;   // years count 12
  std::int64_t days = 0;     // weeks count 7
  std::int64_t seconds = 0;  // hours and minutes included

  bool operator==(const Duration&) const = default;
};

// `P30D`, `PT5M`, `P1Y2M3W4DT5H6M7S`; not `P`, `PT`, `P1.5D`, at most 9 digits a number (FACTS 8: Okta's
// published pattern lost its lookaheads; this is the one it meant).
std::optional<Duration> parse_duration(std::string_view text);

// As parse_duration() reads it, in its shortest form: `P14D`, `P1M2DT3S`.
std::string format_duration(const Duration& duration);

// Calendar arithmetic in UTC: months first (the day clamped to the month's end), then days, then seconds.
// Saturates at years 0001 and 9999.
Instant add(Instant instant, const Duration& duration);
Instant subtract(Instant instant, const Duration& duration);

// "5 s", "3 min", "2 h", "9 days": a rounded-down length for people. Negative lengths come out as "0 s".
std::string format_length(Milliseconds length);

}  // namespace zonepin
