// State to JSON text: the format of docs/simulator.md.
#include "sim/json.h"
#include "sim/state.h"

namespace zonepin::sim {

namespace {

Json nullable(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

Json state_network(const Network& network) {
  Json json = {{"connection", network.connection}};
  if (!network.include.empty()) json["include"] = network.include;
  if (!network.exclude.empty()) json["exclude"] = network.exclude;
  return json;
}

Json state_token(const Token& token) {
  Json json;
  json["id"] = token.id;
  json["name"] = token.name;
  json["userId"] = token.user_id;
  json["clientName"] = nullable(token.client_name);
  json["tokenWindow"] = nullable(token.token_window);
  if (token.network) json["network"] = state_network(*token.network);
  json["expiresAt"] = token.expires_at ? Json(format_instant(*token.expires_at)) : Json(nullptr);
  json["created"] = format_instant(token.created);
  json["lastUpdated"] = format_instant(token.last_updated);
  if (!token.secret.empty()) json["secret"] = token.secret;
  return json;
}

Json state_gateways(const std::optional<std::vector<Gateway>>& gateways) {
  if (!gateways) return nullptr;
  Json list = Json::array();
  for (const Gateway& gateway : *gateways) list.push_back({{"type", gateway.type}, {"value", gateway.value}});
  return list;
}

Json state_zone(const Zone& zone) {
  Json json;
  json["type"] = zone.type;
  json["id"] = zone.id;
  json["name"] = zone.name;
  json["status"] = zone.status;
  json["usage"] = zone.usage;
  json["created"] = format_instant(zone.created);
  json["lastUpdated"] = format_instant(zone.last_updated);
  json["system"] = zone.system;
  if (zone.type == "IP") {
    json["gateways"] = state_gateways(zone.gateways);
    json["proxies"] = state_gateways(zone.proxies);
  } else {
    json.update(Json::parse(zone.details));
  }
  return json;
}

Json state_user(const User& user) {
  return Json{{"id", user.id},
              {"login", user.login},
              {"status", user.status},
              {"role", user.role},
              {"firstName", user.first_name},
              {"lastName", user.last_name},
              {"created", format_instant(user.created)}};
}

Json state_app(const App& app) {
  Json json;
  json["clientId"] = app.client_id;
  json["name"] = app.name;
  json["status"] = app.status;
  json["scopes"] = app.scopes;
  json["role"] = app.role;
  json["dpop"] = app.dpop;
  if (app.network) json["network"] = state_network(*app.network);
  json["keys"] = Json::array();
  for (const AppKey& key : app.keys) {
    Json item = Json::object();
    if (!key.kid.empty()) item["kid"] = key.kid;
    item["pem"] = key.pem;
    json["keys"].push_back(std::move(item));
  }
  return json;
}

Json state_settings(const Settings& settings) {
  Json choices = Json::object();
  for (const ChoiceWords& words : choice_words()) {
    choices[std::string(words.name)] = choice_value(settings.choices, words.name);
  }
  Json json;
  json["rateLimits"] = settings.rate_limits;
  json["rateWindowSeconds"] = settings.rate_window_seconds;
  json["principalPercent"] = settings.principal_percent;
  json["maxConcurrent"] = settings.max_concurrent;
  json["dpopNonceSeconds"] = settings.dpop_nonce_seconds;
  json["tokenPageSize"] = settings.token_page_size;
  json["zonePageSize"] = settings.zone_page_size;
  json["enforceNetwork"] = settings.enforce_network;
  json["seed"] = settings.seed;
  json["choices"] = std::move(choices);
  return json;
}

}  // namespace

std::string to_json(const State& state) {
  Json json;
  json["settings"] = state_settings(state.settings);
  json["users"] = Json::array();
  for (const auto& item : state.users) json["users"].push_back(state_user(item.second));
  json["zones"] = Json::array();
  for (const auto& item : state.zones) json["zones"].push_back(state_zone(item.second));
  json["tokens"] = Json::array();
  for (const auto& item : state.tokens) json["tokens"].push_back(state_token(item.second));
  json["apps"] = Json::array();
  for (const auto& item : state.apps) json["apps"].push_back(state_app(item.second));
  json["rateWindows"] = Json::object();
  for (const auto& [name, window] : state.rate_windows) {
    json["rateWindows"][name] = {{"opened", format_instant(window.opened)}, {"used", window.used}};
  }
  json["counter"] = state.counter;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace zonepin::sim
