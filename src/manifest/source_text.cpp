#include "manifest/source_text.h"

#include <algorithm>

namespace zonepin {

std::size_t start_of_line(std::string_view text, std::size_t offset) {
  if (offset == 0) return 0;
  const std::size_t found = text.rfind('\n', offset - 1);
  return found == std::string_view::npos ? 0 : found + 1;
}

std::size_t end_of_line(std::string_view text, std::size_t offset) {
  std::size_t end = std::min(text.find('\n', offset), text.size());
  if (end > offset && end < text.size() && text[end - 1] == '\r') --end;
  return end;
}

std::size_t end_of_word(std::string_view text, std::size_t offset) {
  return std::min(text.find_first_of(" \t\r\n,[]{}", offset), text.size());
}

std::optional<std::size_t> end_of_quoted(std::string_view text, std::size_t offset) {
  const char quote = text[offset];
  std::size_t i = offset + 1;
  while (i < text.size()) {
    if (quote == '"' && text[i] == '\\') {
      i += 2;
    } else if (text[i] != quote) {
      ++i;
    } else if (quote == '\'' && i + 1 < text.size() && text[i + 1] == '\'') {
      i += 2;
    } else {
      return i + 1;
    }
  }
  return std::nullopt;
}

std::string_view null_word(std::string_view text, std::size_t offset) {
  const std::string_view word = text.substr(offset, end_of_word(text, offset) - offset);
  const bool known = word == "~" || word == "null" || word == "Null" || word == "NULL";
  return known ? word : std::string_view();
}

BracketScan scan_brackets(std::string_view text, std::size_t offset) {
  BracketScan scan;
  std::size_t open = 0;
  for (std::size_t i = offset; i < text.size(); ++i) {
    const char byte = text[i];
    const char before = i == 0 ? ' ' : text[i - 1];
    if (byte == '[' || byte == '{') {
      scan.depth = std::max(scan.depth, ++open);
    } else if (byte == ']' || byte == '}') {
      scan.closed = --open == 0;
      if (scan.closed) break;
    } else if ((byte == '"' || byte == '\'') &&
               std::string_view(" \t\r\n[{,:").find(before) != std::string_view::npos) {
      i = end_of_quoted(text, i).value_or(text.size()) - 1;
    } else if (byte == '#' && std::string_view(" \t\r\n").find(before) != std::string_view::npos) {
      i = end_of_line(text, i);
    }
  }
  return scan;
}

std::size_t skip_properties(std::string_view text, std::size_t offset) {
  while (offset < text.size() && (text[offset] == '&' || text[offset] == '!')) {
    offset = std::min(text.find_first_of(" \t\r\n", offset), text.size());
    for (;;) {
      offset = std::min(text.find_first_not_of(" \t\r\n", offset), text.size());
      if (offset == text.size() || text[offset] != '#') break;
      offset = std::min(text.find('\n', offset), text.size());
    }
  }
  return offset;
}

std::size_t end_of_indentation(std::string_view text, std::size_t line_start) {
  return std::min(text.find_first_not_of(" \t", line_start), text.size());
}

std::optional<std::size_t> tab_in_indentation(std::string_view text, std::size_t line_start) {
  const std::size_t spaces_end = std::min(text.find_first_not_of(' ', line_start), text.size());
  if (spaces_end < text.size() && text[spaces_end] == '\t') return spaces_end;
  return std::nullopt;
}

Place place_at(std::string_view text, std::size_t offset, std::uint32_t source, std::size_t length) {
  offset = std::min(offset, text.size());
  const std::size_t line_start = start_of_line(text, offset);
  const auto before = text.substr(0, line_start);
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t line_end = end_of_line(text, offset);
  const std::size_t room = line_end > offset ? line_end - offset : 1;
  return {source, line, static_cast<std::uint32_t>(offset - line_start) + 1,
          static_cast<std::uint32_t>(std::clamp<std::size_t>(length, 1, room))};
}

}  // namespace zonepin
