// A service app towards a scripted org: what it sends, when it asks for another token, and what it makes of
// refusals.
#include "okta/service_app.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "okta/drive.h"
#include "support/fakes.h"
#include "unit/okta/jwt_kit.h"

namespace zonepin::okta {
namespace {

const OrgAddress kAcme{{"https", "acme.okta.com", 443}};
constexpr const char* kTokenUrl = "https://acme.okta.com/oauth2/v1/token";

// Calls one after the other; what became of them is kept.
class Errand : public Machine {
 public:
  Errand(std::vector<Call> calls, Governor& governor) : lane_(governor, 3, std::nullopt), calls_(calls) {
    lane_.submit(calls_.at(0));
  }
  Lane& lane() override { return lane_; }
  void advance(Milliseconds) override {
    for (Ended& each : lane_.take_ended()) {
      ended.push_back(std::move(each));
      if (ended.size() < calls_.size()) lane_.submit(calls_[ended.size()]);
    }
  }
  bool finished() const override { return ended.size() == calls_.size(); }
  void interrupt() override { lane_.stop(); }

  std::vector<Ended> ended;

 private:
  Lane lane_;
  std::vector<Call> calls_;
};

const Call kZones{Operation::list_zones, {}, {}, {}};
const Call kTokens{Operation::list_tokens, {}, {}, {}};

HttpResponse answer(int status, const TestJson& body, HttpHeaders headers = {}) {
  return {status, std::move(headers), body.dump()};
}
HttpResponse refused(int status, const char* error, HttpHeaders headers = {}) {
  return answer(status, {{"error", error}, {"error_description", "no"}}, std::move(headers));
}
HttpResponse minted(const std::string& token, const char* type = "Bearer", int seconds = 3600) {
  return answer(200,
                {{"token_type", type}, {"expires_in", seconds}, {"access_token", token}, {"scope", "a b"}});
}

std::string form_value(const std::string& body, const std::string& name) {
  for (const std::string_view part : split(body, '&')) {
    if (part.starts_with(name + "=")) return percent_decode(part.substr(name.size() + 1)).value();
  }
  return {};
}

std::string proof_in(const HttpRequest& request) {
  return std::string(header(request.headers, "DPoP").value_or(""));
}

struct Office {
  FakeWorld fakes;
  TestKey key;
  std::unique_ptr<ServiceApp> app;
  Governor governor{PacePolicy{100, 8}};
  std::deque<HttpResponse> token_answers;  // the last one goes on for ever
  std::deque<FakeAnswer> api_answers;      // once they are used up: 200, []
  std::vector<std::string> secrets;        // that the app told of

  explicit Office(const char* kind = "P-256", const std::string& key_id = "kid-1") : key(kind) {
    ServiceAppIdentity identity{
        kAcme, "0oaclient", key_id, {"okta.apiTokens.read", "okta.networkZones.read"}};
    app = std::make_unique<ServiceApp>(identity, *SigningKey::from_pem(Secret(key.pkcs8())), fakes.clock,
                                       fakes.random);
    token_answers = {minted("access-1")};
    fakes.network.server = [this](const Arrival& arrival) { return serve(arrival); };
  }

  FakeAnswer serve(const Arrival& arrival) {
    if (arrival.request.target == "/oauth2/v1/token") {
      const HttpResponse given = token_answers.front();
      if (token_answers.size() > 1) token_answers.pop_front();
      return {given, Milliseconds(50)};
    }
    if (api_answers.empty()) return {HttpResponse{200, {}, "[]"}, Milliseconds(50)};
    const FakeAnswer given = api_answers.front();
    api_answers.pop_front();
    return given;
  }

  std::vector<Ended> run(std::vector<Call> calls) {
    Errand errand(std::move(calls), governor);
    auto transport = fakes.network.open({});
    zonepin::okta::Doors doors{fakes.clock, fakes.interrupt, fakes.log, **transport, {}};
    drive({{&errand, kAcme, app.get(), &governor, 7, std::nullopt}}, doors);
    return std::move(errand.ended);
  }

  std::vector<Arrival> to_token_endpoint() const { return sent("/oauth2/"); }
  std::vector<Arrival> to_api() const { return sent("/api/"); }
  std::vector<Arrival> sent(std::string_view start) const {
    std::vector<Arrival> found;
    for (const Arrival& arrival : fakes.network.arrivals) {
      if (arrival.request.target.starts_with(start)) found.push_back(arrival);
    }
    return found;
  }
  TestJwt assertion(std::size_t at) const {
    return take_apart(form_value(to_token_endpoint().at(at).request.body, "client_assertion"));
  }
};

std::int64_t epoch_seconds(Instant instant) {
  return std::chrono::duration_cast<std::chrono::seconds>(instant.time_since_epoch()).count();
}

TEST_CASE("the assertion says who, to whom and until when, and is signed by the app's key") {
  for (const auto& row : {std::pair("RSA", "RS256"), std::pair("P-256", "ES256")}) {
    const char* kind = row.first;
    const char* algorithm = row.second;
    CAPTURE(kind);
    Office office(kind);
    const std::int64_t now = epoch_seconds(office.fakes.clock.now());
    CHECK(office.run({kZones}).at(0).response->status == 200);
    REQUIRE(office.to_token_endpoint().size() == 1);
    const Arrival asked = office.to_token_endpoint()[0];
    CHECK(asked.request.method == HttpMethod::post);
    CHECK(asked.authorization.empty());
    CHECK(header(asked.request.headers, "Content-Type") == "application/x-www-form-urlencoded");
    CHECK(header(asked.request.headers, "Accept") == "application/json");
    CHECK(proof_in(asked.request).empty());
    CHECK(form_value(asked.request.body, "grant_type") == "client_credentials");
    CHECK(form_value(asked.request.body, "scope") == "okta.apiTokens.read okta.networkZones.read");
    CHECK(form_value(asked.request.body, "client_assertion_type") ==
          "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    const TestJwt jwt = office.assertion(0);
    CHECK(jwt.header == TestJson{{"alg", algorithm}, {"typ", "JWT"}, {"kid", "kid-1"}});
    CHECK(jwt.claims.at("aud") == kTokenUrl);
    CHECK(jwt.claims.at("iss") == "0oaclient");
    CHECK(jwt.claims.at("sub") == "0oaclient");
    CHECK(jwt.claims.at("iat") == now);
    CHECK(jwt.claims.at("exp") == now + 300);
    CHECK(jwt.claims.at("jti").get<std::string>().size() >= 20);
    CHECK(is_signed_by(jwt, office.key.public_pem()));
    CHECK(office.to_api().at(0).authorization == "Bearer access-1");
    CHECK(proof_in(office.to_api()[0].request).empty());
  }
}

TEST_CASE("without a key id there is no kid") {
  Office office("P-256", "");
  office.run({kZones});
  CHECK(office.assertion(0).header == TestJson{{"alg", "ES256"}, {"typ", "JWT"}});
}

TEST_CASE("an assertion is never sent twice, not even when the first got no answer") {
  Office office;
  office.token_answers = {answer(503, {}), answer(429, {}, {{"Retry-After", "2"}}), minted("access-1")};
  CHECK(office.run({kZones}).at(0).response->status == 200);
  std::set<std::string> ids;
  for (std::size_t at = 0; at < office.to_token_endpoint().size(); ++at)
    ids.insert(office.assertion(at).claims.at("jti").get<std::string>());
  CHECK(ids.size() == 3);
}

TEST_CASE("one token serves until shortly before its end") {
  Office office;
  office.token_answers = {minted("access-1"), minted("access-2")};
  office.run({kZones, kTokens, kZones});
  CHECK(office.to_token_endpoint().size() == 1);
  office.fakes.clock.advance(std::chrono::seconds(3600) - kTokenMargin - std::chrono::seconds(5));
  office.run({kZones});
  CHECK(office.to_token_endpoint().size() == 1);
  office.fakes.clock.advance(std::chrono::seconds(6));
  office.run({kZones});
  CHECK(office.to_token_endpoint().size() == 2);
  CHECK(office.to_api().back().authorization == "Bearer access-2");
}

TEST_CASE("a token that Okta ended early is renewed once, and the call sent again") {
  const FakeAnswer unauthorised{answer(401, {{"errorCode", "E0000011"}}), Milliseconds(20)};
  {
    Office office;
    office.token_answers = {minted("access-1"), minted("access-2")};
    office.api_answers = {unauthorised};
    CHECK(office.run({kZones}).at(0).response->status == 200);
    CHECK(office.to_token_endpoint().size() == 2);
    CHECK(office.to_api().size() == 2);
    CHECK(office.to_api()[1].authorization == "Bearer access-2");
  }
  {
    Office office;
    office.token_answers = {minted("access-1"), minted("access-2"), minted("access-3")};
    office.api_answers = {unauthorised, unauthorised, unauthorised};
    CHECK(office.run({kZones}).at(0).response->status == 401);
    CHECK(office.to_token_endpoint().size() == 2);
    CHECK(office.to_api().size() == 2);
  }
}

// An org that wants DPoP: no proof, then a proof without nonce, then it gives a bound token.
void want_dpop(Office& office) {
  office.token_answers = {refused(400, "invalid_dpop_proof"),
                          refused(400, "use_dpop_nonce", {{"DPoP-Nonce", "nonce-1"}}),
                          minted("bound-1", "DPoP")};
}

void check_proof(const TestJwt& proof, const std::string& method, const std::string& url) {
  CHECK(proof.header.at("typ") == "dpop+jwt");
  CHECK(proof.header.at("alg") == "ES256");
  CHECK(proof.header.size() == 3);
  CHECK(is_signed_by(proof, pem_of_ec_jwk(proof.header.at("jwk"))));
  CHECK(proof.claims.at("htm") == method);
  CHECK(proof.claims.at("htu") == url);
  CHECK(proof.claims.at("jti").get<std::string>().size() >= 20);
}

TEST_CASE("DPoP: a key of its own, the nonce of the last answer, and a proof that fits each request") {
  Office office;
  want_dpop(office);
  office.api_answers = {{HttpResponse{200, {{"DPoP-Nonce", "nonce-2"}}, "[]"}, Milliseconds(10)}};
  for (const Ended& ended : office.run({kZones, kTokens})) CHECK(ended.response->status == 200);

  const std::vector<Arrival> asked = office.to_token_endpoint();
  REQUIRE(asked.size() == 3);
  CHECK(proof_in(asked[0].request).empty());
  const TestJwt first = take_apart(proof_in(asked[1].request));
  const TestJwt second = take_apart(proof_in(asked[2].request));
  check_proof(first, "POST", kTokenUrl);
  check_proof(second, "POST", kTokenUrl);
  CHECK_FALSE(first.claims.contains("nonce"));
  CHECK_FALSE(first.claims.contains("ath"));
  CHECK(second.claims.at("nonce") == "nonce-1");
  CHECK_FALSE(second.claims.contains("ath"));
  CHECK(first.header.at("jwk") == second.header.at("jwk"));
  CHECK_FALSE(is_signed_by(second, office.key.public_pem()));  // not the app's own key
  CHECK(office.assertion(1).claims.at("jti") != office.assertion(2).claims.at("jti"));

  const std::vector<Arrival> called = office.to_api();
  REQUIRE(called.size() == 2);
  const TestJwt zones = take_apart(proof_in(called[0].request));
  const TestJwt tokens = take_apart(proof_in(called[1].request));
  CHECK(called[0].request.target == "/api/v1/zones?limit=200");
  check_proof(zones, "GET", "https://acme.okta.com/api/v1/zones");
  check_proof(tokens, "GET", "https://acme.okta.com/api/v1/api-tokens");
  for (const TestJwt& proof : {zones, tokens}) {
    CHECK(from_base64url(proof.claims.at("ath").get<std::string>()) == sha256("bound-1"));
    CHECK(proof.header.at("jwk") == second.header.at("jwk"));
  }
  CHECK(zones.claims.at("nonce") == "nonce-1");
  CHECK(tokens.claims.at("nonce") == "nonce-2");
  for (const Arrival& arrival : called) CHECK(arrival.authorization == "DPoP bound-1");
}

TEST_CASE("DPoP: every call and every retry has a proof of its own") {
  Office office;
  want_dpop(office);
  const TransportError lost{TransportFault::lost, "the line broke"};
  office.api_answers = {
      {HttpResponse{503, {}, ""}, Milliseconds(10)},
      {lost, Milliseconds(10)},
      {HttpResponse{429, {{"Retry-After", "1"}}, "{}"}, Milliseconds(10)},
      {HttpResponse{
           401, {{"WWW-Authenticate", "DPoP error=\"use_dpop_nonce\""}, {"DPoP-Nonce", "nonce-9"}}, ""},
       Milliseconds(10)}};
  for (const Ended& ended : office.run({kZones, kTokens})) CHECK(ended.response->status == 200);
  std::set<std::string> ids;
  std::set<std::string> proofs;
  for (const Arrival& arrival : office.fakes.network.arrivals) {
    const std::string proof = proof_in(arrival.request);
    if (proof.empty()) continue;
    proofs.insert(proof);
    ids.insert(take_apart(proof).claims.at("jti").get<std::string>());
  }
  CHECK(office.to_api().size() == 6);
  CHECK(ids.size() == 2 + 6);
  CHECK(proofs.size() == ids.size());
  CHECK(take_apart(proof_in(office.to_api()[4].request)).claims.at("nonce") == "nonce-9");
}

TEST_CASE("DPoP: an org that goes on refusing is given up on") {
  Office office;
  office.token_answers = {refused(400, "invalid_dpop_proof"),
                          refused(400, "use_dpop_nonce", {{"DPoP-Nonce", "nonce-1"}})};
  const auto ended = office.run({kZones});
  REQUIRE(ended.at(0).withheld.has_value());
  CHECK(ended[0].withheld->trouble == Trouble::unauthorised);
  CHECK(office.to_token_endpoint().size() <= 5);
  CHECK(office.to_api().empty());
}

struct RefusalRow {
  HttpResponse response;
  Trouble trouble;
  const char* says;
  const char* mend;
};

TEST_CASE("each refusal of the token endpoint has its word on what to do, and nothing else is sent") {
  const auto client = [](const char* why) {
    return answer(401, {{"error", "invalid_client"}, {"error_description", why}},
                  {{"X-Okta-Request-Id", "Req-7"}});
  };
  const RefusalRow rows[] = {
      {client("The client_assertion token is expired."), Trouble::unauthorised, "invalid_client", "clock"},
      {client("The client_assertion token has an expiration too far into the future."), Trouble::unauthorised,
       "future", "ahead"},
      {client("The client_assertion token has already been used."), Trouble::unauthorised,
       "already been used", "run it again"},
      {client("The client_assertion signature is invalid."), Trouble::unauthorised, "signature",
       "private key"},
      {client("The client_assertion JWT kid is invalid."), Trouble::unauthorised, "kid",
       "OKTA_API_PRIVATE_KEY_ID"},
      {refused(400, "invalid_scope"), Trouble::unauthorised, "invalid_scope", "okta.apiTokens.manage"},
      {refused(400, "consent_required"), Trouble::unauthorised, "consent_required", "grant"},
      {refused(403, "access_denied"), Trouble::unauthorised, "access_denied", "network zones"},
      {answer(404, {{"errorCode", "E0000008"}}), Trouble::failure, "E0000008", "right org"},
      {HttpResponse{200, {{"Content-Type", "text/html"}}, "<html>"}, Trouble::failure,
       "without an access token", "proxy"},
      {answer(200, {{"access_token", "x"}, {"token_type", "mac"}}), Trouble::failure,
       "without an access token", ""},
  };
  for (const RefusalRow& row : rows) {
    CAPTURE(row.says);
    Office office;
    office.token_answers = {row.response};
    const auto ended = office.run({kZones, kTokens});
    for (const Ended& each : ended) {
      REQUIRE(each.withheld.has_value());
      CHECK(each.withheld->trouble == row.trouble);
      CHECK(each.withheld->message.find(row.says) != std::string::npos);
      CHECK(each.withheld->mend.find(row.mend) != std::string::npos);
      CHECK(each.withheld->message.find("acme.okta.com") != std::string::npos);
    }
    CHECK(office.to_api().empty());
    CHECK(office.to_token_endpoint().size() == 1);
  }
}

}  // namespace
}  // namespace zonepin::okta
