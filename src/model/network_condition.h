// From where a token may be used, in Okta's own words (FACTS 1.3).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zonepin {

inline constexpr std::string_view kAnywhere = "ANYWHERE";
inline constexpr std::string_view kZone = "ZONE";

// `connection` is what Okta said: ANYWHERE, ZONE, or a word that we do not know (shown, never written).
// The lists hold zone ids and reserved words; they are sets: sorted, each member once, empty means absent.
struct NetworkCondition {
  std::string connection;
  std::vector<std::string> include;
  std::vector<std::string> exclude;

  bool operator==(const NetworkCondition&) const = default;
};

// Sorts the lists and drops repeated members.
NetworkCondition canonical(NetworkCondition condition);

NetworkCondition anywhere();

// ALL_ZONES and ALL_IP_ZONES: passed through, never resolved as names (FACTS 1.3).
bool is_reserved_zone(std::string_view member);

// Whether Okta would be sent this: ANYWHERE without lists, or ZONE with exactly one list.
bool is_writable(const NetworkCondition& condition);

}  // namespace zonepin
