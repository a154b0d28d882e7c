// The doors that belong to the process: signals, terminal, environment, randomness, clock.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <set>
#include <thread>

#include "child.h"
#include "platform/console.h"
#include "platform/host.h"
#include "platform/real_world.h"
#include "platform/signals.h"

namespace zonepin {
namespace {

void pause_for(Milliseconds length) {
  std::this_thread::sleep_for(length);
}

}  // namespace

TEST_CASE("signals: the first one asks, and can be polled for") {
  for (const int signal : {SIGINT, SIGTERM}) {
    Signals signals;
    CHECK_FALSE(signals.requested());
    struct pollfd wanted {
      signals.descriptor(), POLLIN, 0
    };
    CHECK(poll(&wanted, 1, 0) == 0);
    raise(signal);
    CHECK(signals.requested());
    CHECK(poll(&wanted, 1, 0) == 1);
  }
  Signals fresh;
  CHECK_FALSE(fresh.requested());
}

TEST_CASE("signals: the same key press twice is one wish, a later one ends the process with 130") {
  const ChildResult child = run_child([] {
    Signals signals;
    raise(SIGINT);
    raise(SIGTERM);
    if (write(STDOUT_FILENO, "alive", 5) != 5) return 1;
    pause_for(kSameKeyPress + Milliseconds(100));
    raise(SIGINT);
    return 0;
  });
  CHECK(child.out == "alive");
  CHECK(child.exit_code == 130);
}

TEST_CASE("console: what is written comes out in order, and finish() says so") {
  const ChildResult child = run_child([] {
    RealWorld real;
    World world = real.world();
    for (int i = 0; i < 50'000; ++i) world.terminal.out("line\n");
    world.terminal.err("note\n");
    return world.terminal.finish() ? 0 : 1;
  });
  CHECK(child.exit_code == 0);
  CHECK(child.out.size() == 250'000);
  CHECK(child.err == "note\n");
}

TEST_CASE("console: a result that could not be written whole is an error") {
  struct Row {
    const char* name;
    void (*prepare)();
    const char* reason;
  };
  const Row rows[] = {
      {"full disk", [] { dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO); }, "no space left on the device"},
      {"reader gone",
       [] {
         int ends[2];
         if (pipe(ends) != 0) return;
         signal(SIGPIPE, SIG_DFL);  // To see that RealWorld ignores it.
         dup2(ends[1], STDOUT_FILENO);
         close(ends[0]);
       },
       "the reader went away (broken pipe)"},
      {"closed", [] { close(STDOUT_FILENO); }, "it is closed"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.name));
    const ChildResult child = run_child([&] {
      row.prepare();
      RealWorld real;  // Ignores SIGPIPE.
      World world = real.world();
      world.terminal.out("result");
      const Result<void> done = world.terminal.finish();
      world.terminal.err(done ? "fine" : done.error().message);
      return 0;
    });
    CHECK(child.exit_code == 0);
    CHECK(child.err == std::string("standard output could not be written: ") + row.reason);
  }
}

TEST_CASE("console: a closed standard output is not taken over by the next file") {
  TemporaryFolder folder;
  const ChildResult child = run_child([&] {
    close(STDOUT_FILENO);
    RealWorld real;
    const int next = open(folder.path("victim").c_str(), O_WRONLY | O_CREAT, 0600);
    real.world().terminal.out("result");
    return real.world().terminal.finish() || next == STDOUT_FILENO ? 1 : 0;
  });
  CHECK(child.exit_code == 0);
  CHECK(folder.read("victim").empty());
}

TEST_CASE("console: questions take one line each, from what may come in one piece") {
  const ChildResult child = run_child(
      [] {
        Signals signals;
        Console console(signals);
        if (console.can_ask() || console.out_is_terminal() || console.err_is_terminal()) return 1;
        if (console.ask("one? ") != "yes") return 2;
        if (console.ask("two? ") != "no") return 3;
        if (console.ask("three? ") != "last") return 4;
        return console.ask("four? ").has_value() ? 5 : 0;
      },
      "yes\r\nno\nlast");
  CHECK(child.exit_code == 0);
  CHECK(child.err == "one? two? three? four? ");
}

TEST_CASE("console: a signal ends the wait for an answer") {
  const ChildResult child = run_child([] {
    int silent[2];
    if (pipe(silent) != 0) return 1;
    dup2(silent[0], STDIN_FILENO);
    Signals signals;
    Console console(signals);
    std::thread other([] {
      pause_for(Milliseconds(50));
      kill(getpid(), SIGINT);
    });
    const bool answered = console.ask("? ").has_value();
    other.join();
    return answered ? 2 : 0;
  });
  CHECK(child.exit_code == 0);
}

TEST_CASE("console: width and kind of a terminal") {
  int outer = -1;
  struct winsize size {};
  size.ws_col = 123;
  const pid_t child = forkpty(&outer, nullptr, nullptr, &size);
  REQUIRE(child >= 0);
  if (child == 0) {
    unsetenv("COLUMNS");
    Signals signals;
    Console console(signals);
    if (!console.can_ask() || !console.out_is_terminal() || !console.err_is_terminal()) _exit(1);
    if (console.width() != 123) _exit(2);
    setenv("COLUMNS", "60", 1);
    if (console.width() != 60) _exit(3);
    setenv("COLUMNS", "wide", 1);
    _exit(console.width() == 123 ? 0 : 4);
  }
  int status = 0;
  waitpid(child, &status, 0);
  close(outer);
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("environment: values and sorted names") {
  ProcessEnvironment environment;
  setenv("ZONEPIN_TEST_B", "", 1);
  setenv("ZONEPIN_TEST_A", "x=y", 1);
  CHECK(environment.get("ZONEPIN_TEST_A") == "x=y");
  CHECK(environment.get("ZONEPIN_TEST_B") == "");
  CHECK(environment.get("ZONEPIN_TEST_C") == std::nullopt);
  CHECK(environment.names("ZONEPIN_TEST_") == std::vector<std::string>{"ZONEPIN_TEST_A", "ZONEPIN_TEST_B"});
  CHECK(environment.names("ZONEPIN_TEST_A=").empty());
  unsetenv("ZONEPIN_TEST_A");
  unsetenv("ZONEPIN_TEST_B");
}

TEST_CASE("random and clock: no number twice, and no step back") {
  SystemRandom random;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.next());
  CHECK(seen.size() == 1000);
  SystemClock clock;
  const Milliseconds before = clock.steady();
  pause_for(Milliseconds(5));
  CHECK(clock.steady() - before >= Milliseconds(4));
  CHECK(format_instant(clock.now()) > "2026-01-01");
}

}  // namespace zonepin
