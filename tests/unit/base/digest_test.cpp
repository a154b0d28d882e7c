#include "base/digest.h"

#include <doctest/doctest.h>

#include "base/secret.h"

namespace zonepin {
namespace {

TEST_CASE("SHA-256 gives the digests of FIPS 180-4") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(sha256(std::string_view("a\0b", 3)) != sha256("a"));
}

TEST_CASE("a wiped string holds none of its bytes, nor of those it held before") {
  std::string text = "00abcdefgh-a-long-secret-that-lives-on-the-heap";
  text.resize(4);
  const char* bytes = text.data();
  wipe(text);
  CHECK(text.empty());
  REQUIRE(text.data() == bytes);
  // What is looked at lies behind the string's end, but within what it has allocated.
  CHECK(std::string_view(bytes, 40) == std::string(40, '\0'));
}

TEST_CASE("a secret moves as a whole and leaves nothing behind") {
  Secret first("short");
  Secret second(std::move(first));
  CHECK(second.reveal() == "short");
  CHECK(first.empty());  // NOLINT(bugprone-use-after-move): this is what is promised
  // The short form of a string lives inside the object: the old bytes would still be there behind the new
  // length.
  const std::string_view behind(first.reveal().data(), 5);
  CHECK(behind == std::string_view("\0\0\0\0\0", 5));
  Secret third("another");
  third = std::move(second);
  CHECK(third.reveal() == "short");
  CHECK(second.empty());  // NOLINT(bugprone-use-after-move)
  CHECK(third.clone().reveal() == "short");
  CHECK(Secret().empty());
}

}  // namespace
}  // namespace zonepin
