// Who decides for a live token: an entry by id, else an entry by name, else nobody (DESIGN 3).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/desired.h"
#include "model/token.h"

namespace zonepin {

// The owners that have to be looked up at Okta before claims can be worked out: those that are not the userId
// of a live token and do not look like one. Sorted, each once. `me`, `.` and `..` are nobody's login.
std::vector<std::string> logins_to_look_up(const Desired& desired, const std::vector<Token>& tokens);

// 00u and 17 letters or digits (FACTS 1.1).
bool looks_like_user_id(std::string_view text);

// The entries (indices into Desired::tokens) that speak of one live token.
struct Claim {
  std::vector<std::size_t> by_id;
  std::vector<std::size_t> by_name;
};

struct Claims {
  std::vector<Claim> tokens;  // beside Live::tokens
  std::vector<std::vector<std::size_t>>
      matches;  // beside Desired::tokens: the live tokens each entry speaks of
  std::vector<std::string>
      contradictions;  // beside Desired::tokens: why an entry by id does not fit its token, or empty
};

Claims claims_of(const Desired& desired, const Live& live);

}  // namespace zonepin
