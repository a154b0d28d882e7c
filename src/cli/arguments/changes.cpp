// Commands that write to Okta, and `identify`, which uses a secret there.
#include "cli/arguments/shared.h"

namespace zonepin {

namespace {

const char* const kDontAsk = "Don't ask; needed where nobody can be asked";

void define_apply(Grammar& grammar) {
  Options& options = grammar.options();
  Syntax apply =
      grammar.command(Command::apply, "apply", "Carry out a plan: replace conditions, revoke tokens",
                      "zonepin apply --plan plan.json");
  add_manifests(grammar, apply);
  apply.option("--plan", options.plan_file, "FILE", "Carry out this saved plan, exactly, without asking");
  apply.flag("--auto-approve", options.auto_approve, kDontAsk);
  add_owner_lookups(grammar, apply);
  add_base(grammar, apply);
  apply.option("--approved", options.approved_file, "FILE",
               "Plan anew, and carry it out without asking if this plan holds every action");
  add_guards(grammar, apply);
  apply.flag("--recheck", options.recheck, "Read each token once more just before its write");
  apply.number("--max-failures", options.max_failures, 1, 1'000'000, "N",
               "End the run after so many failed actions");
  apply.option("--journal", options.journal_file, "FILE",
               "Append to this file what is about to be written, and what came of it");
  apply.hidden("--live", options.live_file);
  add_selection(grammar, apply);
  add_network(grammar, apply);
}

void add_order(Grammar& grammar, Syntax& command, const std::string& reason) {
  Options& options = grammar.options();
  command.option("--reason", options.reason, "TEXT", reason);
  command.option("--emit", options.emit_file, "FILE", "Write the manifest that keeps it so, a new file");
  command.flag("--auto-approve", options.auto_approve, kDontAsk);
  add_acks(grammar, command);
  add_network(grammar, command);
}

void define_revoke(Grammar& grammar) {
  Options& options = grammar.options();
  Syntax revoke = grammar.command(Command::revoke, "revoke",
                                  "Revoke tokens by id, or the one that zonepin runs with; it can't be "
                                  "undone",
                                  "zonepin revoke 00Tabcdefg1234567890 --reason SEC-123 --emit revoked.yaml");
  revoke.arguments("id", options.ids, "ID", "The tokens' ids");
  revoke.flag("--current", options.current, "The token of OKTA_API_TOKEN instead; it can't be brought back");
  add_order(grammar, revoke, "Why, for the record; needed");
}

void define_fence(Grammar& grammar) {
  Options& options = grammar.options();
  Syntax fence =
      grammar.command(Command::fence, "fence", "Let tokens be used from one network zone alone, at once",
                      "zonepin fence 00Tabcdefg1234567890 --zone quarantine --emit fenced.yaml");
  fence.arguments("id", options.ids, "ID", "The tokens' ids");
  fence.needs("id");
  fence.option("--zone", options.zone, "ZONE", "The zone, by name or id");
  fence.needs("--zone");
  add_order(grammar, fence, "Why, for the record");
}

void define_identify(Grammar& grammar) {
  Syntax identify =
      grammar.command(Command::identify, "identify",
                      "Say which token a secret belongs to, by using it once; needs another credential",
                      "zonepin identify --secret-file leaked.txt");
  identify.option("--secret-file", grammar.options().secret_file, "FILE",
                  "The file that holds the secret; - is standard input (default)");
  add_network(grammar, identify);
}

}  // namespace

void define_changes(Grammar& grammar) {
  define_apply(grammar);
  define_revoke(grammar);
  define_fence(grammar);
  define_identify(grammar);
}

}  // namespace zonepin
