// What there is to say about network zones: pins that no longer hold, and zones that are not what a person
// would expect behind a condition. Findings, never guards: zonepin writes no zones.
#pragma once

#include <string_view>
#include <vector>

#include "model/address_set.h"
#include "plan/plan.h"
#include "plan/zone_book.h"

namespace zonepin {

// The rule of a finding about a pin that the live zone breaks: it is gone, renamed, re-created under another
// id, unusable, or reaches beyond `within`, or not all of `covers`. An error, and a drift.
inline constexpr std::string_view kZonePinBroken = "zone-pin-broken";

// `plan` has its changes: the tokens whose conditions name the zone are told in the details.
std::vector<Finding> findings_on_pins(const Desired& desired, const Live& live, const OrgPlan& plan,
                                      const Sources& sources);

// Zones that managed tokens are, or are to be, pinned to: `zone-too-wide` (a stretch of more than a /8, in
// IPv6 a /32), `zone-private` (gateways that are never a public source), `zone-empty`, `zone-unusable` (a
// live condition names a zone that no token can use); and `token-exclude-only` for what manifests ask for.
std::vector<Finding> findings_on_zones(const Desired& desired, const Live& live, const OrgPlan& plan,
                                       const Sources& sources);

bool has_broken_pin(const OrgPlan& plan);

// Whether a set holds a stretch of more than a /8 (IPv4) or a /32 (IPv6).
bool is_too_wide(const AddressSet& addresses);

}  // namespace zonepin
