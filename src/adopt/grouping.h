// Rules that say for many tokens at once what is live of each.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "model/desired.h"
#include "model/token.h"

namespace zonepin {

// Fewer are better said one by one.
inline constexpr std::size_t kFewestPerRule = 3;

struct FoundRule {
  TokenMatch match;  // by name (exact, or all that start or end alike), or by owner (a user id)
  std::vector<const Token*> matching;  // every live token that it matches, by id

  // How many it must still match: a fifth may lapse before anybody is told.
  std::size_t min() const { return matching.size() - matching.size() / 5; }
};

// `conditions` says what is to hold for a token, as a text that is equal where the condition is. Each rule
// matches at least kFewestPerRule tokens, all of one condition, and of `live` no token that is not among
// them: not one with another condition, not one that nobody asked for. The same rules for the same tokens in
// any order, sorted by what they match.
std::vector<FoundRule> find_rules(const Live& live, const std::map<const Token*, std::string>& conditions);

}  // namespace zonepin
