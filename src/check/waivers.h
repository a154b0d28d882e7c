// Which findings are accepted for a while, and what is wrong with the waivers themselves. For this room only.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "check/check.h"

namespace zonepin {

// The waivers of one org. Refers to what it is made from.
class WaiverBook {
 public:
  explicit WaiverBook(const CheckInput& input);

  // The waiver that accepts what a rule finds at a token; none: nobody does.
  std::optional<std::size_t> accepting(CheckRule rule, const Token& token);

  Acceptance acceptance(std::size_t waiver) const;

  // Waivers whose time is over, and those that accepted nothing. Call it last. `was_run` tells of a rule
  // whether it was looked at.
  std::vector<CheckFinding> findings(const std::array<bool, kCheckRules>& was_run) const;

 private:
  void add(std::vector<CheckFinding>& findings, CheckRule rule, std::size_t waiver,
           std::string message) const;

  const CheckInput& input_;
  std::array<std::vector<std::size_t>, kCheckRules> by_rule_;  // those that are not over, in their order
  std::vector<bool> expired_;
  std::vector<bool> used_;
  std::vector<bool> in_doubt_;  // it can't be told whether it would accept something
};

}  // namespace zonepin
