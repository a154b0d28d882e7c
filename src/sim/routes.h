// From a request's target to what it asks for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zonepin::sim {

enum class Resource {
  token_list,
  token,
  zone_list,
  zone,
  zone_activation,
  zone_deactivation,
  user,
  access_token,
  org_metadata,  // for everybody, without a credential
  unknown
};

using Form = std::vector<std::pair<std::string, std::string>>;  // decoded, in order

// `a=b&c=d`, as a query or a form has it.
Form parse_form(std::string_view text);
std::optional<std::string_view> form_value(const Form& form,
                                           std::string_view name);  // the first of that name

struct Route {
  Resource resource = Resource::unknown;
  std::string id;    // decoded; empty for lists
  std::string path;  // without the query, as it was sent
  Form query;

  std::optional<std::string_view> parameter(std::string_view name) const { return form_value(query, name); }
};

Route route_of(std::string_view target);

bool allows(Resource resource, std::string_view method);

// The OAuth scope that an app needs for it (FACTS 6.2).
std::string required_scope(Resource resource, std::string_view method);

// Which rate window counts the request (kRateClasses).
std::string_view rate_class_of(Resource resource);

}  // namespace zonepin::sim
