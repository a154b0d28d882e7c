#include "cli/arguments/shared.h"

#include "base/text.h"
#include "model/desired.h"

namespace zonepin {

namespace {

void add_formats(Grammar& grammar, Syntax& syntax, Command command) {
  RawOptions& raw = grammar.raw();
  if (!makes_report(command)) {
    syntax.choice("--format", raw.format, {"text", "json"}, "FORMAT",
                  "What standard output gets: text or json");
    return;
  }
  syntax.choice("--format", raw.format, format_names(), "FORMAT",
                "Standard output: " + join(format_names(), ", "));
  syntax.each("--output", raw.outputs, "FORMAT=PATH",
              "Write the report to a file as well, whatever the exit code; may be repeated");
  syntax.offers("--output", format_names());
  syntax.option("--source-revision", grammar.options().source_revision, "TEXT",
                "The commit that the manifests are of, for the record");
}

}  // namespace

void add_everywhere(Grammar& grammar, Syntax& syntax, Command command) {
  RawOptions& raw = grammar.raw();
  add_formats(grammar, syntax, command);
  syntax.choice("--color", raw.color, {"auto", "always", "never"}, "WHEN",
                "Colours: auto, always or never (NO_COLOR is honoured)");
  syntax.choice("--log-level", raw.log_level, {"trace", "debug", "info", "warning", "error", "off"}, "LEVEL",
                "How much standard error tells: trace, debug, info, warning, error or off");
  syntax.choice("--log-format", raw.log_format, {"text", "json"}, "FORMAT", "Log lines as text or json");
}

void add_paths(Grammar& grammar, Syntax& command, const std::string& help) {
  command.arguments("path", grammar.options().paths, "PATH", help);
}

void add_manifests(Grammar& grammar, Syntax& command) {
  add_paths(grammar, command, "Manifest files and folders; - is standard input (default: manifests)");
}

void add_live(Grammar& grammar, Syntax& command, const std::string& help) {
  command.option("--live", grammar.options().live_file, "PATH", help);
}

void add_soft_fail(Grammar& grammar, Syntax& command, const std::string& help) {
  command.flag("--soft-fail", grammar.options().soft_fail, help);
}

void add_owner_lookups(Grammar& grammar, Syntax& command) {
  command.number("--max-owner-lookups", grammar.options().max_owner_lookups, 0, 100'000, "N",
                 "Look up at most so many owners for globs on `owner` (default 500)");
}

void add_base(Grammar& grammar, Syntax& command) {
  command.option("--base", grammar.options().base_dir, "DIR",
                 "The manifests before a change: each action says whether the change causes it or was due "
                 "before");
  command.choice("--only-cause", grammar.raw().only_cause, {"change", "drift"}, "CAUSE",
                 "Take only the actions of this cause, with --base: change or drift");
}

void add_acks(Grammar& grammar, Syntax& command) {
  command.each("--ack", grammar.raw().acks, "GUARD:TOKEN_ID",
               "Lift a guard for one token; may be repeated. A bare GUARD on a terminal only");
  command.offers("--ack", {kGuardNames.begin(), kGuardNames.end()});
}

void add_guards(Grammar& grammar, Syntax& command) {
  PlanPolicy& policy = grammar.options().policy;
  command.flag("--allow-revoke", policy.allow_revoke,
               "Let apply revoke what the manifests say (it can't be undone)");
  command.number("--max-revoke", policy.max_revoke, 0, 1'000'000, "N",
                 "Revoke at most so many; instead of `limits:`");
  command.number("--max-update-pct", policy.max_update_pct, 0, 100, "PERCENT",
                 "Change at most so many percent of the live tokens; instead of `limits:`");
  add_acks(grammar, command);
}

void add_selection(Grammar& grammar, Syntax& command) {
  command.each("--only", grammar.options().selection.only, "GLOB",
               "Of the orgs only those whose host fits; may be repeated");
  command.option("--shard", grammar.raw().shard, "K/N",
                 "Of the orgs only part K of N: the same ones in every run");
}

void add_network(Grammar& grammar, Syntax& command) {
  Options& options = grammar.options();
  command.each("--org", options.orgs, "ORG",
               "The org: a label (acme), a host (acme.okta.com) or a URL; may be repeated");
  command.option("--ca-file", options.ca_file, "FILE",
                 "Certificate authorities to trust, PEM (for a company proxy)");
  command.length("--timeout", grammar.raw().timeout,
                 "End the run after this long (90s, 10m, 2h); what was done stays done");
  command.number("--parallelism", options.parallelism, 1, 64, "N", "Requests in flight at most, at each org");
  command.number("--budget", options.budget_percent, 1, 100, "PERCENT",
                 "Percent of a rate-limit window to use at most");
}

void define_commands(Grammar& grammar) {
  define_planning(grammar);
  define_manifests(grammar);
  define_changes(grammar);
  define_reading(grammar);
  define_export(grammar);
  define_offline(grammar);
}

}  // namespace zonepin
