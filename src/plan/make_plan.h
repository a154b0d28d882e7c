// (desired, live, policy, now) -> plan: the heart. Pure, and the same bytes for the same input in any order.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "model/desired.h"
#include "plan/plan.h"

namespace zonepin {

// `--ack GUARD:TOKEN_ID`; an empty token_id lifts the guard for every token (a bare `--ack GUARD`).
struct AckFlag {
  std::string guard;
  std::string token_id;

  bool operator==(const AckFlag&) const = default;
};

// What the command line allows.
struct PlanPolicy {
  bool allow_revoke = false;
  std::vector<AckFlag> acks;
  std::optional<std::size_t> max_revoke;  // instead of the manifest's limits
  std::optional<std::size_t> max_update_pct;
  bool named_by_person =
      false;  // tokens were named by id on the command line: limits and recently-used don't block
  std::optional<Cause> only_cause;  // actions of another cause wait; none: all are to be done
};

struct Planning {
  OrgPlan plan;
  Diagnostics diagnostics;  // Any error here is the manifest's (a zone that can't be used): the plan is not
                            // to be used.
};

// The entries (each with its scope) and rules in the order of their places, however the files were given.
Desired in_order(const Desired& desired, const Sources& sources);

// `sources` gives the file names for the places in `desired`. live.users must hold what unknown_users() asks
// for, as far as it is to be had. `base` is the plan that older manifests give for the same live state; none:
// nobody asked.
Planning make_plan(const Desired& desired, const Live& live, const PlanPolicy& policy, Instant now,
                   const Sources& sources, const OrgPlan* base = nullptr);

// The order of apply (DESIGN 5): loosen, same, shift, unknown, tighten, then revokes, and last what is done
// to the token that the run itself uses; 0 comes first.
int phase_of(const Change& change);
inline constexpr int kRevokePhase = 5;
inline constexpr int kOwnPhase = 6;

// Actions by phase, then everything else by status and name.
void put_in_order(std::vector<Change>& changes);

}  // namespace zonepin
