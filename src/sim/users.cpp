// Users: by id, login, short login, and `me` (FACTS 9).
#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "sim/exchange.h"
#include "sim/json.h"
#include "sim/reply.h"

namespace zonepin::sim {

namespace {

constexpr std::string_view kRealmId = "guosimulated0000001d";
constexpr std::string_view kTypeId = "otysimulated0000001d";
constexpr std::string_view kSchemaId = "oscsimulated0000001d";

// By id, else by login, else by what stands before the login's @ when that is one user's alone.
const User* find_user(const State& state, const std::string& wanted) {
  const auto by_id = state.users.find(wanted);
  if (by_id != state.users.end()) return &by_id->second;
  const User* by_short_login = nullptr;
  bool is_ambiguous = false;
  for (const auto& item : state.users) {
    const User& user = item.second;
    if (user.login == wanted) return &user;
    if (user.login.substr(0, user.login.find('@')) != wanted) continue;
    is_ambiguous = by_short_login != nullptr;
    by_short_login = &user;
  }
  return is_ambiguous ? nullptr : by_short_login;
}

// The members of `Content-Type: application/json; okta-response=a,b`.
std::vector<std::string> trimmed_members(const SimRequest& request) {
  constexpr std::string_view kParameter = "okta-response=";
  std::vector<std::string> members;
  for (const std::string_view part : split(header(request.headers, "Content-Type").value_or(""), ';')) {
    std::string_view value = trim(part);
    if (!starts_with_ignoring_case(value, kParameter)) continue;
    value.remove_prefix(kParameter.size());
    for (const std::string_view member : split(value, ',')) {
      std::string name(trim(member));
      name.erase(std::remove(name.begin(), name.end(), '"'), name.end());
      members.push_back(std::move(name));
    }
  }
  return members;
}

bool has_member(const std::vector<std::string>& members, std::string_view name) {
  return std::find(members.begin(), members.end(), name) != members.end();
}

Json user_links(const User& user, const std::string& base_url, const std::vector<std::string>& omit) {
  const std::string api = base_url + "/api/v1/";
  const std::string self = api + "users/" + user.id;
  const bool credentials = !has_member(omit, "omitCredentialsLinks");
  const auto lifecycle = [&](const char* name) {
    return Json{{"href", self + "/lifecycle/" + name}, {"method", "POST"}};
  };
  Json links = Json::object();
  const bool deprovisioned = user.status == "DEPROVISIONED";
  if (deprovisioned) links["activate"] = lifecycle("activate");
  if (!deprovisioned) links["suspend"] = lifecycle("suspend");
  links["schema"]["href"] = api + "meta/schemas/user/" + std::string(kSchemaId);
  if (!deprovisioned && credentials) links["resetPassword"] = lifecycle("reset_password");
  links["self"]["href"] = self;
  if (!deprovisioned && credentials) links["resetFactors"] = lifecycle("reset_factors");
  links["type"]["href"] = api + "meta/types/user/" + std::string(kTypeId);
  if (!deprovisioned) links["deactivate"] = lifecycle("deactivate");
  return links;
}

}  // namespace

std::string user_text(const User& user, const std::string& base_url, const std::vector<std::string>& omit) {
  const std::string created = format_instant(user.created);
  Json json;
  json["id"] = user.id;
  json["status"] = user.status;
  json["created"] = created;
  json["activated"] = created;
  json["statusChanged"] = created;
  json["lastLogin"] = nullptr;
  json["lastUpdated"] = created;
  json["passwordChanged"] = nullptr;
  json["realmId"] = kRealmId;
  json["type"]["id"] = kTypeId;
  json["profile"] = {{"firstName", user.first_name}, {"lastName", user.last_name}, {"mobilePhone", nullptr},
                     {"secondEmail", nullptr},       {"login", user.login},        {"email", user.login}};
  if (!has_member(omit, "omitCredentials")) {
    json["credentials"]["provider"] = {{"type", "OKTA"}, {"name", "OKTA"}};
  }
  json["_links"] = user_links(user, base_url, omit);
  return json.dump();
}

HttpResponse get_user(Exchange& exchange) {
  const std::string& wanted = exchange.route.id;
  const User* user = find_user(exchange.state, wanted == "me" ? exchange.principal.user_id : wanted);
  if (user == nullptr) return answer_not_found(exchange.state, wanted, "User");
  HttpResponse response =
      answer_json(user_text(*user, exchange.request.base_url, trimmed_members(exchange.request)));
  response.headers.push_back({"Etag", "W/\"" + sha256(response.body).substr(0, 32) + "\""});
  return response;
}

}  // namespace zonepin::sim
