#include <doctest/doctest.h>

#include <set>

#include "base/text.h"
#include "report/build_report.h"
#include "report/format.h"
#include "support/golden.h"
#include "unit/report/report_cases.h"

namespace zonepin {

namespace {

const RunFacts kRun = {case_now(), 2, "4f0c2d1"};

Report drift_of(const Plan& plan) {
  return report_of_plan(plan, PlanView::drift, kRun);
}

TEST_CASE("one drifted org in all ten formats is what the golden files say") {
  const Report report = drift_of(plan_case("everyday"));
  for (const std::string& name : format_names()) {
    check_golden("report/formats/expected.drift." + name, render(*parse_format(name), report, {false, 100}));
  }
}

TEST_CASE("an apply and a run that failed in a format of each kind are what the golden files say") {
  const auto outcomes = outcome_cases();
  const auto mixed = std::find_if(outcomes.begin(), outcomes.end(),
                                  [](const OutcomeCase& each) { return each.name == "mixed"; });
  REQUIRE(mixed != outcomes.end());
  const Report apply = report_of_outcome(mixed->orgs, "d1", kRun);
  const Report failure = report_of_failure(
      {{Severity::error, "unknown field \"tokenz\"", "did you mean \"tokens\"?", Place{0, 2, 1, 6}}},
      {{"manifests/acme.yaml", "kind: ApiTokens\ntokenz: []\n"}}, {}, {case_now(), 3, {}});
  for (const char* name : {"text", "jsonl", "markdown", "junit", "github"}) {
    check_golden(std::string("report/formats/expected.apply.") + name,
                 render(*parse_format(name), apply, {false, 100}));
    check_golden(std::string("report/formats/expected.failure.") + name,
                 render(*parse_format(name), failure, {false, 100}));
  }
}

TEST_CASE("every format has a name, and every name a format") {
  std::set<std::string> names;
  for (const std::string& name : format_names()) {
    const auto format = parse_format(name);
    REQUIRE(format.has_value());
    CHECK(to_string(*format) == name);
    CHECK(names.insert(name).second);
  }
  CHECK(names.size() == 10);
  CHECK_FALSE(parse_format("yaml").has_value());
}

TEST_CASE("a fingerprint outlives names, lines, times and the order of the others, and nothing else") {
  const Plan plan = plan_case("everyday");
  const auto before = fingerprints_of(drift_of(plan).orgs.front());
  CHECK(std::set<std::string>(before.begin(), before.end()).size() == before.size());

  Plan moved = plan;
  for (Change& change : moved.orgs.front().changes) {
    if (!change.id.empty()) change.name += " renamed";
    if (change.source) change.source->line += 7;
    change.effect.reset();
  }
  const auto after = fingerprints_of(drift_of(moved).orgs.front());
  CHECK(after == before);

  Plan elsewhere = plan;
  elsewhere.orgs.front().host = "other.okta.com";
  CHECK(fingerprints_of(drift_of(elsewhere).orgs.front()) != before);

  Plan fewer = plan;
  fewer.orgs.front().changes.erase(fewer.orgs.front().changes.begin());
  const auto rest = fingerprints_of(drift_of(fewer).orgs.front());
  for (const std::string& each : rest) CHECK(std::count(before.begin(), before.end(), each) == 1);
}

TEST_CASE("the level of a drift follows from what the live condition admits too much") {
  struct Row {
    Effect effect;
    ItemLevel level;
  };
  const Row rows[] = {{Effect::tighten, ItemLevel::error},
                      {Effect::shift, ItemLevel::error},
                      {Effect::unknown, ItemLevel::error},
                      {Effect::loosen, ItemLevel::warning},
                      {Effect::same, ItemLevel::note}};
  for (const Row& row : rows) {
    Plan plan = plan_case("everyday");
    plan.orgs.front().changes.resize(1);
    plan.orgs.front().guards.clear();
    plan.orgs.front().findings.clear();
    plan.orgs.front().changes.front().effect = row.effect;
    const Report report = drift_of(plan);
    REQUIRE(report.orgs.front().items.size() == 1);
    CHECK(report.orgs.front().items.front().level == row.level);
    CHECK(report.orgs.front().items.front().state == ItemState::fail);
  }
}

TEST_CASE("a guard blocks a plan, and is only told of in a drift") {
  const auto guard_of = [](const Report& report) {
    for (const ReportItem& item : report.orgs.front().items) {
      if (item.rule == "guard-agent-token") return item;
    }
    return ReportItem{};
  };
  const Plan plan = plan_case("everyday");
  CHECK(guard_of(report_of_plan(plan, PlanView::plan, kRun)).state == ItemState::fail);
  CHECK(guard_of(drift_of(plan)).state == ItemState::told);
}

TEST_CASE("what is left out of a bounded format is counted") {
  const Report report = report_of_plan(big_plan(5'000), PlanView::plan, kRun);
  const auto says = [&](Format format, std::string_view words) {
    return render(format, report, {}).find(words) != std::string::npos;
  };
  CHECK(says(Format::markdown, "lines left out here"));
  CHECK(says(Format::html, "more are left out of this page"));
  CHECK(says(Format::github, "more findings in the other formats"));
  CHECK(says(Format::slack, "more findings"));
  CHECK(render(Format::markdown, report, {}).size() <= 65'000);
}

}  // namespace
}  // namespace zonepin
