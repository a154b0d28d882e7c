#include "sim/options.h"

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "sim/address.h"
#include "sim/files.h"
#include "sim/generate.h"
#include "sim/public_key.h"

namespace zonepin::sim {

namespace {

std::string choices_help() {
  std::string text = "Choices (--choice NAME=VALUE; the first value is the default):\n";
  for (const ChoiceWords& words : choice_words()) {
    text += "  " + std::string(words.name) + " =";
    for (const std::string_view value : words.values) text += " " + std::string(value);
    text += "\n";
  }
  return text;
}

std::string footer() {
  return "\n" + choices_help() +
         "\nExamples:\n"
         "  zonepin-sim --demo --port 8080 --verbose\n"
         "  zonepin-sim --state org.json --save org.json --port 0\n"
         "  zonepin-sim --tokens 5000 --zones 60 --seed 7 --rate 100000\n"
         "  zonepin-sim --demo --print-state > org.json\n"
         "  zonepin-sim --orgs 50 --tokens 1000\n"
         "  zonepin-sim --tls --tls-cert-out ca.pem --app-key-out app.pem --app-dpop required\n"
         "\nThe first lines on standard output are the address and a secret to call it with:\n"
         "  listening on http://127.0.0.1:8080\n"
         "  OKTA_API_TOKEN=00…\n"
         "and with --app-key-out the client id, key file and key id of a service app.\n";
}

constexpr std::size_t kMaxOrgs = 500;

// What CLI11 fills before it is checked.
struct RawWords {
  std::vector<std::string> choices;
  std::string caller;
  bool trust_forwarded = false;
  std::int64_t latency_ms = 0;
  std::int64_t clock_offset_seconds = 0;
  DemoAppOptions app;  // key_path empty: none
};

// A range whose limits stay out of the help: the description says what matters.
template <class Number>
CLI::Validator between(Number least, Number most) {
  return CLI::Range(least, most).description("");
}

void add_org_options(CLI::App& app, Options& options) {
  const auto add = [&](CLI::Option* option, const char* type) { option->group("The org")->type_name(type); };
  add(app.add_option("--state", options.state_path, "Load the org from this JSON file"), "FILE");
  add(app.add_flag("--demo", options.demo, "The demo's org: 14 tokens, 9 zones (the default)"), "");
  add(app.add_option("--tokens", options.tokens, "Generate an org with so many tokens, up to a million")
          ->check(between(std::size_t{0}, kMaxGeneratedTokens)),
      "N");
  add(app.add_option("--zones", options.zones,
                     "and so many zones, 3 system zones among them (9; at most 5000)")
          ->check(between(std::size_t{3}, kMaxGeneratedZones)),
      "N");
  add(app.add_option("--repeat-names", options.repeated_names,
                     "where so many tokens have the name of another"),
      "N");
  add(app.add_option("--seed", options.seed, "out of this number (1); also of all ids that follow"), "N");
  add(app.add_option("--orgs", options.orgs,
                     "So many orgs (1), each at a port of its own and out of the next seed")
          ->check(between(std::size_t{1}, kMaxOrgs)),
      "N");
  add(app.add_flag("--print-state", options.print_state, "Print the org as a state file and end"), "");
  add(app.add_option("--save", options.save_path,
                     "Write the org to this file after each write and at the end"),
      "FILE");
}

void add_app_options(CLI::App& app, RawWords& raw) {
  const auto add = [&](CLI::Option* option, const char* type) {
    option->group("A service app")->type_name(type);
    return option;
  };
  CLI::Option* key = add(app.add_option("--app-key-out", raw.app.key_path,
                                        "Add a service app and write its fresh private key to this file"),
                         "FILE");
  const std::vector<std::string> algorithms(std::begin(kSignatureAlgorithms), std::end(kSignatureAlgorithms));
  add(app.add_option("--app-key-type", raw.app.algorithm,
                     "RS256, RS384, RS512, ES256, ES384 or ES512 (RS256)")
          ->check(CLI::IsMember(algorithms).description("")),
      "ALG")
      ->needs(key);
  const std::vector<std::string> modes(std::begin(kDpopModes), std::end(kDpopModes));
  add(app.add_option("--app-dpop", raw.app.dpop,
                     "Whether its token requests need DPoP: optional, required (optional)")
          ->check(CLI::IsMember(modes).description("")),
      "MODE")
      ->needs(key);
}

void add_behaviour_options(CLI::App& app, Options& options, RawWords& raw) {
  const auto add = [&](CLI::Option* option, const char* type) {
    option->group("How it behaves")->type_name(type);
  };
  add(app.add_option("--rate", options.rate, "Requests per window of each path class (600, users 1000)")
          ->check(between(1, 1'000'000'000)),
      "N");
  add(app.add_option("--rate-window", options.rate_window_seconds, "Length of a window (60)")
          ->check(between(1, 86'400)),
      "SECONDS");
  add(app.add_option("--principal-percent", options.principal_percent,
                     "Share of a window that one token or app may use (100; Okta's default is 50)")
          ->check(between(1, 100)),
      "N");
  add(app.add_option("--max-concurrent", options.max_concurrent,
                     "Requests at once before 429 with a limit of 0; 0: any number (0)")
          ->check(between(0, 1'000'000)),
      "N");
  add(app.add_option("--faults", options.faults_path, "Let requests go wrong as this JSON file says"),
      "FILE");
  add(app.add_option("--page-size", options.page_size,
                     "Tokens per page; 0: all in one answer, as Okta does (0)")
          ->check(between(0, 1'000'000)),
      "N");
  const auto enforce = [&](const char* name, bool value, const char* help) {
    app.add_flag_callback(
           name, [&options, value] { options.enforce_network = value; }, help)
        ->group("How it behaves");
  };
  enforce("--enforce-network", true, "Hold callers to the network condition of their token (the default)");
  enforce("--no-enforce-network", false, "Let every caller in");
  add(app.add_option("--caller", raw.caller, "Take every caller for this IP address"), "ADDRESS");
  add(app.add_flag("--trust-forwarded", raw.trust_forwarded,
                   "Take the caller's address from X-Forwarded-For"),
      "");
  add(app.add_option("--choice", raw.choices, "How an open point of Okta is settled (repeatable; see below)")
          ->allow_extra_args(false),
      "NAME=VALUE");
  add(app.add_option("--clock-offset", raw.clock_offset_seconds,
                     "How far its clock is ahead of this machine's, negative: behind (0)")
          ->check(between(-10'000'000, 10'000'000)),
      "SECONDS");
  add(app.add_option("--latency", raw.latency_ms, "Wait so long before each answer (0)")
          ->check(between(0, 600'000)),
      "MS");
}

void add_server_options(CLI::App& app, Options& options) {
  const auto add = [&](CLI::Option* option, const char* type) {
    option->group("The server")->type_name(type);
  };
  add(app.add_option("--port", options.server.port, "Port to listen on; 0 takes a free one (0)")
          ->check(between(0, 65'535)),
      "N");
  add(app.add_option("--host", options.server.host, "Loopback address to listen on (127.0.0.1)"), "ADDRESS");
  CLI::Option* tls = app.add_flag("--tls", options.tls, "HTTPS, with a certificate made at start");
  add(tls, "");
  CLI::Option* out = app.add_option("--tls-cert-out", options.certificate_path,
                                    "Write that certificate to this file, for a client's --ca-file");
  add(out->needs(tls), "FILE");
  add(app.add_option("--log", options.log_path, "Append a line `METHOD path status` per request"), "FILE");
  add(app.add_flag("--verbose", options.verbose, "The same on standard error"), "");
}

Result<void> take_choices(const std::vector<std::string>& words, Options& options) {
  for (const std::string& word : words) {
    const std::size_t equals = std::min(word.find('='), word.size());
    std::string name = word.substr(0, equals);
    std::string value = equals < word.size() ? word.substr(equals + 1) : std::string();
    Choices scratch;
    if (!set_choice(scratch, name, value)) {
      return fail(Trouble::usage, "--choice " + in_quotes(word) + ": there is no such choice or value",
                  "zonepin-sim --help lists them");
    }
    options.choices.emplace_back(std::move(name), std::move(value));
  }
  return {};
}

Result<Options> checked(Options options, const RawWords& raw) {
  options.server.latency = Milliseconds(raw.latency_ms);
  options.clock_offset = std::chrono::seconds(raw.clock_offset_seconds);
  if (!is_loopback(options.server.host)) {
    return fail(Trouble::usage, "--host " + in_quotes(options.server.host) + " is no loopback address",
                "the simulator knows its secrets: it stays on this machine");
  }
  if (!raw.caller.empty()) {
    if (!parse_address(raw.caller))
      return fail(Trouble::usage, "--caller " + in_quotes(raw.caller) + " is no IP address");
    options.server.caller_source = CallerSource::fixed;
    options.server.caller = raw.caller;
  }
  if (raw.trust_forwarded && !raw.caller.empty()) {
    return fail(Trouble::usage, "--caller and --trust-forwarded both say where the caller is",
                "leave one out");
  }
  const bool generates = options.tokens || options.zones || options.repeated_names != 0;
  if ((options.state_path.empty() ? 0 : 1) + (options.demo ? 1 : 0) + (generates ? 1 : 0) > 1) {
    return fail(Trouble::usage, "--state, --demo and --tokens (--zones, --repeat-names) each make an org",
                "name one of them");
  }
  if (!raw.app.key_path.empty()) options.app = raw.app;
  const char* single = options.app                   ? "--app-key-out"
                       : options.tls                 ? "--tls"
                       : options.print_state         ? "--print-state"
                       : !options.save_path.empty()  ? "--save"
                       : !options.state_path.empty() ? "--state"
                       : options.demo                ? "--demo"
                                                     : nullptr;
  if (options.orgs > 1 && single != nullptr) {
    return fail(Trouble::usage, std::string(single) + " is for one org, and --orgs asks for several",
                "leave one out, or start a simulator for each");
  }
  if (options.server.port != 0 && options.orgs > 65'536 - static_cast<std::size_t>(options.server.port)) {
    return fail(Trouble::usage, "--orgs needs more ports than there are from --port on",
                "leave --port out: each takes a free one");
  }
  if (raw.trust_forwarded) options.server.caller_source = CallerSource::forwarded;
  const Result<void> choices = take_choices(raw.choices, options);
  if (!choices) return fail(choices.error());
  return options;
}

void override_settings(Settings& settings, const Options& options) {
  if (options.rate) {
    for (auto& item : settings.rate_limits) item.second = *options.rate;
  }
  if (options.rate_window_seconds) settings.rate_window_seconds = *options.rate_window_seconds;
  if (options.page_size) settings.token_page_size = *options.page_size;
  if (options.principal_percent) settings.principal_percent = *options.principal_percent;
  if (options.max_concurrent) settings.max_concurrent = *options.max_concurrent;
  if (options.enforce_network) settings.enforce_network = *options.enforce_network;
  if (options.seed) settings.seed = *options.seed;
  for (const auto& [name, value] : options.choices) set_choice(settings.choices, name, value);
}

Result<State> base_state(const Options& options, Instant now) {
  if (!options.state_path.empty()) {
    const Result<std::string> text = read_file(options.state_path, kMaxStateBytes);
    if (!text) return fail(text.error());
    Result<State> state = parse_state(*text, now);
    if (!state) return fail(Trouble::usage, in_quotes(options.state_path) + ": " + state.error().message);
    return state;
  }
  const bool generates = options.tokens || options.zones || options.repeated_names != 0 || options.orgs > 1;
  if (!generates) return demo_org(now);
  OrgSize size;
  size.tokens = options.tokens.value_or(size.tokens);
  size.zones = options.zones.value_or(size.zones);
  size.repeated_names = options.repeated_names;
  size.seed = options.seed.value_or(size.seed);
  return generated_org(size, now);
}

}  // namespace

Result<CommandLine> parse_command_line(int count, const char* const* words) {
  CLI::App app(
      "zonepin-sim: an Okta org in memory that behaves like the real one, behind HTTP on this machine",
      "zonepin-sim");
  app.footer(footer());
  app.set_version_flag("--version", std::string("zonepin-sim " ZONEPIN_VERSION));
  CommandLine line;
  RawWords raw;
  add_org_options(app, line.options);
  add_app_options(app, raw);
  add_behaviour_options(app, line.options, raw);
  add_server_options(app, line.options);
  try {
    app.parse(count, words);
  } catch (const CLI::CallForHelp&) {
    line.text = app.help();
    return line;
  } catch (const CLI::CallForVersion&) {
    line.text = app.version() + "\n";
    return line;
  } catch (const CLI::ParseError& error) {
    return fail(Trouble::usage, escape(error.what()), "zonepin-sim --help lists the options");
  }
  Result<Options> options = checked(std::move(line.options), raw);
  if (!options) return fail(options.error());
  line.options = std::move(*options);
  return line;
}

Options options_for_org(Options options, std::size_t number) {
  if (options.orgs == 1) return options;
  options.seed = options.seed.value_or(1) + number;
  if (options.server.port != 0) options.server.port += static_cast<int>(number);
  return options;
}

Result<State> make_state(const Options& options, Instant now) {
  Result<State> state = base_state(options, now);
  if (!state) return state;
  override_settings(state->settings, options);
  if (options.app) {
    const Result<void> added = add_demo_app(*state, *options.app);
    if (!added) return fail(added.error());
  }
  return state;
}

Result<ServerOptions> make_server_options(const Options& options, Instant now) {
  ServerOptions server = options.server;
  if (!options.faults_path.empty()) {
    const Result<std::string> text = read_file(options.faults_path, kMaxFaultsBytes);
    if (!text) return fail(text.error());
    Result<std::vector<FaultRule>> faults = parse_faults(*text);
    if (!faults) return fail(Trouble::usage, in_quotes(options.faults_path) + ": " + faults.error().message);
    server.faults = std::move(*faults);
  }
  if (!options.tls) return server;
  server.certificate = make_certificate(now);
  if (options.certificate_path.empty()) return server;
  const Result<void> written = write_file_atomically(options.certificate_path, server.certificate->pem);
  if (!written) return fail(written.error());
  return server;
}

}  // namespace zonepin::sim
