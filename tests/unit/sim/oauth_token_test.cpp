// POST /oauth2/v1/token: who gets an access token, and what the others are told.
#include <doctest/doctest.h>

#include <functional>

#include "unit/sim/oauth_kit.h"

namespace zonepin::sim {

namespace {

TEST_CASE("a service app gets a bearer token for an hour, with every kind of key") {
  for (const char* algorithm : {"RS256", "RS384", "RS512", "ES256", "ES384", "ES512"}) {
    CAPTURE(algorithm);
    Org org(state_with_app(algorithm));
    TokenRequest request;
    request.algorithm = algorithm;
    const HttpResponse answer = ask_for_token(org, request);
    const std::string token = access_token_of(answer);
    CHECK(answer.body == R"({"token_type":"Bearer","expires_in":3600,"access_token":")" + token +
                             R"(","scope":")" + kAllScopes + R"("})");
    CHECK(header(answer.headers, "Content-Type") == "application/json");
    CHECK(header(answer.headers, "X-Okta-Request-Id"));
    CHECK(header(answer.headers, "X-Rate-Limit-Remaining") == "239");
    CHECK_FALSE(header(answer.headers, "DPoP-Nonce"));
    Call call = get("/api/v1/api-tokens");
    CHECK(call_with(org, call, "Bearer", token).status == 200);
    call.now = noon() + std::chrono::hours(1);
    CHECK(verdict(call_with(org, call, "Bearer", token)) == "401 E0000011");
  }
}

constexpr const char* kExpired = "401 invalid_client: The client_assertion token is expired.";
constexpr const char* kTooFar =
    "401 invalid_client: The client_assertion token has an expiration too far into the future.";
constexpr const char* kFuture = "401 invalid_client: The client_assertion token was issued in the future.";
constexpr const char* kWrongAudience =
    "401 invalid_client: The audience claim for client_assertion must be the endpoint invoked for the "
    "request.";
constexpr const char* kWrongSignature = "401 invalid_client: The client_assertion signature is invalid.";
constexpr const char* kWrongKid = "401 invalid_client: The client_assertion JWT kid is invalid.";
constexpr const char* kWrongParty =
    "401 invalid_client: The issuer and subject claims for client_assertion must be the client_id.";
constexpr const char* kUnknownClient = "401 invalid_client: Invalid value for 'client_id' parameter.";
constexpr const char* kNoScope =
    "400 invalid_scope: One or more scopes are not configured for the authorization server resource.";

struct SpoiledRequest {
  const char* what;
  std::function<void(TokenRequest&)> spoil;
  const char* verdict;
};

void check_all(const std::vector<SpoiledRequest>& rows) {
  for (const SpoiledRequest& row : rows) {
    CAPTURE(row.what);
    Org org(state_with_app());
    TokenRequest request;
    row.spoil(request);
    CHECK(oauth_verdict(ask_for_token(org, request)) == row.verdict);
  }
}

TEST_CASE("assertions that prove nothing") {
  const std::int64_t now = seconds(noon());
  check_all({
      {"signed with another key", [](TokenRequest& r) { r.signer = "second"; }, kWrongSignature},
      {"another kind of key", [](TokenRequest& r) { r.algorithm = "ES256"; }, kWrongSignature},
      {"alg none", [](TokenRequest& r) { r.header["alg"] = "none"; }, kWrongSignature},
      {"kid of no key", [](TokenRequest& r) { r.header["kid"] = "k9"; }, kWrongKid},
      {"issuer", [](TokenRequest& r) { r.claims["iss"] = "0oaother"; }, kWrongParty},
      {"subject unknown", [](TokenRequest& r) { r.claims["sub"] = "0oaother"; }, kUnknownClient},
      {"client_id beside it", [](TokenRequest& r) { r.form["client_id"] = "0oaother"; }, kUnknownClient},
      {"audience: the org", [](TokenRequest& r) { r.claims["aud"] = kBase; }, kWrongAudience},
      {"audience: none", [](TokenRequest& r) { r.claims.erase("aud"); }, kWrongAudience},
      {"ends now", [&](TokenRequest& r) { r.claims["exp"] = now; }, kExpired},
      {"clock 10 min slow",
       [&](TokenRequest& r) { r.claims["iat"] = now - 600, r.claims["exp"] = now - 300; }, kExpired},
      {"no end", [](TokenRequest& r) { r.claims.erase("exp"); },
       "401 invalid_client: The client_assertion token must contain a valid 'exp' claim."},
      {"ends in an hour and a second", [&](TokenRequest& r) { r.claims["exp"] = now + 3601; }, kTooFar},
      {"clock 10 min fast",
       [&](TokenRequest& r) { r.claims["iat"] = now + 600, r.claims["exp"] = now + 900; }, kFuture},
      {"issued in a second", [&](TokenRequest& r) { r.claims["iat"] = now + 1; }, kFuture},
      {"no JWT", [](TokenRequest& r) { r.assertion = "x.y.z"; },
       "401 invalid_client: The client_assertion token is malformed."},
      {"type", [](TokenRequest& r) { r.form["client_assertion_type"] = "jwt"; },
       "401 invalid_client: The client_assertion_type is invalid."},
  });
}

TEST_CASE("requests that are wrong for another reason") {
  check_all({
      {"a scope that the app was not granted", [](TokenRequest& r) { r.form["scope"] = "okta.roles.read"; },
       kNoScope},
      {"one of two", [](TokenRequest& r) { r.form["scope"] = "okta.apiTokens.read okta.logs.read"; },
       kNoScope},
      {"no scope", [](TokenRequest& r) { r.form.erase("scope"); },
       "400 invalid_scope: The authorization server resource does not have any configured default scopes, "
       "'scope' "
       "must be provided."},
      {"another grant", [](TokenRequest& r) { r.form["grant_type"] = "password"; },
       "400 unsupported_grant_type: The authorization grant type is not supported by the authorization "
       "server."},
      {"JSON", [](TokenRequest& r) { r.content_type = "application/json"; },
       "400 invalid_request: Accept and/or Content-Type headers likely do not match supported values."},
  });
}

TEST_CASE("assertions that are good in other ways") {
  const std::int64_t now = seconds(noon());
  check_all({
      {"ends in an hour sharp", [&](TokenRequest& r) { r.claims["exp"] = now + 3600; }, "200"},
      {"no iat", [](TokenRequest& r) { r.claims.erase("iat"); }, "200"},
      {"its kid", [](TokenRequest& r) { r.header["kid"] = "k1"; }, "200"},
      {"its client_id", [](TokenRequest& r) { r.form["client_id"] = kClientId; }, "200"},
      {"audiences",
       [](TokenRequest& r) {
         r.claims["aud"] = {"x", kTokenUrl};
       },
       "200"},
  });
}

TEST_CASE("of several keys the kid says which") {
  State state = state_with_app();
  state.apps.at(kClientId).keys.push_back(AppKey{"k2", Signer::of("ES256").public_pem()});
  Org org(std::move(state));
  TokenRequest request;
  CHECK(oauth_verdict(ask_for_token(org, request)) == kWrongKid);
  request.header["kid"] = "k2";
  CHECK(oauth_verdict(ask_for_token(org, request)) == kWrongSignature);
  request.algorithm = "ES256";
  CHECK(oauth_verdict(ask_for_token(org, request)) == "200");
}

TEST_CASE(
    "an assertion with a jti is good once, also when what follows fails; one without it again and again") {
  Org org(state_with_app());
  TokenRequest request;
  request.claims["jti"] = "a";
  request.form["scope"] = "okta.logs.read";
  CHECK(oauth_verdict(ask_for_token(org, request)) == kNoScope);
  request.form["scope"] = kAllScopes;
  CHECK(oauth_verdict(ask_for_token(org, request)) ==
        "401 invalid_client: The client_assertion token has already been used.");
  request.claims["jti"] = "b";
  CHECK(oauth_verdict(ask_for_token(org, request)) == "200");
  request.claims.erase("jti");
  CHECK(oauth_verdict(ask_for_token(org, request)) == "200");
  CHECK(oauth_verdict(ask_for_token(org, request)) == "200");
}

TEST_CASE("an app that is inactive, or calls from outside its zones") {
  State state = state_with_app();
  state.apps.at(kClientId).network = Network{"ZONE", {"nzoCorp"}, {}};
  Org org(state);
  TokenRequest request;
  CHECK(oauth_verdict(ask_for_token(org, request)) == "200");
  request.caller = "203.0.113.9";
  CHECK(oauth_verdict(ask_for_token(org, request)) ==
        "403 access_denied: The request is made from outside the client's permitted network zones.");
  org.state().apps.at(kClientId).status = "INACTIVE";
  CHECK(oauth_verdict(ask_for_token(org, request)) == kUnknownClient);
}

TEST_CASE("the other word for scopes that were not granted") {
  State state = state_with_app();
  REQUIRE(set_choice(state.settings.choices, "ungrantedScope", "consent_required"));
  Org org(std::move(state));
  TokenRequest request(noon(), "okta.logs.read");
  CHECK(oauth_verdict(ask_for_token(org, request)) ==
        "400 consent_required: You are not allowed any of the requested scopes.");
}

}  // namespace

}  // namespace zonepin::sim
