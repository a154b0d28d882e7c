#include "cli/run.h"

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/stage.h"

namespace zonepin {

namespace {

int dispatch(Stage& stage) {
  switch (stage.options().command) {
    case Command::plan: return plan_command(stage);
    case Command::drift: return drift_command(stage);
    case Command::explain: return explain_command(stage);
    case Command::can_i: return can_i_command(stage);
    case Command::apply: return apply_command(stage);
    case Command::validate: return validate_command(stage);
    case Command::fmt: return fmt_command(stage);
    case Command::snapshot: return snapshot_command(stage);
    case Command::export_: return export_command(stage);
    case Command::list_tokens: return list_tokens_command(stage);
    case Command::list_zones: return list_zones_command(stage);
    case Command::get: return get_command(stage);
    case Command::doctor: return doctor_command(stage);
    case Command::revoke: return revoke_command(stage);
    case Command::fence: return fence_command(stage);
    case Command::identify: return identify_command(stage);
    case Command::show: return show_command(stage);
    case Command::schema: return schema_command(stage);
    case Command::completion: return completion_command(stage);
    case Command::man_pages: return man_pages_command(stage);
    case Command::version: return version_command(stage);
  }
  return kFailure;
}

int act(const std::vector<std::string>& arguments, World& world) {
  const auto parsed = parse_arguments(arguments);
  if (!parsed) {
    Options options;
    // A machine that misspelt an option still gets its one document.
    for (std::size_t at = 0; at < arguments.size(); ++at) {
      const bool next =
          arguments[at] == "--format" && at + 1 < arguments.size() && arguments[at + 1] == "json";
      if (next || arguments[at] == "--format=json") options.format = Format::json;
    }
    Stage stage(world, options);
    const int code = stage.fail(parsed.error());
    stage.finish();
    return code;
  }
  if (!parsed->help.empty()) {
    world.terminal.out(parsed->help);
    return kDone;
  }
  world.log.configure(parsed->options.log_level, parsed->options.log_format);
  Stage stage(world, parsed->options);
  const int code = dispatch(stage);
  stage.finish();
  return code;
}

}  // namespace

int run(const std::vector<std::string>& arguments, World& world) {
  const int code = act(arguments, world);
  const auto finished = world.terminal.finish();
  if (finished) return code;
  world.terminal.err("error: standard output could not be written: " + finished.error().message + "\n");
  return code == kDone || code == kChanges ? kFailure : code;
}

}  // namespace zonepin
