#include "okta/api.h"

#include "base/ensure.h"
#include "base/text.h"
#include "model/token.h"

namespace zonepin::okta {

namespace {

// Okta's own default page has 20 zones (FACTS 3.1).
constexpr std::string_view kFirstZonePage = "/api/v1/zones?limit=200";

std::string token_path(const std::string& id) {
  ensure(is_token_id(id), "only a checked token id may stand in a path");
  return "/api/v1/api-tokens/" + id;
}

std::string first_target(const Call& call) {
  switch (call.operation) {
    case Operation::list_tokens: return "/api/v1/api-tokens";
    case Operation::get_token:
    case Operation::replace_token:
    case Operation::revoke_token: return token_path(call.key);
    case Operation::revoke_current: return "/api/v1/api-tokens/current";
    case Operation::list_zones: return std::string(kFirstZonePage);
    case Operation::get_user: return "/api/v1/users/" + percent_encode(call.key);
    case Operation::get_current_user: return "/api/v1/users/me";
    case Operation::get_access_token: return "/oauth2/v1/token";
    case Operation::get_org: return "/.well-known/okta-organization";
  }
  ensure(false, "an operation without a path");
  return {};
}

HttpMethod method_of(Operation operation) {
  switch (operation) {
    case Operation::replace_token: return HttpMethod::put;
    case Operation::revoke_token:
    case Operation::revoke_current: return HttpMethod::delete_;
    case Operation::list_tokens:
    case Operation::get_token:
    case Operation::list_zones:
    case Operation::get_user:
    case Operation::get_current_user:
    case Operation::get_org: return HttpMethod::get;
    case Operation::get_access_token: return HttpMethod::post;
  }
  return HttpMethod::get;
}

}  // namespace

bool is_write(Operation operation) {
  const HttpMethod method = method_of(operation);
  return method == HttpMethod::put || method == HttpMethod::delete_;
}

HttpRequest request_for(const Call& call) {
  HttpRequest request;
  request.method = method_of(call.operation);
  request.target = call.page.empty() ? first_target(call) : call.page;
  if (call.operation == Operation::get_access_token) {
    request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}};
    return request;
  }
  const bool user = call.operation == Operation::get_user || call.operation == Operation::get_current_user;
  request.headers.push_back({"Accept", "application/json"});
  // The second half keeps credentials and their links out of user answers (FACTS 9).
  request.headers.push_back(
      {"Content-Type",
       user ? "application/json; okta-response=omitCredentials,omitCredentialsLinks" : "application/json"});
  request.body = call.body;
  return request;
}

std::string describe(const Call& call) {
  switch (call.operation) {
    case Operation::list_tokens: return "list the API tokens";
    case Operation::get_token: return "read token " + escape(call.key);
    case Operation::replace_token: return "replace the condition of token " + escape(call.key);
    case Operation::revoke_token: return "revoke token " + escape(call.key);
    case Operation::revoke_current: return "revoke the token in use";
    case Operation::list_zones: return "list the network zones";
    case Operation::get_user: return "look up user " + in_quotes(call.key);
    case Operation::get_current_user: return "ask who owns the token in use";
    case Operation::get_access_token: return "get an access token";
    case Operation::get_org: return "ask which org this is";
  }
  return {};
}

}  // namespace zonepin::okta
