#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "base/time.h"
#include "manifest/decode_parts.h"

namespace zonepin {

namespace {

constexpr std::string_view kDigits = "0123456789";

bool looks_like_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
         std::count_if(text.begin(), text.end(),
                       [](char c) { return kDigits.find(c) != std::string_view::npos; }) == 8;
}

std::string help_with_instant(std::string_view text) {
  if (parse_duration(text)) return "it is a point in time, not a length: write a date, 2026-12-31";
  if (looks_like_date(text.substr(0, 10)) && !parse_date(text.substr(0, 10)))
    return "the calendar has no such day";
  std::string joined(text);
  if (joined.size() > 10 && joined[10] == ' ') joined[10] = 'T';
  if (!parse_instant(joined) && parse_instant(joined + "Z")) joined += 'Z';
  if (parse_instant(joined))
    return "did you mean " + in_quotes(joined) + "? An instant has a T and an offset, Z for UTC";
  return "write a date, 2026-12-31, or an instant, 2026-12-31T18:00:00Z";
}

enum class DateMeans { its_first_moment, its_end };

std::optional<Instant> decode_point(Reader& reader, const Value& value, DateMeans date_means) {
  const auto text = reader.text(value, "write a date, 2026-12-31, or an instant, 2026-12-31T18:00:00Z");
  if (!text) return std::nullopt;
  if (const auto date = parse_date(text->value)) {
    return date_means == DateMeans::its_end ? *date + std::chrono::days{1} : *date;
  }
  if (const auto instant = parse_instant(text->value)) return instant;
  reader.problems().error(text->place, std::string(value.name) + " can't be " + in_quotes(text->value),
                          help_with_instant(text->value));
  return std::nullopt;
}

// What people call a unit, and how ISO 8601 does.
struct UnitWord {
  std::string_view word;
  std::string_view before;
  char designator;
};
constexpr UnitWord kUnitWords[] = {
    {"s", "PT", 'S'}, {"sec", "PT", 'S'}, {"second", "PT", 'S'}, {"min", "PT", 'M'},  {"minute", "PT", 'M'},
    {"h", "PT", 'H'}, {"hr", "PT", 'H'},  {"hour", "PT", 'H'},   {"d", "P", 'D'},     {"day", "P", 'D'},
    {"w", "P", 'W'},  {"week", "P", 'W'}, {"mo", "P", 'M'},      {"month", "P", 'M'}, {"y", "P", 'Y'},
    {"yr", "P", 'Y'}, {"year", "P", 'Y'},
};

// `30d`, `14 days`: what that is in ISO 8601; empty when it is something else.
std::string from_words(std::string_view text) {
  const std::string_view digits = text.substr(0, text.find_first_not_of(kDigits));
  const std::string word = lowercase(trim(text.substr(digits.size())));
  if (digits.empty() || digits.size() > 9 || word.empty()) return {};
  for (const UnitWord& unit : kUnitWords) {
    if (word != unit.word && word != std::string(unit.word) + "s") continue;
    return std::string(unit.before) + std::string(digits) + unit.designator;
  }
  return {};
}

std::string capitals(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

std::string help_with_duration(std::string_view written) {
  constexpr const char* kExample =
      "write an ISO 8601 duration: P14D is 14 days, P3M 3 months, PT12H 12 hours";
  const std::string_view text = trim(written);
  if (text.empty()) return kExample;
  const std::string upper = capitals(text);
  const auto meant = [](const std::string& duration) { return "did you mean " + in_quotes(duration) + "?"; };
  if (parse_duration(upper)) return meant(upper);
  if (upper.back() == 'M' && parse_duration("P" + upper)) {
    return in_quotes("PT" + upper) + " is in minutes, " + in_quotes("P" + upper) + " in months";
  }
  if (const std::string duration = from_words(text); !duration.empty()) return meant(duration);
  if (parse_duration("P" + upper)) return meant("P" + upper);
  if (upper.substr(0, 1) == "P" && parse_duration("PT" + upper.substr(1))) {
    return meant("PT" + upper.substr(1)) + " Hours, minutes and seconds stand behind a T";
  }
  if (text.find_first_not_of(kDigits) == std::string_view::npos)
    return "a unit is missing: P14D is 14 days, PT12H 12 hours";
  if (text.find_first_of(".,") != std::string_view::npos)
    return "whole numbers only: a day and a half is P1DT12H";
  if (text.front() == '-') return "a length has no sign: P14D";
  if (upper == "P" || (upper.front() == 'P' && upper.back() == 'T'))
    return "a number and a unit follow: P14D, PT12H";
  return kExample;
}

}  // namespace

std::optional<Instant> decode_until(Reader& reader, const Value& until) {
  return decode_point(reader, until, DateMeans::its_end);
}

std::optional<Instant> decode_not_before(Reader& reader, const Value& not_before) {
  return decode_point(reader, not_before, DateMeans::its_first_moment);
}

std::optional<Duration> decode_duration(Reader& reader, const Value& value) {
  const auto text = reader.text(value, "write an ISO 8601 duration: P14D is 14 days, PT12H 12 hours");
  if (!text) return std::nullopt;
  if (const auto duration = parse_duration(text->value)) return duration;
  reader.problems().error(text->place, std::string(value.name) + " can't be " + in_quotes(text->value),
                          help_with_duration(text->value));
  return std::nullopt;
}

}  // namespace zonepin
