#include "base/text.h"
#include "cli/manual/manual.h"

namespace zonepin {

namespace {

const char* const kZshTail = R"(
# WORDS… with a colon behind: the rest is anything.
_zonepin_word_and_text() {
  compset -P '*:' || compadd -S : -- "$@"
}

# WORDS… with an equals sign behind, and a file.
_zonepin_word_and_file() {
  if compset -P '*='; then _files; else compadd -S = -- "$@"; fi
}

if [[ $funcstack[1] == _zonepin ]]; then
  _zonepin "$@"
else
  compdef _zonepin zonepin
fi
)";

// A text within single quotes that _arguments does not take apart.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\' || c == '(' || c == ')') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const OptionOutline& option) {
  const std::string words = join(option.words, " ");
  switch (option.takes) {
    case Takes::nothing:
    case Takes::text: return " ";
    case Takes::word: return "(" + words + ")";
    case Takes::word_and_text: return " _zonepin_word_and_text " + words;
    case Takes::word_and_file: return " _zonepin_word_and_file " + words;
    case Takes::file: return "_files";
    case Takes::folder: return "_files -/";
  }
  return " ";
}

std::string zsh_option(const OptionOutline& option) {
  const std::string help = "[" + zsh_text(option.help) + "]";
  const std::string value =
      option.takes == Takes::nothing ? "" : ":" + zsh_text(option.type) + ":" + zsh_action(option);
  const std::string equals = option.takes == Takes::nothing ? "" : "=";
  if (option.names.size() == 1) {
    return "'" + std::string(option.is_repeated ? "*" : "") + option.names.front() + equals + help + value +
           "'";
  }
  return "'(" + join(option.names, " ") + ")'{" + join(option.names, ",") + "}'" + help + value + "'";
}

std::string zsh_argument(const OptionOutline& argument) {
  return "'" + std::string(argument.is_repeated ? "*" : "") + ":" + zsh_text(argument.type) + ":" +
         zsh_action(argument) + "'";
}

std::string zsh_name(const CommandOutline& command) {
  std::string name = "_zonepin";
  for (const char c : command.path.empty() ? std::string() : "_" + command.path)
    name += c == ' ' || c == '-' ? '_' : c;
  return name;
}

void add_zsh_function(const CommandOutline& command, std::string& text) {
  for (const CommandOutline& sub : command.commands) add_zsh_function(sub, text);
  text += zsh_name(command) + "() {\n";
  if (!command.commands.empty()) text += "  local curcontext=$curcontext state line\n  typeset -A opt_args\n";
  text += std::string("  _arguments ") + (command.commands.empty() ? "-s -S" : "-C -s -S");
  for (const OptionOutline& option : command.options) text += " \\\n    " + zsh_option(option);
  for (const OptionOutline& argument : command.arguments) text += " \\\n    " + zsh_argument(argument);
  if (command.commands.empty()) {
    text += "\n}\n\n";
    return;
  }
  text += " \\\n    '1:command:->command' '*::argument:->argument'\n  case $state in\n    command)\n";
  text += "      local -a commands=(\n";
  for (const CommandOutline& sub : command.commands)
    text += "        '" + sub.name + ":" + zsh_text(sub.help) + "'\n";
  text +=
      "      )\n      _describe -t commands command commands\n      ;;\n    argument)\n      case $line[1] "
      "in\n";
  for (const CommandOutline& sub : command.commands)
    text += "        " + sub.name + ") " + zsh_name(sub) + " ;;\n";
  text += "      esac\n      ;;\n  esac\n}\n\n";
}

}  // namespace

std::string zsh_completion(const CommandOutline& program) {
  std::string text = "#compdef zonepin\n# zsh completion for zonepin, made by `zonepin completion zsh`.\n\n";
  add_zsh_function(program, text);
  text.pop_back();  // the tail has its own blank line
  return text + kZshTail;
}

}  // namespace zonepin
