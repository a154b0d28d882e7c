// Commands that work on manifests themselves.
#include "cli/arguments/shared.h"

namespace zonepin {

namespace {

void define_validate(Grammar& grammar) {
  Syntax validate = grammar.command(Command::validate, "validate",
                                    "Check manifests: every mistake with its place; without Okta, but for "
                                    "--online",
                                    "zonepin validate manifests");
  add_manifests(grammar, validate);
  validate.flag("--online", grammar.options().online,
                "Hold ids, names, zones and owners against the live org as well; sends no write");
  add_live(grammar, validate, "The same against this snapshot, or a folder of them; no credential is needed");
  add_owner_lookups(grammar, validate);
  add_selection(grammar, validate);
  add_network(grammar, validate);
}

void define_fmt(Grammar& grammar) {
  Options& options = grammar.options();
  Syntax fmt = grammar.command(Command::fmt, "fmt",
                               "Write manifests in their canonical form: order, spacing, quotes; comments "
                               "stay",
                               "zonepin fmt manifests --check");
  add_paths(grammar, fmt,
            "Manifest files and folders; - writes standard input to standard output (default: manifests)");
  fmt.flag("--check", options.check, "Write nothing; name the files that differ, and exit 3");
  fmt.flag("--diff", options.diff, "Write nothing; show what would change");
}

}  // namespace

void define_manifests(Grammar& grammar) {
  define_validate(grammar);
  define_fmt(grammar);
}

void define_export(Grammar& grammar) {
  Options& options = grammar.options();
  RawOptions& raw = grammar.raw();
  Syntax sub = grammar.command(Command::export_manifests, "export",
                               "Write what is live as manifests, to adopt an existing org; sends no write",
                               "zonepin export --org acme.okta.com --out manifests/acme.yaml");
  add_paths(grammar, sub, "With --unmanaged-only: manifest files and folders (default: manifests)");
  add_live(grammar, sub,
           "Export this snapshot, or a folder of them, instead of Okta; no credential is needed");
  sub.choice("--key", raw.export_key, {"auto", "id", "name"}, "KEY",
             "How entries name tokens: auto (by name where it is unique and the owner active), id or name");
  sub.flag("--with-usage", options.with_usage, "Say in a comment when each token was used last");
  sub.flag("--group-rules", options.group_rules,
           "Find rules that cover many tokens with the same condition; the rest are entries");
  sub.option("--out", options.out_file, "FILE", "Write a new file (default: standard output)");
  sub.option("--split", options.split_folder, "DIR", "Write a new file for each org into this folder");
  sub.option("--append", options.append_file, "FILE",
             "Add to this manifest what it does not speak of yet, and leave the rest of it as it is");
  sub.flag("--unmanaged-only", options.unmanaged_only,
           "Only tokens that the manifests of PATH leave unmanaged");
  sub.choice("--state", raw.state, {"revoked"}, "STATE",
             "revoked: with --unmanaged-only, as proposals to revoke, to be reviewed");
  add_owner_lookups(grammar, sub);
  add_selection(grammar, sub);
  add_network(grammar, sub);
}

}  // namespace zonepin
