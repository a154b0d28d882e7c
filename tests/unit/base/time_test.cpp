#include "base/time.h"

#include <doctest/doctest.h>

#include <limits>
#include <random>

namespace zonepin {
namespace {

Instant at(std::string_view text) {
  const auto instant = parse_instant(text);
  REQUIRE_MESSAGE(instant.has_value(), std::string(text));
  return *instant;
}

struct Pair {
  const char* text;
  const char* expected;  // empty: refused
};

TEST_CASE("instants are read as RFC 3339 writes them") {
  const Pair rows[] = {
      {"2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05.000Z"},
      {"2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"},
      {"2026-01-02t03:04:05z", "2026-01-02T03:04:05.000Z"},
      {"2026-01-02T03:04:05.5Z", "2026-01-02T03:04:05.500Z"},
      {"2026-01-02T03:04:05.05Z", "2026-01-02T03:04:05.050Z"},
      {"2026-01-02T03:04:05.999999999Z", "2026-01-02T03:04:05.999Z"},
      {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999Z"},
      {"2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05.000Z"},
      {"2026-01-02T03:04:05-23:59", "2026-01-03T03:03:05.000Z"},
      {"2026-01-02T03:04:05-00:00", "2026-01-02T03:04:05.000Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
      {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"},
      {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
      {"", ""},
      {"2026", ""},
      {"2026-01-02", ""},
      {"2026-01-02T03:04:05", ""},
      {"2026-01-02T03:04Z", ""},
      {"2026-01-02 03:04:05Z", ""},
      {" 2026-01-02T03:04:05Z", ""},
      {"2026-01-02T03:04:05Z ", ""},
      {"2026-01-02T03:04:05.Z", ""},
      {"2026-01-02T03:04:05.1234567890Z", ""},
      {"2026-01-02T03:04:05,5Z", ""},
      {"2026-01-02T03:04:60Z", ""},
      {"2026-01-02T24:00:00Z", ""},
      {"2026-01-02T23:60:00Z", ""},
      {"2026-00-02T03:04:05Z", ""},
      {"2026-13-02T03:04:05Z", ""},
      {"2026-01-00T03:04:05Z", ""},
      {"2026-04-31T03:04:05Z", ""},
      {"2026-02-29T03:04:05Z", ""},
      {"1900-02-29T00:00:00Z", ""},
      {"0000-01-01T00:00:00Z", ""},
      {"0001-01-01T00:00:00+00:01", ""},
      {"9999-12-31T23:59:59-00:01", ""},
      {"2026-01-02T03:04:05+24:00", ""},
      {"2026-01-02T03:04:05+02:60", ""},
      {"2026-01-02T03:04:05+0200", ""},
      {"2026-01-02T03:04:05+2:00", ""},
      {"+026-01-02T03:04:05Z", ""},
      {"2026-1-2T3:4:5Z", ""},
  };
  for (const Pair& row : rows) {
    CAPTURE(row.text);
    const auto instant = parse_instant(row.text);
    CHECK((instant ? format_instant(*instant) : "") == row.expected);
  }
}

TEST_CASE("known instants have known counts") {
  CHECK(at("1970-01-01T00:00:00Z").time_since_epoch().count() == 0);
  CHECK(at("2009-02-13T23:31:30Z").time_since_epoch().count() == 1'234'567'890'000);
  CHECK(at("1969-12-31T23:59:59.999Z").time_since_epoch().count() == -1);
  CHECK(format_seconds(at("2009-02-13T23:31:30.987Z")) == "2009-02-13T23:31:30Z");
}

TEST_CASE("every instant that is written is read back") {
  std::mt19937_64 random(20260102);
  std::uniform_int_distribution<std::int64_t> count(kFirstInstant.time_since_epoch().count(),
                                                    kLastInstant.time_since_epoch().count());
  for (int i = 0; i < 2000; ++i) {
    const Instant instant{Milliseconds{count(random)}};
    CAPTURE(instant.time_since_epoch().count());
    CHECK(parse_instant(format_instant(instant)) == instant);
    CHECK(parse_http_date(format_http_date(instant)) == std::chrono::floor<std::chrono::seconds>(instant));
  }
}

TEST_CASE("an instant outside the calendar is written as its end") {
  CHECK(format_instant(Instant::max()) == "9999-12-31T23:59:59.999Z");
  CHECK(format_instant(Instant::min()) == "0001-01-01T00:00:00.000Z");
}

TEST_CASE("dates are whole days") {
  const Pair rows[] = {
      {"2026-12-31", "2026-12-31T00:00:00.000Z"},
      {"2024-02-29", "2024-02-29T00:00:00.000Z"},
      {"2023-02-29", ""},
      {"2026-12-31T", ""},
      {"2026-12-31 ", ""},
      {"2026-12-1", ""},
      {"20261231", ""},
      {"", ""},
  };
  for (const Pair& row : rows) {
    CAPTURE(row.text);
    const auto instant = parse_date(row.text);
    CHECK((instant ? format_instant(*instant) : "") == row.expected);
  }
}

TEST_CASE("HTTP dates") {
  CHECK(format_http_date(at("1994-11-06T08:49:37.900Z")) == "Sun, 06 Nov 1994 08:49:37 GMT");
  const Pair rows[] = {
      {"Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"},
      {"Thu, 29 Feb 2024 23:59:59 GMT", "2024-02-29T23:59:59.000Z"},
      {"Sunday, 06-Nov-94 08:49:37 GMT", ""},
      {"Sun Nov  6 08:49:37 1994", ""},
      {"Sun, 06 Nov 1994 08:49:37 UTC", ""},
      {"Sun, 06 Nov 1994 08:49:60 GMT", ""},
      {"Sun, 6 Nov 1994 08:49:37 GMT", ""},
      {"Sun, 06 nov 1994 08:49:37 GMT", ""},
      {"Sun, 31 Nov 1994 08:49:37 GMT", ""},
      {"Sun, 06 Nov 1994 08:49:37 GMT ", ""},
      {"", ""},
  };
  for (const Pair& row : rows) {
    CAPTURE(row.text);
    const auto instant = parse_http_date(row.text);
    CHECK((instant ? format_instant(*instant) : "") == row.expected);
  }
}

TEST_CASE("durations are read as ISO 8601 writes them") {
  struct Row {
    const char* text;
    Duration expected;
  };
  const Row rows[] = {
      {"P30D", {0, 30, 0}},
      {"PT5M", {0, 0, 300}},
      {"P5M", {5, 0, 0}},
      {"P2W", {0, 14, 0}},
      {"P1Y2M3W4DT5H6M7S", {14, 25, 18'367}},
      {"PT0S", {0, 0, 0}},
      {"P1YT1S", {12, 0, 1}},
      {"PT36H", {0, 0, 129'600}},
      {"P007D", {0, 7, 0}},
      {"P999999999W", {0, 6'999'999'993, 0}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto duration = parse_duration(row.text);
    REQUIRE(duration.has_value());
    CHECK(duration->months == row.expected.months);
    CHECK(duration->days == row.expected.days);
    CHECK(duration->seconds == row.expected.seconds);
  }
  for (const char* text :
       {"",      "P",      "PT",       "P1DT",  "30D",      "p30d",         "P30d",  "P-1D",
        "+P1D",  "-P1D",   "P1.5D",    "P1,5D", "P1",       "PD",           "P1D1D", "P1D1Y",
        "P1M1Y", "PT1S1M", "P1H",      "PT1D",  "P1S",      "P1234567890D", "P1D ",  " P1D",
        "P 1D",  "P1DT1",  "PT1H T1M", "PTT1S", "P1DT1HT1M"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("durations are counted by the calendar") {
  struct Row {
    const char* from;
    const char* duration;
    const char* later;
    const char* earlier;
  };
  const Row rows[] = {
      {"2026-01-31T12:00:00Z", "P1M", "2026-02-28T12:00:00.000Z", "2025-12-31T12:00:00.000Z"},
      {"2024-02-29T00:00:00Z", "P1Y", "2025-02-28T00:00:00.000Z", "2023-02-28T00:00:00.000Z"},
      {"2026-03-31T00:00:00Z", "P1M", "2026-04-30T00:00:00.000Z", "2026-02-28T00:00:00.000Z"},
      {"2026-12-15T00:00:00.250Z", "P1M", "2027-01-15T00:00:00.250Z", "2026-11-15T00:00:00.250Z"},
      {"2026-01-31T23:59:59Z", "P1M1DT1S", "2026-03-02T00:00:00.000Z", "2025-12-30T23:59:58.000Z"},
      {"2026-06-01T00:00:00Z", "P30D", "2026-07-01T00:00:00.000Z", "2026-05-02T00:00:00.000Z"},
      {"2026-06-01T00:00:00Z", "PT0S", "2026-06-01T00:00:00.000Z", "2026-06-01T00:00:00.000Z"},
      {"2026-06-01T00:00:00Z", "P9000Y", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00.000Z"},
      {"2026-06-01T00:00:00Z", "P999999999W", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00.000Z"},
      {"2026-06-01T00:00:00Z", "P999999999YT999999999H", "9999-12-31T23:59:59.999Z",
       "0001-01-01T00:00:00.000Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.from);
    CAPTURE(row.duration);
    const auto duration = parse_duration(row.duration);
    REQUIRE(duration.has_value());
    CHECK(format_instant(add(at(row.from), *duration)) == row.later);
    CHECK(format_instant(subtract(at(row.from), *duration)) == row.earlier);
  }
}

TEST_CASE("the largest numbers end at the calendar's ends, not in overflow") {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  CHECK(add(Instant::max(), {kMost, kMost, kMost}) == kLastInstant);
  CHECK(subtract(Instant::min(), {kMost, kMost, kMost}) == kFirstInstant);
  CHECK(add(kLastInstant, {kLeast, kLeast, kLeast}) == kFirstInstant);
  CHECK(subtract(kFirstInstant, {kLeast, kLeast, kLeast}) == kLastInstant);
}

TEST_CASE("a duration is written as it is read, in its shortest form") {
  for (const char* text : {"P14D", "P1M", "P12M3DT4S", "PT90S", "P0D"}) {
    CAPTURE(text);
    CHECK(format_duration(*parse_duration(text)) == text);
  }
  CHECK(format_duration(*parse_duration("P1Y2W")) == "P12M14D");
  CHECK(format_duration(*parse_duration("PT1H30M")) == "PT5400S");
}

TEST_CASE("lengths for people are rounded down") {
  struct Row {
    std::int64_t milliseconds;
    const char* expected;
  };
  const Row rows[] = {
      {-5000, "0 s"},         {0, "0 s"},
      {999, "0 s"},           {5'999, "5 s"},
      {59'999, "59 s"},       {60'000, "1 min"},
      {3'599'999, "59 min"},  {7'200'000, "2 h"},
      {86'399'999, "23 h"},   {86'400'000, "1 day"},
      {172'799'999, "1 day"}, {777'600'000, "9 days"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.milliseconds);
    CHECK(format_length(Milliseconds{row.milliseconds}) == row.expected);
  }
}

}  // namespace
}  // namespace zonepin
