#include "cli/arguments/grammar.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.h"
#include "cli/arguments/shared.h"

namespace zonepin {

namespace {

// A checker that names the words it takes, and the nearest one to what it was given.
CLI::Validator one_of(const std::vector<std::string>& words) {
  const auto check = [words](const std::string& text) -> std::string {
    if (std::find(words.begin(), words.end(), text) != words.end()) return {};
    const std::string hint = did_you_mean(text, {words.begin(), words.end()});
    return "wants " + join(words, ", ") + ", not " + in_quotes(text) + (hint.empty() ? "" : "; " + hint);
  };
  return CLI::Validator(check, "");
}

CLI::Validator not_empty() {
  return CLI::Validator(
      [](const std::string& text) { return text.empty() ? std::string("is empty") : std::string(); }, "");
}

template <class Number>
CLI::Validator between(Number least, Number most) {
  return CLI::Range(least, most).description("");
}

}  // namespace

// --- the syntax of one command
// ---------------------------------------------------------------------------------

void Syntax::flag(const std::string& name, bool& into, const std::string& help) {
  app_->add_flag(name, into, help);
}

void Syntax::option(const std::string& name, std::string& into, const std::string& type,
                    const std::string& help) {
  app_->add_option(name, into, help)->type_name(type);
}

void Syntax::option(const std::string& name, std::optional<std::string>& into, const std::string& type,
                    const std::string& help) {
  app_->add_option(name, into, help)->type_name(type);
}

void Syntax::filled_option(const std::string& name, std::string& into, const std::string& type,
                           const std::string& help) {
  app_->add_option(name, into, help)->check(not_empty())->type_name(type);
}

void Syntax::each(const std::string& name, std::vector<std::string>& into, const std::string& type,
                  const std::string& help) {
  app_->add_option(name, into, help)
      ->type_name(type)
      ->allow_extra_args(false)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void Syntax::choice(const std::string& name, std::string& into, const std::vector<std::string>& words,
                    const std::string& type, const std::string& help) {
  const CLI::Option* option = app_->add_option(name, into, help)->check(one_of(words))->type_name(type);
  grammar_->words_.emplace(option, words);
}

void Syntax::length(const std::string& name, std::string& into, const std::string& help) {
  app_->add_option(name, into, help)->check(check_length)->type_name("TIME");
}

void Syntax::number(const std::string& name, int& into, int least, int most, const std::string& type,
                    const std::string& help) {
  app_->add_option(name, into, help)->check(between(least, most))->type_name(type);
}

void Syntax::number(const std::string& name, std::size_t& into, std::size_t least, std::size_t most,
                    const std::string& type, const std::string& help) {
  app_->add_option(name, into, help)->check(between(least, most))->type_name(type);
}

void Syntax::number(const std::string& name, std::optional<std::size_t>& into, std::size_t least,
                    std::size_t most, const std::string& type, const std::string& help) {
  app_->add_option(name, into, help)->check(between(least, most))->type_name(type);
}

void Syntax::offers(const std::string& name, const std::vector<std::string>& words) {
  grammar_->words_[app_->get_option(name)] = words;
}

void Syntax::hidden(const std::string& name, std::string& into) {
  app_->add_option(name, into)->group("");
}

void Syntax::argument(const std::string& name, std::string& into, const std::string& type,
                      const std::string& help) {
  app_->add_option(name, into, help)->required()->type_name(type);
}

void Syntax::arguments(const std::string& name, std::vector<std::string>& into, const std::string& type,
                       const std::string& help) {
  app_->add_option(name, into, help)->type_name(type)->take_all();
}

void Syntax::needs(const std::string& name) {
  app_->get_option(name)->required();
}

// --- all commands
// ----------------------------------------------------------------------------------------------

Grammar::Grammar(Options& options, RawOptions& raw)
    : options_(options),
      raw_(raw),
      app_(std::make_unique<CLI::App>("Pins every Okta API token to the network zones it may be used from.",
                                      "zonepin")) {
  app_->require_subcommand(1);
  app_->fallthrough(false);
  app_->get_formatter()->column_width(30);
  app_->footer(
      "Exit codes: 0 done, 1 error, 2 changes or drift, 3 invalid input, 4 blocked by a guard, 5 stale or "
      "foreign,\n"
      "6 partial, 7 not authorised, 8 not finished, 9 violations, 130 interrupted.\n"
      "\nExample: zonepin plan manifests\n");
  app_->set_version_flag("--version", "zonepin " ZONEPIN_VERSION, "Print the version and exit");
}

Grammar::~Grammar() = default;

Syntax Grammar::add(Command command, CLI::App& parent, const std::string& name, const std::string& help,
                    const std::string& example) {
  CLI::App* app = parent.add_subcommand(name, help);
  app->footer("Example: " + example + "\n");
  commands_.emplace(app, command);
  Syntax syntax(*this, *app);
  add_everywhere(*this, syntax, command);
  return syntax;
}

Syntax Grammar::command(Command command, const std::string& name, const std::string& help,
                        const std::string& example) {
  return add(command, *app_, name, help, example);
}

Syntax Grammar::hidden_command(Command command, const std::string& name, const std::string& help,
                               const std::string& example) {
  const Syntax syntax = add(command, *app_, name, help, example);
  syntax.app_->group("");
  return syntax;
}

Syntax Grammar::group(const std::string& name, const std::string& help, const std::string& example) {
  CLI::App* app = app_->add_subcommand(name, help);
  app->require_subcommand(1);
  app->footer("Example: " + example + "\n");
  return {*this, *app};
}

Syntax Grammar::command_in(const Syntax& group, Command command, const std::string& name,
                           const std::string& help, const std::string& example) {
  return add(command, *group.app_, name, help, example);
}

std::vector<std::string> Grammar::words_of(const CLI::Option* option) const {
  const auto found = words_.find(option);
  return found == words_.end() ? std::vector<std::string>() : found->second;
}

}  // namespace zonepin
