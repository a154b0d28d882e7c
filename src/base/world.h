// The doors to everything outside a value: time, files, environment, the terminal, randomness, and the
// network. platform/ has the real ones, tests/support working fakes. Nothing else in the program touches the
// outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

namespace zonepin {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() = 0;  // UTC; may jump
  // Milliseconds since some fixed moment; never goes back. Deadlines and waits are counted on it.
  virtual Milliseconds steady() = 0;
};

// A file that only grows, and that nobody else appends to meanwhile.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  virtual Result<void> append(std::string_view text) = 0;
  // Once it returns well, what was appended survives the end of the process and of the machine.
  virtual Result<void> sync() = 0;
};

class Files {
 public:
  virtual ~Files() = default;
  // The whole file; "-" is standard input. More than `limit` bytes is an error that names the limit.
  virtual Result<std::string> read(const std::string& path, std::size_t limit) = 0;
  // Written beside `path`, flushed to the disk and renamed over it: the old file or the new one, never half
  // of one.
  virtual Result<void> write_atomically(const std::string& path, std::string_view text) = 0;
  // Opens or makes it. What an earlier run appended stays; where that ends within a line, the line is ended.
  // Trouble::usage where it holds something that does not begin with `begins`, and where another process has
  // it open so.
  virtual Result<std::unique_ptr<AppendFile>> open_append(const std::string& path,
                                                          std::string_view begins) = 0;
  // A file gives itself; a folder every *.yaml and *.yml below it, in name order, without hidden folders and
  // files. A path that is not there is an error. At most `limit` files.
  virtual Result<std::vector<std::string>> find_manifests(const std::string& path, std::size_t limit) = 0;
  // The same for *.json.
  virtual Result<std::vector<std::string>> find_snapshots(const std::string& path, std::size_t limit) = 0;
  virtual bool is_folder(const std::string& path) = 0;
  // What lies in a folder, sorted, hidden names included; a folder that is not there is an error.
  virtual Result<std::vector<std::string>> names_in(const std::string& folder) = 0;
  // Whether anything is there, whatever it is and whoever may read it.
  virtual bool exists(const std::string& path) = 0;
  // What it is in must be there. One that is there already is fine.
  virtual Result<void> make_folder(const std::string& path) = 0;
};

class Environment {
 public:
  virtual ~Environment() = default;
  virtual std::optional<std::string> get(const std::string& name) = 0;
  // Every variable whose name starts with `prefix`, sorted.
  virtual std::vector<std::string> names(std::string_view prefix) = 0;
};

class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;  // Uniform over all 64 bits; good enough for keys.
};

class Terminal {
 public:
  virtual ~Terminal() = default;
  virtual void out(std::string_view text) = 0;  // standard output: the result
  virtual void flush() = 0;                     // what was put out so far can be read now
  virtual void err(std::string_view text) = 0;  // standard error: everything else
  virtual bool can_ask() = 0;                   // both standard input and standard error are terminals
  virtual bool out_is_terminal() = 0;
  virtual bool err_is_terminal() = 0;
  virtual std::size_t width() = 0;  // columns of the terminal; 80 when there is none
  // One line from a person, without its newline; none at the end of input.
  virtual std::optional<std::string> ask(std::string_view question) = 0;
  // Flushes standard output; an error when something could not be written (a full disk, a closed pipe).
  virtual Result<void> finish() = 0;
};

// Whether somebody wants the run to end (SIGINT, SIGTERM).
class Interrupt {
 public:
  virtual ~Interrupt() = default;
  virtual bool requested() = 0;
};

// What the log is told; never a secret, never a body.
struct LogField {
  std::string name;
  std::string value;  // not yet escaped
};
enum class LogLevel { trace, debug, info, warning, error, off };
enum class LogFormat { text, json };
class Log {
 public:
  virtual ~Log() = default;
  virtual void configure(LogLevel level, LogFormat format) = 0;  // lines go to standard error
  virtual bool wants(LogLevel level) = 0;
  virtual void write(LogLevel level, std::string_view event, const std::vector<LogField>& fields) = 0;
};

// --- the network
// ---------------------------------------------------------------------------------------------------

// Where requests go. Built from a checked org address only (model/org.h).
struct Endpoint {
  std::string scheme;  // "https", or "http" for loopback
  std::string host;    // without brackets for IPv6
  int port = 443;

  bool operator==(const Endpoint&) const = default;
};

enum class TransportFault {
  resolve,    // the name has no address
  refused,    // nobody listens, or no route: the request was not sent
  tls,        // certificate or handshake: the request was not sent
  proxy,      // the proxy said no: the request was not sent
  timeout,    // no whole answer in time: the request may have been carried out
  lost,       // the connection broke after the request was (perhaps) sent: it may have been carried out
  too_large,  // the answer is over the limit: it may have been carried out
  cancelled,  // we gave up on it: it may have been carried out
};

struct TransportError {
  TransportFault fault = TransportFault::lost;
  std::string message;  // one line, escaped

  bool operator==(const TransportError&) const = default;
};

// Whether a request that ended so can't have reached Okta.
bool never_sent(TransportFault fault);

using RequestId = std::uint64_t;

struct Completion {
  RequestId id = 0;
  std::optional<HttpResponse> response;  // exactly one of these two
  std::optional<TransportError> error;
  Milliseconds took{0};
};

// One thread, many requests in flight: submit, then wait for whichever ends first.
class Transport {
 public:
  virtual ~Transport() = default;
  // `authorization` is the value of that header, kept apart so that nothing prints it; empty means none.
  virtual void submit(RequestId id, const Endpoint& endpoint, HttpRequest request, Secret authorization) = 0;
  // The next completion, or none once the clock's steady() has reached `until`. An interrupt also ends a wait
  // with none, but only one: what is in flight can be waited for after it. With nothing in flight this is how
  // a run sleeps.
  virtual std::optional<Completion> wait(Milliseconds until) = 0;
  // From now on no request that begins lasts beyond this moment of the clock's steady(); none: as long as
  // TransportOptions say.
  virtual void end_by(std::optional<Milliseconds> until) = 0;
  // Gives up on everything in flight; their completions (cancelled) still come out of wait().
  virtual void cancel_all() = 0;
};

struct TransportOptions {
  std::string ca_file;  // PEM; empty: the system's
  Milliseconds connect_timeout{10'000};
  Milliseconds total_timeout{60'000};  // one request, first byte to last
  std::size_t max_response_bytes = std::size_t{128} << 20;
  std::size_t max_connections = 16;  // per run; further requests wait inside the transport
  std::string user_agent;
};

class Network {
 public:
  virtual ~Network() = default;
  // An error when the options can't work (a CA file that can't be read).
  virtual Result<std::unique_ptr<Transport>> open(const TransportOptions& options) = 0;
};

// Everything a command may touch.
struct World {
  Clock& clock;
  Files& files;
  Environment& environment;
  Random& random;
  Terminal& terminal;
  Interrupt& interrupt;
  Log& log;
  Network& network;
};

}  // namespace zonepin
