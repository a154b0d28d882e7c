// zonepin-sim: makes the org, listens, and ends cleanly on a signal.
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "sim/files.h"
#include "sim/options.h"
#include "sim/server.h"

namespace zonepin::sim {

namespace {

constexpr int kExitFailure = 1;
constexpr int kExitUsage = 3;  // as zonepin's own

Instant system_now() {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

// Standard output is read by scripts that wait for a line: nothing stays in a buffer.
void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

int report(const Error& error) {
  std::string text = "zonepin-sim: " + error.message + "\n";
  if (!error.mend.empty()) text += "  " + error.mend + "\n";
  std::fputs(text.c_str(), stderr);
  return error.trouble == Trouble::usage ? kExitUsage : kExitFailure;
}

// One write per line: lines of several simulators in one file stay whole.
void append_line(int file, const std::string& line) {
  const std::string text = line + "\n";
  if (::write(file, text.data(), text.size()) < 0) std::perror("zonepin-sim: can't write the log");
}

void save(const std::string& path, const State& state) {
  if (path.empty()) return;
  const Result<void> done = write_file_atomically(path, to_json(state));
  if (!done) report(done.error());
}

// The signals that end the program come to wait_for_end() only; threads made later inherit that.
sigset_t hold_back_end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

void wait_for_end(const sigset_t& signals) {
  int which = 0;
  sigwait(&signals, &which);
}

// `127.0.0.1:8080` as the end of a variable's name, for a client of several orgs.
std::string variable_suffix(const Server& server) {
  std::string text = "__";
  for (const char c : server.url().substr(server.url().find("//") + 2)) {
    if (c == '[' || c == ']') continue;
    const bool fits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    text += fits ? (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c) : '_';
  }
  return text;
}

std::string greeting(const Server& server, const State& state, const Options& options) {
  std::string text = "listening on " + server.url() + "\n";
  const std::string suffix = options.orgs > 1 ? variable_suffix(server) : std::string();
  const Token* token = token_to_use(state, system_now() + options.clock_offset);
  if (token != nullptr) text += "OKTA_API_TOKEN" + suffix + "=" + token->secret + "\n";
  if (options.app) text += demo_app_environment(*options.app);
  return text;
}

Result<int> open_log(const std::string& path) {
  if (path.empty()) return -1;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return fail(Trouble::usage, "can't write the log " + in_quotes(path));
  return file;
}

// One org and its server, listening. With several, lines of the log start with where it is.
Result<std::unique_ptr<Server>> start_org(const Options& options, int log, std::string& greetings) {
  const auto org_now = [offset = options.clock_offset] { return system_now() + offset; };
  const Result<State> state = make_state(options, org_now());
  if (!state) return fail(state.error());
  const Result<ServerOptions> server_options = make_server_options(options, system_now());
  if (!server_options) return fail(server_options.error());
  const auto prefix = std::make_shared<std::string>();
  ServerEvents events;
  events.request = [prefix, log, verbose = options.verbose](const std::string& line) {
    if (log >= 0) append_line(log, *prefix + line);
    if (verbose) append_line(STDERR_FILENO, *prefix + line);
  };
  events.written = [path = options.save_path](const State& written) { save(path, written); };
  auto server = std::make_unique<Server>(*state, *server_options, org_now, events);
  const Result<void> started = server->start();
  if (!started) return fail(started.error());
  if (options.orgs > 1) *prefix = server->url() + " ";
  greetings += greeting(*server, *state, options);
  return server;
}

int run(const Options& options) {
  if (options.print_state) {
    const Result<State> state = make_state(options, system_now() + options.clock_offset);
    if (!state) return report(state.error());
    print(to_json(*state));
    return std::ferror(stdout) == 0 ? EXIT_SUCCESS : kExitFailure;
  }
  const Result<int> log = open_log(options.log_path);
  if (!log) return report(log.error());
  const sigset_t signals = hold_back_end_signals();
  std::vector<std::unique_ptr<Server>> servers;
  std::string greetings;
  for (std::size_t number = 0; number < options.orgs; ++number) {
    auto server = start_org(options_for_org(options, number), *log, greetings);
    if (!server) return report(server.error());
    servers.push_back(std::move(*server));
  }
  print(greetings);
  wait_for_end(signals);
  save(options.save_path, servers.front()->state());
  // Idle connections would hold stop() for their keep-alive time; everything that lasts is on the disk by
  // now.
  std::fflush(nullptr);
  std::_Exit(EXIT_SUCCESS);
}

}  // namespace

}  // namespace zonepin::sim

int main(int count, char** words) {
  using zonepin::Result;
  const Result<zonepin::sim::CommandLine> line = zonepin::sim::parse_command_line(count, words);
  if (!line) return zonepin::sim::report(line.error());
  if (line->text) {
    zonepin::sim::print(*line->text);
    return EXIT_SUCCESS;
  }
  return zonepin::sim::run(line->options);
}
