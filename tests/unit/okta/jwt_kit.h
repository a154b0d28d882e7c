// Key pairs, and JWTs taken apart and checked with OpenSSL alone: nothing here shares code with what it
// tests.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

typedef struct evp_pkey_st EVP_PKEY;

namespace zonepin::okta {

using TestJson = nlohmann::json;

// A private key. `kind`: RSA (2048 bits), RSA1024, P-256, P-384, P-521, P-224 or ED25519.
class TestKey {
 public:
  explicit TestKey(const std::string& kind);
  std::string pkcs8() const;
  std::string pkcs8_encrypted() const;  // under a passphrase
  std::string traditional() const;      // PKCS#1 or SEC 1
  std::string public_pem() const;
  // RSA's `n` or EC's `x` and `y`, as a JWK writes them.
  std::string jwk_number(const char* parameter, int bytes) const;

 private:
  std::shared_ptr<EVP_PKEY> key_;
};

struct TestJwt {
  TestJson header;
  TestJson claims;
  std::string signed_text;
  std::string signature;  // bytes
};

std::string from_base64url(std::string_view text);  // throws where it is none, or padded
TestJwt take_apart(std::string_view token);         // throws where it is no JWT

// Whether OpenSSL takes the signature for one of `public_pem`'s owner, by the algorithm that the header
// names.
bool is_signed_by(const TestJwt& jwt, const std::string& public_pem);

// The public key of an EC JWK, as PEM.
std::string pem_of_ec_jwk(const TestJson& jwk);

std::string sha256(std::string_view text);  // bytes

}  // namespace zonepin::okta
