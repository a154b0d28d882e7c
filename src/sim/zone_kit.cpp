#include "sim/zone_kit.h"

#include "sim/json.h"

namespace zonepin::sim {

namespace {

Zone plain_zone(std::string id, std::string name, Instant created) {
  Zone zone;
  zone.id = std::move(id);
  zone.name = std::move(name);
  zone.created = floor_to_second(created);
  zone.last_updated = zone.created;
  return zone;
}

}  // namespace

Zone ip_zone(std::string id, std::string name, const std::vector<std::string>& values, Instant created) {
  Zone zone = plain_zone(std::move(id), std::move(name), created);
  std::vector<Gateway> gateways;
  for (const std::string& value : values) {
    gateways.push_back(Gateway{value.find('/') == std::string::npos ? "RANGE" : "CIDR", value});
  }
  zone.gateways = std::move(gateways);
  return zone;
}

std::vector<Zone> system_zones(State& state, Instant created) {
  Zone legacy = plain_zone(make_id(state, "nzo"), "LegacyIpZone", created);
  Zone blocked = plain_zone(make_id(state, "nzo"), "BlockedIpZone", created);
  blocked.usage = "BLOCKLIST";
  Zone enhanced = plain_zone(make_id(state, "nzo"), "DefaultEnhancedDynamicZone", created);
  enhanced.type = "DYNAMIC_V2";
  enhanced.usage = "BLOCKLIST";
  const Json nothing = {{"include", Json::array()}, {"exclude", Json::array()}};
  Json details;
  details["locations"] = nothing;
  details["ipServiceCategories"] = {{"include", {"ALL_ANONYMIZERS"}}, {"exclude", Json::array()}};
  details["asns"] = nothing;
  enhanced.details = details.dump();
  std::vector<Zone> zones = {std::move(legacy), std::move(blocked), std::move(enhanced)};
  for (Zone& zone : zones) zone.system = true;
  return zones;
}

Zone country_zone(std::string id, std::string name, const std::string& country, Instant created) {
  Zone zone = plain_zone(std::move(id), std::move(name), created);
  zone.type = "DYNAMIC";
  Json details;
  details["locations"] = Json::array({{{"country", country}, {"region", nullptr}}});
  details["proxyType"] = "";
  zone.details = details.dump();
  return zone;
}

}  // namespace zonepin::sim
