// zonepin-sim's command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "sim/demo_app.h"
#include "sim/server.h"
#include "sim/state.h"

namespace zonepin::sim {

struct Options {
  ServerOptions server;
  std::string state_path;  // empty: none
  std::string save_path;
  std::string log_path;
  std::string faults_path;
  Milliseconds clock_offset{0};  // of the org's clock from this machine's
  std::string certificate_path;  // where the certificate of --tls is written
  bool tls = false;
  std::optional<DemoAppOptions> app;
  bool demo = false;
  bool print_state = false;
  bool verbose = false;
  std::optional<std::size_t> tokens;
  std::optional<std::size_t> zones;
  std::size_t repeated_names = 0;
  std::optional<std::uint64_t> seed;
  std::size_t orgs = 1;  // each at a port of its own
  // What overrides the settings of the org.
  std::optional<int> rate;
  std::optional<int> rate_window_seconds;
  std::optional<int> page_size;
  std::optional<int> principal_percent;
  std::optional<int> max_concurrent;
  std::optional<bool> enforce_network;
  std::vector<std::pair<std::string, std::string>> choices;  // known names and values
};

// What main() is to do: run with options, or print a text (help, version) and end well.
struct CommandLine {
  Options options;
  std::optional<std::string> text;
};

Result<CommandLine> parse_command_line(int count, const char* const* words);  // Trouble::usage

// The org that the options ask for: a file, a generated one, or the demo's; with the settings that they
// override. --app-key-out writes a fresh key.
Result<State> make_state(const Options& options, Instant now);

// The options for org `number`, from 0: of several each has a port and a seed of its own.
Options options_for_org(Options options, std::size_t number);

// Options::server with what has to be made or read for it: --tls a certificate, --faults a schedule.
Result<ServerOptions> make_server_options(const Options& options, Instant now);

}  // namespace zonepin::sim
