// From a request's target to what it asks for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zonepin::sim {

enum class Resource { token_list, token, zone_list, zone, zone_activation, zone_deactivation, user, unknown };

struct Route {
  Resource resource = Resource::unknown;
  std::string id;                                          // decoded; empty for lists
  std::string path;                                        // without the query, as it was sent
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order

  std::optional<std::string_view> parameter(std::string_view name) const;  // the first of that name
};

Route route_of(std::string_view target);

bool allows(Resource resource, std::string_view method);

// Which rate window counts the request (kRateClasses).
std::string_view rate_class_of(Resource resource);

}  // namespace zonepin::sim
