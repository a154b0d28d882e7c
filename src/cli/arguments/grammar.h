// How commands and their options are written down, once: the parser, the help, the completions and the man
// pages are all made from this. CLI11 stands behind it and is seen in grammar.cpp alone; a file that defines
// commands compiles without it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/option_values.h"
#include "cli/options.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's name
class App;
class Option;
}  // namespace CLI

namespace zonepin {

class Grammar;

// The options and arguments of one command. The order in which they are defined is the order in the help.
// `type` is what the help calls a value; FILE, PATH and DIR are completed as such.
class Syntax {
 public:
  // --- options
  void flag(const std::string& name, bool& into, const std::string& help);
  void option(const std::string& name, std::string& into, const std::string& type, const std::string& help);
  void option(const std::string& name, std::optional<std::string>& into, const std::string& type,
              const std::string& help);
  // Must not be empty: an empty value is a variable that nobody set.
  void filled_option(const std::string& name, std::string& into, const std::string& type,
                     const std::string& help);
  // May be repeated, one value at a time, so that it does not swallow the paths behind it.
  void each(const std::string& name, std::vector<std::string>& into, const std::string& type,
            const std::string& help);
  // One of `words`, which are also what a completion offers.
  void choice(const std::string& name, std::string& into, const std::vector<std::string>& words,
              const std::string& type, const std::string& help);
  // A length of time: 90s, 10m, 2h, 7d.
  void length(const std::string& name, std::string& into, const std::string& help);
  // The limits stay out of the help's table: the message to the one who breaks them tells.
  void number(const std::string& name, int& into, int least, int most, const std::string& type,
              const std::string& help);
  void number(const std::string& name, std::size_t& into, std::size_t least, std::size_t most,
              const std::string& type, const std::string& help);
  void number(const std::string& name, std::optional<std::size_t>& into, std::size_t least, std::size_t most,
              const std::string& type, const std::string& help);
  // What a completion offers for an option that was defined before; other values are fine, too.
  void offers(const std::string& name, const std::vector<std::string>& words);
  // Not in the help: taken only to be refused in words.
  void hidden(const std::string& name, std::string& into);

  // --- arguments
  void argument(const std::string& name, std::string& into, const std::string& type, const std::string& help);
  void arguments(const std::string& name, std::vector<std::string>& into, const std::string& type,
                 const std::string& help);

  // An option or argument that was defined before can't be left out.
  void needs(const std::string& name);

 private:
  friend class Grammar;
  Syntax(Grammar& grammar, CLI::App& app) : grammar_(&grammar), app_(&app) {}

  Grammar* grammar_;
  CLI::App* app_;
};

// All commands. Options and RawOptions are filled by a parse, and must outlive the grammar.
class Grammar {
 public:
  Grammar(Options& options, RawOptions& raw);
  ~Grammar();
  Grammar(const Grammar&) = delete;
  Grammar& operator=(const Grammar&) = delete;

  Syntax command(Command command, const std::string& name, const std::string& help,
                 const std::string& example);
  // Not in the help and not completed: for those who build packages.
  Syntax hidden_command(Command command, const std::string& name, const std::string& help,
                        const std::string& example);
  // A word that has commands of its own, such as `list`.
  Syntax group(const std::string& name, const std::string& help, const std::string& example);
  Syntax command_in(const Syntax& group, Command command, const std::string& name, const std::string& help,
                    const std::string& example);

  Options& options() { return options_; }
  RawOptions& raw() { return raw_; }
  CLI::App& app() { return *app_; }
  // REQUIRES: `app` is a command of this grammar, not a group.
  Command command_of(const CLI::App* app) const { return commands_.at(app); }
  // What a completion offers for an option's value; may be empty.
  std::vector<std::string> words_of(const CLI::Option* option) const;

 private:
  friend class Syntax;
  Syntax add(Command command, CLI::App& parent, const std::string& name, const std::string& help,
             const std::string& example);

  Options& options_;
  RawOptions& raw_;
  std::unique_ptr<CLI::App> app_;
  std::map<const CLI::App*, Command> commands_;
  std::map<const CLI::Option*, std::vector<std::string>> words_;
};

}  // namespace zonepin
