// Options that several commands have, and the commands themselves, a group of them in each file.
#pragma once

#include <string>

#include "cli/arguments/grammar.h"

namespace zonepin {

// --- options
void add_everywhere(Grammar& grammar, Syntax& syntax, Command command);
void add_paths(Grammar& grammar, Syntax& command, const std::string& help);
void add_manifests(Grammar& grammar, Syntax& command);  // the paths of a command that reads manifests
void add_live(Grammar& grammar, Syntax& command, const std::string& help);
void add_soft_fail(Grammar& grammar, Syntax& command, const std::string& help);
void add_owner_lookups(Grammar& grammar, Syntax& command);
void add_base(Grammar& grammar, Syntax& command);
void add_acks(Grammar& grammar, Syntax& command);
void add_guards(Grammar& grammar, Syntax& command);
void add_selection(Grammar& grammar, Syntax& command);
void add_network(Grammar& grammar, Syntax& command);

// --- commands
void define_commands(Grammar& grammar);  // all that follow, in the order of the help
void define_planning(Grammar& grammar);
void define_manifests(Grammar& grammar);
void define_changes(Grammar& grammar);
void define_reading(Grammar& grammar);
void define_export(Grammar& grammar);
void define_offline(Grammar& grammar);

}  // namespace zonepin
