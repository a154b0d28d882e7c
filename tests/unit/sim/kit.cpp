#include "unit/sim/kit.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace zonepin::sim {

namespace {

constexpr std::string_view kSmallOrg = R"({
  "users": [
    {"id": "00uadmin", "login": "ada@acme.example", "firstName": "Ada", "lastName": "Admin",
     "created": "2025-01-01T00:00:00.000Z"},
    {"id": "00ureader", "login": "rob@acme.example", "role": "READ_ONLY_ADMIN"},
    {"id": "00unobody", "login": "nora@acme.example", "role": "NONE"},
    {"id": "00ugone", "login": "gus@acme.example", "status": "DEPROVISIONED"},
    {"id": "00uheld", "login": "hal@acme.example", "status": "SUSPENDED"},
    {"id": "00urob2", "login": "rob@other.example"}
  ],
  "zones": [
    {"id": "nzoCorp", "name": "corp", "gateways": [{"type": "CIDR", "value": "192.0.2.0/24"}],
     "created": "2025-01-02T03:04:05.000Z", "lastUpdated": "2025-02-02T03:04:05.000Z"},
    {"id": "nzoRange", "name": "range", "gateways": [{"type": "RANGE", "value": "198.51.100.10-198.51.100.19"}]},
    {"id": "nzoSix", "name": "six", "gateways": [{"type": "CIDR", "value": "2001:db8::/32"}]},
    {"id": "nzoOff", "name": "off", "status": "INACTIVE", "gateways": [{"type": "CIDR", "value": "203.0.113.0/24"}]},
    {"id": "nzoBlock", "name": "block", "usage": "BLOCKLIST", "gateways": [{"type": "CIDR", "value": "203.0.113.0/24"}]},
    {"id": "nzoDyn", "name": "dyn", "type": "DYNAMIC", "locations": [{"country": "US", "region": null}], "proxyType": ""},
    {"id": "nzoDyn2", "name": "dyn2", "type": "DYNAMIC_V2", "usage": "BLOCKLIST",
     "locations": {"include": [], "exclude": []}, "asns": {"include": [], "exclude": []}},
    {"id": "nzoLegacy", "name": "LegacyIpZone", "system": true, "gateways": null}
  ],
  "tokens": [
    {"id": "00Tadmin", "name": "admin", "userId": "00uadmin", "secret": "00admin", "network": {"connection": "ANYWHERE"},
     "created": "2025-11-02T14:47:13.000Z", "lastUpdated": "2025-11-02T14:47:13.000Z",
     "expiresAt": "2026-03-20T00:00:00.000Z"},
    {"id": "00Treader", "name": "reader", "userId": "00ureader", "secret": "00reader"},
    {"id": "00Tnobody", "name": "nobody", "userId": "00unobody", "secret": "00nobody"},
    {"id": "00Tgone", "name": "gone", "userId": "00ugone", "secret": "00gone"},
    {"id": "00Theld", "name": "held", "userId": "00uheld", "secret": "00held"},
    {"id": "00Torphan", "name": "orphan", "userId": "00uunknown", "secret": "00orphan"},
    {"id": "00Tlapsed", "name": "lapsed", "userId": "00uadmin", "secret": "00lapsed", "expiresAt": "now"},
    {"id": "00Tzone", "name": "zone", "userId": "00uadmin", "secret": "00zone",
     "network": {"connection": "ZONE", "exclude": ["nzoSix"]},
     "created": "2025-11-02T14:47:13.000Z", "lastUpdated": "2025-11-06T08:22:21.000Z",
     "expiresAt": "2026-03-12T14:47:13.000Z"},
    {"id": "00Tagent", "name": "agent", "userId": "00uadmin", "clientName": "Okta AD Agent", "tokenWindow": null,
     "expiresAt": null, "created": "2025-11-02T14:47:13.000Z"}
  ]
})";

}  // namespace

Instant at(std::string_view text) {
  const std::optional<Instant> instant = parse_instant(text);
  REQUIRE(instant);
  return *instant;
}

Instant noon() {
  return at("2026-03-01T12:00:00.250Z");
}

State parsed(std::string_view json) {
  Result<State> state = parse_state(json, noon());
  const std::string why = state ? std::string() : state.error().message;
  REQUIRE_MESSAGE(state, why);
  return *state;
}

State small_state() {
  return parsed(kSmallOrg);
}

Org small_org() {
  return Org(small_state());
}

HttpResponse ask(Org& org, const Call& call) {
  SimRequest request;
  request.method = call.method;
  request.target = call.target;
  if (!call.secret.empty()) request.headers.push_back({"Authorization", "SSWS " + call.secret});
  if (!call.content_type.empty()) request.headers.push_back({"Content-Type", call.content_type});
  request.body = call.body;
  request.caller = call.caller;
  request.base_url = kBase;
  request.in_flight = call.in_flight;
  return org.handle(request, call.now);
}

std::string verdict(const HttpResponse& response) {
  const nlohmann::json body = nlohmann::json::parse(response.body, nullptr, false);
  std::string text = std::to_string(response.status);
  if (body.is_object() && body.contains("errorCode")) text += " " + body["errorCode"].get<std::string>();
  return text;
}

std::string verdict(Org& org, const Call& call) {
  return verdict(ask(org, call));
}

Call get(std::string target) {
  Call call;
  call.target = std::move(target);
  return call;
}

Call put(std::string target, std::string body) {
  Call call = get(std::move(target));
  call.method = "PUT";
  call.body = std::move(body);
  return call;
}

Call del(std::string target) {
  Call call = get(std::move(target));
  call.method = "DELETE";
  return call;
}

std::string put_body(const Org& org, const std::string& token_id, const std::string& network) {
  const Token& live = token(org, token_id);
  nlohmann::json body = {
      {"name", live.name}, {"userId", live.user_id}, {"created", format_seconds(live.created)}};
  if (live.client_name) body["clientName"] = *live.client_name;
  if (!network.empty()) body["network"] = nlohmann::json::parse(network);
  return body.dump();
}

const Token& token(const Org& org, const std::string& id) {
  const auto found = org.state().tokens.find(id);
  REQUIRE(found != org.state().tokens.end());
  return found->second;
}

}  // namespace zonepin::sim
