// What people wish of a token, by the rules of DESIGN 3 and nothing else: an entry by id, else one by name
// that fits exactly one token, else rules that agree. Made for the auditor, apart from the product's claims.
#pragma once

#include <string>
#include <vector>

#include "story.h"

namespace zonepin::simulation {

struct WishedToken {
  std::string id;
  std::string name;
  std::string owner;  // user id
};

// The wish that decides for the token `id` among `tokens`; null where none does, or where they contradict
// each other.
const Wish* wish_for(const Story& story, const std::vector<WishedToken>& tokens, const std::string& id);

// A condition as one text; lists are sets.
std::string condition_text(const std::string& connection, std::vector<std::string> include,
                           std::vector<std::string> exclude);

}  // namespace zonepin::simulation
