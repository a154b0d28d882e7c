#include "report/json_writer.h"

#include "base/text.h"

namespace zonepin {

namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kLastPoint = 0x10FFFF;

void append_unit(std::string& out, std::uint32_t unit) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  out += "\\u";
  for (unsigned at = 4; at-- > 0;) out += kHexDigits[(unit >> (4 * at)) & 0xFU];
}

void append_point(std::string& out, char32_t point) {
  if (point > kLastPoint) point = kReplacement;
  if (point < 0x10000) return append_unit(out, static_cast<std::uint32_t>(point));
  const auto beyond = static_cast<std::uint32_t>(point - 0x10000);
  append_unit(out, 0xD800U + (beyond >> 10U));
  append_unit(out, 0xDC00U + (beyond & 0x3FFU));
}

bool is_plain(char c) {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '#';
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const char front = text.front();
    if (front == '"' || front == '\\') {
      out += '\\';
      out += front;
      text.remove_prefix(1);
    } else if (front == '#') {
      text.remove_prefix(1);
      if (!text.empty() && text.front() == '#') {
        append_unit(out, '#');
      } else {
        out += '#';
      }
    } else if (front == '\n') {
      out += "\\n";
      text.remove_prefix(1);
    } else {
      append_point(out, take_code_point(text));
    }
  }
  out += '"';
}

JsonWriter& JsonWriter::open(char bracket) {
  before_value();
  out_ += bracket;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  if (needs_comma_) out_ += ',';
  needs_comma_ = false;
  append_json_string(out_, name);
  out_ += ':';
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  before_value();
  append_json_string(out_, value);
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
  before_value();
  out_ += std::to_string(value);
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  before_value();
  out_ += value ? "true" : "false";
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::null() {
  before_value();
  out_ += "null";
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::newline() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = false;
  out_ += '\n';
  return *this;
}

JsonWriter& JsonWriter::end_line() {
  out_ += '\n';
  needs_comma_ = false;
  return *this;
}

void JsonWriter::before_value() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = false;
}

}  // namespace zonepin
