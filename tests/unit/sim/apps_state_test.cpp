// Service apps in the state file.
#include <doctest/doctest.h>

#include "sim/demo_app.h"
#include "sim/files.h"
#include "unit/sim/oauth_kit.h"

namespace zonepin::sim {

namespace {

std::string document_with(const TestJson& app) {
  return TestJson({{"apps", TestJson::array({app})}}).dump();
}

std::string complaint_about(const TestJson& app) {
  const Result<State> state = parse_state(document_with(app), noon());
  return state ? "none" : state.error().message;
}

TEST_CASE("an app needs its client id; keys are PEM or JWK, and come back as PEM") {
  TestJson jwk = Signer::of("ES256").public_jwk();
  jwk["kid"] = "e";
  jwk["alg"] = "ES256";
  jwk["use"] = "sig";
  const TestJson keys = {{{"kid", "r"}, {"pem", Signer::of("RS256").public_pem()}}, jwk};
  const State state =
      parsed(document_with({{"clientId", "0oa1"}, {"scopes", {"okta.users.read"}}, {"keys", keys}}));
  App expected;
  expected.client_id = "0oa1";
  expected.name = "0oa1";
  expected.scopes = {"okta.users.read"};
  expected.keys = {{"r", Signer::of("RS256").public_pem()}, {"e", Signer::of("ES256").public_pem()}};
  CHECK(state.apps.at("0oa1") == expected);
  CHECK(expected.role == "SUPER_ADMIN");
  CHECK(expected.dpop == "optional");
  const Result<State> again = parse_state(to_json(state), noon());
  REQUIRE(again);
  CHECK(*again == state);
}

TEST_CASE("apps with everything in them are read as they were written") {
  State state = state_with_app("ES384");
  App& app = state.apps.at(kClientId);
  app.status = "INACTIVE";
  app.role = "READ_ONLY_ADMIN";
  app.dpop = "required";
  app.network = Network{"ZONE", {"nzoCorp"}, {}};
  state.settings.principal_percent = 50;
  state.settings.max_concurrent = 35;
  state.settings.dpop_nonce_seconds = 7;
  const Result<State> again = parse_state(to_json(state), noon());
  REQUIRE(again);
  CHECK(*again == state);
}

TEST_CASE("apps that can't be used") {
  CHECK(complaint_about({{"name", "x"}}).find("apps[0].clientId: is required") != std::string::npos);
  CHECK(complaint_about({{"clientId", "a"}, {"dpop", "maybe"}}).find("apps[0].dpop") != std::string::npos);
  CHECK(complaint_about({{"clientId", "a"}, {"role", "GOD"}}).find("apps[0].role") != std::string::npos);
  for (const TestJson& key : {TestJson::object(), TestJson({{"pem", "x"}}), TestJson({{"kty", "oct"}})}) {
    CAPTURE(key.dump());
    const std::string complaint = complaint_about({{"clientId", "a"}, {"keys", TestJson::array({key})}});
    CHECK(complaint.find("apps[0].keys[0]: is no public key") != std::string::npos);
  }
  TestJson key = Signer::of("ES256").public_jwk();
  key["extra"] = 1;
  CHECK(complaint_about({{"clientId", "a"}, {"keys", TestJson::array({key})}})
            .find("unknown field \"extra\"") != std::string::npos);
}

TEST_CASE("the demo's app: the key that was written is the key that it has") {
  const std::string path = "sim-demo-app-key.pem";
  State state;
  DemoAppOptions options{path, "ES256", "required"};
  REQUIRE(add_demo_app(state, options));
  const App& app = state.apps.at(std::string(kDemoClientId));
  CHECK(app.dpop == "required");
  const Result<std::string> pem = read_file(path, 10'000);
  REQUIRE(pem);
  CHECK(pem->find("-----BEGIN PRIVATE KEY-----") == 0);
  CHECK(demo_app_environment(options) ==
        "OKTA_API_CLIENT_ID=0oademo0000000000001\nOKTA_API_PRIVATE_KEY=sim-demo-app-key.pem\n"
        "OKTA_API_PRIVATE_KEY_ID=zonepin-demo\n");
  std::remove(path.c_str());
}

}  // namespace

}  // namespace zonepin::sim
