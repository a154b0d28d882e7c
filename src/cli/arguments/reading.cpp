// Commands that show what is live.
#include "cli/arguments/shared.h"

namespace zonepin {

namespace {

void define_snapshot(Grammar& grammar) {
  Syntax snapshot = grammar.command(Command::snapshot, "snapshot",
                                    "Save what is live, for planning elsewhere without a credential",
                                    "zonepin snapshot --out live.json");
  add_paths(grammar, snapshot, "Manifests whose owners are to be looked up, too (none: no users)");
  add_owner_lookups(grammar, snapshot);
  snapshot.option("--out", grammar.options().out_file, "FILE", "Where to; standard output without it");
  add_network(grammar, snapshot);
}

void define_list(Grammar& grammar) {
  const Syntax list =
      grammar.group("list", "List the live tokens or network zones", "zonepin list tokens --format json");
  Syntax tokens = grammar.command_in(list, Command::list_tokens, "tokens",
                                     "List the live API tokens; as JSON, Okta's ten fields of each",
                                     "zonepin list tokens --format json");
  add_network(grammar, tokens);
  Syntax zones =
      grammar.command_in(list, Command::list_zones, "zones",
                         "List the network zones, and which a token can use", "zonepin list zones");
  add_network(grammar, zones);
}

void define_get(Grammar& grammar) {
  Syntax get =
      grammar.command(Command::get, "get", "Show one live API token", "zonepin get 00Tabcdefg1234567890");
  get.argument("id", grammar.options().subject, "ID", "The token's id");
  add_network(grammar, get);
}

void define_doctor(Grammar& grammar) {
  Syntax doctor = grammar.command(Command::doctor, "doctor",
                                  "Check what zonepin needs: org, TLS, clock, credential, permissions, rate "
                                  "limit",
                                  "zonepin doctor --org acme.okta.com");
  add_network(grammar, doctor);
}

}  // namespace

void define_reading(Grammar& grammar) {
  define_snapshot(grammar);
  define_list(grammar);
  define_get(grammar);
  define_doctor(grammar);
}

}  // namespace zonepin
