#include "sim/public_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/ensure.h"
#include "sim/base64url.h"
#include "sim/json.h"
#include "sim/openssl_handles.h"

namespace zonepin::sim {

struct PublicKey::Handle {
  KeyHandle key;
};

namespace {

constexpr int kLeastRsaBits = 2048;
constexpr std::size_t kMostKeyBytes = 16'384;

struct CurveRow {
  std::string_view algorithm;
  std::string_view jwk_name;
  const char* openssl_name;
  std::size_t bytes;  // of a coordinate
};
constexpr CurveRow kCurveRows[] = {{"ES256", "P-256", "prime256v1", 32},
                                   {"ES384", "P-384", "secp384r1", 48},
                                   {"ES512", "P-521", "secp521r1", 66}};

template <class Fits>
const CurveRow* find_curve(const Fits& fits) {
  const auto* row = std::find_if(std::begin(kCurveRows), std::end(kCurveRows), fits);
  return row == std::end(kCurveRows) ? nullptr : row;
}

const CurveRow* curve_of_key(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) != 1) return nullptr;
  return find_curve(
      [&](const CurveRow& row) { return row.openssl_name == std::string_view(name.data(), length); });
}

bool is_usable(const EVP_PKEY* key) {
  if (key == nullptr) return false;
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) return EVP_PKEY_get_bits(key) >= kLeastRsaBits;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC && curve_of_key(key) != nullptr;
}

const EVP_MD* digest_for(std::string_view algorithm) {
  if (algorithm.substr(2) == "384") return EVP_sha384();
  return algorithm.substr(2) == "512" ? EVP_sha512() : EVP_sha256();
}

KeyHandle key_from(const char* type, OSSL_PARAM_BLD* builder) {
  const ParamList params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) return nullptr;
  return KeyHandle(key);
}

KeyHandle rsa_key(const std::string& modulus, const std::string& exponent) {
  const NumberHandle n(BN_bin2bn(bytes_of(modulus), static_cast<int>(modulus.size()), nullptr));
  const NumberHandle e(BN_bin2bn(bytes_of(exponent), static_cast<int>(exponent.size()), nullptr));
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return key_from("RSA", builder.get());
}

KeyHandle ec_key(const CurveRow& curve, const std::string& x, const std::string& y) {
  if (x.size() != curve.bytes || y.size() != curve.bytes) return nullptr;
  const std::string point = "\x04" + x + y;  // SEC 1: uncompressed
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.openssl_name, 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return key_from("EC", builder.get());
}

std::string jwk_member(const Json& jwk, const char* name) {
  const auto found = jwk.find(name);
  return found != jwk.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// DER, as OpenSSL wants it, of r and s side by side, as a JWT has them (RFC 7518 section 3.4).
std::string der_of(std::string_view signature) {
  const std::size_t half = signature.size() / 2;
  const EcSignature both(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(bytes_of(signature), static_cast<int>(half), nullptr);
  BIGNUM* s = BN_bin2bn(bytes_of(signature.substr(half)), static_cast<int>(half), nullptr);
  ECDSA_SIG_set0(both.get(), r, s);
  unsigned char* data = nullptr;
  const int length = i2d_ECDSA_SIG(both.get(), &data);
  std::string der(reinterpret_cast<const char*>(data), static_cast<std::size_t>(std::max(length, 0)));
  OPENSSL_free(data);
  return der;
}

std::string public_pem_of(EVP_PKEY* key) {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PUBKEY(bio.get(), key);
  return text_of(bio.get());
}

}  // namespace

std::optional<PublicKey> PublicKey::from_pem(std::string_view pem) {
  if (pem.size() > kMostKeyBytes) return std::nullopt;
  const BioHandle bio = memory_bio(pem);
  auto handle = std::make_shared<Handle>();
  handle->key.reset(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (!is_usable(handle->key.get())) return std::nullopt;
  return PublicKey(std::move(handle));
}

std::optional<PublicKey> PublicKey::from_jwk(std::string_view json) {
  if (json.size() > kMostKeyBytes) return std::nullopt;
  const auto jwk = parse_json(json);
  if (!jwk || !jwk->is_object() || jwk->contains("d")) return std::nullopt;
  const auto number = [&](const char* name) { return from_base64url(jwk_member(*jwk, name)).value_or(""); };
  auto handle = std::make_shared<Handle>();
  const std::string type = jwk_member(*jwk, "kty");
  if (type == "RSA") handle->key = rsa_key(number("n"), number("e"));
  const std::string curve_name = jwk_member(*jwk, "crv");
  const CurveRow* curve = find_curve([&](const CurveRow& row) { return row.jwk_name == curve_name; });
  if (type == "EC" && curve != nullptr) handle->key = ec_key(*curve, number("x"), number("y"));
  ERR_clear_error();
  if (!is_usable(handle->key.get())) return std::nullopt;
  return PublicKey(std::move(handle));
}

std::string PublicKey::pem() const {
  return public_pem_of(handle_->key.get());
}

bool PublicKey::verifies(std::string_view algorithm, std::string_view text,
                         std::string_view signature) const {
  const auto* known = std::find(std::begin(kSignatureAlgorithms), std::end(kSignatureAlgorithms), algorithm);
  if (known == std::end(kSignatureAlgorithms)) return false;
  EVP_PKEY* key = handle_->key.get();
  std::string bytes(signature);
  if (algorithm.front() == 'E') {
    const CurveRow* curve = curve_of_key(key);
    if (curve == nullptr || curve->algorithm != algorithm || signature.size() != 2 * curve->bytes)
      return false;
    bytes = der_of(signature);
  } else if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
    return false;
  }
  const DigestContext context(EVP_MD_CTX_new());
  const bool good =
      EVP_DigestVerifyInit(context.get(), nullptr, digest_for(algorithm), nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(bytes), bytes.size(), bytes_of(text), text.size()) == 1;
  ERR_clear_error();
  return good;
}

std::optional<std::string> jwk_thumbprint(std::string_view json) {
  const auto jwk = parse_json(json);
  if (!jwk || !jwk->is_object()) return std::nullopt;
  const std::string type = jwk_member(*jwk, "kty");
  std::vector<const char*> members = {"crv", "kty", "x", "y"};
  if (type == "RSA") members = {"e", "kty", "n"};
  if (type != "RSA" && type != "EC") return std::nullopt;
  Json needed = Json::object();
  for (const char* name : members) {
    const std::string value = jwk_member(*jwk, name);
    if (value.empty()) return std::nullopt;
    needed[name] = value;
  }
  return sha256_base64url(needed.dump());
}

KeyPair make_key_pair(std::string_view algorithm) {
  constexpr unsigned kRsaBits = 2048;
  const CurveRow* curve = find_curve([&](const CurveRow& row) { return row.algorithm == algorithm; });
  const KeyHandle key(curve != nullptr ? EVP_EC_gen(curve->openssl_name) : EVP_RSA_gen(kRsaBits));
  ensure(key != nullptr, "make_key_pair: OpenSSL made no key");
  const BioHandle bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {text_of(bio.get()), public_pem_of(key.get())};
}

}  // namespace zonepin::sim
