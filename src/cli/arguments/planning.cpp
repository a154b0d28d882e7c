// Commands that hold manifests against what is live, and write nothing.
#include "cli/arguments/shared.h"
#include "model/profile.h"

namespace zonepin {

namespace {

const char* const kPlanAgainst =
    "Plan against this snapshot, or a folder of them, instead of Okta; no credential is needed";

void define_plan(Grammar& grammar) {
  Options& options = grammar.options();
  Syntax plan =
      grammar.command(Command::plan, "plan", "Show what would change, and what blocks it; sends no write",
                      "zonepin plan manifests --out plan.json");
  add_manifests(grammar, plan);
  add_live(grammar, plan, kPlanAgainst);
  add_owner_lookups(grammar, plan);
  add_base(grammar, plan);
  add_guards(grammar, plan);
  plan.option("--out", options.out_file, "FILE", "Save the plan for `apply --plan`");
  plan.length("--plan-ttl", grammar.raw().plan_ttl, "How long the saved plan may be applied (default 7d)");
  plan.flag("--detailed-exitcode", options.detailed_exitcode, "Exit 2 when there are changes");
  plan.flag("--enforce", options.enforce, "Exit 4 where a guard would block apply");
  add_selection(grammar, plan);
  add_network(grammar, plan);
}

void define_drift(Grammar& grammar) {
  Syntax drift = grammar.command(Command::drift, "drift",
                                 "Report how the live org differs from the manifests: exit 2 if it does",
                                 "zonepin drift manifests --baseline last-week.json");
  add_manifests(grammar, drift);
  add_live(grammar, drift, kPlanAgainst);
  drift.option("--baseline", grammar.options().baseline, "PATH",
               "Say what is new since this snapshot, or since a folder of them for many orgs");
  drift.option("--metrics", grammar.options().metrics_file, "FILE",
               "Write metrics for Prometheus there, whatever the exit code");
  add_soft_fail(grammar, drift, "Exit 0 where drift would exit 2; errors keep their codes");
  add_owner_lookups(grammar, drift);
  add_selection(grammar, drift);
  add_network(grammar, drift);
}

void define_check(Grammar& grammar) {
  Options& options = grammar.options();
  Syntax check = grammar.command(Command::check, "check",
                                 "Judge every live token by the rules of a profile: exit 9 on a violation",
                                 "zonepin check manifests --profile stig --evidence audit-2026-12");
  add_manifests(grammar, check);
  check.filled_option("--profile", options.profile, "NAME|FILE",
                      "The rules and how much each matters: default, stig, or a file of kind Profile");
  check.offers("--profile", {kProfileNames.begin(), kProfileNames.end()});
  check.option("--evidence", options.evidence_folder, "DIR",
               "Write what an auditor asks for into this folder, new or empty: snapshots, results, hashes");
  add_soft_fail(grammar, check, "Exit 0 where check would exit 9; errors keep their codes");
  check.flag("--owners", options.with_owners, "Also look at whether each token's owner is active");
  add_live(grammar, check, "Check this snapshot instead of Okta; no credential is needed");
  add_owner_lookups(grammar, check);
  add_selection(grammar, check);
  add_network(grammar, check);
}

void define_explain(Grammar& grammar) {
  Syntax explain = grammar.command(Command::explain, "explain",
                                   "Say who decides for a token, who else speaks of it, and what would "
                                   "change it",
                                   "zonepin explain ci-deployer manifests");
  explain.argument("token", grammar.options().subject, "TOKEN", "The id or the exact name of a token");
  add_manifests(grammar, explain);
  add_live(grammar, explain, kPlanAgainst);
  add_owner_lookups(grammar, explain);
  add_selection(grammar, explain);
  add_network(grammar, explain);
}

void define_can_i(Grammar& grammar) {
  Options& options = grammar.options();
  Syntax can_i = grammar.command(Command::can_i, "can-i",
                                 "Say whether a token, or who of all tokens, may be used from an address",
                                 "zonepin can-i --token ci-deployer --ip 203.0.113.10 --plan plan.json");
  can_i.filled_option("--token", options.token, "TOKEN",
                      "The id or exact name of a token (default: all of them)");
  can_i.each("--ip", options.ips, "ADDRESS",
             "From where: an address, or a CIDR or range for all of it; may be repeated");
  can_i.needs("--ip");
  can_i.option("--plan", options.plan_file, "FILE", "Answer for after this saved plan as well");
  add_paths(grammar, can_i, "Answer for after an apply of these manifests as well");
  can_i.each("--zone-override", options.zone_overrides, "NAME=CIDR,...",
             "Answer for after a zone edit: all that the zone would hold (none: nothing); may be repeated");
  add_live(grammar, can_i,
           "Ask this snapshot, or a folder of them, instead of Okta; no credential is needed");
  add_owner_lookups(grammar, can_i);
  add_selection(grammar, can_i);
  add_network(grammar, can_i);
}

}  // namespace

void define_planning(Grammar& grammar) {
  define_plan(grammar);
  define_drift(grammar);
  define_check(grammar);
  define_explain(grammar);
  define_can_i(grammar);
}

}  // namespace zonepin
