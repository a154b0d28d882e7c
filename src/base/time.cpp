#include "base/time.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"

namespace zonepin {

namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 7> kDayNames = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonthNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Reads a text of fixed shape from left to right. Once something does not fit, everything after it fails as
// well.
class FixedReader {
 public:
  explicit FixedReader(std::string_view text) : rest_(text) {}

  // Exactly `count` digits.
  int number(std::size_t count) {
    if (rest_.size() < count) return stop();
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return stop();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  bool take(std::string_view expected) {
    if (!ok_ || rest_.substr(0, expected.size()) != expected) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  void need(std::string_view expected) {
    if (!take(expected)) stop();
  }

  // Which of `names` stands here.
  template <std::size_t N>
  std::size_t one_of(const std::array<std::string_view, N>& names) {
    for (std::size_t i = 0; i < N; ++i) {
      if (take(names[i])) return i;
    }
    stop();
    return 0;
  }

  bool next_is_digit() const { return ok_ && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  bool at_end() const { return ok_ && rest_.empty(); }

 private:
  int stop() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::optional<Instant> instant_of(int year, int month, int day, Milliseconds in_day) {
  const auto date = std::chrono::year{year} / month / day;
  if (year < 1 || !date.ok()) return std::nullopt;
  return sys_days{date} + in_day;
}

std::optional<Milliseconds> time_of_day(int hours, int minutes, int seconds) {
  if (hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;  // no 24:00, no leap second
  return Milliseconds{((hours * 60 + minutes) * 60 + seconds) * 1000};
}

// `.5` is 500; more than three digits are cut.
Milliseconds read_fraction(FixedReader& reader) {
  if (!reader.take(".")) return Milliseconds{0};
  constexpr int kMaxDigits = 9;
  int milliseconds = 0;
  int unit = 100;
  int digits = 0;
  do {
    milliseconds += reader.number(1) * unit;
    unit /= 10;
    ++digits;
  } while (digits < kMaxDigits && reader.next_is_digit());
  return Milliseconds{milliseconds};
}

// What the local time is ahead of UTC.
std::optional<Milliseconds> read_offset(FixedReader& reader) {
  if (reader.take("Z") || reader.take("z")) return Milliseconds{0};
  const bool behind = reader.take("-");
  if (!behind) reader.need("+");
  const int hours = reader.number(2);
  reader.need(":");
  const auto offset = time_of_day(hours, reader.number(2), 0);
  if (offset && behind) return -*offset;
  return offset;
}

struct CivilTime {
  int year;
  unsigned month;
  unsigned day;
  unsigned weekday;  // 0 is Sunday
  int hours;
  int minutes;
  int seconds;
  int milliseconds;
};

CivilTime civil(Instant instant) {
  const Instant clamped = std::clamp(instant, kFirstInstant, kLastInstant);
  const auto days = std::chrono::floor<std::chrono::days>(clamped);
  const year_month_day date{days};
  const int in_day = static_cast<int>((clamped - days).count());
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          std::chrono::weekday{days}.c_encoding(),
          in_day / 3'600'000,
          in_day / 60'000 % 60,
          in_day / 1000 % 60,
          in_day % 1000};
}

std::string padded(int number, std::size_t digits) {
  std::string text = std::to_string(number);
  if (text.size() < digits) text.insert(0, digits - text.size(), '0');
  return text;
}

std::string clock_text(const CivilTime& time) {
  return padded(time.hours, 2) + ":" + padded(time.minutes, 2) + ":" + padded(time.seconds, 2);
}

std::string iso_seconds(const CivilTime& time) {
  return padded(time.year, 4) + "-" + padded(static_cast<int>(time.month), 2) + "-" +
         padded(static_cast<int>(time.day), 2) + "T" + clock_text(time);
}

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) {
  FixedReader reader(text);
  const int year = reader.number(4);
  reader.need("-");
  const int month = reader.number(2);
  reader.need("-");
  const int day = reader.number(2);
  if (!reader.take("t")) reader.need("T");
  const int hours = reader.number(2);
  reader.need(":");
  const int minutes = reader.number(2);
  reader.need(":");
  const int seconds = reader.number(2);
  const Milliseconds fraction = read_fraction(reader);
  const auto offset = read_offset(reader);
  const auto in_day = time_of_day(hours, minutes, seconds);
  if (!reader.at_end() || !offset || !in_day) return std::nullopt;
  const auto local = instant_of(year, month, day, *in_day + fraction);
  if (!local) return std::nullopt;
  const Instant instant = *local - *offset;
  if (instant < kFirstInstant || instant > kLastInstant) return std::nullopt;
  return instant;
}

std::optional<Instant> parse_date(std::string_view text) {
  FixedReader reader(text);
  const int year = reader.number(4);
  reader.need("-");
  const int month = reader.number(2);
  reader.need("-");
  const int day = reader.number(2);
  if (!reader.at_end()) return std::nullopt;
  return instant_of(year, month, day, Milliseconds{0});
}

std::string format_instant(Instant instant) {
  const CivilTime time = civil(instant);
  return iso_seconds(time) + "." + padded(time.milliseconds, 3) + "Z";
}

std::string format_seconds(Instant instant) {
  return iso_seconds(civil(instant)) + "Z";
}

std::optional<Instant> parse_http_date(std::string_view text) {
  FixedReader reader(text);
  reader.one_of(kDayNames);
  reader.need(", ");
  const int day = reader.number(2);
  reader.need(" ");
  const int month = static_cast<int>(reader.one_of(kMonthNames)) + 1;
  reader.need(" ");
  const int year = reader.number(4);
  reader.need(" ");
  const int hours = reader.number(2);
  reader.need(":");
  const int minutes = reader.number(2);
  reader.need(":");
  const int seconds = reader.number(2);
  reader.need(" GMT");
  const auto in_day = time_of_day(hours, minutes, seconds);
  if (!reader.at_end() || !in_day) return std::nullopt;
  return instant_of(year, month, day, *in_day);
}

std::string format_http_date(Instant instant) {
  const CivilTime time = civil(instant);
  std::string text{kDayNames[time.weekday]};
  text += ", " + padded(static_cast<int>(time.day), 2) + " ";
  text += kMonthNames[time.month - 1];
  text += " " + padded(time.year, 4) + " " + clock_text(time) + " GMT";
  return text;
}

std::string format_duration(const Duration& duration) {
  std::string text = "P";
  if (duration.months != 0) text += std::to_string(duration.months) + "M";
  if (duration.days != 0 || (duration.months == 0 && duration.seconds == 0))
    text += std::to_string(duration.days) + "D";
  if (duration.seconds != 0) text += "T" + std::to_string(duration.seconds) + "S";
  return text;
}

std::string format_length(Milliseconds length) {
  const std::int64_t seconds = std::max<std::int64_t>(length.count() / 1000, 0);
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min";
  if (seconds < 86'400) return std::to_string(seconds / 3600) + " h";
  return plural(static_cast<std::size_t>(seconds / 86'400), "day");
}

}  // namespace zonepin
