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

// The answer to a caller who may not; none when it may.
std::optional<HttpResponse> refuse_permission(Exchange& exchange) {
  const Principal& principal = exchange.principal;
  if (concerns_caller_only(exchange)) {
    // An app is no user and has no SSWS token: nothing here is its own (FACTS 6.1, 6.2).
    if (principal.is_app()) return answer_error(exchange.state, "E0000005");
    return std::nullopt;
  }
  if (principal.is_app()) {
    std::optional<HttpResponse> refusal = refuse_scope(exchange);
    if (refusal) return refusal;
  }
  const bool may = is_read(exchange.request.method) ? principal.may_read() : principal.may_write();
  if (may) return std::nullopt;
  return answer_error(exchange.state, "E0000006");
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
    case Resource::access_token:
    case Resource::org_metadata:
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

HttpResponse adorned(HttpResponse response, const std::string& request_id, const RateReading& reading,
                     Instant now) {
  const auto reset =
      std::chrono::duration_cast<std::chrono::seconds>(reading.reset.time_since_epoch()).count();
  response.headers.push_back({"Date", format_http_date(now)});
  response.headers.push_back({"X-Okta-Request-Id", request_id});
  response.headers.push_back({"X-Rate-Limit-Limit", std::to_string(reading.limit)});
  response.headers.push_back({"X-Rate-Limit-Remaining", std::to_string(reading.remaining)});
  response.headers.push_back({"X-Rate-Limit-Reset", std::to_string(reset)});
  return response;
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
  const RateReading reading = count(request, route, now);
  if (!reading.exceeded) return adorned(answer(request, route, now), request_id, reading, now);
  if (route.resource != Resource::access_token) spend_proof(state_, request, route, now);
  return adorned(answer_error(state_, "E0000047"), request_id, reading, now);
}

RateReading Org::count(const SimRequest& request, const Route& route, Instant now) {
  const Settings& settings = state_.settings;
  const bool is_crowded = settings.max_concurrent > 0 && request.in_flight >= settings.max_concurrent;
  if (is_crowded) return concurrency_reading(now);
  const bool is_shared = settings.principal_percent >= 100;
  const std::string principal =
      is_shared ? std::string() : principal_id(state_, request, token_of_secret_, now);
  return count_request(state_, rate_class_of(route.resource), principal, now);
}

HttpResponse Org::fail_with(std::string_view error_code, Instant now) {
  const std::string request_id = make_request_id(state_);
  HttpResponse response = answer_error(state_, error_code);
  response.headers.push_back({"Date", format_http_date(now)});
  response.headers.push_back({"X-Okta-Request-Id", request_id});
  return response;
}

HttpResponse Org::answer(const SimRequest& request, const Route& route, Instant now) {
  if (route.resource == Resource::unknown) return answer_error(state_, "E0000008");
  if (!allows(route.resource, request.method)) return answer_error(state_, "E0000022");
  if (route.resource == Resource::access_token) return issue_access_token(state_, request, now);
  if (route.resource == Resource::org_metadata) return answer_json(org_text(state_, request.base_url));
  tl::expected<Principal, HttpResponse> principal =
      authenticate(state_, request, route, token_of_secret_, now);
  if (!principal) return std::move(principal.error());
  if (has_wrong_content_type(request)) return answer_error(state_, "E0000021");
  Exchange exchange{state_, request, route, now, std::move(*principal)};
  std::optional<HttpResponse> refusal = refuse_permission(exchange);
  return refusal ? std::move(*refusal) : call_operation(exchange);
}

bool is_known_error(std::string_view error_code) {
  return is_error_code(error_code);
}

}  // namespace zonepin::sim
