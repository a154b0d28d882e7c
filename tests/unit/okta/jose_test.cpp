// Keys, signatures and JWTs, checked with OpenSSL.
#include "okta/jose.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "unit/okta/jwt_kit.h"

namespace zonepin::okta {
namespace {

std::string on_one_line(const std::string& pem) {
  std::string text;
  for (const char c : pem) text += c == '\n' ? std::string("\\n") : std::string(1, c);
  return text;
}

std::string with_dos_line_ends(const std::string& pem) {
  std::string text;
  for (const char c : pem) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return text;
}

SigningKey usable(const std::string& pem, std::string_view rsa_algorithm = "RS256") {
  auto key = SigningKey::from_pem(Secret(pem), rsa_algorithm);
  REQUIRE_MESSAGE(key.has_value(), (key ? "" : key.error().message));
  return std::move(*key);
}

struct AlgorithmRow {
  const char* algorithm;
  const char* kind;
  std::size_t signature_bytes;
};

constexpr AlgorithmRow kAlgorithmRows[] = {{"RS256", "RSA", 256},  {"RS384", "RSA", 256},
                                           {"RS512", "RSA", 256},  {"ES256", "P-256", 64},
                                           {"ES384", "P-384", 96}, {"ES512", "P-521", 132}};

TEST_CASE("base64url has no padding and no + or /") {
  const std::pair<std::string, const char*> rows[] = {{"", ""},
                                                      {"f", "Zg"},
                                                      {"fo", "Zm8"},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg"},
                                                      {"\xfb\xff\xfe", "-__-"},
                                                      {std::string("\0\0", 2), "AAA"}};
  for (const auto& [bytes, text] : rows) {
    CHECK(base64url(bytes) == text);
    CHECK(from_base64url(base64url(bytes)) == bytes);
  }
}

TEST_CASE("the hash of a token as DPoP wants it") {
  CHECK(from_base64url(sha256_base64url("token")) == sha256("token"));
}

TEST_CASE("every algorithm that Okta takes, from every form of PEM that people have") {
  for (const AlgorithmRow& row : kAlgorithmRows) {
    CAPTURE(row.algorithm);
    const TestKey key(row.kind);
    const TestKey other(row.kind);
    for (const std::string& pem : {key.pkcs8(), key.traditional(), on_one_line(key.pkcs8()),
                                   on_one_line(key.traditional()), with_dos_line_ends(key.pkcs8())}) {
      const SigningKey signing = usable(pem, row.algorithm);
      CHECK(signing.algorithm() == row.algorithm);
      const std::string header = R"({"alg":")" + std::string(row.algorithm) + R"("})";
      const auto token = signing.sign(header, R"({"sub":"x"})");
      REQUIRE(token.has_value());
      const TestJwt jwt = take_apart(*token);
      CHECK(jwt.header.dump() == header);
      CHECK(jwt.claims.dump() == R"({"sub":"x"})");
      CHECK(jwt.signature.size() == row.signature_bytes);
      CHECK(is_signed_by(jwt, key.public_pem()));
      CHECK_FALSE(is_signed_by(jwt, other.public_pem()));
    }
  }
}

// An r or an s with leading zero bytes comes in one of 256 signatures: it has to be filled up.
TEST_CASE("the halves of an EC signature are filled up to their length") {
  const TestKey key("P-256");
  const SigningKey signing = usable(key.pkcs8());
  bool filled = false;
  for (int round = 0; round < 2'000 && !filled; ++round) {
    const auto token = signing.sign(R"({"alg":"ES256"})", R"({"n":)" + std::to_string(round) + "}");
    REQUIRE(token.has_value());
    const TestJwt jwt = take_apart(*token);
    REQUIRE(jwt.signature.size() == 64);
    REQUIRE(is_signed_by(jwt, key.public_pem()));
    filled = jwt.signature[0] == '\0' || jwt.signature[32] == '\0';
  }
  CHECK(filled);
}

TEST_CASE("a key that can't be used is refused without a word of it") {
  const TestKey rsa("RSA");
  std::string cut = rsa.pkcs8();
  cut.resize(cut.size() / 2);
  const std::pair<std::string, const char*> rows[] = {
      {"", "no private key"},
      {"-----BEGIN PRIVATE KEY-----\nS3CRETS3CRETS3CRET\n-----END PRIVATE KEY-----\n", "no private key"},
      {cut, "no private key"},
      {rsa.public_pem(), "no private key"},
      {rsa.pkcs8_encrypted(), "passphrase"},
      {TestKey("RSA1024").pkcs8(), "2048"},
      {TestKey("P-224").pkcs8(), "curve"},
      {TestKey("ED25519").pkcs8(), "neither an RSA nor an EC key"},
  };
  for (const auto& row : rows) {
    const std::string& pem = row.first;
    const char* why = row.second;
    CAPTURE(why);
    const auto key = SigningKey::from_pem(Secret(pem));
    REQUIRE_FALSE(key.has_value());
    CHECK(key.error().trouble == Trouble::usage);
    const std::string said = key.error().message + key.error().mend;
    CHECK(said.find(why) != std::string::npos);
    CHECK(said.find("S3CRET") == std::string::npos);
    for (const std::string_view line : split(pem, '\n')) {
      if (line.size() > 20) CHECK(said.find(line) == std::string::npos);
    }
  }
}

TEST_CASE("the public half as a JWK holds no private part") {
  const TestKey rsa("RSA");
  const TestJson rsa_jwk = TestJson::parse(usable(rsa.pkcs8()).public_jwk());
  CHECK(rsa_jwk == TestJson{{"kty", "RSA"}, {"e", "AQAB"}, {"n", rsa.jwk_number("n", 0)}});
  for (const auto& [kind, bytes] : {std::pair("P-256", 32), std::pair("P-384", 48), std::pair("P-521", 66)}) {
    const TestKey key(kind);
    const TestJson jwk = TestJson::parse(usable(key.pkcs8()).public_jwk());
    CHECK(jwk == TestJson{{"kty", "EC"},
                          {"crv", kind},
                          {"x", key.jwk_number("qx", bytes)},
                          {"y", key.jwk_number("qy", bytes)}});
  }
}

TEST_CASE("a generated key is new each time, and good for DPoP") {
  auto one = SigningKey::generate();
  auto other = SigningKey::generate();
  REQUIRE(one.has_value());
  REQUIRE(other.has_value());
  CHECK(one->algorithm() == "ES256");
  CHECK(one->public_jwk() != other->public_jwk());
  const TestJwt jwt = take_apart(*one->sign(R"({"alg":"ES256"})", "{}"));
  CHECK(is_signed_by(jwt, pem_of_ec_jwk(TestJson::parse(one->public_jwk()))));
  CHECK_FALSE(is_signed_by(jwt, pem_of_ec_jwk(TestJson::parse(other->public_jwk()))));
}

}  // namespace
}  // namespace zonepin::okta
