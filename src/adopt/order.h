// What a person orders by hand, token by token: the desired state that it is, and the manifest that keeps it
// so. Pure. Once the order is carried out, a plan that is made from the manifest is empty.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "manifest/draft.h"
#include "model/desired.h"
#include "model/token.h"

namespace zonepin {

// Either all are revoked, or all are fenced: from now on they can be used from one zone alone.
struct Order {
  std::vector<std::string> ids;        // of tokens; each once
  std::optional<std::string> zone_id;  // of the zone to fence them in, which is live; none: they are revoked
  std::string reason;                  // of a revocation never empty
};

// Entries by id, without a place: the command line says so.
Desired desired_of(const Order& order);

// The entries with what tells the tokens apart in comments, so that a name that changes is no contradiction;
// and the zone pinned as quarantine. `org`: as the document names it. REQUIRES: is_writable_text(reason)
// unless it is empty.
Draft draft_of(const Order& order, const Live& live, const std::string& org);

}  // namespace zonepin
