#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <map>
#include <memory>

#include "base/text.h"
#include "model/desired.h"

namespace zonepin {

namespace {

constexpr std::int64_t kMaxDays = 3'660;

// `90`, `90s`, `10m`, `2h`, `7d`, or ISO 8601 without years and months.
std::optional<Duration> parse_length(const std::string& text) {
  if (!text.empty() && text.front() == 'P') return parse_duration(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number <= 0 || number > kMaxDays * 86'400) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit.empty() || unit == "s") return Duration{0, 0, number};
  if (unit == "m") return Duration{0, 0, number * 60};
  if (unit == "h") return Duration{0, 0, number * 3'600};
  if (unit == "d" && number <= kMaxDays) return Duration{0, number, 0};
  return std::nullopt;
}

// A checker that names the words it takes, and the nearest one to what it was given.
CLI::Validator one_of(const std::vector<std::string>& words) {
  const auto check = [words](const std::string& text) -> std::string {
    if (std::find(words.begin(), words.end(), text) != words.end()) return {};
    const std::string hint = did_you_mean(text, {words.begin(), words.end()});
    return "wants " + join(words, ", ") + ", not " + in_quotes(text) + (hint.empty() ? "" : "; " + hint);
  };
  return CLI::Validator(check, "");
}

// The limits stay out of the help's table: the message of the one who breaks them tells.
template <class Number>
CLI::Validator between(Number least, Number most) {
  return CLI::Range(least, most).description("");
}

std::string check_length(const std::string& text) {
  const auto length = parse_length(text);
  if (length && *length != Duration{}) return {};
  return "wants a length of time such as 90s, 10m, 2h, 7d or PT10M, not " + in_quotes(text);
}

// What CLI11 fills in as text, before it becomes Options.
struct Raw {
  std::string format = "text";
  std::string color = "auto";
  std::string log_level = "warning";
  std::string log_format = "text";
  std::string timeout;
  std::string plan_ttl = "7d";
  std::vector<std::string> acks;
};

class Definition {
 public:
  Definition(Options& options, Raw& raw)
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
    sub->add_option("--parallelism", options_.parallelism, "Requests in flight at most")
        ->check(between(1, 64))
        ->type_name("N");
    sub->add_option("--budget", options_.budget_percent, "Percent of a rate-limit window to use at most")
        ->check(between(1, 100))
        ->type_name("PERCENT");
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
    add_guards(plan);
    plan->add_option("--out", options_.out_file, "Save the plan for `apply --plan`")->type_name("FILE");
    plan->add_option("--plan-ttl", raw_.plan_ttl, "How long the saved plan may be applied (default 7d)")
        ->check(check_length)
        ->type_name("TIME");
    plan->add_flag("--detailed-exitcode", options_.detailed_exitcode, "Exit 2 when there are changes");
    plan->add_flag("--enforce", options_.enforce, "Exit 4 where a guard would block apply");
    add_network(plan);

    CLI::App* drift = add(Command::drift, &app_, "drift",
                          "Report how the live org differs from the manifests: exit 2 if it does",
                          "zonepin drift manifests --format json");
    add_paths(drift, "Manifest files and folders; - is standard input (default: manifests)");
    add_live(drift);
    add_owner_lookups(drift);
    add_network(drift);

    CLI::App* validate =
        add(Command::validate, &app_, "validate",
            "Check manifests without Okta: every mistake with its place", "zonepin validate manifests");
    add_paths(validate, "Manifest files and folders; - is standard input (default: manifests)");
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
    add_guards(apply);
    apply->add_option("--max-failures", options_.max_failures, "End the run after so many failed actions")
        ->check(between(1, 1'000'000))
        ->type_name("N");
    apply->add_option("--live", options_.live_file)->group("");  // Only to be refused in words.
    add_network(apply);

    CLI::App* revoke = add(Command::revoke, &app_, "revoke", "Revoke the token that zonepin itself runs with",
                           "zonepin revoke --current");
    revoke->add_flag("--current", options_.current, "The token of OKTA_API_TOKEN; it can't be brought back")
        ->required();
    revoke->add_flag("--auto-approve", options_.auto_approve, "Don't ask; needed where nobody can be asked");
    add_network(revoke);
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
  Raw& raw_;
  CLI::App app_;
  std::map<CLI::App*, Command> commands_;
};

Milliseconds length_of(const Duration& duration) {
  // Years and months are refused before: a day has 24 hours here.
  return std::chrono::duration_cast<Milliseconds>(
      std::chrono::seconds(duration.days * 86'400 + duration.seconds));
}

Result<AckFlag> parse_ack(const std::string& text) {
  const std::size_t colon = text.find(':');
  AckFlag ack{text.substr(0, colon), colon == std::string::npos ? std::string() : text.substr(colon + 1)};
  if (!is_guard_name(ack.guard)) {
    const std::vector<std::string_view> known(kGuardNames.begin(), kGuardNames.end());
    std::string mend = ack.guard == "allow-revoke" ? "revokes are allowed with --allow-revoke"
                                                   : did_you_mean(ack.guard, known);
    if (mend.empty()) mend = "guards are " + join({kGuardNames.begin(), kGuardNames.end()}, ", ");
    return fail(Trouble::usage, "--ack: no guard is named " + in_quotes(ack.guard), mend);
  }
  if (colon != std::string::npos && !is_token_id(ack.token_id)) {
    return fail(Trouble::usage, "--ack: " + in_quotes(ack.token_id) + " is no token id",
                "write --ack " + ack.guard + ":TOKEN_ID");
  }
  return ack;
}

LogLevel log_level_of(const std::string& word) {
  static const std::map<std::string, LogLevel> levels = {
      {"trace", LogLevel::trace},     {"debug", LogLevel::debug}, {"info", LogLevel::info},
      {"warning", LogLevel::warning}, {"error", LogLevel::error}, {"off", LogLevel::off}};
  return levels.at(word);
}

Result<void> take_over(const Raw& raw, Options& options) {
  options.format = raw.format == "json" ? Format::json : Format::text;
  options.color = raw.color == "always"  ? ColorMode::always
                  : raw.color == "never" ? ColorMode::never
                                         : ColorMode::automatic;
  options.log_level = log_level_of(raw.log_level);
  options.log_format = raw.log_format == "json" ? LogFormat::json : LogFormat::text;
  if (!raw.timeout.empty()) {
    const auto timeout = parse_length(raw.timeout);
    if (timeout->months != 0)
      return fail(Trouble::usage, "--timeout: months and years have no fixed length", "write days or hours");
    options.timeout = length_of(*timeout);
  }
  options.plan_ttl = *parse_length(raw.plan_ttl);
  for (const std::string& text : raw.acks) {
    auto ack = parse_ack(text);
    if (!ack) return fail(ack.error());
    options.policy.acks.push_back(std::move(*ack));
  }
  return {};
}

Result<void> check_together(const Options& options) {
  if (options.command == Command::get && !is_token_id(options.subject)) {
    return fail(Trouble::usage, in_quotes(options.subject) + " is no token id",
                "ids are letters and digits, such as 00Tabcdefg1234567890; see `zonepin list tokens`");
  }
  if (options.command == Command::apply && !options.live_file.empty()) {
    return fail(Trouble::usage, "apply can't work on a snapshot: --live is for plan and drift",
                "leave --live out");
  }
  if (options.command == Command::apply && !options.plan_file.empty() && !options.paths.empty()) {
    return fail(Trouble::usage, "apply takes either --plan FILE or manifests, not both",
                "leave one of them out");
  }
  return {};
}

// The words after which a person may have mistyped: every command, or every option of the command in use.
std::vector<std::string> words_of(const CLI::App& app, const std::string& wrong) {
  std::vector<std::string> words;
  if (!wrong.empty() && wrong.front() == '-') {
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
    }
  } else {
    for (const CLI::App* sub : app.get_subcommands({})) words.push_back(sub->get_name());
  }
  return words;
}

CLI::App* deepest(CLI::App& app) {
  CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return at;
}

// The first argument that `at` does not know: an option without a meaning, or a word where a command or
// nothing is wanted. A value of an option looks like a word, too, so options come first.
std::optional<std::string> unknown_word(const CLI::App& at, const std::vector<std::string>& arguments) {
  const auto is_option = [](const std::string& argument) {
    return argument.size() > 1 && argument.front() == '-';
  };
  for (const std::string& argument : arguments) {
    const std::string word = argument.substr(0, argument.find('='));
    if (!is_option(word)) continue;
    const auto words = words_of(at, word);
    if (std::find(words.begin(), words.end(), word) == words.end()) return word;
  }
  const auto remaining = at.remaining();
  for (const std::string& word : remaining) {
    if (!word.empty() && !is_option(word)) return word;
  }
  // What a command that is still missing could have been.
  bool after = at.get_parent() == nullptr;
  for (const std::string& word : arguments) {
    if (after && !word.empty() && !is_option(word)) return word;
    after = after || word == at.get_name();
  }
  return std::nullopt;
}

std::string an_example(std::string text) {
  if (text.rfind("Example: ", 0) == 0) text = "for instance `" + text.substr(9);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text + "`";
}

tl::unexpected<Error> explain_mistake(CLI::App& app, const CLI::ParseError& error,
                                      const std::vector<std::string>& arguments) {
  CLI::App* at = deepest(app);
  std::string path = "zonepin";
  if (at != &app && at->get_parent() != &app) path += " " + at->get_parent()->get_name();
  if (at != &app) path += " " + at->get_name();
  const std::string mend = "see `" + path + " --help`";
  const bool wants_command = at->get_subcommands({}).size() > 0;
  const bool is_extra = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
  const bool is_missing = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
  if (is_extra || (is_missing && wants_command)) {
    if (const auto word = unknown_word(*at, arguments)) {
      const bool is_option = word->front() == '-';
      const auto words = words_of(*at, *word);
      const std::string hint =
          is_option || wants_command ? did_you_mean(*word, {words.begin(), words.end()}) : std::string();
      const std::string what = is_option       ? "no option of " + path + " is named " + in_quotes(*word)
                               : wants_command ? "no command is named " + in_quotes(*word)
                                               : in_quotes(*word) + " is one argument too many";
      return fail(Trouble::usage, what, hint.empty() ? mend : hint + " " + mend);
    }
    if (wants_command)
      return fail(Trouble::usage, path + " wants a command: " + join(words_of(*at, {}), ", "), mend);
  }
  if (is_missing)
    return fail(Trouble::usage, escape_cut(error.what(), 300), an_example(at->get_footer()) + "; " + mend);
  return fail(Trouble::usage, escape_cut(error.what(), 300), mend);
}

}  // namespace

Result<Parsed> parse_arguments(const std::vector<std::string>& arguments) {
  Parsed parsed;
  Raw raw;
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
    return explain_mistake(app, error, arguments);
  }
  parsed.options.command = definition.commands().at(deepest(app));
  if (auto taken = take_over(raw, parsed.options); !taken) return fail(taken.error());
  if (auto checked = check_together(parsed.options); !checked) return fail(checked.error());
  return parsed;
}

}  // namespace zonepin
