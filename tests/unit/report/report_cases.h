// Plans and outcomes as values, by name: what reports are tested with, in words here and as documents in
// tests/contract.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.h"
#include "report/outcome_report.h"

namespace zonepin {

// 2026-11-23T03:04:05Z, the "now" of all cases.
Instant case_now();

// What a hostile admin could write into a name: terminal escapes, line breaks, marks that reverse the
// writing, quotes, no UTF-8, and 10,000 letters.
std::string hostile_text();

struct PlanCase {
  std::string_view name;
  Plan plan;
};

// everyday, empty, undecided, several-orgs, conditions, hostile, many, saved
std::vector<PlanCase> plan_cases();
Plan plan_case(std::string_view name);

// A plan with `count` actions, for measuring.
Plan big_plan(std::size_t count);

struct OutcomeCase {
  std::string_view name;
  std::vector<OrgReport> orgs;
};

// all-done, mixed, nothing, several-orgs, ended-early, hostile
std::vector<OutcomeCase> outcome_cases();

Live live_case();
Live hostile_live();

}  // namespace zonepin
