// What commands and options there are, as values: what completions and man pages are made of. It is read off
// the very definitions that parse a command line and print its help, so that the three can't disagree.
#pragma once

#include <string>
#include <vector>

namespace zonepin {

// What comes behind an option, or stands as an argument, as far as a shell can help with it.
enum class Takes {
  nothing,
  text,           // anything: no help
  word,           // one of `words`
  word_and_text,  // one of `words`, a colon, and anything: GUARD:TOKEN_ID
  word_and_file,  // one of `words`, an equals sign, and a file: FORMAT=PATH
  file,
  folder,
};

struct OptionOutline {
  std::vector<std::string> names;  // "-h", "--help"; of an argument none
  std::string type;                // what the help calls its value; empty where it takes nothing
  Takes takes = Takes::nothing;
  std::vector<std::string> words;
  std::string help;
  bool is_required = false;
  bool is_repeated = false;
};

struct CommandOutline {
  std::string path;  // "plan", "list tokens"; of the program itself empty
  std::string name;  // the last word of it
  std::string help;
  std::string footer;  // an example; of the program itself the exit codes as well
  std::vector<OptionOutline> options;
  std::vector<OptionOutline> arguments;
  std::vector<CommandOutline> commands;  // in the order of the help
};

// The whole program. What the help does not show is not in it.
CommandOutline outline_of_program();

// Every command that can be run, in the order of the help; groups such as `list` are not among them.
std::vector<CommandOutline> leaves_of(const CommandOutline& program);

}  // namespace zonepin
