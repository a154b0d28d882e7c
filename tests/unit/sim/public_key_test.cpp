// Keys, signatures and the alphabet they are written in, against the examples of the RFCs.
#include "sim/public_key.h"

#include <doctest/doctest.h>

#include "sim/base64url.h"
#include "sim/jwt.h"
#include "unit/sim/oauth_kit.h"

namespace zonepin::sim {

namespace {

// RFC 7515, appendix A.2.
constexpr const char* kRfcRsaKey =
    R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"})";
constexpr const char* kRfcRsaToken =
    "eyJhbGciOiJSUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ij"
    "p0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
    "O8W2Fp5jujGbds"
    "9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_"
    "eSN938"
    "3LcOLn6_dO--xi12jzDwusC-"
    "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlV"
    "mtVrBp0igcN_IoypGlUPQGe77Rw";
// Appendix A.3.
constexpr const char* kRfcEcKey =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
constexpr const char* kRfcEcToken =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ij"
    "p0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

bool verifies(const char* jwk, const std::string& algorithm, const char* token) {
  const auto key = PublicKey::from_jwk(jwk);
  REQUIRE(key);
  const auto jwt = parse_jwt(token);
  REQUIRE(jwt);
  return key->verifies(algorithm, jwt->signed_text, jwt->signature);
}

TEST_CASE("the signatures of RFC 7515 are good, and only under their own algorithm and text") {
  CHECK(verifies(kRfcRsaKey, "RS256", kRfcRsaToken));
  CHECK(verifies(kRfcEcKey, "ES256", kRfcEcToken));
  CHECK_FALSE(verifies(kRfcRsaKey, "RS512", kRfcRsaToken));
  CHECK_FALSE(verifies(kRfcEcKey, "RS256", kRfcEcToken));
  CHECK_FALSE(verifies(kRfcRsaKey, "ES256", kRfcRsaToken));
  for (const char* algorithm : {"none", "HS256", "PS256", "ES384", "", "ES"}) {
    CHECK_FALSE(verifies(kRfcEcKey, algorithm, kRfcEcToken));
  }
  std::string other = kRfcEcToken;
  other[25] = 'A';
  const auto key = PublicKey::from_jwk(kRfcEcKey);
  CHECK_FALSE(key->verifies("ES256", other.substr(0, other.rfind('.')), parse_jwt(kRfcEcToken)->signature));
}

TEST_CASE(
    "every algorithm that Okta takes: what one key signs, no other key and no other algorithm confirms") {
  const TestJson claims = {{"sub", "x"}};
  for (const std::string_view view : kSignatureAlgorithms) {
    const std::string algorithm(view);
    CAPTURE(algorithm);
    const auto jwt = parse_jwt(Signer::of(algorithm).sign({}, claims));
    REQUIRE(jwt);
    const auto key = PublicKey::from_pem(Signer::of(algorithm).public_pem());
    REQUIRE(key);
    CHECK(key->verifies(algorithm, jwt->signed_text, jwt->signature));
    CHECK_FALSE(key->verifies(algorithm, jwt->signed_text + "x", jwt->signature));
    CHECK_FALSE(key->verifies(algorithm, jwt->signed_text, jwt->signature.substr(1)));
    CHECK_FALSE(key->verifies(algorithm, jwt->signed_text, ""));
    const auto other = PublicKey::from_pem(Signer::of(algorithm, "second").public_pem());
    CHECK_FALSE(other->verifies(algorithm, jwt->signed_text, jwt->signature));
    const auto from_jwk = PublicKey::from_jwk(Signer::of(algorithm).public_jwk().dump());
    REQUIRE(from_jwk);
    CHECK(from_jwk->pem() == key->pem());
  }
}

TEST_CASE("what is no public key") {
  const char* const jwks[] = {
      "", "{}", "[]", R"({"kty":"EC","crv":"P-256"})", R"({"kty":"oct","k":"AAAA"})",
      R"({"kty":"RSA","n":"AQAB","e":"AQAB"})", R"({"kty":"EC","crv":"P-192","x":"AA","y":"AA"})",
      // not on the curve
      R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"})",
      // a private one
      R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"AA"})"};
  for (const char* jwk : jwks) {
    CAPTURE(jwk);
    CHECK_FALSE(PublicKey::from_jwk(jwk));
  }
  CHECK_FALSE(PublicKey::from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"));
  CHECK_FALSE(PublicKey::from_pem(make_key_pair("ES256").private_pem));
}

TEST_CASE("a thumbprint is that of RFC 7638, whatever else the key says of itself") {
  const char* const jwk =
      R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"})";
  CHECK(jwk_thumbprint(jwk) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  CHECK_FALSE(jwk_thumbprint(R"({"kty":"RSA","n":"AQAB"})"));
}

TEST_CASE("base64url there and back, and what is none") {
  for (const std::string& bytes : {std::string(), std::string("f"), std::string("fo"), std::string("foo"),
                                   std::string("\0\xff\xfe", 3)}) {
    CHECK(from_base64url(base64url(bytes)) == bytes);
  }
  CHECK(base64url("\xfb\xff") == "-_8");
  for (const char* text : {"A", "AAAAA", "AA==", "A+AA", "A/AA", "AB", "AA A"}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64url(text));
  }
}

TEST_CASE("a JWT is three parts, of which two are objects") {
  const std::string object = base64url("{}");
  CHECK(parse_jwt(object + "." + object + "."));
  const std::string texts[] = {"",
                               object + "." + object,
                               object + "." + base64url("[]") + ".",
                               "a.b.c",
                               object + "." + object + ".AA.AA",
                               object + "." + base64url(R"({"exp":1e999})") + "."};
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK_FALSE(parse_jwt(text));
  }
}

}  // namespace

}  // namespace zonepin::sim
