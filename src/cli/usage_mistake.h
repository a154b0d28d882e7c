// What is wrong with a command line, in words for a person.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's name
class App;
class ParseError;
}  // namespace CLI

namespace zonepin {

// The command that was named last, or the app itself.
CLI::App* deepest(CLI::App& app);

// One line, with the nearest word that may have been meant, and where to read more.
Error explain_mistake(CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& arguments);

}  // namespace zonepin
