#include "manifest/plain_text.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"
#include "base/time.h"
#include "manifest/scalar_type.h"

namespace zonepin {

namespace {

constexpr std::string_view kDecimalDigits = "0123456789";

bool only(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

bool begins_with_digit(std::string_view text) {
  return !text.empty() && kDecimalDigits.find(text.front()) != std::string_view::npos;
}

// What YAML 1.1 (https://yaml.org/type/) takes for something else than a text and 1.2 does not.
bool is_old_word(std::string_view text) {
  static constexpr std::array<std::string_view, 13> kWords = {
      "y", "n", "yes", "no", "true", "false", "on", "off", "null", "~", "=", "<<", ""};
  return std::find(kWords.begin(), kWords.end(), lowercase(text)) != kWords.end();
}

// `1_000`, `0b101`, `0x_1F`, `1:30:00`, `1_0.5`, `1:30.5`, `1.e+3`.
bool is_old_number(std::string_view text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  if (text.empty()) return false;
  if (text.substr(0, 2) == "0b") return only(text.substr(2), "01_");
  if (text.substr(0, 2) == "0x") return only(text.substr(2), "0123456789abcdefABCDEF_");
  if (text.front() == '.') {
    const std::string word = lowercase(text.substr(1));
    if (word == "inf" || word == "nan") return true;
  } else if (!begins_with_digit(text)) {
    return false;
  }
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    std::string_view power = text.substr(exponent + 1);
    if (!power.empty() && (power.front() == '+' || power.front() == '-')) power.remove_prefix(1);
    if (!only(power, kDecimalDigits)) return false;
    text = text.substr(0, exponent);
  }
  // An IPv4 address has more dots than a number, an IPv6 address more than digits or no digit in between.
  return only(text, "0123456789_.:") && std::count(text.begin(), text.end(), '.') <= 1 &&
         text.find("::") == std::string_view::npos && text.find(".:") == std::string_view::npos;
}

// 2026-12-31, and with a time behind it.
bool is_old_timestamp(std::string_view text) {
  if (text.size() < 8 || !only(text.substr(0, 4), kDecimalDigits) || text[4] != '-') return false;
  const std::size_t second = text.find('-', 5);
  if (second == std::string_view::npos || second > 7) return false;
  if (!only(text.substr(5, second - 5), kDecimalDigits)) return false;
  const std::string_view rest = text.substr(second + 1);
  const std::size_t day = std::min(rest.find_first_not_of(kDecimalDigits), rest.size());
  if (day == 0 || day > 2) return false;
  return day == rest.size() || std::string_view("Tt \t").find(rest[day]) != std::string_view::npos;
}

// Whether the characters mean themselves; what they look like together is asked elsewhere.
bool has_plain_characters(std::string_view text, ScalarSpot spot) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (std::string_view("?:,[]{}#&*!|>'\"%@`").find(text.front()) != std::string_view::npos) return false;
  if (text.front() == '-' && (text.size() == 1 || text[1] == ' ' || text[1] == '-')) return false;
  if (text.substr(0, 3) == "...") return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) return false;
  if (spot == ScalarSpot::brackets && text.find_first_of(",[]{}") != std::string_view::npos) return false;
  return escape_message(text) == text;  // nothing in it hides
}

}  // namespace

bool is_plain_text(std::string_view text, ScalarSpot spot) {
  if (!has_plain_characters(text, spot)) return false;
  return core_type(text) == ScalarType::string && !is_old_word(text) && !is_old_number(text) &&
         !is_old_timestamp(text);
}

bool is_plain_point(std::string_view text) {
  return parse_date(text).has_value() || parse_instant(text).has_value();
}

}  // namespace zonepin
