// Standard input, output and error of this process. Output is collected and written in large pieces; errors
// while writing are kept for finish(), and nothing more is written after the first one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/world.h"

namespace zonepin {

class Signals;

class Console : public Terminal {
 public:
  // A signal ends the wait for an answer.
  explicit Console(Signals& signals) : signals_(signals) {}
  ~Console() override;
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  void out(std::string_view text) override;
  void flush() override;
  void err(std::string_view text) override;
  bool can_ask() override;
  bool out_is_terminal() override;
  bool err_is_terminal() override;
  // COLUMNS when it holds a number, else what the terminal of output or error says, else 80.
  std::size_t width() override;
  // None also when a signal came or the line is longer than any answer.
  std::optional<std::string> ask(std::string_view question) override;
  Result<void> finish() override;

 private:
  Signals& signals_;
  std::string pending_;
  std::string typed_;    // read from standard input, after the last answer
  int write_error_ = 0;  // errno of the first write that failed
};

}  // namespace zonepin
