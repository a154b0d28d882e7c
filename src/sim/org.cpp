#include "sim/org.h"

#include "base/text.h"
#include "sim/exchange.h"
#include "sim/reply.h"

namespace zonepin::sim {

namespace {

bool is_read(std::string_view method) {
  return method == "GET";
}

// `me` shows only what the caller is, and `current` ends only what it holds: no role is asked for.
bool concerns_caller_only(const Exchange& exchange) {
  const Route& route = exchange.route;
  if (route.resource == Resource::user) return route.id == "me";
  return route.resource == Resource::token && route.id == "current" && exchange.request.method == "DELETE";
}

bool has_permission(const Exchange& exchange) {
  if (concerns_caller_only(exchange)) return true;
  return is_read(exchange.request.method) ? exchange.principal.may_read() : exchange.principal.may_write();
}

HttpResponse call_operation(Exchange& exchange) {
  const std::string& method = exchange.request.method;
  switch (exchange.route.resource) {
    case Resource::token_list: return list_tokens(exchange);
    case Resource::token:
      if (method == "GET") return get_token(exchange);
      return method == "PUT" ? put_token(exchange) : revoke_token(exchange);
    case Resource::zone_list: return method == "GET" ? list_zones(exchange) : create_zone(exchange);
    case Resource::zone:
      if (method == "GET") return get_zone(exchange);
      return method == "PUT" ? put_zone(exchange) : delete_zone(exchange);
    case Resource::zone_activation: return activate_zone(exchange);
    case Resource::zone_deactivation: return deactivate_zone(exchange);
    case Resource::user: return get_user(exchange);
    case Resource::unknown: break;
  }
  return answer_error(exchange.state, "E0000008");
}

// A body must say that it is JSON; a lifecycle POST has none.
bool has_wrong_content_type(const SimRequest& request) {
  if (request.body.empty()) return false;
  const std::string_view type = header(request.headers, "Content-Type").value_or("");
  return lowercase(trim(type.substr(0, type.find(';')))) != "application/json";
}

}  // namespace

SimRequest sim_request(const HttpRequest& request, std::string caller, std::string base_url) {
  return SimRequest{std::string(to_string(request.method)),
                    request.target,
                    request.headers,
                    request.body,
                    std::move(caller),
                    std::move(base_url)};
}

HttpResponse Org::handle(const SimRequest& request, Instant now) {
  const std::string request_id = make_request_id(state_);
  const Route route = route_of(request.target);
  const RateReading reading = count_request(state_, rate_class_of(route.resource), now);
  HttpResponse response = reading.exceeded ? answer_error(state_, "E0000047") : answer(request, route, now);
  const auto reset =
      std::chrono::duration_cast<std::chrono::seconds>(reading.reset.time_since_epoch()).count();
  response.headers.push_back({"Date", format_http_date(now)});
  response.headers.push_back({"X-Okta-Request-Id", request_id});
  response.headers.push_back({"X-Rate-Limit-Limit", std::to_string(reading.limit)});
  response.headers.push_back({"X-Rate-Limit-Remaining", std::to_string(reading.remaining)});
  response.headers.push_back({"X-Rate-Limit-Reset", std::to_string(reset)});
  return response;
}

HttpResponse Org::answer(const SimRequest& request, const Route& route, Instant now) {
  if (route.resource == Resource::unknown) return answer_error(state_, "E0000008");
  if (!allows(route.resource, request.method)) return answer_error(state_, "E0000022");
  tl::expected<Principal, HttpResponse> principal = authenticate(state_, request, token_of_secret_, now);
  if (!principal) return std::move(principal.error());
  if (has_wrong_content_type(request)) return answer_error(state_, "E0000021");
  Exchange exchange{state_, request, route, now, std::move(*principal)};
  if (!has_permission(exchange)) return answer_error(state_, "E0000006");
  return call_operation(exchange);
}

}  // namespace zonepin::sim
