// How far an apply is, in one line.
#pragma once

#include <cstddef>
#include <string>

#include "base/time.h"

namespace zonepin {

struct Progress {
  std::size_t due = 0;      // actions that the run set out to do, at all of its orgs
  std::size_t settled = 0;  // of these, whose fate is known
  std::size_t failed = 0;   // of these
  std::size_t running = 0;  // requests in flight
  std::size_t orgs = 1;
  Milliseconds elapsed{0};  // since the first was begun
  Milliseconds waiting{0};  // for so long nothing goes on; 0: something does
  std::string reason{};     // why it waits; escaped
};

// `412 of 1000 done, 2 failed, 8 running; 9.8 a second, about 60 s left`, without a newline. What is left is
// guessed from the pace so far, once that is known.
std::string progress_text(const Progress& progress);
// The same for a program, as one line of --format jsonl.
std::string progress_json(const Progress& progress);

}  // namespace zonepin
