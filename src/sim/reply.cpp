#include "sim/reply.h"

#include <algorithm>

#include "base/ensure.h"
#include "base/text.h"
#include "sim/json.h"

namespace zonepin::sim {

namespace {

struct ErrorRow {
  std::string_view code;
  int status;
  std::string_view summary;
};

// FACTS 4.
constexpr ErrorRow kErrorRows[] = {
    {"E0000001", 400, "Api validation failed"},
    {"E0000003", 400, "The request body was not well-formed."},
    {"E0000004", 401, "Authentication failed"},
    {"E0000005", 403, "Invalid session"},
    {"E0000006", 403, "You do not have permission to perform the requested action"},
    {"E0000007", 404, "Not found"},
    {"E0000008", 404, "The requested path was not found"},
    {"E0000009", 500, "Internal Server Error"},
    {"E0000010", 503, "Service is in read only mode"},
    {"E0000011", 401, "Invalid token provided"},
    {"E0000015", 401, "You do not have permission to access the feature you are requesting"},
    {"E0000019", 400,
     "Bad request. Accept and/or Content-Type headers likely do not match supported values."},
    {"E0000021", 400,
     "Bad request. Accept and/or Content-Type headers likely do not match supported values."},
    {"E0000022", 405, "The endpoint does not support the provided HTTP method"},
    {"E0000028", 400, "The request is missing a required parameter."},
    {"E0000047", 429, "API call exceeded rate limit due to too many requests."},
    {"E0000060", 501, "Unsupported operation."},
    {"E0000094", 400, "The provided filter is unsupported."},
};

const ErrorRow* error_row(std::string_view code) {
  const auto* row = std::find_if(std::begin(kErrorRows), std::end(kErrorRows),
                                 [&](const ErrorRow& candidate) { return candidate.code == code; });
  return row == std::end(kErrorRows) ? nullptr : row;
}

HttpResponse error_answer(State& state, std::string_view code, const std::string& more,
                          const std::vector<std::string>& causes) {
  const ErrorRow* row = error_row(code);
  ensure(row != nullptr, "answer_error: there is no such error");
  Json body;
  body["errorCode"] = row->code;
  body["errorSummary"] = std::string(row->summary) + more;
  body["errorLink"] = row->code;
  body["errorId"] = make_error_id(state);
  body["errorCauses"] = Json::array();
  for (const std::string& cause : causes) body["errorCauses"].push_back({{"errorSummary", cause}});
  // What a request says comes back in the summary: it may be no UTF-8.
  HttpResponse response = answer_json(body.dump(-1, ' ', false, Json::error_handler_t::replace));
  response.status = row->status;
  return response;
}

Json link_to(const std::string& href, const std::vector<std::string>& allow) {
  return {{"href", href}, {"hints", {{"allow", allow}}}};
}

std::vector<std::string> ordered_list(std::vector<std::string> list, ListOrder order) {
  switch (order) {
    case ListOrder::as_sent: break;
    case ListOrder::reversed: std::reverse(list.begin(), list.end()); break;
  }
  return list;
}

Json gateways_json(const std::optional<std::vector<Gateway>>& gateways) {
  if (!gateways) return nullptr;
  Json list = Json::array();
  for (const Gateway& gateway : *gateways) list.push_back({{"type", gateway.type}, {"value", gateway.value}});
  return list;
}

}  // namespace

HttpResponse answer_json(std::string body) {
  return HttpResponse{200, {{"Content-Type", "application/json"}}, std::move(body)};
}

HttpResponse answer_nothing() {
  return HttpResponse{204, {}, {}};
}

HttpResponse answer_oauth_error(int status, std::string_view error, std::string_view description) {
  const Json body = {{"error", error}, {"error_description", description}};
  HttpResponse response = answer_json(body.dump());
  response.status = status;
  return response;
}

bool is_error_code(std::string_view code) {
  return error_row(code) != nullptr;
}

HttpResponse answer_error(State& state, std::string_view code) {
  return error_answer(state, code, "", {});
}

HttpResponse answer_not_found(State& state, std::string_view id, std::string_view kind) {
  const std::string more = ": Resource not found: " + std::string(id) + " (" + std::string(kind) + ")";
  return error_answer(state, "E0000007", more, {});
}

HttpResponse answer_invalid(State& state, std::string_view field, const std::vector<std::string>& causes) {
  return error_answer(state, "E0000001", ": " + std::string(field), causes);
}

std::string token_text(const Token& token, const Settings& settings, const std::string& base_url) {
  const std::string api = base_url + "/api/v1/";
  Json json;
  json["id"] = token.id;
  json["name"] = token.name;
  json["userId"] = token.user_id;
  if (token.client_name) json["clientName"] = *token.client_name;
  if (token.token_window) json["tokenWindow"] = *token.token_window;
  if (token.network) {
    const ListOrder order = settings.choices.list_order;
    Json network = {{"connection", token.network->connection}};
    if (!token.network->include.empty()) network["include"] = ordered_list(token.network->include, order);
    if (!token.network->exclude.empty()) network["exclude"] = ordered_list(token.network->exclude, order);
    json["network"] = std::move(network);
  }
  if (token.expires_at) json["expiresAt"] = format_instant(*token.expires_at);
  json["created"] = format_instant(token.created);
  json["lastUpdated"] = format_instant(token.last_updated);
  json["_links"]["self"] = link_to(api + "api-tokens/" + token.id, {"GET", "DELETE"});
  json["_links"]["user"] = link_to(api + "users/" + token.user_id, {"GET"});
  return json.dump();
}

std::string zone_text(const Zone& zone, const std::string& base_url) {
  const std::string self = base_url + "/api/v1/zones/" + zone.id;
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
    json["gateways"] = gateways_json(zone.gateways);
    json["proxies"] = gateways_json(zone.proxies);
  } else {
    json.update(Json::parse(zone.details));
  }
  // Recorded: `activate` stands before `self`, `deactivate` after it.
  Json& links = json["_links"];
  if (zone.status != "ACTIVE") links["activate"] = link_to(self + "/lifecycle/activate", {"POST"});
  links["self"] = link_to(self, {"GET", "PUT", "DELETE"});
  if (zone.status == "ACTIVE") links["deactivate"] = link_to(self + "/lifecycle/deactivate", {"POST"});
  return json.dump();
}

std::string org_text(const State& state, const std::string& base_url) {
  Json json;
  json["id"] = org_id_of(state);
  json["_links"]["organization"]["href"] = base_url;
  json["pipeline"] = "idx";
  json["settings"] = {
      {"analyticsCollectionEnabled", false}, {"bugReportingEnabled", false}, {"omEnabled", false}};
  return json.dump();
}

void add_links(HttpResponse& response, const std::string& base_url, const std::string& target,
               const std::string& path, const std::string& next_query) {
  response.headers.push_back({"Link", "<" + base_url + target + ">; rel=\"self\""});
  if (next_query.empty()) return;
  response.headers.push_back({"Link", "<" + base_url + path + "?" + next_query + ">; rel=\"next\""});
}

}  // namespace zonepin::sim
