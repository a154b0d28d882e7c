#include "okta/jose.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <vector>

namespace zonepin::okta {

namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

constexpr int kMinRsaBits = 2048;

// No passphrase is ever asked for: a run has nobody to type it.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

// The curves of RFC 7518 section 3.4: what they sign with, and how long each half of a signature is.
struct Curve {
  std::string_view openssl_name;
  std::string_view jwk_name;
  std::string_view algorithm;
  int bytes;
};
constexpr std::array<Curve, 3> kCurves = {{{"prime256v1", "P-256", "ES256", 32},
                                           {"secp384r1", "P-384", "ES384", 48},
                                           {"secp521r1", "P-521", "ES512", 66}}};

const Curve* curve_of(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) != 1) return nullptr;
  for (const Curve& curve : kCurves) {
    if (curve.openssl_name == std::string_view(name.data(), length)) return &curve;
  }
  return nullptr;
}

const EVP_MD* digest_of(std::string_view algorithm) {
  if (algorithm.substr(2) == "384") return EVP_sha384();
  if (algorithm.substr(2) == "512") return EVP_sha512();
  return EVP_sha256();
}

// Environment variables often hold a PEM on one line.
Secret with_line_ends(const Secret& pem) {
  std::string text;
  text.reserve(pem.reveal().size());
  const std::string_view from = pem.reveal();
  for (std::size_t at = 0; at < from.size(); ++at) {
    const bool escaped = from[at] == '\\' && at + 1 < from.size() && from[at + 1] == 'n';
    text += escaped ? '\n' : from[at];
    if (escaped) ++at;
  }
  return Secret(std::move(text));
}

std::string big_endian(const BIGNUM* number, int bytes) {
  std::string out(static_cast<std::size_t>(bytes), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), bytes);
  return out;
}

std::string number_of(const EVP_PKEY* key, const char* parameter, int bytes) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, parameter, &raw) != 1) return {};
  const Number number(raw);
  return base64url(big_endian(number.get(), bytes != 0 ? bytes : BN_num_bytes(number.get())));
}

// JWS wants r and s side by side (RFC 7518 3.4), OpenSSL gives DER.
std::string side_by_side(const std::string& der, int bytes) {
  const auto* data = reinterpret_cast<const unsigned char*>(der.data());
  const Signature signature(d2i_ECDSA_SIG(nullptr, &data, static_cast<long>(der.size())));
  if (!signature) return {};
  return big_endian(ECDSA_SIG_get0_r(signature.get()), bytes) +
         big_endian(ECDSA_SIG_get0_s(signature.get()), bytes);
}

std::string signed_bytes(EVP_PKEY* key, const EVP_MD* digest, std::string_view input) {
  const Context context(EVP_MD_CTX_new());
  if (!context || EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key) != 1) return {};
  const auto* data = reinterpret_cast<const unsigned char*>(input.data());
  std::size_t length = 0;
  if (EVP_DigestSign(context.get(), nullptr, &length, data, input.size()) != 1) return {};
  std::string signature(length, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), out, &length, data, input.size()) != 1) return {};
  signature.resize(length);
  return signature;
}

tl::unexpected<Error> refuse_key(const std::string& why) {
  ERR_clear_error();
  return fail(Trouble::usage, "the private key can't be used: " + why,
              "it must be an RSA (2048 bits or more) or EC (P-256, P-384, P-521) private key in PEM form, "
              "without a passphrase");
}

}  // namespace

struct SigningKey::Key {
  std::shared_ptr<EVP_PKEY> pkey;
};

std::string base64url(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8) | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out += kAlphabet[(buffer >> bits) & 0x3f];
    }
  }
  if (bits > 0) out += kAlphabet[(buffer << (6 - bits)) & 0x3f];
  return out;
}

std::string sha256_base64url(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
  return base64url(std::string_view(reinterpret_cast<const char*>(digest.data()), length));
}

Result<SigningKey> SigningKey::from_pem(const Secret& pem, std::string_view rsa_algorithm) {
  const Secret text = with_line_ends(pem);
  const Bio bio(BIO_new_mem_buf(text.reveal().data(), static_cast<int>(text.reveal().size())));
  auto key = std::make_shared<Key>();
  key->pkey.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr), EVP_PKEY_free);
  if (!key->pkey) {
    const bool encrypted = text.reveal().find("ENCRYPTED") != std::string_view::npos;
    return refuse_key(encrypted ? "it is protected by a passphrase" : "it is no private key in PEM form");
  }
  if (EVP_PKEY_get_base_id(key->pkey.get()) == EVP_PKEY_RSA) {
    if (EVP_PKEY_get_bits(key->pkey.get()) < kMinRsaBits)
      return refuse_key("it is an RSA key of less than 2048 bits");
    return SigningKey(std::move(key), std::string(rsa_algorithm));
  }
  if (EVP_PKEY_get_base_id(key->pkey.get()) == EVP_PKEY_EC) {
    if (const Curve* curve = curve_of(key->pkey.get()))
      return SigningKey(std::move(key), std::string(curve->algorithm));
    return refuse_key("its curve is none that Okta takes");
  }
  return refuse_key("it is neither an RSA nor an EC key");
}

Result<SigningKey> SigningKey::generate() {
  auto key = std::make_shared<Key>();
  key->pkey.reset(EVP_EC_gen("P-256"), EVP_PKEY_free);
  if (!key->pkey) return fail(Trouble::failure, "could not make a key for DPoP");
  return SigningKey(std::move(key), "ES256");
}

std::string SigningKey::public_jwk() const {
  const EVP_PKEY* key = key_->pkey.get();
  if (const Curve* curve = curve_of(key)) {
    return "{\"crv\":\"" + std::string(curve->jwk_name) + "\",\"kty\":\"EC\",\"x\":\"" +
           number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, curve->bytes) + "\",\"y\":\"" +
           number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, curve->bytes) + "\"}";
  }
  return "{\"e\":\"" + number_of(key, OSSL_PKEY_PARAM_RSA_E, 0) + "\",\"kty\":\"RSA\",\"n\":\"" +
         number_of(key, OSSL_PKEY_PARAM_RSA_N, 0) + "\"}";
}

Result<std::string> SigningKey::sign(std::string_view header_json, std::string_view claims_json) const {
  std::string token = base64url(header_json) + "." + base64url(claims_json);
  std::string signature = signed_bytes(key_->pkey.get(), digest_of(algorithm_), token);
  const Curve* curve = curve_of(key_->pkey.get());
  if (curve != nullptr && !signature.empty()) signature = side_by_side(signature, curve->bytes);
  if (signature.empty()) {
    ERR_clear_error();
    return fail(Trouble::failure, "could not sign with the private key");
  }
  return token + "." + base64url(signature);
}

}  // namespace zonepin::okta
