// Moves the bytes: runs machines over a transport until they are finished. The one loop that waits.
#pragma once

#include <functional>
#include <vector>

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

struct Doors {
  Clock& clock;
  Interrupt& interrupt;
  Log& log;
  Transport& transport;
  std::function<void(const OrgAddress&, const Event&)> on_event;  // may be empty
};

// Returns once every machine is finished. Events go to the log (a line a request) and to `on_event`.
void drive(const std::vector<Job>& jobs, Doors& doors);

}  // namespace zonepin::okta
