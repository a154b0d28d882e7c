// One org, one profile, and what check says of it.
#pragma once

#include <string>
#include <vector>

#include "check/check.h"
#include "unit/plan/plan_kit.h"

namespace zonepin {

struct Checking {
  Desired desired;
  Live live;
  CheckProfile profile = *builtin_profile("default");
  std::optional<OwnerBook> owners;

  OrgCheck check() const {
    const OrgPlan plan = plan_for(desired, live);
    return check_org({desired, live, plan, profile, owners ? &*owners : nullptr, kNow, sources()});
  }
};

// Everything off but one rule, which is an error.
inline CheckProfile only(CheckRule rule) {
  CheckProfile profile = *builtin_profile("default");
  profile.levels.fill(CheckLevel::off);
  profile.set(rule, CheckLevel::error);
  return profile;
}

inline Waiver waiver_of(const std::string& rule, const std::string& name, const char* until,
                        std::uint32_t line = 30) {
  Waiver waiver;
  waiver.rule = rule;
  waiver.match.name = name;
  waiver.until = *parse_instant(until);
  waiver.reason = "SEC-482";
  waiver.place = {0, line, 5, 1};
  return waiver;
}

}  // namespace zonepin
