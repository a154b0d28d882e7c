// The parts of one org's section in a plan's text. For this room only.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "report/page.h"
#include "report/plan_text.h"
#include "report/words.h"

namespace zonepin {

// Of lists that may be cut. Actions and guards never are.
inline constexpr std::size_t kMaxListed = 20;
inline constexpr std::size_t kMaxFindings = 100;

// One org's plan with what its sections look up. Refers to the plan.
struct OrgView {
  OrgView(const OrgPlan& org, PlanView kind, Instant instant);

  // The change of a live token, or none.
  const Change* change_of(std::string_view token_id) const;

  const OrgPlan& plan;
  PlanView view;
  Instant now;
  ZoneNames zones;
  std::unordered_map<std::string_view, const Change*> by_id;
  std::unordered_map<std::string_view, std::vector<const Guard*>> guards_of;  // by token id
};

// Every action, in the order of apply.
void append_actions(Page& page, const OrgView& org);

// What a person has to decide or should know: conflicts, ambiguous entries, missing tokens, and every other
// finding.
void append_notices(Page& page, const OrgView& org);

// Live tokens that no manifest mentions, unless it says to ignore them.
void append_unmanaged(Page& page, const OrgView& org);

// What blocks apply and what lifts it; then what is lifted.
void append_guards(Page& page, const OrgView& org);

}  // namespace zonepin
