#include "model/glob.h"
#include "support/cpu_time.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace zonepin {

TEST_CASE("what a glob fits") {
  struct Row {
    std::string glob;
    std::string text;
    bool fits;
  };
  const Row rows[] = {
      {"", "", true},
      {"", "a", false},
      {"a", "a", true},
      {"a", "A", false},
      {"a", "ab", false},
      {"*", "", true},
      {"*", "anything at all", true},
      {"**", "x", true},
      {"?", "x", true},
      {"?", "", false},
      {"?", "xy", false},
      {"?*", "", false},
      {"?*", "x", true},
      {"etl-*", "etl-", true},
      {"etl-*", "etl", false},
      {"etl-*", "my-etl-1", false},
      {"*-etl", "a-etl-etl", true},
      {"*a*b*", "xxaxxbxx", true},
      {"*a*b*", "ba", false},
      {"a*b*c", "abcbc", true},
      {"a*b*c", "abcb", false},
      {"*ab", "aab", true},
      {"*aab", "aaab", true},
      {"[abc]", "b", true},
      {"[abc]", "d", false},
      {"[a-c]", "b", true},
      {"[a-c]", "-", false},
      {"[!a-c]", "b", false},
      {"[!a-c]", "d", true},
      {"[!a]", "", false},
      {"[a-]", "-", true},
      {"[-a]", "-", true},
      {"[a!]", "!", true},
      {"[a^]", "^", true},
      {"[0-9][0-9]", "42", true},
      {"[\\]]", "]", true},
      {"[\\]-a]", "_", true},
      {"[\\-]", "-", true},
      {"a]", "a]", true},
      {"\\*", "*", true},
      {"\\*", "a", false},
      {"\\?\\[\\\\", "?[\\", true},
      {"{a,b}", "{a,b}", true},
      {"{a,b}", "a", false},
      {"?", "\xc3\xa9", true},
      {"??", "\xc3\xa9", false},
      {"[\xc3\xa0-\xc3\xbf]", "\xc3\xa9", true},
      {"*\xa9", "\xc3\xa9", false},
      {"\xf0\x9f\x98\x80?", "\xf0\x9f\x98\x80\xf0\x9f\x98\x81", true},
      {"?", "\xff", true},
      {"\xff", "\xff", true},
      {"[\xc3\xa9]", "\xc3", false},
      {"??", "\xc3(", true},
      {"a*", std::string("a\0b", 3), true},
      {"a?b", std::string("a\0b", 3), true},
      {"a\nb", "a\nb", true},
      {"*\n*", "a\nb", true},
      // With a fault: nothing, not even the same text.
      {"[", "[", false},
      {"a\\", "a\\", false},
      {"*[", "[", false},
      {"[!]", "!", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.glob);
    CAPTURE(row.text);
    CHECK(fits_glob(row.glob, row.text) == row.fits);
  }
}

TEST_CASE("a fault says what is wrong, where, and how to mend it") {
  struct Row {
    std::string glob;
    std::size_t offset;
    std::string summary;
  };
  const Row rows[] = {
      {"ab[a-z", 2, "opens a [ that is never closed"},
      {"[", 0, "opens a [ that is never closed"},
      {"[!", 0, "opens a [ that is never closed"},
      {"[a-", 0, "opens a [ that is never closed"},
      {"[\\", 0, "opens a [ that is never closed"},
      {"[\\]", 0, "opens a [ that is never closed"},
      {"a\\", 1, "ends with a lone backslash"},
      {"a\\\\\\", 3, "ends with a lone backslash"},
      {"\\d", 0, "has a backslash in front of a letter or a digit"},
      {"[\\w]", 1, "has a backslash in front of a letter or a digit"},
      {"x[]", 1, "has an empty [ ]"},
      {"[!]", 0, "has an empty [ ]"},
      {"[^a]", 0, "negates with a ^"},
      {"[az-a]", 2, "has a range that runs backwards"},
      {"[[:alpha:]]", 1, "has a [ within [ ]"},
      {std::string(kMaxGlobLength + 1, 'a'), kMaxGlobLength, "is longer than 1024 characters"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.glob);
    const auto fault = check_glob(row.glob);
    REQUIRE(fault);
    CHECK(fault->offset == row.offset);
    CHECK(fault->summary == row.summary);
    CHECK_FALSE(fault->detail.empty());
  }
  CHECK_FALSE(check_glob(std::string(kMaxGlobLength, '?')));
}

TEST_CASE("the text that a glob without wildcards stands for") {
  CHECK(literal_of("ci@acme.example") == "ci@acme.example");
  CHECK(literal_of("a\\*\\\\b") == "a*\\b");
  CHECK(literal_of("caf\xc3\xa9\\?") == "caf\xc3\xa9?");
  for (const char* glob : {"a*", "?", "[a]", "\\", "a\\b", "\\**"}) {
    CAPTURE(glob);
    CHECK_FALSE(literal_of(glob));
  }
}

TEST_CASE("no glob takes long") {
  const std::string many(100'000, 'a');
  const double began = cpu_seconds();
  CHECK_FALSE(fits_glob("*a*a*a*b", many));
  CHECK_FALSE(fits_glob("*a?a[a-z]a*a*a*a*a*a*a*a*b", many));
  CHECK(fits_glob("*a*a*a*", many));
  std::string stars;
  for (int i = 0; i < 500; ++i) stars += "*a";
  CHECK_FALSE(fits_glob(stars + "b", many));
  CHECK(cpu_seconds() - began < 10);  // backtracking would take years
}

TEST_CASE("a glob fits what a plain search by all splits finds") {
  // The definition itself, exponential: for all globs of up to 5 signs and texts of up to 5 letters.
  struct Plain {
    static bool fits(std::string_view glob, std::string_view text) {
      if (glob.empty()) return text.empty();
      if (glob[0] == '*') return fits(glob.substr(1), text) || (!text.empty() && fits(glob, text.substr(1)));
      return !text.empty() && (glob[0] == '?' || glob[0] == text[0]) && fits(glob.substr(1), text.substr(1));
    }
  };
  const auto all = [](std::string_view letters, std::size_t length) {
    std::vector<std::string> words{""};
    for (std::size_t begin = 0; begin < words.size(); ++begin) {
      const std::string word = words[begin];
      if (word.size() == length) break;
      for (const char letter : letters) words.push_back(word + letter);
    }
    return words;
  };
  std::size_t wrong = 0;
  for (const std::string& glob : all("ab*?", 5)) {
    for (const std::string& text : all("ab", 5)) {
      if (fits_glob(glob, text) != Plain::fits(glob, text)) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

}  // namespace zonepin
