// Work that takes many calls, as a state machine without I/O: reading an org, applying a plan.
#pragma once

#include "base/time.h"
#include "okta/lane.h"

namespace zonepin::okta {

class Machine {
 public:
  virtual ~Machine() = default;
  virtual Lane& lane() = 0;
  // Takes the calls of its lane that have ended and submits what follows from them.
  virtual void advance(Milliseconds now) = 0;
  // Nothing is left to do and nothing in flight.
  virtual bool finished() const = 0;
  // Somebody wants the run to end: no new request.
  virtual void interrupt() = 0;
};

}  // namespace zonepin::okta
