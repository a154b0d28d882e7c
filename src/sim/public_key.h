// Public keys of service apps and of DPoP proofs: read, written, and signatures checked with them (RFC 7517,
// 7518). The cryptography is OpenSSL's; nothing here is read from outside but the arguments.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace zonepin::sim {

// What Okta takes, in the order in which it lists them.
inline constexpr std::string_view kSignatureAlgorithms[] = {"RS256", "RS384", "RS512",
                                                            "ES256", "ES384", "ES512"};

// RSA of at least 2048 bits, or EC on P-256, P-384 or P-521.
class PublicKey {
 public:
  static std::optional<PublicKey> from_pem(std::string_view pem);   // `-----BEGIN PUBLIC KEY-----`
  static std::optional<PublicKey> from_jwk(std::string_view json);  // none, too, when it holds a private key

  std::string pem() const;

  // Whether `signature` (bytes as in a JWT) is this key's for `text`. The key must fit the algorithm: RS* an
  // RSA key, ES256 a key on P-256, and so on.
  bool verifies(std::string_view algorithm, std::string_view text, std::string_view signature) const;

 private:
  struct Handle;
  explicit PublicKey(std::shared_ptr<const Handle> handle) : handle_(std::move(handle)) {}

  std::shared_ptr<const Handle> handle_;
};

// RFC 7638; none when the JWK lacks a member that its kind of key needs.
std::optional<std::string> jwk_thumbprint(std::string_view json);

// A fresh key pair for one of kSignatureAlgorithms, in PEM: PKCS#8 and SubjectPublicKeyInfo.
struct KeyPair {
  std::string private_pem;
  std::string public_pem;
};
KeyPair make_key_pair(std::string_view algorithm);

}  // namespace zonepin::sim
