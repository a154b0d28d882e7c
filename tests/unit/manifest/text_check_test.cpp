#include "manifest/text_check.h"

#include <doctest/doctest.h>

#include <string>

#include "manifest/limits.h"

namespace zonepin {

TEST_CASE("text that is no YAML is refused before a parser sees it") {
  struct Row {
    std::string text;
    std::string summary;
    std::uint32_t line;
    std::uint32_t column;
  };
  const Row rows[] = {
      {std::string("a\0b", 3), "a NUL byte: this is not a text file", 1, 2},
      {std::string("\x7f"
                   "E\0",
                   3),
       "a NUL byte: this is not a text file", 1, 3},
      {"\xff\xfe"
       "a",
       "this file is UTF-16, not UTF-8", 1, 1},
      {"\xfe\xff"
       "a",
       "this file is UTF-16, not UTF-8", 1, 1},
      {"a\nb\xe9", "this is not UTF-8 text", 2, 2},
      {"\xed\xa0\x80", "this is not UTF-8 text", 1, 1},  // a surrogate
      {"a\x1b[0m", "the character U+001B must not stand in YAML as it is", 1, 2},
      {"a\x7f", "the character U+007F must not stand in YAML as it is", 1, 2},
      {"a\xc2\x80", "the character U+0080 must not stand in YAML as it is", 1, 2},
      {"a\xef\xbf\xbe", "the character U+FFFE must not stand in YAML as it is", 1, 2},
      {"a\xef\xbf\xbf", "the character U+FFFF must not stand in YAML as it is", 1, 2},
      {"a\n\xef\xbb\xbf"
       "b",
       "a byte order mark in the middle of the file", 2, 1},
      {"a\rb", "a carriage return that no line feed follows", 1, 2},
      {"a\r", "a carriage return that no line feed follows", 1, 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto found = check_text(row.text, 3);
    REQUIRE(found);
    CHECK(found->summary == row.summary);
    CHECK_FALSE(found->detail.empty());
    CHECK(found->place.source == 3);
    CHECK(found->place.line == row.line);
    CHECK(found->place.column == row.column);
  }
}

TEST_CASE("what YAML allows passes") {
  for (const char* text : {"", "a\r\nb\tc",
                           "\xef\xbb\xbf"
                           "a",
                           "caf\xc3\xa9 \xf0\x9f\x98\x80", "\xc2\x85\xc2\xa0\xe2\x80\xa8", "\xef\xbf\xbd"}) {
    CAPTURE(text);
    CHECK_FALSE(check_text(text, 0));
  }
}

TEST_CASE("a file over the limit is refused by name") {
  CHECK_FALSE(check_text(std::string(kMaxManifestBytes, '#'), 0));
  const auto found = check_text(std::string(kMaxManifestBytes + 1, '#'), 0);
  REQUIRE(found);
  CHECK(found->summary == "the file is larger than 64 MB");
}

}  // namespace zonepin
