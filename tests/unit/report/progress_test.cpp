#include "report/progress.h"

#include <doctest/doctest.h>

namespace zonepin {
namespace {

TEST_CASE("progress in one line") {
  struct Row {
    Progress progress;
    std::string text;
  };
  using std::chrono::seconds;
  const Row rows[] = {
      {{1000, 0, 0, 8, 1, Milliseconds(0), Milliseconds(0), ""}, "0 of 1000 done, 8 running"},
      {{1000, 400, 2, 8, 1, seconds(40), Milliseconds(0), ""},
       "400 of 1000 done, 2 failed, 8 running; 10.0 a second, about 1 min left"},
      {{1000, 400, 0, 0, 3, seconds(40), seconds(43), "rate limit"},
       "400 of 1000 done at 3 orgs; waits 43 s (rate limit), about 1 min left"},
      {{1000, 4, 0, 8, 1, seconds(1), Milliseconds(0), ""}, "4 of 1000 done, 8 running"},
      {{1000, 4, 0, 8, 1, seconds(40), Milliseconds(0), ""}, "4 of 1000 done, 8 running, about 2 h left"},
      {{5, 5, 0, 0, 1, seconds(4), Milliseconds(0), ""}, "5 of 5 done"},
  };
  for (const Row& row : rows) CHECK(progress_text(row.progress) == row.text);
}

}  // namespace
}  // namespace zonepin
