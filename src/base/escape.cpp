#include "base/escape.h"

#include "base/charset.h"
#include "base/ensure.h"
#include "base/text.h"

namespace zonepin {

namespace {

// No writing needs more on one letter; an unbounded pile of marks would draw over the lines around it.
constexpr std::size_t kMaxMarks = 4;

// Columns of a name within a message.
constexpr std::size_t kQuotedColumns = 80;

void append_hex(std::string& out, std::string_view prefix, char32_t value, unsigned digits) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  out += prefix;
  for (unsigned i = digits; i-- > 0;) out += kHexDigits[(value >> (4 * i)) & 0xFU];
}

void append_escape(std::string& out, char32_t point) {
  if (point == '\n') {
    out += "\\n";
  } else if (point == '\t') {
    out += "\\t";
  } else if (point == '\r') {
    out += "\\r";
  } else if (point == '\\' || point == '"') {
    out += '\\';
    out += static_cast<char>(point);
  } else if (point < 0x80) {
    append_hex(out, "\\x", point, 2);
  } else if (point < 0x10000) {
    append_hex(out, "\\u", point, 4);
  } else {
    append_hex(out, "\\U", point, 8);
  }
}

bool is_plain_ascii(char c) {
  return c >= ' ' && c <= '~' && c != '\\' && c != '"';
}

// Two of them and a letter or a bracket start a command in the logs of some CI services, wherever they stand
// in a line: ##[error], ##vso[…], ##teamcity[…].
bool starts_log_command(std::string_view text) {
  if (text.size() < 3 || text[0] != '#' || text[1] != '#') return false;
  return text[2] == '[' || (text[2] >= 'a' && text[2] <= 'z') || (text[2] >= 'A' && text[2] <= 'Z');
}

std::string escape_whole(std::string_view text, EscapeAlso also) {
  std::string out;
  out.reserve(text.size());
  Escaper escaper(text, also);
  while (!escaper.at_end()) escaper.next(out);
  return out;
}

}  // namespace

Escaper::Piece Escaper::next(std::string& out) {
  const char front = rest_.front();
  if (front == '#' && starts_log_command(rest_)) {
    append_hex(out, "\\x", '#', 2);
    rest_.remove_prefix(1);
    marks_left_ = 0;
    return {1, 4};
  }
  if (is_plain_ascii(front)) {
    out += front;
    rest_.remove_prefix(1);
    marks_left_ = kMaxMarks;
    return {1, 1};
  }
  const std::size_t before = out.size();
  const Decoded decoded = decode_utf8(rest_);
  if (decoded.length == 0) {
    append_code_point(out, rest_);
    marks_left_ = 0;
    return {1, out.size() - before};
  }
  const CharacterKind kind = kind_of(decoded.point);
  const std::string_view bytes = rest_.substr(0, decoded.length);
  rest_.remove_prefix(decoded.length);
  if (!is_shown(decoded.point, kind)) {
    append_escape(out, decoded.point);
    marks_left_ = 0;
    return {decoded.length, out.size() - before};
  }
  out += bytes;
  if (kind == CharacterKind::combining) {
    --marks_left_;
    return {decoded.length, 0};
  }
  marks_left_ = kMaxMarks;
  return {decoded.length, kind == CharacterKind::wide ? std::size_t{2} : std::size_t{1}};
}

bool Escaper::is_shown(char32_t point, CharacterKind kind) const {
  if (point == '\\') return also_ == EscapeAlso::nothing;
  if (point == '"') return also_ != EscapeAlso::backslash_and_quote;
  switch (kind) {
    case CharacterKind::narrow:
    case CharacterKind::wide: return true;
    case CharacterKind::combining: return marks_left_ > 0;
    case CharacterKind::hidden: return false;
  }
  return false;
}

void append_code_point(std::string& out, std::string_view& rest) {
  const Decoded decoded = decode_utf8(rest);
  if (decoded.length == 0) {
    append_hex(out, "\\x", static_cast<unsigned char>(rest.front()), 2);
    rest.remove_prefix(1);
    return;
  }
  append_escape(out, decoded.point);
  rest.remove_prefix(decoded.length);
}

std::string escape_cut(std::string_view text, std::size_t width, EscapeAlso also) {
  ensure(width >= 1, "a text can't be cut to no column at all");
  std::string out;
  out.reserve(text.size() < width ? text.size() : width);
  std::size_t columns = 0;
  std::size_t cut = 0;  // Bytes of `out` that leave one column for the ellipsis.
  Escaper escaper(text, also);
  while (!escaper.at_end()) {
    columns += escaper.next(out).columns;
    if (columns > width) {
      out.resize(cut);
      out += ellipsis_of(Charset::utf8);
      return out;
    }
    if (columns < width) cut = out.size();
  }
  return out;
}

std::string escape(std::string_view text) {
  return escape_whole(text, EscapeAlso::backslash);
}

std::string escape_message(std::string_view text) {
  return escape_whole(text, EscapeAlso::nothing);
}

std::string escape_cut(std::string_view text, std::size_t width) {
  return escape_cut(text, width, EscapeAlso::backslash);
}

std::string in_quotes(std::string_view text) {
  return in_quotes(text, kQuotedColumns);
}

std::string in_quotes(std::string_view text, std::size_t width) {
  return '"' + escape_cut(text, width, EscapeAlso::backslash_and_quote) + '"';
}

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Decoded decoded = decode_utf8(text);
    const CharacterKind kind = decoded.length == 0 ? CharacterKind::narrow : kind_of(decoded.point);
    if (kind == CharacterKind::wide) columns += 2;
    if (kind == CharacterKind::narrow) columns += 1;
    text.remove_prefix(decoded.length == 0 ? 1 : decoded.length);
  }
  return columns;
}

std::optional<std::size_t> invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = decode_utf8(text.substr(at)).length;
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

}  // namespace zonepin
