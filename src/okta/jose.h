// What private_key_jwt and DPoP are made of: keys, signatures, JWTs (RFC 7515, 7518, 7523, 9449). The
// cryptography is OpenSSL's.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace zonepin::okta {

// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);

// A private key that signs. RSA of at least 2048 bits, or EC on P-256, P-384 or P-521.
class SigningKey {
 public:
  // PKCS#1, PKCS#8 or SEC 1 PEM, without a passphrase; literal `\n` stand for line ends. `rsa_algorithm` is
  // RS256, RS384 or RS512; for EC the curve decides. Trouble::usage, without a word of the key.
  static Result<SigningKey> from_pem(const Secret& pem, std::string_view rsa_algorithm = "RS256");
  // A new key on P-256, for DPoP.
  static Result<SigningKey> generate();

  const std::string& algorithm() const { return algorithm_; }
  // The public half as a JWK (RFC 7517), members in the order of RFC 7638.
  std::string public_jwk() const;
  // A JWT of these two JSON objects in compact form.
  Result<std::string> sign(std::string_view header_json, std::string_view claims_json) const;

 private:
  struct Key;
  SigningKey(std::shared_ptr<Key> key, std::string algorithm)
      : key_(std::move(key)), algorithm_(std::move(algorithm)) {}

  std::shared_ptr<Key> key_;
  std::string algorithm_;
};

// SHA-256 of the text, base64url: DPoP's `ath`.
std::string sha256_base64url(std::string_view text);

}  // namespace zonepin::okta
