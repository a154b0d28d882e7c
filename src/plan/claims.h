// Who has a say about a live token: entries by id, entries by name, rules (DESIGN 3). What they want and who
// of them wins is decided in plan/decide.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/desired.h"
#include "model/token.h"

namespace zonepin {

// The users that have to be known before claims can be worked out, and are not. Both sorted, each once.
struct UnknownUsers {
  // Logins that manifests name, but for those that stand for nobody in particular: `me`, `.` and `..`.
  std::vector<std::string> logins;
  // User ids of tokens for which a glob on the owner alone decides whether a rule or a scope fits.
  std::vector<std::string> ids;
};
UnknownUsers unknown_users(const Desired& desired, const Live& live, Instant now);

// Whether it may take a look at users at all, whatever is live.
bool names_users(const Desired& desired);

// Whether `owner` (a login or a user id; empty: anybody) is the token's. A login that is not known is
// nobody's.
bool owns(const std::string& owner, const Token& token, const Users& users);

// What speaks of one live token: indices into Desired::tokens and Desired::rules, ascending.
struct Claim {
  std::vector<std::size_t> by_id;
  std::vector<std::size_t> by_name;
  std::vector<std::size_t> by_rule;  // rules that match it; an entry, if there is one, wins over them
  std::vector<std::size_t>
      in_doubt;  // rules for which it can't be told: the owner's login is not known, or clientName is absent
};

// What an entry of `tokens` came upon.
struct EntryClaim {
  std::vector<std::size_t> tokens;  // the live ones that it speaks of, as indices into Live::tokens
  std::string contradiction;        // why an entry by id does not fit its token; empty: it does
  std::optional<std::size_t>
      outside;  // by name: a live token that would fit, but lies outside of the scope of its document
};

// How many live tokens a rule came upon.
struct RuleClaim {
  std::size_t matched = 0;   // whether or not an entry decides for them
  std::size_t in_doubt = 0;  // it can't be told
  std::size_t outside =
      0;  // match, but lie outside of the scope of its document: it decides for none of them
};

struct Claims {
  std::vector<Claim> tokens;        // beside Live::tokens
  std::vector<EntryClaim> entries;  // beside Desired::tokens
  std::vector<RuleClaim> rules;     // beside Desired::rules
};

Claims claims_of(const Desired& desired, const Live& live, Instant now);

}  // namespace zonepin
