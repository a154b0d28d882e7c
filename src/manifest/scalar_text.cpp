#include "manifest/scalar_text.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/ensure.h"
#include "base/text.h"
#include "manifest/limits.h"

namespace zonepin {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

// Signs that mean nothing to YAML wherever they stand within a text.
bool is_harmless(char c) {
  return !is_ascii(c) || is_letter(c) || is_digit(c) || std::string_view("_-./@+()").find(c) < 8;
}

// What YAML 1.1 or 1.2 reads as a boolean or as nothing, in whatever case.
bool is_special_word(std::string_view text) {
  static constexpr std::array<std::string_view, 9> kWords = {"y",   "n",    "yes",   "no",  "on",
                                                             "off", "true", "false", "null"};
  const std::string word = lowercase(text.substr(0, 6));
  return text.size() < 6 && std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

// Of a text that starts with a digit: nothing that any schema could take for a number or a date. Letters of
// hexadecimal, octal, binary and exponents don't settle it; a colon is not harmless anyway, so no time of day
// comes here.
bool is_surely_no_number(std::string_view text) {
  const bool has_other_letter = std::any_of(text.begin(), text.end(), [](char c) {
    const char lower = static_cast<char>(c | 0x20);
    return is_letter(c) && lower > 'f' && lower != 'o' && lower != 'x';
  });
  const bool has_sign = text.find_first_of("/@()") != std::string_view::npos;
  return has_other_letter || has_sign || std::count(text.begin(), text.end(), '.') > 1;
}

bool can_stand_plain(std::string_view text) {
  if (text.empty() || is_special_word(text)) return false;
  const char first = text.front();
  if (is_digit(first) && !is_surely_no_number(text)) return false;
  if (!is_digit(first) && !is_letter(first) && is_ascii(first) && first != '_' && first != '/') return false;
  if (text.back() == ' ') return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool single_blank = text[at] == ' ' && text[at + 1] != ' ';
    if (!is_harmless(text[at]) && !single_blank) return false;
  }
  return true;
}

}  // namespace

std::string yaml_quoted(std::string_view text) {
  ensure(!invalid_utf8(text), "YAML is written from UTF-8 alone");
  return in_quotes(text, std::numeric_limits<std::size_t>::max());  // its escapes are YAML's, too
}

std::string yaml_scalar(std::string_view text) {
  std::string quoted = yaml_quoted(text);
  const bool has_escapes = quoted.size() != text.size() + 2;
  return has_escapes || !can_stand_plain(text) ? quoted : std::string(text);
}

std::string yaml_comment(std::string_view message) {
  return message.empty() ? "#" : "# " + escape_message(message);
}

bool is_writable_text(std::string_view text) {
  if (text.empty() || invalid_utf8(text)) return false;
  const auto follows = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
  const auto points =
      text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), follows));
  return points <= kMaxTextLength;
}

bool looks_like_address(std::string_view text) {
  const std::string_view head = text.substr(0, text.find_first_of("/-"));
  const auto parts = split(head, '.');
  const bool dotted = parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
                        return !part.empty() && part.size() <= 3 &&
                               part.find_first_not_of("0123456789") == std::string_view::npos;
                      });
  if (dotted) return true;
  const std::string_view address = text.substr(0, text.find('/'));
  if (address.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) return false;
  return address.find("::") != std::string_view::npos || std::count(address.begin(), address.end(), ':') == 7;
}

}  // namespace zonepin
