// What there is to say about the entries and rules of a manifest themselves, as against a live org: findings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/claims.h"
#include "plan/decide.h"
#include "plan/plan.h"

namespace zonepin {

// "00T… (owner …, created …, last used …)": enough to tell two tokens of one name apart.
std::string describe(const Token& token);

// Entries that match several tokens (`ambiguous`) or that one by id puts aside (`shadowed`); rules that match
// nothing (`rule-unused`; one with `min: 0` may), too few or too many (`rule-bounds`, an error), tokens
// outside of their document's scope (`rule-scope`) or perhaps more than is known (`rule-in-doubt`).
std::vector<Finding> remarks_on(const Desired& desired, const Live& live, const Claims& claims,
                                const Decider& decider, const Sources& sources);

// Why an entry finds no live token, and what may have been meant. Bounded work however many are missing.
class MissingWords {
 public:
  MissingWords(const Desired& desired, const Live& live, const Claims& claims);

  // One line, escaped; may be empty.
  std::string why(std::size_t entry);

 private:
  const Token& namesake(const std::string& name) const;
  void index_live();

  const Desired& desired_;
  const Live& live_;
  const Claims& claims_;
  std::vector<std::string_view>
      names_;  // sorted, as are the ids: of two that are equally near, always the same is suggested
  std::vector<std::string_view> ids_;
  std::size_t suggestions_ = 0;
};

}  // namespace zonepin
