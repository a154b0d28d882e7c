// Tokens and zones out of a JSON tree that somebody has parsed already. For this room only.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "model/token.h"

namespace zonepin::okta {

// What is thrown where a tree is not what it should be: one line that says what, names in it are escaped.
struct Malformed {
  std::string why;
};

// Of a list as Okta answers it; in its order. Throw Malformed.
std::vector<Token> tokens_from(const nlohmann::ordered_json& list);
std::vector<Zone> zones_from(const nlohmann::ordered_json& list);

}  // namespace zonepin::okta
