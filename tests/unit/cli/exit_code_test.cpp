// The exit code of a run: what scripts and pipelines branch on.
#include "cli/exit_code.h"

#include <doctest/doctest.h>

namespace zonepin {
namespace {

constexpr int kAll[] = {kDone,    kFailure,      kChanges,    kInvalid,    kBlocked,    kStale,
                        kPartial, kUnauthorised, kUnfinished, kViolations, kInterrupted};

TEST_CASE("forgiving makes 0 of the one code that says that something was found, and of no other") {
  for (const int found : {kChanges, kViolations}) {
    for (const int code : kAll) {
      CAPTURE(found);
      CAPTURE(code);
      CHECK(forgiving(code, found) == (code == found ? kDone : code));
    }
  }
}

TEST_CASE("an org alone gives the run its code") {
  for (const int code : kAll) {
    CAPTURE(code);
    CHECK(combine({code}) == code);
    CHECK(combine({code, code}) == code);
  }
  CHECK(combine({}) == kDone);
}

struct CombineRow {
  std::vector<int> codes;
  int expected;
};

TEST_CASE("some well and others failed is partial, else the worst of them counts") {
  const CombineRow rows[] = {
      {{kDone, kChanges}, kChanges},
      {{kChanges, kViolations, kDone}, kViolations},
      {{kDone, kPartial}, kPartial},
      {{kDone, kFailure}, kPartial},
      {{kChanges, kStale}, kPartial},
      {{kViolations, kUnauthorised}, kPartial},
      {{kDone, kInterrupted}, kInterrupted},
      {{kFailure, kInterrupted}, kInterrupted},
      {{kFailure, kStale}, kStale},
      {{kStale, kInvalid}, kInvalid},
      {{kBlocked, kStale}, kStale},
      {{kBlocked, kUnfinished}, kBlocked},
      {{kUnauthorised, kUnfinished}, kUnfinished},
      {{kUnauthorised, kFailure}, kUnauthorised},
      {{kPartial, kFailure}, kFailure},
  };
  for (const CombineRow& row : rows) {
    CAPTURE(row.expected);
    CHECK(combine(row.codes) == row.expected);
    CHECK(combine(std::vector<int>(row.codes.rbegin(), row.codes.rend())) == row.expected);
  }
}

TEST_CASE("a soft failure is forgiven org by org or as a whole, with one result") {
  // Drift alone is forgiven; beside a failure the failure stays.
  CHECK(forgiving(combine({kChanges, kDone}), kChanges) == kDone);
  CHECK(forgiving(combine({kChanges, kFailure}), kChanges) == kPartial);
  CHECK(forgiving(combine({kChanges, kPartial}), kChanges) == kPartial);
}

TEST_CASE("every kind of trouble has a code of its own kind") {
  CHECK(code_of(Trouble::failure) == kFailure);
  CHECK(code_of(Trouble::usage) == kInvalid);
  CHECK(code_of(Trouble::blocked) == kBlocked);
  CHECK(code_of(Trouble::stale) == kStale);
  CHECK(code_of(Trouble::unauthorised) == kUnauthorised);
  CHECK(code_of(Trouble::unfinished) == kUnfinished);
  CHECK(code_of(Trouble::interrupted) == kInterrupted);
}

}  // namespace
}  // namespace zonepin
