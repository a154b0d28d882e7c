#include "base/charset.h"

#include <algorithm>

#include "base/escape.h"
#include "base/text.h"

namespace zonepin {

std::string_view ellipsis_of(Charset charset) {
  switch (charset) {
    case Charset::utf8: return "…";
    case Charset::ascii: return "...";
  }
  return "...";
}

std::string in_charset(std::string_view escaped, Charset charset) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (charset == Charset::utf8 || std::all_of(escaped.begin(), escaped.end(), is_ascii))
    return std::string(escaped);
  std::string text;
  text.reserve(escaped.size() * 2);
  while (!escaped.empty()) {
    if (const std::string_view cut = ellipsis_of(Charset::utf8); escaped.starts_with(cut)) {
      text += ellipsis_of(charset);
      escaped.remove_prefix(cut.size());
    } else if (is_ascii(escaped.front())) {
      text += escaped.front();
      escaped.remove_prefix(1);
    } else {
      append_code_point(text, escaped);
    }
  }
  return text;
}

std::size_t bytes_within(std::string_view escaped, std::size_t columns) {
  std::size_t end = 0;
  std::size_t used = 0;
  while (end < escaped.size()) {
    std::size_t next = end + 1;
    while (next < escaped.size() && (static_cast<unsigned char>(escaped[next]) & 0xC0U) == 0x80U) ++next;
    used += display_width(escaped.substr(end, next - end));
    if (used > columns && end != 0) break;
    end = next;
  }
  return end;
}

}  // namespace zonepin
