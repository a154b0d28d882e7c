// DPoP: asked for by the token endpoint, and in every API call (FACTS 6.3).
#include "sim/dpop.h"

#include <doctest/doctest.h>

#include <functional>

#include "sim/base64url.h"
#include "unit/sim/oauth_kit.h"

namespace zonepin::sim {

namespace {

State state_that_wants_dpop() {
  State state = state_with_app("ES256");
  state.apps.at(kClientId).dpop = "required";
  return state;
}

HttpResponse ask_with(Org& org, const Proof& proof, Instant now = noon()) {
  TokenRequest request(now);
  request.algorithm = "ES256";
  request.proof = proof.text();
  return ask_for_token(org, request);
}

std::string nonce_of(const HttpResponse& answer) {
  return std::string(header(answer.headers, "DPoP-Nonce").value_or(""));
}

std::string bound_token(Org& org) {
  return access_token_of(
      ask_with(org, Proof::for_token(noon(), "first", current_nonce(org.state(), noon()))));
}

std::string challenge_of(const HttpResponse& answer) {
  const std::string text(header(answer.headers, "WWW-Authenticate").value_or(""));
  const std::size_t from = text.find("error=");
  const std::size_t to = text.find(", resource=");
  return std::to_string(answer.status) + " " + (from < to ? text.substr(from, to - from) : text);
}

TEST_CASE("the way to a bound token: no proof, no nonce, both") {
  Org org(state_that_wants_dpop());
  TokenRequest plain;
  plain.algorithm = "ES256";
  const HttpResponse first = ask_for_token(org, plain);
  CHECK(oauth_verdict(first) == "400 invalid_dpop_proof: The DPoP proof JWT header is missing.");
  CHECK(nonce_of(first).empty());
  const HttpResponse second = ask_with(org, Proof::for_token(noon(), "a"));
  CHECK(oauth_verdict(second) == "400 use_dpop_nonce: Authorization server requires nonce in DPoP proof.");
  REQUIRE_FALSE(nonce_of(second).empty());
  const HttpResponse third = ask_with(org, Proof::for_token(noon(), "a", nonce_of(second)));
  CHECK(third.body.find(R"("token_type":"DPoP")") != std::string::npos);
  const std::string token = access_token_of(third);
  const Call call = get("/api/v1/api-tokens?limit=5");
  CHECK(call_with(org, call, "DPoP", token, Proof::for_call(call, token, "b").text()).status == 200);
  CHECK(verdict(call_with(org, call, "Bearer", token)) == "401 E0000011");
}

TEST_CASE("an app for which DPoP is optional gets a bound token for a proof, a bearer token without") {
  Org org(state_with_app("ES256"));
  CHECK(oauth_verdict(ask_with(org, Proof::for_token(noon(), "a"))).find("400 use_dpop_nonce") == 0);
  TokenRequest plain;
  plain.algorithm = "ES256";
  CHECK(ask_for_token(org, plain).body.find(R"("token_type":"Bearer")") != std::string::npos);
}

TEST_CASE("a nonce is new each day, and good for three days more") {
  Org org(state_that_wants_dpop());
  const auto hours = [](int count) { return noon() + std::chrono::hours(count); };
  const std::string nonce = current_nonce(org.state(), noon());
  CHECK(current_nonce(org.state(), hours(11)) == nonce);
  CHECK(current_nonce(org.state(), hours(12)) != nonce);
  const HttpResponse old = ask_with(org, Proof::for_token(hours(83), "a", nonce), hours(83));
  CHECK(old.status == 200);
  CHECK(nonce_of(old) == current_nonce(org.state(), hours(83)));
  const HttpResponse too_old = ask_with(org, Proof::for_token(hours(84), "b", nonce), hours(84));
  CHECK(oauth_verdict(too_old).find("400 use_dpop_nonce") == 0);
  CHECK(nonce_of(too_old) == current_nonce(org.state(), hours(84)));
}

struct SpoiledProof {
  const char* what;
  std::function<void(Proof&)> spoil;
  const char* description;
};

const std::vector<SpoiledProof>& spoiled_proofs() {
  static const std::int64_t now = seconds(noon());
  static const std::vector<SpoiledProof> rows = {
      {"typ", [](Proof& p) { p.header["typ"] = "JWT"; },
       "The 'typ' in the DPoP proof JWT header is invalid."},
      {"alg none", [](Proof& p) { p.header["alg"] = "none"; }, "The DPoP proof JWT signature is invalid."},
      {"alg of another key", [](Proof& p) { p.header["alg"] = "RS256"; },
       "The DPoP proof JWT signature is invalid."},
      {"signed with another key", [](Proof& p) { p.signer = "thief"; },
       "The DPoP proof JWT signature is invalid."},
      {"no key", [](Proof& p) { p.header.erase("jwk"); }, "The DPoP proof JWT header has no 'jwk'."},
      {"a private key", [](Proof& p) { p.header["jwk"]["d"] = "AAAA"; },
       "The 'jwk' in the DPoP proof JWT header is invalid."},
      {"htm", [](Proof& p) { p.claims["htm"] = "DELETE"; }, "'htm' claim in the DPoP proof JWT is invalid."},
      {"htu with the query",
       [](Proof& p) { p.claims["htu"] = p.claims["htu"].get<std::string>() + "?limit=5"; },
       "'htu' claim in the DPoP proof JWT is invalid."},
      {"htu of another host", [](Proof& p) { p.claims["htu"] = "https://other.example/api/v1/api-tokens"; },
       "'htu' claim in the DPoP proof JWT is invalid."},
      {"too old", [](Proof& p) { p.claims["iat"] = now - 300; },
       "'iat' claim in the DPoP proof JWT is invalid."},
      {"from the future", [](Proof& p) { p.claims["iat"] = now + 301; },
       "'iat' claim in the DPoP proof JWT is invalid."},
      {"no iat", [](Proof& p) { p.claims.erase("iat"); }, "'iat' claim in the DPoP proof JWT is invalid."},
      {"no jti", [](Proof& p) { p.claims.erase("jti"); }, "'jti' claim in the DPoP proof JWT is invalid."},
  };
  return rows;
}

TEST_CASE("proofs that prove nothing, at the token endpoint") {
  for (const SpoiledProof& row : spoiled_proofs()) {
    CAPTURE(row.what);
    Org org(state_that_wants_dpop());
    Proof proof = Proof::for_token(noon(), "a", current_nonce(org.state(), noon()));
    row.spoil(proof);
    CHECK(oauth_verdict(ask_with(org, proof)) == std::string("400 invalid_dpop_proof: ") + row.description);
  }
}

TEST_CASE("proofs that prove nothing, in API calls: an empty body, and the reason in a header") {
  std::vector<SpoiledProof> rows = spoiled_proofs();
  rows.push_back({"ath of another token", [](Proof& p) { p.claims["ath"] = sha256_base64url("eyJother"); },
                  "'ath' claim in the DPoP proof JWT is invalid."});
  rows.push_back(
      {"no ath", [](Proof& p) { p.claims.erase("ath"); }, "'ath' claim in the DPoP proof JWT is invalid."});
  rows.push_back({"another good key",
                  [](Proof& p) {
                    p.signer = "thief";
                    p.header["jwk"] = Signer::of("ES256", "thief").public_jwk();
                  },
                  "The DPoP proof JWT key does not match the access token."});
  for (const SpoiledProof& row : rows) {
    CAPTURE(row.what);
    Org org(state_that_wants_dpop());
    const std::string token = bound_token(org);
    const Call call = get("/api/v1/api-tokens?limit=5");
    Proof proof = Proof::for_call(call, token, "b");
    row.spoil(proof);
    const HttpResponse answer = call_with(org, call, "DPoP", token, proof.text());
    CHECK(answer.body.empty());
    CHECK(challenge_of(answer) ==
          "400 error=\"invalid_dpop_proof\", error_description=\"" + std::string(row.description) + "\"");
  }
}

TEST_CASE("a call under DPoP without a proof, or with a token that is none") {
  Org org(state_that_wants_dpop());
  const std::string token = bound_token(org);
  const Call call = get("/api/v1/api-tokens");
  CHECK(challenge_of(call_with(org, call, "DPoP", token)) ==
        R"(400 error="invalid_dpop_proof", error_description="The DPoP proof JWT header is missing.")");
  const HttpResponse answer =
      call_with(org, call, "DPoP", "eyJother", Proof::for_call(call, token, "b").text());
  CHECK(challenge_of(answer) ==
        R"(401 error="invalid_token", error_description="The access token is invalid.")");
  CHECK(answer.body.empty());
  CHECK(header(answer.headers, "WWW-Authenticate")
            ->find("DPoP algs=\"RS256 RS384 RS512 ES256 ES384 ES512\", ") == 0);
}

TEST_CASE("a proof is good once, also when the answer was 429, and a write with a used one does nothing") {
  Org org(state_that_wants_dpop());
  const std::string token = bound_token(org);
  const Call call = del("/api/v1/api-tokens/00Tzone");
  const std::string proof = Proof::for_call(call, token, "b").text();
  org.state().settings.rate_limits["/api/v1"] = 1;
  CHECK(call_with(org, get("/api/v1/zones"), "DPoP", token).status == 400);  // uses the window up
  CHECK(verdict(call_with(org, call, "DPoP", token, proof)) == "429 E0000047");
  org.state().settings.rate_limits["/api/v1"] = 100;
  CHECK(challenge_of(call_with(org, call, "DPoP", token, proof)) ==
        R"(400 error="invalid_dpop_proof", error_description="The DPoP proof JWT has already been used.")");
  CHECK(org.state().tokens.count("00Tzone") == 1);
  CHECK(call_with(org, call, "DPoP", token, Proof::for_call(call, token, "c").text()).status == 204);
}

TEST_CASE("whether API calls need a nonce is a choice") {
  State state = state_that_wants_dpop();
  REQUIRE(set_choice(state.settings.choices, "apiNonce", "required"));
  Org org(std::move(state));
  const std::string token = bound_token(org);
  const Call call = get("/api/v1/api-tokens");
  Proof proof = Proof::for_call(call, token, "b");
  const HttpResponse answer = call_with(org, call, "DPoP", token, proof.text());
  CHECK(
      challenge_of(answer) ==
      R"(401 error="use_dpop_nonce", error_description="Authorization server requires nonce in DPoP proof.")");
  proof.claims["nonce"] = nonce_of(answer);
  CHECK(call_with(org, call, "DPoP", token, proof.text()).status == 200);
}

}  // namespace

}  // namespace zonepin::sim
