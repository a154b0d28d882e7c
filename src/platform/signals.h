// SIGINT and SIGTERM as a flag that can be asked for and waited on. The first asks the run to end; another
// one, more than kSameKeyPress later, ends the process at once with code 130. SIGPIPE and SIGXFSZ
// are ignored: a write says EPIPE or EFBIG instead.
#pragma once

#include "base/world.h"

namespace zonepin {

// timeout(1), shells and wrappers often send one Ctrl-C twice, to the process and to its group: that is one
// wish.
constexpr Milliseconds kSameKeyPress{300};

// One at a time. Puts back the earlier handlers when it ends.
class Signals : public Interrupt {
 public:
  Signals();
  ~Signals() override;
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  bool requested() override;
  // Readable from the moment of the first signal on, for poll(); nobody may read it.
  int descriptor() const;
};

}  // namespace zonepin
