// The log, on standard error, by spdlog. spdlog escapes nothing, so every name and value is escaped here.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/world.h"

namespace zonepin {

// One line each: `2026-01-02T03:04:05.678Z info request sent method=GET path="/a b"`, or a JSON object with
// time, level, event and then the fields, all as strings. Warnings and errors only, as text, until it is
// configured.
class StderrLog : public Log {
 public:
  StderrLog();
  ~StderrLog() override;
  StderrLog(const StderrLog&) = delete;
  StderrLog& operator=(const StderrLog&) = delete;

  void configure(LogLevel level, LogFormat format) override;
  bool wants(LogLevel level) override;
  void write(LogLevel level, std::string_view event, const std::vector<LogField>& fields) override;

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
  LogLevel level_ = LogLevel::warning;
  LogFormat format_ = LogFormat::text;
};

// The part of a line after time and level.
std::string log_text(std::string_view event, const std::vector<LogField>& fields);
std::string log_json(std::string_view event, const std::vector<LogField>& fields);  // without the braces

}  // namespace zonepin
