#include "unit/okta/jwt_kit.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>
#include <vector>

namespace zonepin::okta {

namespace {

void must(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(length));
  BIO_free(bio);
  return text;
}

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

EVP_PKEY* make_key(const std::string& kind) {
  if (kind == "RSA") return EVP_RSA_gen(2048);
  if (kind == "RSA1024") return EVP_RSA_gen(1024);
  if (kind == "ED25519") return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  return EVP_EC_gen(kind.c_str());
}

// r and s side by side, as DER.
std::string der_of(const std::string& signature) {
  const auto half = static_cast<int>(signature.size() / 2);
  ECDSA_SIG* both = ECDSA_SIG_new();
  ECDSA_SIG_set0(both, BN_bin2bn(raw(signature), half, nullptr),
                 BN_bin2bn(raw(signature) + half, half, nullptr));
  unsigned char* data = nullptr;
  const int length = i2d_ECDSA_SIG(both, &data);
  std::string der(reinterpret_cast<char*>(data), static_cast<std::size_t>(length));
  OPENSSL_free(data);
  ECDSA_SIG_free(both);
  return der;
}

}  // namespace

TestKey::TestKey(const std::string& kind) : key_(make_key(kind), EVP_PKEY_free) {
  must(key_ != nullptr, "no key");
}

std::string TestKey::pkcs8() const {
  BIO* bio = BIO_new(BIO_s_mem());
  must(PEM_write_bio_PKCS8PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1, "PKCS#8");
  return text_of(bio);
}

std::string TestKey::pkcs8_encrypted() const {
  BIO* bio = BIO_new(BIO_s_mem());
  must(PEM_write_bio_PKCS8PrivateKey(bio, key_.get(), EVP_aes_256_cbc(), "secret", 6, nullptr, nullptr) == 1,
       "PKCS#8, encrypted");
  return text_of(bio);
}

std::string TestKey::traditional() const {
  BIO* bio = BIO_new(BIO_s_mem());
  must(PEM_write_bio_PrivateKey_traditional(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
       "traditional");
  return text_of(bio);
}

std::string TestKey::public_pem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  must(PEM_write_bio_PUBKEY(bio, key_.get()) == 1, "public key");
  return text_of(bio);
}

std::string TestKey::jwk_number(const char* parameter, int bytes) const {
  BIGNUM* number = nullptr;
  must(EVP_PKEY_get_bn_param(key_.get(), parameter, &number) == 1, parameter);
  const int length = bytes == 0 ? BN_num_bytes(number) : bytes;
  std::vector<unsigned char> data(static_cast<std::size_t>(length));
  BN_bn2binpad(number, data.data(), length);
  BN_free(number);
  // OpenSSL's base64, made base64url here.
  std::string text(data.size() * 4 / 3 + 8, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), data.data(), length);
  text.resize(static_cast<std::size_t>(size));
  while (!text.empty() && text.back() == '=') text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

std::string from_base64url(std::string_view text) {
  std::string standard(text);
  for (char& c : standard) {
    must(c != '+' && c != '/' && c != '=', "base64, but not base64url");
    c = c == '-' ? '+' : c == '_' ? '/' : c;
  }
  const std::size_t padding = (4 - standard.size() % 4) % 4;
  must(padding != 3, "no length of base64");
  standard.append(padding, '=');
  std::string bytes(standard.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), raw(standard),
                                     static_cast<int>(standard.size()));
  must(length >= 0, "no base64url");
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

TestJwt take_apart(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  must(first != std::string_view::npos && last > first, "no JWT");
  TestJwt jwt;
  jwt.header = TestJson::parse(from_base64url(token.substr(0, first)));
  jwt.claims = TestJson::parse(from_base64url(token.substr(first + 1, last - first - 1)));
  jwt.signed_text = std::string(token.substr(0, last));
  jwt.signature = from_base64url(token.substr(last + 1));
  return jwt;
}

bool is_signed_by(const TestJwt& jwt, const std::string& public_pem) {
  const auto algorithm = jwt.header.at("alg").get<std::string>();
  const std::string bits = algorithm.substr(2);
  const EVP_MD* digest = bits == "256" ? EVP_sha256() : bits == "384" ? EVP_sha384() : EVP_sha512();
  BIO* bio = BIO_new_mem_buf(public_pem.data(), static_cast<int>(public_pem.size()));
  EVP_PKEY* key = PEM_read_bio_PUBKEY(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  must(key != nullptr, "no public key");
  std::string signature = jwt.signature;
  if (algorithm.starts_with("ES")) {
    const std::size_t half = bits == "256" ? 32 : bits == "384" ? 48 : 66;
    must(signature.size() == 2 * half, "r and s are not side by side");
    signature = der_of(signature);
  }
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool good = EVP_DigestVerifyInit(context, nullptr, digest, nullptr, key) == 1 &&
                    EVP_DigestVerify(context, raw(signature), signature.size(), raw(jwt.signed_text),
                                     jwt.signed_text.size()) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  return good;
}

std::string pem_of_ec_jwk(const TestJson& jwk) {
  must(jwk.at("kty") == "EC" && jwk.at("crv") == "P-256", "no key on P-256");
  must(!jwk.contains("d"), "a private key");
  const std::string point = "\x04" + from_base64url(jwk.at("x").get<std::string>()) +
                            from_base64url(jwk.at("y").get<std::string>());
  OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  OSSL_PARAM* params = OSSL_PARAM_BLD_to_param(builder);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(context);
  must(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) == 1, "no point on P-256");
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(params);
  OSSL_PARAM_BLD_free(builder);
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(bio, key);
  EVP_PKEY_free(key);
  return text_of(bio);
}

std::string sha256(std::string_view text) {
  std::string bytes(32, '\0');
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(bytes.data()), nullptr, EVP_sha256(),
             nullptr);
  return bytes;
}

}  // namespace zonepin::okta
