// Plays a story to its end: its commands amid everything that goes wrong, then in calm until nothing is left
// to do; and says which of the laws were broken.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "story.h"

namespace zonepin::simulation {

struct Played {
  std::vector<std::string> violations;
  std::vector<std::string> log;  // if asked for
  std::size_t applies = 0;       // commands that were to write and were begun, those that died included
  std::size_t deaths = 0;
  std::size_t requests = 0;
};

enum class Telling { brief, whole };  // whole: with a log of every event

Played play(const Story& story, Telling telling);

}  // namespace zonepin::simulation
