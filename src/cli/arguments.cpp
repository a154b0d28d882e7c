#include "cli/arguments.h"

#include <CLI/CLI.hpp>

#include "cli/arguments/shared.h"
#include "cli/option_values.h"
#include "cli/usage_mistake.h"

namespace zonepin {

Result<Parsed> parse_arguments(const std::vector<std::string>& arguments) {
  Parsed parsed;
  RawOptions raw;
  Grammar grammar(parsed.options, raw);
  define_commands(grammar);
  CLI::App& app = grammar.app();
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    parsed.help = app.help();
    return parsed;
  } catch (const CLI::CallForVersion& version) {
    parsed.help = std::string(version.what()) + "\n";
    return parsed;
  } catch (const CLI::ParseError& error) {
    return fail(explain_mistake(app, error, arguments));
  }
  parsed.options.command = grammar.command_of(deepest(app));
  if (auto taken = take_over(raw, parsed.options); !taken) return fail(taken.error());
  if (auto checked = check_together(parsed.options); !checked) return fail(checked.error());
  return parsed;
}

}  // namespace zonepin
