#include "model/sighting.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace zonepin {

namespace {

using Expiries = std::map<std::string_view, const std::optional<std::string>*>;

// One that was made in between is none: its secret is not the one that is asked about.
bool has_moved(const Token& token, const Expiries& before) {
  const auto found = before.find(token.id);
  return found != before.end() && token.expires_at && *found->second != token.expires_at;
}

// Both are told to the second at worst, and each may be cut off.
bool is_used_at(const Token& token, Instant at) {
  constexpr auto kBeside = std::chrono::seconds(1);
  const auto used = last_use_of(token);
  return used && *used >= at - kBeside && *used <= at + kBeside;
}

void sort_by_id(std::vector<Token>& tokens) {
  std::sort(tokens.begin(), tokens.end(), [](const Token& a, const Token& b) { return a.id < b.id; });
}

}  // namespace

Suspects suspects_of(const std::vector<Token>& before, const std::vector<Token>& after,
                     const Sighting& sighting) {
  Expiries expiries;
  for (const Token& token : before) expiries.emplace(token.id, &token.expires_at);
  Suspects suspects;
  std::vector<Token> of_user;
  for (const Token& token : after) {
    if (sighting.user_id && token.user_id != sighting.user_id) continue;
    of_user.push_back(token);
    if (has_moved(token, expiries)) suspects.tokens.push_back(token);
  }
  suspects.moved = suspects.tokens.size();
  if (suspects.moved > 1 && sighting.at) {
    std::vector<Token> then;
    for (const Token& token : suspects.tokens) {
      if (is_used_at(token, *sighting.at)) then.push_back(token);
    }
    if (then.size() == 1) suspects.tokens = std::move(then);
  }
  if (suspects.moved == 0 && sighting.user_id) suspects.tokens = std::move(of_user);
  sort_by_id(suspects.tokens);
  return suspects;
}

bool is_told(const Suspects& suspects) {
  return suspects.moved > 0 && suspects.tokens.size() == 1;
}

}  // namespace zonepin
