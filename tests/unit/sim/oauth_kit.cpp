#include "unit/sim/oauth_kit.h"

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "sim/base64url.h"
#include "sim/public_key.h"

namespace zonepin::sim {

namespace {

EVP_PKEY* read_key(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  REQUIRE(key != nullptr);
  return key;
}

std::size_t coordinate_bytes(const std::string& algorithm) {
  return algorithm == "ES256" ? 32 : algorithm == "ES384" ? 48 : 66;
}

std::string padded(const BIGNUM* number, std::size_t bytes) {
  std::string text(bytes, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(text.data()), static_cast<int>(bytes));
  return text;
}

std::string number_of(const EVP_PKEY* key, const char* name, std::size_t bytes) {
  BIGNUM* number = nullptr;
  REQUIRE(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  const std::string text =
      padded(number, bytes != 0 ? bytes : static_cast<std::size_t>(BN_num_bytes(number)));
  BN_free(number);
  return base64url(text);
}

std::string raw_signature(const std::string& der, std::size_t bytes) {
  const auto* data = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* both = d2i_ECDSA_SIG(nullptr, &data, static_cast<long>(der.size()));
  const std::string text = padded(ECDSA_SIG_get0_r(both), bytes) + padded(ECDSA_SIG_get0_s(both), bytes);
  ECDSA_SIG_free(both);
  return text;
}

std::string url_encoded(const std::map<std::string, std::string>& form) {
  std::string text;
  for (const auto& [name, value] : form) {
    text += (text.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
  }
  return text;
}

}  // namespace

Signer::Signer(std::string algorithm, std::string private_pem, std::string public_pem)
    : algorithm_(std::move(algorithm)),
      private_pem_(std::move(private_pem)),
      public_pem_(std::move(public_pem)) {}

const Signer& Signer::of(const std::string& algorithm, const std::string& name) {
  static std::map<std::string, std::unique_ptr<Signer>> signers;
  std::unique_ptr<Signer>& signer = signers[algorithm + " " + name];
  if (!signer) {
    KeyPair pair = make_key_pair(algorithm);
    signer.reset(new Signer(algorithm, std::move(pair.private_pem), std::move(pair.public_pem)));
  }
  return *signer;
}

TestJson Signer::public_jwk() const {
  EVP_PKEY* key = read_key(private_pem_);
  TestJson jwk;
  if (algorithm_[0] == 'E') {
    const std::size_t bytes = coordinate_bytes(algorithm_);
    const char* curve = bytes == 32 ? "P-256" : bytes == 48 ? "P-384" : "P-521";
    jwk = {{"kty", "EC"},
           {"crv", curve},
           {"x", number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, bytes)},
           {"y", number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, bytes)}};
  } else {
    jwk = {{"kty", "RSA"},
           {"n", number_of(key, OSSL_PKEY_PARAM_RSA_N, 0)},
           {"e", number_of(key, OSSL_PKEY_PARAM_RSA_E, 0)}};
  }
  EVP_PKEY_free(key);
  return jwk;
}

std::string Signer::sign(TestJson header, const TestJson& claims) const {
  if (!header.contains("alg")) header["alg"] = algorithm_;
  const std::string text = base64url(header.dump()) + "." + base64url(claims.dump());
  const std::string bits = algorithm_.substr(2);
  const EVP_MD* digest = bits == "256" ? EVP_sha256() : bits == "384" ? EVP_sha384() : EVP_sha512();
  EVP_PKEY* key = read_key(private_pem_);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  REQUIRE(EVP_DigestSignInit(context, nullptr, digest, nullptr, key) == 1);
  std::string signature(1024, '\0');
  std::size_t length = signature.size();
  REQUIRE(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &length,
                         reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1);
  signature.resize(length);
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  if (algorithm_[0] == 'E') signature = raw_signature(signature, coordinate_bytes(algorithm_));
  return text + "." + base64url(signature);
}

State state_with_app(const std::string& algorithm) {
  State state = small_state();
  App app;
  app.client_id = kClientId;
  app.name = "app";
  app.scopes = {"okta.apiTokens.read", "okta.apiTokens.manage", "okta.networkZones.read", "okta.users.read"};
  app.keys = {AppKey{"k1", Signer::of(algorithm).public_pem()}};
  state.apps[app.client_id] = std::move(app);
  return state;
}

std::int64_t seconds(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant.time_since_epoch()).count();
}

TokenRequest::TokenRequest(Instant at, const std::string& scope) : now(at) {
  claims = {{"iss", kClientId},
            {"sub", kClientId},
            {"aud", kTokenUrl},
            {"iat", seconds(at)},
            {"exp", seconds(at) + 300}};
  form = {{"grant_type", "client_credentials"},
          {"scope", scope},
          {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}};
}

HttpResponse ask_for_token(Org& org, const TokenRequest& request) {
  std::map<std::string, std::string> form = request.form;
  form["client_assertion"] =
      request.assertion.empty()
          ? Signer::of(request.algorithm, request.signer).sign(request.header, request.claims)
          : request.assertion;
  SimRequest sent{
      "POST",         "/oauth2/v1/token", {{"Content-Type", request.content_type}}, url_encoded(form),
      request.caller, std::string(kBase)};
  if (!request.proof.empty()) sent.headers.push_back({"DPoP", request.proof});
  return org.handle(sent, request.now);
}

std::string oauth_verdict(const HttpResponse& response) {
  const TestJson body = TestJson::parse(response.body, nullptr, false);
  std::string text = std::to_string(response.status);
  if (body.is_object() && body.contains("error")) {
    text +=
        " " + body.at("error").get<std::string>() + ": " + body.at("error_description").get<std::string>();
  }
  return text;
}

std::string access_token_of(const HttpResponse& response) {
  REQUIRE_MESSAGE(response.status == 200, response.body);
  return TestJson::parse(response.body).at("access_token");
}

Proof Proof::for_token(Instant now, const std::string& jti, const std::string& nonce) {
  Proof proof;
  proof.header = {{"typ", "dpop+jwt"}, {"jwk", Signer::of("ES256", "dpop").public_jwk()}};
  proof.claims = {{"htm", "POST"}, {"htu", kTokenUrl}, {"iat", seconds(now)}, {"jti", jti}};
  if (!nonce.empty()) proof.claims["nonce"] = nonce;
  return proof;
}

Proof Proof::for_call(const Call& call, const std::string& token, const std::string& jti) {
  Proof proof = for_token(call.now, jti);
  proof.claims["htm"] = call.method;
  proof.claims["htu"] = std::string(kBase) + call.target.substr(0, call.target.find('?'));
  proof.claims["ath"] = sha256_base64url(token);
  return proof;
}

std::string Proof::text() const {
  return Signer::of(algorithm, signer).sign(header, claims);
}

HttpResponse call_with(Org& org, const Call& call, const std::string& scheme, const std::string& token,
                       const std::string& proof) {
  SimRequest request{call.method, call.target, {{"Authorization", scheme + " " + token}},
                     call.body,   call.caller, std::string(kBase)};
  if (!call.body.empty()) request.headers.push_back({"Content-Type", call.content_type});
  if (!proof.empty()) request.headers.push_back({"DPoP", proof});
  return org.handle(request, call.now);
}

}  // namespace zonepin::sim
