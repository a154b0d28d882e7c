// A client's side of OAuth: keys that sign, token requests and proofs that a test may spoil at one place.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "unit/sim/kit.h"

namespace zonepin::sim {

using TestJson = nlohmann::json;

// One key pair per algorithm and name, made once per test program: RSA keys take their time.
class Signer {
 public:
  static const Signer& of(const std::string& algorithm, const std::string& name = "first");

  const std::string& public_pem() const { return public_pem_; }
  TestJson public_jwk() const;
  // A JWT; `alg` is put into the header when it is not there.
  std::string sign(TestJson header, const TestJson& claims) const;

 private:
  Signer(std::string algorithm, std::string private_pem, std::string public_pem);

  std::string algorithm_;
  std::string private_pem_;
  std::string public_pem_;
};

inline constexpr const char* kClientId = "0oaapp";
inline constexpr const char* kAllScopes =
    "okta.apiTokens.read okta.apiTokens.manage okta.networkZones.read okta.users.read";
inline const std::string kTokenUrl = std::string(kBase) + "/oauth2/v1/token";

// small_org() and an app that was granted kAllScopes, with one key of the algorithm.
State state_with_app(const std::string& algorithm = "RS256");

std::int64_t seconds(Instant instant);

// What a good token request is made of; a test changes what it is about.
struct TokenRequest {
  std::string algorithm = "RS256";
  std::string signer = "first";
  TestJson header = {{"typ", "JWT"}};
  TestJson claims;                          // all but jti filled in by the constructor
  std::map<std::string, std::string> form;  // without the assertion
  std::string assertion;                    // empty: made of the above
  std::string content_type = "application/x-www-form-urlencoded";
  std::string proof;  // empty: no DPoP header
  std::string caller = "192.0.2.7";
  Instant now = noon();

  explicit TokenRequest(Instant at = noon(), const std::string& scope = kAllScopes);
};
HttpResponse ask_for_token(Org& org, const TokenRequest& request);

// `STATUS error: error_description`.
std::string oauth_verdict(const HttpResponse& response);
std::string access_token_of(const HttpResponse& response);

// What a good proof is made of: for a POST to the token endpoint, or for a call with an access token.
struct Proof {
  std::string signer = "dpop";
  std::string algorithm = "ES256";
  TestJson header;
  TestJson claims;

  static Proof for_token(Instant now, const std::string& jti, const std::string& nonce = {});
  static Proof for_call(const Call& call, const std::string& token, const std::string& jti);
  std::string text() const;
};

// A call with an access token; proof empty: none.
HttpResponse call_with(Org& org, const Call& call, const std::string& scheme, const std::string& token,
                       const std::string& proof = {});

}  // namespace zonepin::sim
