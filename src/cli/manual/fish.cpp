#include "base/text.h"
#include "cli/manual/manual.h"

namespace zonepin {

namespace {

std::string fish_text(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string fish_value(const OptionOutline& option) {
  std::string words;
  for (const std::string& word : option.words) {
    words += (words.empty() ? "" : " ") + word;
    if (option.takes == Takes::word_and_text) words += ":";
    if (option.takes == Takes::word_and_file) words += "=";
  }
  switch (option.takes) {
    case Takes::nothing: return "";
    case Takes::text: return " -x";
    case Takes::word:
    case Takes::word_and_text: return " -x -a '" + words + "'";
    case Takes::word_and_file: return " -r -F -a '" + words + "'";
    case Takes::file: return " -r -F";
    case Takes::folder: return " -x -a '(__fish_complete_directories)'";
  }
  return "";
}

std::string fish_argument(const OptionOutline& argument) {
  switch (argument.takes) {
    case Takes::nothing:
    case Takes::text: return "";
    case Takes::word:
    case Takes::word_and_text: return " -a '" + join(argument.words, " ") + "'";
    case Takes::word_and_file:
    case Takes::file: return " -F";
    case Takes::folder: return " -a '(__fish_complete_directories)'";
  }
  return "";
}

std::string fish_option(const std::string& here, const OptionOutline& option) {
  std::string line = here;
  for (const std::string& name : option.names)
    line += name.rfind("--", 0) == 0 ? " -l " + name.substr(2) : " -s " + name.substr(1);
  return line + fish_value(option) + " -d " + fish_text(option.help) + "\n";
}

void add_fish_words(const CommandOutline& command, std::string& text) {
  for (const CommandOutline& sub : command.commands) {
    text += "            case '" + command.path + " " + sub.name + "'\n                set command '" +
            sub.path + "'\n";
    add_fish_words(sub, text);
  }
}

void add_fish_command(const CommandOutline& command, std::string& text) {
  const std::string here = "complete -c zonepin -n '__zonepin_at \"" + command.path + "\"'";
  text += "\n";
  for (const CommandOutline& sub : command.commands)
    text += here + " -a " + sub.name + " -d " + fish_text(sub.help) + "\n";
  for (const OptionOutline& option : command.options) text += fish_option(here, option);
  // Of several arguments the last one may be repeated: it is what most words are.
  if (!command.arguments.empty()) {
    const std::string what = fish_argument(command.arguments.back());
    if (!what.empty()) text += here + what + "\n";
  }
  for (const CommandOutline& sub : command.commands) add_fish_command(sub, text);
}

}  // namespace

std::string fish_completion(const CommandOutline& program) {
  std::string text =
      "# fish completion for zonepin, made by `zonepin completion fish`.\n\n"
      "# Whether the words before the cursor name this command.\n"
      "function __zonepin_at\n"
      "    set -l words (commandline -opc)\n"
      "    set -e words[1]\n"
      "    set -l command ''\n"
      "    for word in $words\n"
      "        string match -q -- '-*' $word; and continue\n"
      "        switch \"$command $word\"\n";
  add_fish_words(program, text);
  text +=
      "        end\n    end\n    test \"$command\" = \"$argv\"\nend\n\n"
      "complete -c zonepin -f\n";
  add_fish_command(program, text);
  return text;
}

}  // namespace zonepin
