// Zones to build orgs from. Inside of this room only.
#pragma once

#include <string>
#include <vector>

#include "sim/state.h"

namespace zonepin::sim {

// An ACTIVE zone of type IP; values with a "/" become CIDR, others RANGE.
Zone ip_zone(std::string id, std::string name, const std::vector<std::string>& values, Instant created);

// LegacyIpZone, BlockedIpZone and DefaultEnhancedDynamicZone, as an org has them before anybody touches them
// (FACTS 3.3).
std::vector<Zone> system_zones(State& state, Instant created);

// By country, type DYNAMIC.
Zone country_zone(std::string id, std::string name, const std::string& country, Instant created);

}  // namespace zonepin::sim
