#include "cli/run.h"

#include "base/text.h"
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
    case Command::check: return check_command(stage);
    case Command::explain: return explain_command(stage);
    case Command::can_i: return can_i_command(stage);
    case Command::apply: return apply_command(stage);
    case Command::validate: return validate_command(stage);
    case Command::fmt: return fmt_command(stage);
    case Command::snapshot: return snapshot_command(stage);
    case Command::export_manifests: return export_command(stage);
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

// Of a command line that could not be read otherwise.
Format format_wanted(const std::vector<std::string>& arguments) {
  constexpr std::string_view kOption = "--format";
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const std::string_view argument = arguments[at];
    if (argument.substr(0, kOption.size()) != kOption) continue;
    std::string_view name = argument.substr(kOption.size());
    if (name.empty() && at + 1 < arguments.size()) name = arguments[at + 1];
    if (!name.empty() && name.front() == '=') name.remove_prefix(1);
    if (const auto format = parse_format(name)) return *format;
  }
  return Format::text;
}

// What can't be written is better said before a run than after it.
Result<void> check_output(const std::string& option, const std::string& path, Files& files) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos || slash == 0 ? std::string() : path.substr(0, slash);
  if (!folder.empty() && !files.is_folder(folder)) {
    return fail(Trouble::usage, option + " " + escape(path) + ": there is no folder " + escape(folder),
                "make it first");
  }
  if (files.is_folder(path))
    return fail(Trouble::usage, option + " " + escape(path) + " is a folder", "name a file in it");
  return {};
}

Result<void> check_outputs(const Options& options, Files& files) {
  for (const OutputFile& output : options.outputs) {
    if (auto checked = check_output("--output", output.path, files); !checked) return checked;
  }
  if (!options.metrics_file.empty()) return check_output("--metrics", options.metrics_file, files);
  return {};
}

int act_on(const Options& options, World& world) {
  world.log.configure(options.log_level, options.log_format);
  Stage stage(world, options);
  if (auto checked = check_outputs(options, world.files); !checked)
    return stage.finish(stage.fail(checked.error()));
  return stage.finish(dispatch(stage));
}

int act(const std::vector<std::string>& arguments, World& world) {
  const auto parsed = parse_arguments(arguments);
  if (!parsed) {
    Options options;
    // A machine that misspelt an option still gets its one document.
    options.format = format_wanted(arguments);
    Stage stage(world, options);
    return stage.finish(stage.fail(parsed.error()));
  }
  if (!parsed->help.empty()) {
    world.terminal.out(parsed->help);
    return kDone;
  }
  return act_on(parsed->options, world);
}

int finished(int code, World& world) {
  const auto finished = world.terminal.finish();
  if (finished) return code;
  world.terminal.err("error: standard output could not be written: " + finished.error().message + "\n");
  return code == kDone || code == kChanges ? kFailure : code;
}

}  // namespace

int run(const std::vector<std::string>& arguments, World& world) {
  return finished(act(arguments, world), world);
}

int run(const Options& options, World& world) {
  return finished(act_on(options, world), world);
}

}  // namespace zonepin
