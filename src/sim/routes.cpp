#include "sim/routes.h"

#include <algorithm>

#include "base/http.h"
#include "base/text.h"

namespace zonepin::sim {

namespace {

// "{}" stands for an id.
struct RouteRow {
  std::string_view pattern;
  Resource resource;
};

constexpr RouteRow kRouteRows[] = {
    {"/api/v1/api-tokens", Resource::token_list},
    {"/api/v1/api-tokens/{}", Resource::token},
    {"/api/v1/zones", Resource::zone_list},
    {"/api/v1/zones/{}", Resource::zone},
    {"/api/v1/zones/{}/lifecycle/activate", Resource::zone_activation},
    {"/api/v1/zones/{}/lifecycle/deactivate", Resource::zone_deactivation},
    {"/api/v1/users/{}", Resource::user},
    {"/oauth2/v1/token", Resource::access_token},
    {"/.well-known/okta-organization", Resource::org_metadata},
};

// The id when the path fits, an empty one for a pattern without.
std::optional<std::string> fitted(std::string_view path, std::string_view pattern) {
  const std::vector<std::string_view> parts = split(path, '/');
  const std::vector<std::string_view> wanted = split(pattern, '/');
  if (parts.size() != wanted.size()) return std::nullopt;
  std::string id;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (wanted[i] != "{}") {
      if (parts[i] != wanted[i]) return std::nullopt;
      continue;
    }
    const std::optional<std::string> decoded = percent_decode(parts[i]);
    if (!decoded || decoded->empty()) return std::nullopt;
    id = *decoded;
  }
  return id;
}

std::string decoded_query_part(std::string_view text) {
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '+', ' ');
  return percent_decode(plain).value_or(plain);
}

}  // namespace

Form parse_form(std::string_view text) {
  Form form;
  for (const std::string_view part : split(text, '&')) {
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view value = equals < part.size() ? part.substr(equals + 1) : std::string_view();
    form.emplace_back(decoded_query_part(part.substr(0, equals)), decoded_query_part(value));
  }
  return form;
}

std::optional<std::string_view> form_value(const Form& form, std::string_view name) {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return std::nullopt;
}

Route route_of(std::string_view target) {
  Route route;
  const std::size_t mark = std::min(target.find('?'), target.size());
  route.path = target.substr(0, mark);
  if (mark < target.size()) route.query = parse_form(target.substr(mark + 1));
  for (const RouteRow& row : kRouteRows) {
    if (std::optional<std::string> id = fitted(route.path, row.pattern)) {
      route.resource = row.resource;
      route.id = std::move(*id);
      break;
    }
  }
  return route;
}

bool allows(Resource resource, std::string_view method) {
  switch (resource) {
    case Resource::token_list:
    case Resource::org_metadata:
    case Resource::user: return method == "GET";
    case Resource::zone_list: return method == "GET" || method == "POST";
    case Resource::token:
    case Resource::zone: return method == "GET" || method == "PUT" || method == "DELETE";
    case Resource::zone_activation:
    case Resource::zone_deactivation:
    case Resource::access_token: return method == "POST";
    case Resource::unknown: return false;
  }
  return false;
}

std::string required_scope(Resource resource, std::string_view method) {
  const std::string right = method == "GET" ? ".read" : ".manage";
  switch (resource) {
    case Resource::token_list:
    case Resource::token: return "okta.apiTokens" + right;
    case Resource::zone_list:
    case Resource::zone:
    case Resource::zone_activation:
    case Resource::zone_deactivation: return "okta.networkZones" + right;
    case Resource::user: return "okta.users" + right;
    case Resource::access_token:
    case Resource::org_metadata:
    case Resource::unknown: break;
  }
  return {};
}

std::string_view rate_class_of(Resource resource) {
  switch (resource) {
    case Resource::user: return "/api/v1/users/{id}";
    case Resource::access_token: return "/oauth2/v1/token";
    case Resource::token_list:
    case Resource::token:  // PUT is missing in the table of FACTS 5; GET and DELETE are in the catch-all
    case Resource::zone_list:
    case Resource::zone:
    case Resource::zone_activation:
    case Resource::zone_deactivation:
    case Resource::org_metadata:
    case Resource::unknown: return "/api/v1";
  }
  return "/api/v1";
}

}  // namespace zonepin::sim
