// API calls of a service app: scopes, roles, and what is not for apps.
#include <doctest/doctest.h>

#include "unit/sim/oauth_kit.h"

namespace zonepin::sim {

namespace {

std::string token_for(Org& org, const std::string& scope) {
  return access_token_of(ask_for_token(org, TokenRequest(noon(), scope)));
}

TEST_CASE("each operation asks for its scope, and reading is not writing") {
  const std::string body = R"({"name":"zone","userId":"00uadmin","network":{"connection":"ANYWHERE"}})";
  struct Row {
    const char* scope;
    Call call;
    const char* verdict;
  };
  const Row rows[] = {
      {"okta.apiTokens.read", get("/api/v1/api-tokens"), "200"},
      {"okta.apiTokens.read", get("/api/v1/api-tokens/00Tzone"), "200"},
      {"okta.apiTokens.read", put("/api/v1/api-tokens/00Tzone", body), "403 E0000006"},
      {"okta.apiTokens.read", del("/api/v1/api-tokens/00Tzone"), "403 E0000006"},
      {"okta.apiTokens.read", get("/api/v1/zones"), "403 E0000006"},
      {"okta.apiTokens.manage", get("/api/v1/api-tokens"), "403 E0000006"},
      {"okta.apiTokens.manage", put("/api/v1/api-tokens/00Tzone", body), "200"},
      {"okta.apiTokens.manage", del("/api/v1/api-tokens/00Tzone"), "204"},
      {"okta.networkZones.read", get("/api/v1/zones"), "200"},
      {"okta.networkZones.read", del("/api/v1/zones/nzoOff"), "403 E0000006"},
      {"okta.users.read", get("/api/v1/users/ada"), "200"},
      {"okta.networkZones.read", get("/api/v1/users/ada"), "403 E0000006"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.scope);
    CAPTURE(row.call.method);
    CAPTURE(row.call.target);
    Org org(state_with_app());
    const std::string token = token_for(org, row.scope);
    const State before = org.state();
    const HttpResponse answer = call_with(org, row.call, "Bearer", token);
    CHECK(verdict(answer) == row.verdict);
    if (answer.status == 403) CHECK(org.state().tokens == before.tokens);
  }
}

TEST_CASE("a missing scope is named where Okta names it") {
  Org org(state_with_app());
  const std::string token = token_for(org, "okta.apiTokens.read");
  const HttpResponse answer = call_with(org, get("/api/v1/zones?limit=2"), "Bearer", token);
  CHECK(header(answer.headers, "WWW-Authenticate") ==
        R"(Bearer authorization_uri="http://acme.okta.example/oauth2/v1/authorize", )"
        R"(realm="http://acme.okta.example", scope="okta.networkZones.read", error="insufficient_scope", )"
        R"(error_description="The access token provided does not contain the required scopes.", )"
        R"(resource="/api/v1/zones")");
}

TEST_CASE("whether .manage reads, too, is a choice") {
  State state = state_with_app();
  REQUIRE(set_choice(state.settings.choices, "manageScope", "reads-too"));
  Org org(std::move(state));
  const std::string token = token_for(org, "okta.apiTokens.manage");
  CHECK(verdict(call_with(org, get("/api/v1/api-tokens"), "Bearer", token)) == "200");
  CHECK(verdict(call_with(org, get("/api/v1/zones"), "Bearer", token)) == "403 E0000006");
}

TEST_CASE("an app needs an admin role as well") {
  struct Row {
    const char* role;
    const char* reading;
    const char* writing;
  };
  for (const Row& row : {Row{"NONE", "403 E0000006", "403 E0000006"},
                         Row{"READ_ONLY_ADMIN", "200", "403 E0000006"}, Row{"ORG_ADMIN", "200", "204"}}) {
    CAPTURE(row.role);
    State state = state_with_app();
    state.apps.at(kClientId).role = row.role;
    Org org(std::move(state));
    const std::string token = token_for(org, kAllScopes);
    CHECK(verdict(call_with(org, get("/api/v1/api-tokens"), "Bearer", token)) == row.reading);
    CHECK(verdict(call_with(org, del("/api/v1/api-tokens/00Tzone"), "Bearer", token)) == row.writing);
  }
}

TEST_CASE("an app is no user, and has no token of its own to revoke") {
  Org org(state_with_app());
  const std::string token = token_for(org, kAllScopes);
  const std::size_t tokens = org.state().tokens.size();
  CHECK(verdict(call_with(org, get("/api/v1/users/me"), "Bearer", token)) == "403 E0000005");
  CHECK(verdict(call_with(org, del("/api/v1/api-tokens/current"), "Bearer", token)) == "403 E0000005");
  CHECK(org.state().tokens.size() == tokens);
}

TEST_CASE("access tokens that are none") {
  Org org(state_with_app());
  const std::string token = token_for(org, kAllScopes);
  const Call call = get("/api/v1/api-tokens");
  const HttpResponse unknown = call_with(org, call, "Bearer", "eyJother");
  CHECK(verdict(unknown) == "401 E0000011");
  CHECK(header(unknown.headers, "WWW-Authenticate")->find("error=\"invalid_token\"") !=
        std::string_view::npos);
  CHECK(verdict(call_with(org, call, "SSWS", token)) == "401 E0000011");
  const HttpResponse as_dpop = call_with(org, call, "DPoP", token, Proof::for_call(call, token, "1").text());
  CHECK(as_dpop.status == 401);  // it is bound to no key
  CHECK(as_dpop.body.empty());
  org.state().apps.at(kClientId).status = "INACTIVE";
  CHECK(verdict(call_with(org, call, "Bearer", token)) == "401 E0000011");
}

}  // namespace

}  // namespace zonepin::sim
