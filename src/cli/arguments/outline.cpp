#include "cli/arguments/outline.h"

#include <CLI/CLI.hpp>

#include "cli/arguments/shared.h"

namespace zonepin {

namespace {

Takes takes_of(const std::string& type, const std::vector<std::string>& words) {
  if (type == "FORMAT=PATH") return Takes::word_and_file;
  if (type == "GUARD:TOKEN_ID") return Takes::word_and_text;
  if (!words.empty()) return Takes::word;
  if (type == "FILE" || type == "PATH") return Takes::file;
  if (type == "DIR") return Takes::folder;
  return Takes::text;
}

OptionOutline outline_of(const Grammar& grammar, const CLI::Option& option) {
  OptionOutline outline;
  for (const std::string& name : option.get_snames()) outline.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) outline.names.push_back("--" + name);
  outline.help = option.get_description();
  outline.is_required = option.get_required();
  const bool is_flag = option.get_expected_max() == 0;
  if (is_flag) return outline;
  outline.type = option.get_type_name();
  outline.words = grammar.words_of(&option);
  outline.takes = takes_of(outline.type, outline.words);
  outline.is_repeated = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  return outline;
}

CommandOutline outline_of(const Grammar& grammar, CLI::App& app, const std::string& path) {
  CommandOutline outline;
  outline.path = path;
  outline.name = app.get_name();
  outline.help = app.get_description();
  outline.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    auto& list = option->get_positional() ? outline.arguments : outline.options;
    list.push_back(outline_of(grammar, *option));
  }
  for (CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (sub->get_group().empty()) continue;
    outline.commands.push_back(
        outline_of(grammar, *sub, path.empty() ? sub->get_name() : path + " " + sub->get_name()));
  }
  return outline;
}

void add_leaves(const CommandOutline& command, std::vector<CommandOutline>& leaves) {
  if (command.commands.empty()) leaves.push_back(command);
  for (const CommandOutline& sub : command.commands) add_leaves(sub, leaves);
}

}  // namespace

CommandOutline outline_of_program() {
  Options options;
  RawOptions raw;
  Grammar grammar(options, raw);
  define_commands(grammar);
  return outline_of(grammar, grammar.app(), "");
}

std::vector<CommandOutline> leaves_of(const CommandOutline& program) {
  std::vector<CommandOutline> leaves;
  add_leaves(program, leaves);
  return leaves;
}

}  // namespace zonepin
