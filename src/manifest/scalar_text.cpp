#include "manifest/scalar_text.h"

#include <algorithm>
#include <limits>

#include "base/ensure.h"
#include "base/text.h"
#include "manifest/limits.h"

namespace zonepin {

std::string yaml_quoted(std::string_view text) {
  ensure(!invalid_utf8(text), "YAML is written from UTF-8 alone");
  return in_quotes(text, std::numeric_limits<std::size_t>::max());  // its escapes are YAML's, too
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
