// What is wrong with where a token may be used from. For this room only.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "check/check.h"
#include "plan/reach.h"

namespace zonepin {

// Judges the conditions of one org. Refers to its zones and to the profile.
class ConditionChecker {
 public:
  ConditionChecker(const std::vector<Zone>& zones, const CheckProfile& profile);

  // What the rules about conditions and zones find at this token; those that are off find nothing.
  std::vector<CheckFinding> findings_of(const Token& token);

 private:
  // What is wrong with a zone, whoever names it; empty: nothing.
  struct ZoneFault {
    std::string unusable;
    std::string too_wide;
  };

  void add(std::vector<CheckFinding>& findings, CheckRule rule, std::string message,
           CheckState state = CheckState::fail) const;
  void judge_zone_condition(const NetworkCondition& condition, std::vector<CheckFinding>& findings);
  void judge_included(const NetworkCondition& condition, std::vector<CheckFinding>& findings);
  void judge_zones(const NetworkCondition& condition, std::vector<CheckFinding>& findings);
  std::string_view whole_family(const NetworkCondition& condition);
  const ZoneFault& fault_of(const std::string& id);

  const CheckProfile& profile_;
  ReachBook reaches_;
  std::unordered_map<std::string_view, const Zone*> by_id_;
  std::map<std::string, ZoneFault> faults_;
  std::map<std::vector<std::string>, std::string_view> whole_;  // by included zones
};

// Whether a set holds a stretch of more addresses than such a prefix has.
bool is_wider(const AddressSet& addresses, std::size_t widest_ipv4, std::size_t widest_ipv6);

}  // namespace zonepin
