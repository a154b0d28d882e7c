#include "report/progress.h"

#include <doctest/doctest.h>

namespace zonepin {
namespace {

struct Far {
  std::size_t due;
  std::size_t settled;
  std::size_t failed;
  std::size_t running;
  std::size_t orgs;
  int seconds;
  int waits_seconds;
  const char* text;
};

Progress progress_of(const Far& far) {
  Progress progress;
  progress.due = far.due;
  progress.settled = far.settled;
  progress.failed = far.failed;
  progress.running = far.running;
  progress.orgs = far.orgs;
  progress.elapsed = std::chrono::seconds(far.seconds);
  progress.waiting = std::chrono::seconds(far.waits_seconds);
  progress.reason = "rate limit";
  return progress;
}

TEST_CASE("progress in one line") {
  const Far rows[] = {
      {1000, 0, 0, 8, 1, 0, 0, "0 of 1000 done, 8 running"},
      {1000, 400, 2, 8, 1, 40, 0, "400 of 1000 done, 2 failed, 8 running; 10.0 a second, about 1 min left"},
      {1000, 400, 0, 0, 3, 40, 43, "400 of 1000 done at 3 orgs; waits 43 s (rate limit), about 1 min left"},
      {1000, 4, 0, 8, 1, 1, 0, "4 of 1000 done, 8 running"},
      {1000, 4, 0, 8, 1, 40, 0, "4 of 1000 done, 8 running, about 2 h left"},
      {5, 5, 0, 0, 1, 4, 0, "5 of 5 done"},
  };
  for (const Far& row : rows) CHECK(progress_text(progress_of(row)) == row.text);
}

TEST_CASE("progress as an event for a program") {
  CHECK(progress_json(progress_of({9, 4, 1, 2, 1, 3, 7, ""})) ==
        "{\"type\":\"event\",\"event\":\"progress\",\"due\":9,\"settled\":4,\"failed\":1,\"running\":2,"
        "\"waiting_ms\":7000,\"reason\":\"rate limit\"}\n");
}

}  // namespace
}  // namespace zonepin
