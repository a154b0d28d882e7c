#include "platform/stderr_log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <cstdint>
#include <cstdio>

#include "base/text.h"

namespace zonepin {
namespace {

constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::trace: return spdlog::level::trace;
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
    case LogLevel::off: return spdlog::level::off;
  }
  return spdlog::level::off;
}

std::string text_value(std::string_view value) {
  const std::string shown = escape(value);
  if (!shown.empty() && shown.find_first_of(" \"=") == std::string::npos) return shown;
  std::string in_quotes = "\"";
  for (const char c : shown) {
    if (c == '"') in_quotes += '\\';
    in_quotes += c;
  }
  return in_quotes + '"';
}

// The bytes of the code point at the start of a text that isn't empty; 1 for what is no UTF-8.
std::size_t code_point_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  const std::string_view bytes = text.substr(0, length);
  return bytes.size() == length && !invalid_utf8(bytes).has_value() ? length : 1;
}

std::string unicode_escape(std::uint32_t unit) {
  std::array<char, 8> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "\\u%04x", static_cast<unsigned>(unit & 0xffffU));
  return buffer.data();
}

// A well-formed code point as \uXXXX, beyond the basic plane as a surrogate pair (RFC 8259, 7).
std::string json_escape(std::string_view bytes) {
  std::uint32_t code = static_cast<unsigned char>(bytes[0]);
  if (bytes.size() > 1) code &= 0x7fU >> bytes.size();
  for (const char c : bytes.substr(1)) code = (code << 6) | (static_cast<unsigned char>(c) & 0x3fU);
  if (code < 0x10000) return unicode_escape(code);
  code -= 0x10000;
  return unicode_escape(0xd800U + (code >> 10)) + unicode_escape(0xdc00U + (code & 0x3ffU));
}

std::string json_string(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const std::string_view bytes = text.substr(0, code_point_length(text));
    text.remove_prefix(bytes.size());
    if (bytes == "\"" || bytes == "\\") {
      result += '\\';
      result += bytes;
    } else if (invalid_utf8(bytes).has_value()) {
      result += "\\ufffd";
    } else if (escape(bytes) != bytes) {  // What no terminal should see stays out of this format too.
      result += json_escape(bytes);
    } else {
      result += bytes;
    }
  }
  return result + '"';
}

}  // namespace

struct StderrLog::Sink {
  spdlog::logger logger{"zonepin", std::make_shared<spdlog::sinks::stderr_sink_st>()};
};

StderrLog::StderrLog() : sink_(std::make_unique<Sink>()) {
  configure(level_, format_);
}

StderrLog::~StderrLog() = default;

void StderrLog::configure(LogLevel level, LogFormat format) {
  level_ = level;
  format_ = format;
  sink_->logger.set_level(spdlog_level(level));
  sink_->logger.set_pattern(format == LogFormat::json ? kJsonPattern : kTextPattern,
                            spdlog::pattern_time_type::utc);
}

bool StderrLog::wants(LogLevel level) {
  return level != LogLevel::off && level >= level_;
}

void StderrLog::write(LogLevel level, std::string_view event, const std::vector<LogField>& fields) {
  if (!wants(level)) return;
  const std::string line = format_ == LogFormat::json ? log_json(event, fields) : log_text(event, fields);
  sink_->logger.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

std::string log_text(std::string_view event, const std::vector<LogField>& fields) {
  std::string line = escape(event);
  for (const LogField& field : fields) line += " " + escape(field.name) + "=" + text_value(field.value);
  return line;
}

std::string log_json(std::string_view event, const std::vector<LogField>& fields) {
  std::string line = "\"event\":" + json_string(event);
  for (const LogField& field : fields) line += "," + json_string(field.name) + ":" + json_string(field.value);
  return line;
}

}  // namespace zonepin
