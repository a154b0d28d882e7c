// Doors that keep the secrets of a run to themselves.
#pragma once

#include <memory>

#include "base/world.h"
#include "cli/stage.h"

namespace zonepin {

// A log that blots out what the stage hides.
class DiscreetLog : public Log {
 public:
  explicit DiscreetLog(Stage& stage) : stage_(stage) {}
  void configure(LogLevel level, LogFormat format) override { stage_.world().log.configure(level, format); }
  bool wants(LogLevel level) override { return stage_.world().log.wants(level); }
  void write(LogLevel level, std::string_view event, const std::vector<LogField>& fields) override;

 private:
  Stage& stage_;
};

// A transport whose refusals no longer hold what the stage hides: they are quoted, and what is cut off in the
// middle of a secret would not be found any more. The stage must outlive it.
std::unique_ptr<Transport> discreet_transport(std::unique_ptr<Transport> transport, Stage& stage);

}  // namespace zonepin
