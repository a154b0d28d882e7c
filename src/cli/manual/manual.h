// The outline of all commands as what shells and `man` read. Pure: the same bytes for the same outline.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments/outline.h"

namespace zonepin {

// Scripts that complete commands, options, the words that an option takes, files and folders. bash 3.2 and
// later (without the bash-completion package), zsh 5, fish 3.
std::string bash_completion(const CommandOutline& program);
std::string zsh_completion(const CommandOutline& program);
std::string fish_completion(const CommandOutline& program);

struct ManPage {
  std::string file;  // zonepin-list-tokens.1
  std::string text;  // man(7), UTF-8
};
// One for the program, and one for each command that can be run. They bear no date: the same bytes on every
// day.
std::vector<ManPage> man_pages(const CommandOutline& program, const std::string& version);

}  // namespace zonepin
