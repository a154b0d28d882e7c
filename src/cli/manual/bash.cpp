#include "base/text.h"
#include "cli/manual/manual.h"

namespace zonepin {

namespace {

// bash takes `=` and `:` for words of their own (COMP_WORDBREAKS), and replaces only the last such word. So
// the words are joined again, candidates are made for the whole, and what stands before the last word is cut
// off them.
const char* const kBashHead = R"(_zonepin() {
    local typed=${COMP_WORDS[COMP_CWORD]} units=() joins='' word i IFS=$' \t\n'
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $i -gt 1 && ( $joins || $word == [=:]* ) ]]; then
            units[${#units[@]}-1]+=$word
        else
            units+=("$word")
        fi
        joins=''
        [[ $word == [=:] ]] && joins=yes
    done
    [[ $typed == [=:] ]] && typed=''
    local last=$((${#units[@]} - 1))
    local current=${units[last]} option=${units[last - 1]} value
    value=$current
    if [[ $current == --*=* ]]; then
        option=${current%%=*}
        value=${current#*=}
    fi

    local command=''
    for ((i = 1; i < last; i++)); do
        [[ ${units[i]} == -* ]] && continue
        case "$command ${units[i]}" in
)";

const char* const kBashTail = R"(    esac

    # An option's value, else an option, else an argument.
    local kind=$argument words=$argument_words
    if [[ $takes ]]; then
        kind=$takes words=$takes_words
    elif [[ $value == -* ]]; then
        kind=word words=$options
    elif [[ $commands ]]; then
        kind=word words=$commands
    fi

    # Files are left to readline, which knows about quotes and ~. Outside of a completion and in bash 3 there is no
    # compopt.
    COMPREPLY=()
    [[ $kind == joined && $value == *=* ]] && kind=file value=${value#*=}
    [[ $kind == file ]] && compopt -o default 2>/dev/null && return

    local candidate action
    case $kind in
        word | joined) action=(-W "$words") ;;
        file) action=(-f) ;;
        folder) action=(-d) ;;
        *) return ;;
    esac
    case $kind in
        file | folder) compopt -o filenames 2>/dev/null ;;
        joined) compopt -o nospace 2>/dev/null ;;
    esac

    local head=${current%"$typed"}
    while IFS= read -r candidate; do
        candidate=${current%"$value"}$candidate
        COMPREPLY+=("${candidate#"$head"}")
    done < <(compgen "${action[@]}" -- "$value")
}

complete -F _zonepin zonepin
)";

std::string bash_kind(Takes takes) {
  switch (takes) {
    case Takes::nothing: return "";
    case Takes::text: return "text";
    case Takes::word: return "word";
    case Takes::word_and_text:
    case Takes::word_and_file: return "joined";
    case Takes::file: return "file";
    case Takes::folder: return "folder";
  }
  return "";
}

// Words of ours: letters, digits and dashes, so that no shell finds anything to do in them.
std::string bash_words(const OptionOutline& option) {
  std::vector<std::string> words;
  for (const std::string& word : option.words) {
    words.push_back(word + (option.takes == Takes::word_and_text   ? ":"
                            : option.takes == Takes::word_and_file ? "="
                                                                   : ""));
  }
  return join(words, " ");
}

void add_bash_words(const CommandOutline& command, std::string& text) {
  for (const CommandOutline& sub : command.commands) {
    text += "            \"" + command.path + " " + sub.name + "\") command='" + sub.path + "' ;;\n";
    add_bash_words(sub, text);
  }
}

void add_bash_command(const CommandOutline& command, std::string& text) {
  std::vector<std::string> options;
  std::vector<std::string> commands;
  std::string values;
  for (const OptionOutline& option : command.options) {
    options.insert(options.end(), option.names.begin(), option.names.end());
    if (option.takes == Takes::nothing) continue;
    values += "                " + join(option.names, " | ") + ") takes='" + bash_kind(option.takes) + "'";
    if (!option.words.empty()) values += " takes_words='" + bash_words(option) + "'";
    values += " ;;\n";
  }
  for (const CommandOutline& sub : command.commands) commands.push_back(sub.name);
  text += "        '" + command.path + "')\n";
  if (!commands.empty()) text += "            commands='" + join(commands, " ") + "'\n";
  text += "            options='" + join(options, " ") + "'\n";
  if (!command.arguments.empty()) {
    // Of several arguments the last one may be repeated: it is what most words are.
    const OptionOutline& argument = command.arguments.back();
    text += "            argument='" + bash_kind(argument.takes) + "'";
    if (!argument.words.empty()) text += " argument_words='" + bash_words(argument) + "'";
    text += "\n";
  }
  if (!values.empty()) text += "            case $option in\n" + values + "            esac\n";
  text += "            ;;\n";
  for (const CommandOutline& sub : command.commands) add_bash_command(sub, text);
}

}  // namespace

std::string bash_completion(const CommandOutline& program) {
  std::string text = "# bash completion for zonepin, made by `zonepin completion bash`.\n\n";
  text += kBashHead;
  add_bash_words(program, text);
  text += "        esac\n    done\n\n";
  text += "    local commands='' options='' argument='' argument_words='' takes='' takes_words=''\n";
  text += "    case $command in\n";
  add_bash_command(program, text);
  return text + kBashTail;
}

}  // namespace zonepin
