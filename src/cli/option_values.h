// The values of options: from the texts of a command line to what they mean.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace zonepin {

// What the command line says as text, before it becomes Options.
struct RawOptions {
  std::string format = "text";
  std::vector<std::string> outputs;
  std::string color = "auto";
  std::string log_level = "warning";
  std::string log_format = "text";
  std::string timeout;
  std::string plan_ttl = "7d";
  std::string only_cause;  // empty: not given
  std::vector<std::string> acks;
  std::string export_key = "auto";
  std::string state;
  std::optional<std::string> shard;
};

// Empty when `text` is a length of time (`90`, `90s`, `10m`, `2h`, `7d`, or ISO 8601), else what is wrong.
std::string check_length(const std::string& text);

// Lengths must have been checked.
Result<void> take_over(const RawOptions& raw, Options& options);

// What no single option shows: those that don't go together.
Result<void> check_together(const Options& options);

}  // namespace zonepin
