// Working fakes of all doors of base/world.h. Time passes only when somebody waits for the network or says
// advance(); the same steps give the same bytes, always.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/world.h"

namespace zonepin {

class FakeClock : public Clock {
 public:
  // 2026-01-02T03:04:05Z
  Instant now() override { return now_; }
  Milliseconds steady() override { return steady_; }

  void advance(Milliseconds length);         // both clocks; length >= 0
  void set_now(Instant now) { now_ = now; }  // a jump of the wall clock; the steady one doesn't notice

 private:
  Instant now_{Milliseconds{1'767'323'045'000}};
  Milliseconds steady_{1'000'000};
};

// A tree of texts. A folder is there when a file is below it, or when it stands in `folders`.
class MemoryFiles : public Files {
 public:
  std::map<std::string, std::string> texts;   // by path, as the program names it
  std::set<std::string> folders;              // empty ones
  std::set<std::string> unreadable;           // files and folders
  std::optional<std::string> standard_input;  // none: already at its end
  bool full_disk = false;
  std::size_t room = static_cast<std::size_t>(-1);  // bytes that may still be appended, to all files together
  std::map<std::string, std::string> unsynced;      // appended and not on the disk yet, by path
  std::vector<std::string> writes;                  // paths, in order, that were written with success
  std::size_t reads = 0;

  Result<std::string> read(const std::string& path, std::size_t limit) override;
  Result<void> write_atomically(const std::string& path, std::string_view text) override;
  // What is appended stands in `unsynced` until sync() moves it to `texts`.
  Result<std::unique_ptr<AppendFile>> open_append(const std::string& path, std::string_view begins) override;
  Result<std::vector<std::string>> find_manifests(const std::string& path, std::size_t limit) override;
  Result<std::vector<std::string>> find_snapshots(const std::string& path, std::size_t limit) override;
  bool is_folder(const std::string& path) override;
  Result<std::vector<std::string>> names_in(const std::string& folder) override;
  bool exists(const std::string& path) override;
  Result<void> make_folder(const std::string& path) override;

 private:
  Result<std::vector<std::string>> find(const std::string& path, std::size_t limit,
                                        const std::vector<std::string_view>& endings,
                                        const std::string& what);
};

class FakeEnvironment : public Environment {
 public:
  std::map<std::string, std::string> variables;

  std::optional<std::string> get(const std::string& name) override;
  std::vector<std::string> names(std::string_view prefix) override;
};

// SplitMix64: a seed gives the same numbers on every machine.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed = 1) : state_(seed) {}
  std::uint64_t next() override;

 private:
  std::uint64_t state_;
};

class FakeTerminal : public Terminal {
 public:
  std::string out_text;
  std::string err_text;             // questions included
  std::deque<std::string> answers;  // taken from the front; none left: the end of input
  std::vector<std::string> questions;
  bool interactive = false;  // can_ask()
  bool out_terminal = false;
  bool err_terminal = false;
  std::size_t columns = 80;
  std::optional<Error> finish_error;
  bool finished = false;

  void out(std::string_view text) override { out_text += text; }
  void flush() override {}
  void err(std::string_view text) override { err_text += text; }
  bool can_ask() override { return interactive; }
  bool out_is_terminal() override { return out_terminal; }
  bool err_is_terminal() override { return err_terminal; }
  std::size_t width() override { return columns; }
  std::optional<std::string> ask(std::string_view question) override;
  Result<void> finish() override;
};

class FakeInterrupt : public Interrupt {
 public:
  explicit FakeInterrupt(FakeClock& clock) : clock_(clock) {}
  bool requested() override;

  void request() { at_ = clock_.steady(); }
  void request_at(Milliseconds steady) { at_ = steady; }
  void clear() { at_.reset(); }
  std::optional<Milliseconds> at() const { return at_; }

 private:
  FakeClock& clock_;
  std::optional<Milliseconds> at_;
};

class CapturedLog : public Log {
 public:
  struct Entry {
    LogLevel level = LogLevel::off;
    std::string event;
    std::vector<LogField> fields;
  };
  std::vector<Entry> entries;
  LogLevel level = LogLevel::trace;
  LogFormat format = LogFormat::text;

  void configure(LogLevel new_level, LogFormat new_format) override;
  bool wants(LogLevel asked) override { return asked != LogLevel::off && asked >= level; }
  void write(LogLevel entry_level, std::string_view event, const std::vector<LogField>& fields) override;

  // `event name=value …` a line, to search in.
  std::string text() const;
};

// --- the network
// ---------------------------------------------------------------------------------------------------

// A request as it arrives at the other side.
struct Arrival {
  RequestId id = 0;
  Endpoint endpoint;
  HttpRequest request;
  std::string authorization;
  Instant at;  // by the fake clock
};

struct FakeAnswer {
  std::variant<HttpResponse, TransportError> what;
  Milliseconds latency{0};  // from the arrival to the end of the answer
};

using FakeServer = std::function<FakeAnswer(const Arrival&)>;

// Transports whose other side is a function. It is asked the moment a request is begun (then its effects have
// happened), and what it says comes out of wait() its latency later: in order of time, then of request id. As
// the real one does, it keeps requests beyond max_connections waiting, ends those that take longer than
// total_timeout, and those whose answer is larger than max_response_bytes.
class FakeNetwork : public Network {
 public:
  FakeNetwork(FakeClock& clock, FakeInterrupt& interrupt) : clock_(clock), interrupt_(interrupt) {}

  FakeServer server;  // REQUIRED once something is sent
  std::optional<Error> open_error;
  std::vector<TransportOptions> opened;
  std::vector<Arrival> arrivals;  // everything that was sent, in order
  std::size_t most_in_flight = 0;

  Result<std::unique_ptr<Transport>> open(const TransportOptions& options) override;

 private:
  friend class FakeTransport;
  FakeClock& clock_;
  FakeInterrupt& interrupt_;
};

// All of them together.
struct FakeWorld {
  FakeClock clock;
  MemoryFiles files;
  FakeEnvironment environment;
  SeededRandom random;
  FakeTerminal terminal;
  FakeInterrupt interrupt{clock};
  CapturedLog log;
  FakeNetwork network{clock, interrupt};

  World world() { return World{clock, files, environment, random, terminal, interrupt, log, network}; }
};

}  // namespace zonepin
