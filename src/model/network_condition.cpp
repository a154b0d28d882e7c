#include "model/network_condition.h"

#include <algorithm>

namespace zonepin {

namespace {

void make_set(std::vector<std::string>& members) {
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
}

}  // namespace

NetworkCondition canonical(NetworkCondition condition) {
  make_set(condition.include);
  make_set(condition.exclude);
  return condition;
}

NetworkCondition anywhere() {
  return NetworkCondition{std::string(kAnywhere), {}, {}};
}

bool is_reserved_zone(std::string_view member) {
  return member == "ALL_ZONES" || member == "ALL_IP_ZONES";
}

bool is_writable(const NetworkCondition& condition) {
  if (condition.connection == kAnywhere) return condition.include.empty() && condition.exclude.empty();
  return condition.connection == kZone && condition.include.empty() != condition.exclude.empty();
}

}  // namespace zonepin
