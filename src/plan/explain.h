// Why a plan says of one token what it says: everything in the manifests that speaks of it (`zonepin
// explain`).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace zonepin {

// How an entry, a rule or the default bears on the token.
enum class Say {
  decides,
  undecided,     // it would decide, and is why nothing can be decided
  overruled,     // it speaks of the token, but something else comes first
  in_doubt,      // whether it speaks of the token can't be told
  out_of_scope,  // it would, but its document may claim no token outside of its scope
};
std::string_view to_string(Say say);

// One place of the manifests that speaks of the token.
struct Voice {
  std::string what;  // "entry by id", "entry by name", "rule", "default"
  std::optional<SourceRef> source;
  Say say = Say::overruled;
  std::string why;  // one line, escaped; may be empty
  std::optional<NetworkCondition>
      network;  // what it wants: a condition, a revoke for `reason`, else to be left alone
  std::string reason;

  bool operator==(const Voice&) const = default;
};

struct Explanation {
  std::string host;
  std::optional<Token> token;  // none: not live
  std::string owner_login;     // empty: not known
  Change change;               // its line in the plan
  std::vector<Voice> voices;   // who decides first
  std::vector<Guard> guards;   // of the plan, as far as they concern it
  std::vector<Finding> findings;
  std::vector<ZonePin> pins;  // of the zones that it is pinned to
  std::vector<Ack> acks;
  std::vector<Waiver> waivers;
  std::vector<std::string> advice;  // what would change it, one line each, escaped
  std::map<std::string, Zone> zones;

  bool operator==(const Explanation&) const = default;
};

// `subject` is the id or the exact name of live tokens, or of entries that are not live: one explanation
// each, by id. Empty: neither a token nor an entry has it. `plan` is the plan for the same `desired` and
// `live`.
std::vector<Explanation> explain(const std::string& subject, const Desired& desired, const Live& live,
                                 Instant now, const Sources& sources, const OrgPlan& plan);

}  // namespace zonepin
