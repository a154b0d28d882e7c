// Secrets in what others say: found wherever they stand, and nothing else.
#include "cli/blotter.h"
#include "support/cpu_time.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace zonepin {
namespace {

const std::string kToken = "00S3cret-Token_with/odd+parts~1";

Blotter knowing(const std::string& secret) {
  Blotter blotter;
  blotter.hide(Secret(secret));
  return blotter;
}

// RFC 4648, by hand: what is tested has an encoder of its own.
std::string base64(const std::string& bytes, const char* last_two) {
  const std::string alphabet =
      std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") + last_two;
  std::string out;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = buffer << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += alphabet[buffer >> (bits - 6) & 63U];
  }
  if (bits > 0) out += alphabet[buffer << (6 - bits) & 63U];
  return out;
}

TEST_CASE("a secret is blotted out wherever it stands, as often as it does") {
  const Blotter blotter = knowing(kToken);
  const std::pair<std::string, std::string> rows[] = {
      {"", ""},
      {"x", "x"},
      {"nothing here", "nothing here"},
      {kToken, "(secret)"},
      {kToken + kToken, "(secret)(secret)"},
      {"Authorization: SSWS " + kToken + "; again " + kToken + ".",
       "Authorization: SSWS (secret); again (secret)."},
      {kToken.substr(1), kToken.substr(1)},
      {kToken.substr(0, kToken.size() - 1), kToken.substr(0, kToken.size() - 1)},
      {"00" + kToken, "00(secret)"},
  };
  for (const auto& [text, expected] : rows) {
    CHECK(blotter.blot(text) == expected);
    CHECK(blotter.finds_secret(text) == (text != expected));
  }
}

TEST_CASE("its base64 as well, in both alphabets and wherever in a text it began") {
  const Blotter blotter = knowing(kToken);
  for (const std::string before : {"", "a", "ab", "abc", "Basic user:"}) {
    for (const std::string after : {"", "z", "zz"}) {
      for (const char* last_two : {"+/", "-_"}) {
        const std::string text = base64(before + kToken + after, last_two);
        CAPTURE(text);
        CHECK(blotter.finds_secret(text));
        // No more than the bits that it shares with its neighbours stay.
        CHECK(blotter.blot(text).size() <= text.size() - (kToken.size() * 8 / 6 - 2) + 8);
      }
    }
  }
}

TEST_CASE("as JSON writes it") {
  const Blotter blotter = knowing("pass\"word\\with");
  CHECK(blotter.blot(R"--({"a":"pass\"word\\with"})--") == R"--({"a":"(secret)"})--");
}

TEST_CASE("each long line of a private key, however its line ends are written") {
  const std::string first = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0w";
  const std::string second = "awIBAQQgevZzL1gdAFr88hb2OF2b7nQ1x3Qn";
  for (const std::string end : {"\n", "\r\n", "\\n"}) {
    const Blotter blotter = knowing("-----BEGIN PRIVATE KEY-----" + end + first + end + second + end +
                                    "-----END PRIVATE KEY-----" + end);
    CHECK(blotter.blot("a " + first + " b " + second) == "a (secret) b (secret)");
    CHECK(blotter.blot("-----BEGIN PRIVATE KEY-----") == "-----BEGIN PRIVATE KEY-----");
  }
}

TEST_CASE("what looks like a JWT is not shown, but is no secret that forbids a file") {
  const Blotter blotter;
  const std::string jwt = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJzb21lYm9keSJ9.c2lnbmF0dXJl";
  CHECK(blotter.blot("DPoP: " + jwt + ", x") == "DPoP: (secret), x");
  CHECK_FALSE(blotter.finds_secret(jwt));
  for (const std::string other :
       {"eyJ", "eyJhbGciOiJFUzI1NiJ9", "eyes on the eyJ-team of 2026, all of them together"}) {
    CHECK(blotter.blot(other) == other);
  }
}

TEST_CASE("a short word is left alone: it could stand anywhere") {
  const Blotter blotter = knowing("token");
  CHECK(blotter.blot("a token") == "a token");
}

TEST_CASE("a long text with many secrets takes no time to speak of") {
  Blotter blotter;
  for (int at = 0; at < 5; ++at) blotter.hide(Secret("00secret-number-" + std::to_string(at)));
  const std::string text(1'000'000, '0');
  const double began = cpu_seconds();
  CHECK(blotter.blot(text) == text);
  CHECK(cpu_seconds() - began < 20);
}

}  // namespace
}  // namespace zonepin
