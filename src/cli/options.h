// What a command line asks for, parsed and checked; acting on it comes later (cli/run.h).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "adopt/adopt.h"
#include "base/time.h"
#include "base/world.h"
#include "cli/selection.h"
#include "plan/make_plan.h"
#include "report/format.h"

namespace zonepin {

enum class Command {
  plan,
  apply,
  drift,
  check,
  explain,
  can_i,
  validate,
  fmt,
  snapshot,
  export_manifests,
  list_tokens,
  list_zones,
  get,
  doctor,
  revoke,
  fence,
  identify,
  show,
  schema,
  completion,
  man_pages,
  version
};

// Whether a command's result is a report (report/report.h), which can be said in every format.
bool makes_report(Command command);

// `--output FORMAT=PATH`
struct OutputFile {
  Format format = Format::json;
  std::string path;
};

enum class ColorMode { automatic, always, never };

struct Options {
  Command command = Command::version;

  // --- everywhere
  Format format = Format::text;
  ColorMode color = ColorMode::automatic;
  LogLevel log_level = LogLevel::warning;
  LogFormat log_format = LogFormat::text;

  // --- commands that make a report
  std::vector<OutputFile> outputs;  // beside standard output; no path twice
  std::string source_revision;      // of the manifests, for the record; empty: not said

  // --- commands that speak to Okta
  std::vector<std::string> orgs;  // as written
  Selection selection;            // plan, apply, drift: which of the orgs
  std::string ca_file;
  std::optional<Milliseconds> timeout;  // of the whole run
  std::size_t parallelism = 8;
  int budget_percent = 50;

  // --- plan, apply, drift, validate, fmt, snapshot
  std::vector<std::string> paths;
  std::string live_file;                // or a folder of them; empty: Okta itself
  std::size_t max_owner_lookups = 500;  // for globs on owners
  PlanPolicy policy;
  bool detailed_exitcode = false;
  bool enforce = false;
  std::string out_file;
  Duration plan_ttl;

  // --- check
  std::string profile = "default";  // one that is built in, or a file
  bool with_owners = false;
  std::string evidence_folder;  // empty: none

  // --- drift
  std::string baseline;      // a snapshot or a folder of them; empty: none
  std::string metrics_file;  // empty: none
  bool soft_fail = false;    // check, too: what was found is no failure

  // --- can-i (with plan_file)
  std::string token;                        // an id or exact name; empty: all
  std::vector<std::string> ips;             // as written
  std::vector<std::string> zone_overrides;  // as written
  std::string base_dir;                     // older manifests to compare with; empty: none
  std::string approved_file;                // a plan that every action must be in; empty: none

  // --- apply, revoke
  std::string plan_file;
  bool auto_approve = false;
  std::size_t max_failures = 10;
  bool recheck = false;
  std::string journal_file;  // empty: none
  bool current = false;

  // --- revoke, fence
  std::vector<std::string> ids;  // of tokens, each once
  std::string reason;
  std::string zone;       // a name or an id
  std::string emit_file;  // the manifest that keeps it so; empty: none

  // --- identify
  std::string secret_file = "-";

  // --- validate
  bool online = false;

  // --- fmt
  bool check = false;
  bool diff = false;

  // --- export
  EntryKey export_key = EntryKey::automatic;
  bool with_usage = false;
  std::string split_folder;
  std::string append_file;
  bool unmanaged_only = false;
  bool as_revoked = false;  // --state revoked
  bool group_rules = false;

  // --- show, schema, get, completion, man-pages
  std::string subject;  // a plan file, a schema's name, a token id, a shell, a folder
  bool reverse = false;
};

}  // namespace zonepin
