#include "cli/usage_mistake.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>

#include "base/text.h"

namespace zonepin {

namespace {

// The words after which a person may have mistyped: every command, or every option of the command in use.
std::vector<std::string> words_of(const CLI::App& app, const std::string& wrong) {
  std::vector<std::string> words;
  if (!wrong.empty() && wrong.front() == '-') {
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
    }
  } else {
    for (const CLI::App* sub : app.get_subcommands({})) {
      if (!sub->get_group().empty()) words.push_back(sub->get_name());
    }
  }
  return words;
}

// The first argument that `at` does not know: an option without a meaning, or a word where a command or
// nothing is wanted. A value of an option looks like a word, too, so options come first.
std::optional<std::string> unknown_word(const CLI::App& at, const std::vector<std::string>& arguments) {
  const auto is_option = [](const std::string& argument) {
    return argument.size() > 1 && argument.front() == '-';
  };
  for (const std::string& argument : arguments) {
    const std::string word = argument.substr(0, argument.find('='));
    if (!is_option(word)) continue;
    const auto words = words_of(at, word);
    if (std::find(words.begin(), words.end(), word) == words.end()) return word;
  }
  const auto remaining = at.remaining();
  for (const std::string& word : remaining) {
    if (!word.empty() && !is_option(word)) return word;
  }
  // What a command that is still missing could have been.
  bool after = at.get_parent() == nullptr;
  for (const std::string& word : arguments) {
    if (after && !word.empty() && !is_option(word)) return word;
    after = after || word == at.get_name();
  }
  return std::nullopt;
}

// The word may be the secret: it is not repeated.
Error secret_as_argument() {
  return {Trouble::usage, "identify takes no argument, and a secret does not belong on a command line",
          "pipe it in, or name the file that holds it with --secret-file"};
}

std::string an_example(std::string text) {
  if (text.rfind("Example: ", 0) == 0) text = "for instance `" + text.substr(9);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text + "`";
}

}  // namespace

CLI::App* deepest(CLI::App& app) {
  CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return at;
}

Error explain_mistake(CLI::App& app, const CLI::ParseError& error,
                      const std::vector<std::string>& arguments) {
  CLI::App* at = deepest(app);
  std::string path = "zonepin";
  if (at != &app && at->get_parent() != &app) path += " " + at->get_parent()->get_name();
  if (at != &app) path += " " + at->get_name();
  const std::string mend = "see `" + path + " --help`";
  const bool wants_command = !at->get_subcommands({}).empty();
  const bool is_extra = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
  const bool is_missing = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
  if (is_extra || (is_missing && wants_command)) {
    if (const auto word = unknown_word(*at, arguments)) {
      const bool is_option = word->front() == '-';
      if (at->get_name() == "identify" && !is_option) return secret_as_argument();
      const auto words = words_of(*at, *word);
      const std::string hint =
          is_option || wants_command ? did_you_mean(*word, {words.begin(), words.end()}) : std::string();
      const std::string what = is_option       ? "no option of " + path + " is named " + in_quotes(*word)
                               : wants_command ? "no command is named " + in_quotes(*word)
                                               : in_quotes(*word) + " is one argument too many";
      return {Trouble::usage, what, hint.empty() ? mend : hint + " " + mend};
    }
    if (wants_command)
      return {Trouble::usage, path + " wants a command: " + join(words_of(*at, {}), ", "), mend};
  }
  if (is_missing)
    return {Trouble::usage, escape_cut(error.what(), 300), an_example(at->get_footer()) + "; " + mend};
  return {Trouble::usage, escape_cut(error.what(), 300), mend};
}

}  // namespace zonepin
