// Moves the bytes: runs machines over a transport until they are finished. The one loop that waits.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "base/world.h"
#include "model/org.h"
#include "okta/auth.h"
#include "okta/machine.h"

namespace zonepin::okta {

// After an interrupt, what is in flight gets this long.
inline constexpr Milliseconds kGrace{5'000};

// So many machines are under way at once; the others wait for one of them to finish.
inline constexpr std::size_t kMostAtOnce = 32;

struct Job {
  Machine* machine = nullptr;
  OrgAddress org;
  Authorizer* authorizer = nullptr;
  Governor* governor = nullptr;  // the org's; for the calls that make the authorizer ready
  std::uint64_t seed = 0;
  std::optional<Milliseconds> deadline;
  Milliseconds grace{0};  // what is in flight at the deadline gets so long to end
};

// Looks on while machines run, and has the last word before a write leaves.
class Witness {
 public:
  virtual ~Witness() = default;
  // What happened; that a request was sent is told just before it leaves.
  virtual void saw(const OrgAddress& org, const Event& event) = 0;
  // Called before writes leave, and before every wait: what was seen so far is to be kept now. An error
  // withholds the writes, for that reason.
  virtual Result<void> keep() = 0;
  // Called before every wait, after keep(): a moment to show how far things are. Gives when it wants the next
  // one, on the steady clock; none: whenever there is one.
  virtual std::optional<Milliseconds> look(Milliseconds now) = 0;
};

struct Doors {
  Clock& clock;
  Interrupt& interrupt;
  Log& log;
  Transport& transport;
  Witness* witness = nullptr;  // null: nobody looks on
};

// Returns once every machine is finished. Events go to the log (a line a request) and to the witness.
void drive(const std::vector<Job>& jobs, Doors& doors);

}  // namespace zonepin::okta
