#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "base/text.h"
#include "cli/option_values.h"
#include "cli/usage_mistake.h"

namespace zonepin {

namespace {

// A checker that names the words it takes, and the nearest one to what it was given.
CLI::Validator one_of(const std::vector<std::string>& words) {
  const auto check = [words](const std::string& text) -> std::string {
    if (std::find(words.begin(), words.end(), text) != words.end()) return {};
    const std::string hint = did_you_mean(text, {words.begin(), words.end()});
    return "wants " + join(words, ", ") + ", not " + in_quotes(text) + (hint.empty() ? "" : "; " + hint);
  };
  return CLI::Validator(check, "");
}

// An empty value is a variable that nobody set.
CLI::Validator not_empty() {
  return CLI::Validator(
      [](const std::string& text) { return text.empty() ? std::string("is empty") : std::string(); }, "");
}

// The limits stay out of the help's table: the message of the one who breaks them tells.
template <class Number>
CLI::Validator between(Number least, Number most) {
  return CLI::Range(least, most).description("");
}

class Definition {
 public:
  Definition(Options& options, RawOptions& raw)
      : options_(options),
        raw_(raw),
        app_("Pins every Okta API token to the network zones it may be used from.", "zonepin") {
    app_.require_subcommand(1);
    app_.fallthrough(false);
    app_.get_formatter()->column_width(30);
    app_.footer(
        "Exit codes: 0 done, 1 error, 2 changes or drift, 3 invalid input, 4 blocked by a guard, 5 stale or "
        "foreign,\n"
        "6 partial, 7 not authorised, 8 not finished, 9 violations, 130 interrupted.\n"
        "\nExample: zonepin plan manifests\n");
    app_.set_version_flag("--version", "zonepin " ZONEPIN_VERSION, "Print the version and exit");
    define_planning();
    define_apply();
    define_reading();
    define_export();
    define_others();
  }

  CLI::App& app() { return app_; }
  const std::map<CLI::App*, Command>& commands() const { return commands_; }

 private:
  CLI::App* add(Command command, CLI::App* parent, const std::string& name, const std::string& help,
                const std::string& example) {
    CLI::App* sub = parent->add_subcommand(name, help);
    sub->footer("Example: " + example + "\n");
    commands_.emplace(sub, command);
    add_everywhere(sub);
    return sub;
  }

  void add_everywhere(CLI::App* sub) {
    sub->add_option("--format", raw_.format, "What standard output gets: text or json")
        ->check(one_of({"text", "json"}))
        ->type_name("FORMAT");
    sub->add_option("--color", raw_.color, "Colours: auto, always or never (NO_COLOR is honoured)")
        ->check(one_of({"auto", "always", "never"}))
        ->type_name("WHEN");
    sub->add_option("--log-level", raw_.log_level,
                    "How much standard error tells: trace, debug, info, warning, error or off")
        ->check(one_of({"trace", "debug", "info", "warning", "error", "off"}))
        ->type_name("LEVEL");
    sub->add_option("--log-format", raw_.log_format, "Log lines as text or json")
        ->check(one_of({"text", "json"}))
        ->type_name("FORMAT");
  }

  void add_network(CLI::App* sub) {
    many(sub, "--org", options_.orgs,
         "The org: a label (acme), a host (acme.okta.com) or a URL; may be repeated", "ORG");
    sub->add_option("--ca-file", options_.ca_file,
                    "Certificate authorities to trust, PEM (for a company proxy)")
        ->type_name("FILE");
    sub->add_option("--timeout", raw_.timeout,
                    "End the run after this long (90s, 10m, 2h); what was done stays done")
        ->check(check_length)
        ->type_name("TIME");
    sub->add_option("--parallelism", options_.parallelism, "Requests in flight at most, at each org")
        ->check(between(1, 64))
        ->type_name("N");
    sub->add_option("--budget", options_.budget_percent, "Percent of a rate-limit window to use at most")
        ->check(between(1, 100))
        ->type_name("PERCENT");
  }

  void add_selection(CLI::App* sub) {
    many(sub, "--only", options_.selection.only, "Of the orgs only those whose host fits; may be repeated",
         "GLOB");
    sub->add_option("--shard", raw_.shard, "Of the orgs only part K of N: the same ones in every run")
        ->type_name("K/N");
  }

  void add_paths(CLI::App* sub, const std::string& help) {
    sub->add_option("path", options_.paths, help)->type_name("PATH")->take_all();
  }

  void add_live(CLI::App* sub) {
    sub->add_option("--live", options_.live_file,
                    "Plan against this snapshot instead of Okta; no credential is needed")
        ->type_name("FILE");
  }

  void add_guards(CLI::App* sub) {
    sub->add_flag("--allow-revoke", options_.policy.allow_revoke,
                  "Let apply revoke what the manifests say (it can't be undone)");
    sub->add_option("--max-revoke", options_.policy.max_revoke,
                    "Revoke at most so many; instead of `limits:`")
        ->check(between(0, 1'000'000))
        ->type_name("N");
    sub->add_option("--max-update-pct", options_.policy.max_update_pct,
                    "Change at most so many percent of the live tokens; instead of `limits:`")
        ->check(between(0, 100))
        ->type_name("PERCENT");
    many(sub, "--ack", raw_.acks,
         "Lift a guard for one token; may be repeated. A bare GUARD on a terminal only", "GUARD:TOKEN_ID");
  }

  // A list option that takes one value at a time, so that it does not swallow the paths behind it.
  static void many(CLI::App* sub, const std::string& name, std::vector<std::string>& values,
                   const std::string& help, const std::string& type) {
    sub->add_option(name, values, help)
        ->type_name(type)
        ->allow_extra_args(false)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  void add_base(CLI::App* sub) {
    sub->add_option(
           "--base", options_.base_dir,
           "The manifests before a change: each action says whether the change causes it or was due before")
        ->type_name("DIR");
    sub->add_option("--only-cause", raw_.only_cause,
                    "Take only the actions of this cause, with --base: change or drift")
        ->check(one_of({"change", "drift"}))
        ->type_name("CAUSE");
  }

  void add_owner_lookups(CLI::App* command) {
    command
        ->add_option("--max-owner-lookups", options_.max_owner_lookups,
                     "Look up at most so many owners for globs on `owner` (default 500)")
        ->check(between(0, 100'000))
        ->type_name("N");
  }

  void define_planning() {
    CLI::App* plan =
        add(Command::plan, &app_, "plan", "Show what would change, and what blocks it; sends no write",
            "zonepin plan manifests --out plan.json");
    add_paths(plan, "Manifest files and folders; - is standard input (default: manifests)");
    add_live(plan);
    add_owner_lookups(plan);
    add_base(plan);
    add_guards(plan);
    plan->add_option("--out", options_.out_file, "Save the plan for `apply --plan`")->type_name("FILE");
    plan->add_option("--plan-ttl", raw_.plan_ttl, "How long the saved plan may be applied (default 7d)")
        ->check(check_length)
        ->type_name("TIME");
    plan->add_flag("--detailed-exitcode", options_.detailed_exitcode, "Exit 2 when there are changes");
    plan->add_flag("--enforce", options_.enforce, "Exit 4 where a guard would block apply");
    add_selection(plan);
    add_network(plan);

    CLI::App* drift = add(Command::drift, &app_, "drift",
                          "Report how the live org differs from the manifests: exit 2 if it does",
                          "zonepin drift manifests --format json");
    add_paths(drift, "Manifest files and folders; - is standard input (default: manifests)");
    add_live(drift);
    add_owner_lookups(drift);
    add_selection(drift);
    add_network(drift);

    CLI::App* explain = add(Command::explain, &app_, "explain",
                            "Say who decides for a token, who else speaks of it, and what would change it",
                            "zonepin explain ci-deployer manifests");
    explain->add_option("token", options_.subject, "The id or the exact name of a token")
        ->required()
        ->type_name("TOKEN");
    add_paths(explain, "Manifest files and folders; - is standard input (default: manifests)");
    add_live(explain);
    add_owner_lookups(explain);
    add_selection(explain);
    add_network(explain);

    define_can_i();

    CLI::App* validate = add(Command::validate, &app_, "validate",
                             "Check manifests: every mistake with its place; without Okta, but for --online",
                             "zonepin validate manifests");
    add_paths(validate, "Manifest files and folders; - is standard input (default: manifests)");
    validate->add_flag("--online", options_.online,
                       "Hold ids, names, zones and owners against the live org as well; sends no write");
    validate
        ->add_option("--live", options_.live_file, "The same against this snapshot; no credential is needed")
        ->type_name("FILE");
    add_owner_lookups(validate);
    add_selection(validate);
    add_network(validate);

    CLI::App* fmt = add(Command::fmt, &app_, "fmt",
                        "Write manifests in their canonical form: order, spacing, quotes; comments stay",
                        "zonepin fmt manifests --check");
    add_paths(fmt,
              "Manifest files and folders; - writes standard input to standard output (default: manifests)");
    fmt->add_flag("--check", options_.check, "Write nothing; name the files that differ, and exit 3");
    fmt->add_flag("--diff", options_.diff, "Write nothing; show what would change");
  }

  void define_can_i() {
    CLI::App* can_i = add(Command::can_i, &app_, "can-i",
                          "Say whether a token, or who of all tokens, may be used from an address",
                          "zonepin can-i --token ci-deployer --ip 203.0.113.10 --plan plan.json");
    can_i->add_option("--token", options_.token, "The id or exact name of a token (default: all of them)")
        ->check(not_empty())
        ->type_name("TOKEN");
    many(can_i, "--ip", options_.ips,
         "From where: an address, or a CIDR or range for all of it; may be repeated", "ADDRESS");
    can_i->get_option("--ip")->required();
    can_i->add_option("--plan", options_.plan_file, "Answer for after this saved plan as well")
        ->type_name("FILE");
    add_paths(can_i, "Answer for after an apply of these manifests as well");
    many(can_i, "--zone-override", options_.zone_overrides,
         "Answer for after a zone edit: all that the zone would hold (none: nothing); may be repeated",
         "NAME=CIDR,…");
    can_i
        ->add_option("--live", options_.live_file,
                     "Ask this snapshot instead of Okta; no credential is needed")
        ->type_name("FILE");
    add_owner_lookups(can_i);
    add_selection(can_i);
    add_network(can_i);
  }

  void define_apply() {
    CLI::App* apply =
        add(Command::apply, &app_, "apply", "Carry out a plan: replace conditions, revoke tokens",
            "zonepin apply --plan plan.json");
    add_paths(apply, "Manifest files and folders; - is standard input (default: manifests)");
    apply->add_option("--plan", options_.plan_file, "Carry out this saved plan, exactly, without asking")
        ->type_name("FILE");
    apply->add_flag("--auto-approve", options_.auto_approve, "Don't ask; needed where nobody can be asked");
    add_owner_lookups(apply);
    add_base(apply);
    apply
        ->add_option("--approved", options_.approved_file,
                     "Plan anew, and carry it out without asking if this plan holds every action")
        ->type_name("FILE");
    add_guards(apply);
    apply->add_flag("--recheck", options_.recheck, "Read each token once more just before its write");
    apply->add_option("--max-failures", options_.max_failures, "End the run after so many failed actions")
        ->check(between(1, 1'000'000))
        ->type_name("N");
    apply->add_option("--live", options_.live_file)->group("");  // Only to be refused in words.
    add_selection(apply);
    add_network(apply);

    define_orders();
  }

  void define_orders() {
    CLI::App* revoke = add(Command::revoke, &app_, "revoke",
                           "Revoke tokens by id, or the one that zonepin runs with; it can't be undone",
                           "zonepin revoke 00Tabcdefg1234567890 --reason SEC-123 --emit revoked.yaml");
    revoke->add_option("id", options_.ids, "The tokens' ids")->type_name("ID")->take_all();
    revoke->add_flag("--current", options_.current,
                     "The token of OKTA_API_TOKEN instead; it can't be brought back");
    add_order(revoke, "Why, for the record; needed");

    CLI::App* fence =
        add(Command::fence, &app_, "fence", "Let tokens be used from one network zone alone, at once",
            "zonepin fence 00Tabcdefg1234567890 --zone quarantine --emit fenced.yaml");
    fence->add_option("id", options_.ids, "The tokens' ids")->required()->type_name("ID")->take_all();
    fence->add_option("--zone", options_.zone, "The zone, by name or id")->required()->type_name("ZONE");
    add_order(fence, "Why, for the record");

    CLI::App* identify =
        add(Command::identify, &app_, "identify",
            "Say which token a secret belongs to, by using it once; needs another credential",
            "zonepin identify --secret-file leaked.txt");
    identify
        ->add_option("--secret-file", options_.secret_file,
                     "The file that holds the secret; - is standard input (default)")
        ->type_name("FILE");
    add_network(identify);
  }

  void add_order(CLI::App* sub, const std::string& reason) {
    sub->add_option("--reason", options_.reason, reason)->type_name("TEXT");
    sub->add_option("--emit", options_.emit_file, "Write the manifest that keeps it so, a new file")
        ->type_name("FILE");
    sub->add_flag("--auto-approve", options_.auto_approve, "Don't ask; needed where nobody can be asked");
    many(sub, "--ack", raw_.acks,
         "Lift a guard for one token; may be repeated. A bare GUARD on a terminal only", "GUARD:TOKEN_ID");
    add_network(sub);
  }

  void define_reading() {
    CLI::App* snapshot = add(Command::snapshot, &app_, "snapshot",
                             "Save what is live, for planning elsewhere without a credential",
                             "zonepin snapshot --out live.json");
    add_paths(snapshot, "Manifests whose owners are to be looked up, too (none: no users)");
    add_owner_lookups(snapshot);
    snapshot->add_option("--out", options_.out_file, "Where to; standard output without it")
        ->type_name("FILE");
    add_network(snapshot);

    CLI::App* list = app_.add_subcommand("list", "List the live tokens or network zones");
    list->require_subcommand(1);
    list->footer("Example: zonepin list tokens --format json\n");
    CLI::App* tokens = add(Command::list_tokens, list, "tokens",
                           "List the live API tokens; as JSON, Okta's ten fields of each",
                           "zonepin list tokens --format json");
    add_network(tokens);
    CLI::App* zones = add(Command::list_zones, list, "zones",
                          "List the network zones, and which a token can use", "zonepin list zones");
    add_network(zones);

    CLI::App* get =
        add(Command::get, &app_, "get", "Show one live API token", "zonepin get 00Tabcdefg1234567890");
    get->add_option("id", options_.subject, "The token's id")->required()->type_name("ID");
    add_network(get);

    CLI::App* doctor = add(Command::doctor, &app_, "doctor",
                           "Check what zonepin needs: org, TLS, clock, credential, permissions, rate limit",
                           "zonepin doctor --org acme.okta.com");
    add_network(doctor);
  }

  void define_export() {
    CLI::App* sub = add(Command::export_, &app_, "export",
                        "Write what is live as manifests, to adopt an existing org; sends no write",
                        "zonepin export --org acme.okta.com --out manifests/acme.yaml");
    add_paths(sub, "With --unmanaged-only: manifest files and folders (default: manifests)");
    sub->add_option("--live", options_.live_file,
                    "Export this snapshot instead of Okta; no credential is needed")
        ->type_name("FILE");
    sub->add_option(
           "--key", raw_.export_key,
           "How entries name tokens: auto (by name where it is unique and the owner active), id or name")
        ->check(one_of({"auto", "id", "name"}))
        ->type_name("KEY");
    sub->add_flag("--with-usage", options_.with_usage, "Say in a comment when each token was used last");
    sub->add_flag("--group-rules", options_.group_rules,
                  "Find rules that cover many tokens with the same condition; the rest are entries");
    sub->add_option("--out", options_.out_file, "Write a new file (default: standard output)")
        ->type_name("FILE");
    sub->add_option("--split", options_.split_folder, "Write a new file for each org into this folder")
        ->type_name("DIR");
    sub->add_option("--append", options_.append_file,
                    "Add to this manifest what it does not speak of yet, and leave the rest of it as it is")
        ->type_name("FILE");
    sub->add_flag("--unmanaged-only", options_.unmanaged_only,
                  "Only tokens that the manifests of PATH leave unmanaged");
    sub->add_option("--state", raw_.state,
                    "revoked: with --unmanaged-only, as proposals to revoke, to be reviewed")
        ->check(one_of({"revoked"}))
        ->type_name("STATE");
    add_owner_lookups(sub);
    add_selection(sub);
    add_network(sub);
  }

  void define_others() {
    CLI::App* show =
        add(Command::show, &app_, "show", "Show a saved plan again, or the plan that takes it back",
            "zonepin show plan.json --reverse --out undo.json");
    show->add_option("file", options_.subject, "A plan file")->required()->type_name("FILE");
    show->add_flag("--reverse", options_.reverse, "The plan that puts every replaced condition back");
    show->add_option("--out", options_.out_file, "Save the plan that is shown")->type_name("FILE");

    CLI::App* schema =
        add(Command::schema, &app_, "schema", "Print a JSON Schema: manifest, plan, outcome or snapshot",
            "zonepin schema manifest");
    schema->add_option("name", options_.subject, "manifest, plan, outcome or snapshot")
        ->required()
        ->check(one_of({"manifest", "plan", "outcome", "snapshot"}))
        ->type_name("NAME");

    add(Command::version, &app_, "version", "Print the version", "zonepin version");
  }

  Options& options_;
  RawOptions& raw_;
  CLI::App app_;
  std::map<CLI::App*, Command> commands_;
};

}  // namespace

Result<Parsed> parse_arguments(const std::vector<std::string>& arguments) {
  Parsed parsed;
  RawOptions raw;
  Definition definition(parsed.options, raw);
  CLI::App& app = definition.app();
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
  parsed.options.command = definition.commands().at(deepest(app));
  if (auto taken = take_over(raw, parsed.options); !taken) return fail(taken.error());
  if (auto checked = check_together(parsed.options); !checked) return fail(checked.error());
  return parsed;
}

}  // namespace zonepin
