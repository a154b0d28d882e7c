#include "report/plan_text.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.h"
#include "plan/binding.h"
#include "plan/plan_codec.h"
#include "support/cpu_time.h"
#include "support/golden.h"
#include "unit/report/report_cases.h"
#include "unit/report/text_laws.h"

namespace zonepin {

namespace {

constexpr PlanView kViews[] = {PlanView::plan, PlanView::drift, PlanView::reverse};

std::string shown(const char* plan, PlanView view, Style style = {}) {
  return plan_text(plan_case(plan), view, case_now(), style);
}

bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

TEST_CASE("a plan in words is what the golden files say") {
  for (const PlanCase& each : plan_cases()) {
    const std::string folder = "report/plan-" + std::string(each.name) + "/expected.";
    check_golden(folder + "plan-80.txt", plan_text(each.plan, PlanView::plan, case_now(), {}));
    check_golden(folder + "plan-40.txt", plan_text(each.plan, PlanView::plan, case_now(), {false, 40}));
    check_golden(folder + "drift-80.txt", plan_text(each.plan, PlanView::drift, case_now(), {}));
    check_golden(folder + "reverse-80.txt",
                 plan_text(reverse_of(each.plan), PlanView::reverse, case_now(), {}));
  }
  check_golden("report/plan-everyday/expected.plan-80-colour.txt",
               shown("everyday", PlanView::plan, {true, 80}));
}

TEST_CASE("every view of every plan keeps to the laws of text at every width") {
  for (const PlanCase& each : plan_cases()) {
    for (const PlanView view : kViews) {
      for (const std::size_t width : {0U, 40U, 41U, 60U, 80U, 133U}) {
        CAPTURE(each.name);
        check_text_laws_at(width,
                           [&](const Style& style) { return plan_text(each.plan, view, case_now(), style); });
      }
    }
  }
}

TEST_CASE("hostile text is shown short: ten thousand letters don't fill the screen") {
  CHECK(shown("hostile", PlanView::plan).size() < 60'000);
  CHECK_FALSE(says(shown("hostile", PlanView::plan), std::string(1'000, 'x')));
}

TEST_CASE("no action and no guard is ever left out") {
  const std::string text = shown("many", PlanView::plan);
  for (int at = 0; at < 25; ++at) CHECK(says(text, "- revoke \"tmp-" + std::to_string(at) + "\""));
  CHECK(says(text, "! allow-revoke"));
  CHECK(says(text, "\"loose-19\""));
  CHECK_FALSE(says(text, "\"loose-20\""));
  CHECK(says(text, "and 5 more"));
}

TEST_CASE("the last line counts, and says when apply is blocked") {
  struct Row {
    const char* plan;
    PlanView view;
    std::string_view last_line;
  };
  const Row rows[] = {
      {"everyday", PlanView::plan,
       "Plan for acme.okta.com: 3 to replace, 1 to revoke, 1 missing, 2 unmanaged, 1 gone, 9 unchanged. "
       "Apply is blocked.\n"},
      {"everyday", PlanView::drift,
       "Drift in acme.okta.com: 3 differ, 1 live though revoked, 1 missing, 2 unmanaged, 1 gone, 9 as "
       "declared.\n"},
      {"empty", PlanView::plan, "Plan for acme.okta.com: 0 to replace, 0 to revoke, 3 unchanged.\n"},
      {"empty", PlanView::drift,
       "No drift in acme.okta.com: 0 differ, 0 live though revoked, 3 as declared.\n"},
      {"several-orgs", PlanView::plan,
       "Total of 3 orgs: 3 to replace, 1 to revoke, 1 in conflict, 2 ambiguous, 2 missing, 1 waiting, 2 "
       "unmanaged, 1 ignored, 1 "
       "gone, 12 unchanged. Apply is blocked for zeta.oktapreview.com.\n"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.plan);
    const std::string text = shown(row.plan, row.view, {false, 400});
    REQUIRE(text.size() > row.last_line.size());
    CHECK(text.substr(text.size() - row.last_line.size()) == row.last_line);
  }
}

TEST_CASE(
    "an empty plan says that there is nothing to do; one that could not decide does not claim that all is "
    "well") {
  CHECK(says(shown("empty", PlanView::plan), "Nothing to do: every token is as declared."));
  CHECK(says(shown("empty", PlanView::drift), "No drift: every token is as declared."));
  CHECK(says(shown("no-org", PlanView::plan), "Nothing to do: no org is concerned."));
  CHECK_FALSE(says(shown("undecided", PlanView::plan), "every token is as declared"));
  CHECK_FALSE(says(shown("everyday", PlanView::plan), "Nothing to do"));
}

TEST_CASE("what a manifest asks to ignore is counted, not listed") {
  Plan plan = plan_case("everyday");
  OrgPlan& org = plan.orgs.front();
  org.findings.clear();
  org.missing_counts = false;
  const std::string text = plan_text(plan, PlanView::plan, case_now(), {});
  CHECK_FALSE(says(text, "scratch"));
  CHECK_FALSE(says(text, "ci-deploer"));
  CHECK(says(text, "2 unmanaged"));
  CHECK(says(text, "1 missing"));
}

TEST_CASE("a saved plan reads as it did when it was made") {
  for (const PlanCase& each : plan_cases()) {
    if (each.name == "hostile")
      continue;  // no plan holds its ids, and what is no UTF-8 does not survive JSON
    CAPTURE(each.name);
    const auto again = decode_plan(encode_plan(each.plan), "plan.json");
    REQUIRE(again.has_value());
    for (const PlanView view : kViews) {
      CHECK(plan_text(*again, view, case_now(), {}) == plan_text(each.plan, view, case_now(), {}));
    }
  }
}

using Render = std::string (*)(const Plan&);

double cpu_seconds_for(Render render, std::size_t actions) {
  const Plan plan = big_plan(actions);
  double best = 1e9;
  for (int run = 0; run < 3; ++run) {
    const double start = cpu_seconds();
    const std::string text = render(plan);
    best = std::min(best, cpu_seconds() - start);
    CHECK(says(text, "00Tbig" + std::to_string(actions - 1)));
  }
  return best;
}

TEST_CASE("the time for a plan's text and document grows with its actions, not with their square") {
  struct Row {
    const char* name;
    Render render;
  };
  const Row rows[] = {
      {"plan_text", [](const Plan& plan) { return plan_text(plan, PlanView::plan, case_now(), {}); }},
      {"encode_plan", [](const Plan& plan) { return encode_plan(plan); }}};
  for (const Row& row : rows) {
    const double few = cpu_seconds_for(row.render, 500);
    const double many = cpu_seconds_for(row.render, 8'000);
    MESSAGE(std::string(row.name), ": 500 actions ", few, " s, 8,000 actions ", many, " s");
    CHECK(many < few * 16 * 6);  // sixteen times the actions; a quadratic one would take 256 times
  }
}

}  // namespace
}  // namespace zonepin
