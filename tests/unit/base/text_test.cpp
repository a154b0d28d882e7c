#include "base/text.h"
#include "support/cpu_time.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/charset.h"

namespace zonepin {
namespace {

TEST_CASE("a text in ASCII: our own dots, everything else as an escape, twice is once") {
  struct Row {
    const char* text;
    const char* expected;
  };
  const Row rows[] = {
      {"", ""},
      {"plain \\u00fc \x1b[1m\n", "plain \\u00fc \x1b[1m\n"},
      {"cut…", "cut..."},
      {"…", "..."},
      {"Müller", "M\\u00fcller"},
      {"e\u0301", "e\\u0301"},
      {"漢😀", "\\u6f22\\U0001f600"},
      {"a\xe2\x80", "a\\xe2\\x80"},
      {"\xff…", "\\xff..."},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(in_charset(row.text, Charset::ascii) == row.expected);
    CHECK(in_charset(row.expected, Charset::ascii) == row.expected);
    CHECK(in_charset(row.text, Charset::utf8) == row.text);
  }
}

using namespace std::string_literals;

struct EscapeRow {
  const char* what;
  std::string text;
  const char* expected;
};

TEST_CASE("what acts upon a terminal comes out as an escape, the rest as it is") {
  const EscapeRow rows[] = {
      {"plain", "ci-deployer (prod) ~ \"x\"", "ci-deployer (prod) ~ \"x\""},
      {"letters of the world", "Zürich Ωμέγα Привет 東京 한국 עברית العربية हिन्दी",
       "Zürich Ωμέγα Привет 東京 한국 עברית العربية हिन्दी"},
      {"emoji", "🚀", "🚀"},
      {"empty", "", ""},
      {"line ends and tabs", "a\r\n\tb", "a\\r\\n\\tb"},
      {"NUL", "a\0b"s, "a\\x00b"},
      {"terminal escape", "\x1b[31mred\x1b]0;title\x07", "\\x1b[31mred\\x1b]0;title\\x07"},
      {"DEL", "\x7f", "\\x7f"},
      {"backslash", "\\n", "\\\\n"},
      {"C1 control CSI", "\xc2\x9b", "\\u009b"},
      {"raw C1 byte", "\x9b", "\\x9b"},
      {"right-to-left override", "\u202egpj.exe", "\\u202egpj.exe"},
      {"isolates", "\u2066a\u2069", "\\u2066a\\u2069"},
      {"marks of direction", "\u200e\u200f\u061c", "\\u200e\\u200f\\u061c"},
      {"zero width", "a\u200bb\u200cc\u200dd\u2060e\ufefff", "a\\u200bb\\u200cc\\u200dd\\u2060e\\ufefff"},
      {"line and paragraph separators", "\u2028\u2029", "\\u2028\\u2029"},
      {"spaces that are none", "a\u00a0b\u3000c", "a\\u00a0b\\u3000c"},
      {"soft hyphen", "a\u00adb", "a\\u00adb"},
      {"tag characters", "\U000e0041\U000e007f", "\\U000e0041\\U000e007f"},
      {"variation selectors", "a\ufe0f\U000e0100", "a\\ufe0f\\U000e0100"},
      {"Hangul filler", "\u3164", "\\u3164"},
      {"private use", "\ue000", "\\ue000"},
      {"noncharacter", "\uffff", "\\uffff"},
      {"overlong slash", "\xc0\xaf", "\\xc0\\xaf"},
      {"surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80"},
      {"beyond Unicode", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
      {"cut in half", "a\xe2\x82", "a\\xe2\\x82"},
      {"stray continuation", "\x80x", "\\x80x"},
      {"one combining mark", "e\u0301", "e\u0301"},
      {"a mark on nothing", "\u0301a", "\\u0301a"},
      {"a mark on an escape", "\n\u0301", "\\n\\u0301"},
      {"a pile of marks", "e\u0301\u0301\u0301\u0301\u0301\u0301", "e\u0301\u0301\u0301\u0301\\u0301\\u0301"},
  };
  for (const EscapeRow& row : rows) {
    CAPTURE(row.what);
    CHECK(escape(row.text) == row.expected);
  }
}

// No byte sequence may get through that a terminal acts upon: all of two bytes, alone and between letters.
TEST_CASE("escaped text is one line of valid UTF-8, whatever goes in") {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string text{'a', static_cast<char>(first), static_cast<char>(second), 'z'};
      const std::string escaped = escape(text);
      REQUIRE_FALSE(invalid_utf8(escaped).has_value());
      for (std::size_t i = 0; i < escaped.size(); ++i) {
        const auto byte = static_cast<unsigned char>(escaped[i]);
        REQUIRE(byte >= 0x20);
        REQUIRE(byte != 0x7f);
        if (byte == 0xc2) REQUIRE(static_cast<unsigned char>(escaped[i + 1]) > 0xa0);
      }
    }
  }
}

TEST_CASE("cut texts end within their width and never in the middle of an escape") {
  struct Row {
    std::string text;
    std::size_t width;
    const char* expected;
  };
  const Row rows[] = {
      {"abc", 3, "abc"},
      {"abcd", 3, "ab…"},
      {"abcd", 1, "…"},
      {"", 1, ""},
      {"a", 1, "a"},
      {"a\nb", 4, "a\\nb"},
      {"a\nbc", 4, "a\\n…"},
      {"a\nbc", 3, "a…"},
      {"東京都", 6, "東京都"},
      {"東京都", 5, "東京…"},
      {"東京都", 4, "東…"},
      {"\u202e\u202e", 8, "\\u202e…"},
      {"e\u0301abc", 3, "e\u0301a…"},
      {"abe\u0301", 3, "abe\u0301"},
      {"abe\u0301x", 3, "ab…"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CAPTURE(row.width);
    CHECK(escape_cut(row.text, row.width) == row.expected);
    CHECK(display_width(escape_cut(row.text, row.width)) <= row.width);
  }
}

TEST_CASE("quoted names can't end their quotes and have an end") {
  CHECK(in_quotes("ci") == "\"ci\"");
  CHECK(in_quotes("a\" b\\") == "\"a\\\" b\\\\\"");
  CHECK(in_quotes("") == "\"\"");
  CHECK(display_width(in_quotes(std::string(10'000, 'x'))) == 82);
  std::string pile = "e";
  for (int i = 0; i < 10'000; ++i) pile += "\u0301";
  CHECK(display_width(in_quotes(pile)) <= 82);
  CHECK(in_quotes(pile).size() < 200);
}

TEST_CASE("columns on a terminal") {
  struct Row {
    const char* text;
    std::size_t columns;
  };
  const Row rows[] = {{"", 0},   {"abc", 3}, {"東京", 4}, {"e\u0301", 1}, {"한", 2},    {"ｶﾅ", 2},
                      {"Ａ", 2}, {"🚀", 2},   {"…", 1},    {"ü", 1},       {"हिन्दी", 5}, {"\xff", 1}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(display_width(row.text) == row.columns);
  }
}

TEST_CASE("the first byte that is no UTF-8") {
  struct Row {
    const char* what;
    std::string text;
    std::optional<std::size_t> expected;
  };
  const Row rows[] = {
      {"empty", "", std::nullopt},
      {"ASCII", "abc", std::nullopt},
      {"NUL is a character", "a\0b"s, std::nullopt},
      {"the edges", "\xc2\x80\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff", std::nullopt},
      {"stray continuation", "ab\x80", 2},
      {"overlong two", "\xc1\xbf", 0},
      {"overlong three", "a\xe0\x9f\xbf", 1},
      {"overlong four", "\xf0\x8f\xbf\xbf", 0},
      {"surrogates", "ab\xed\xbf\xbf", 2},
      {"beyond the last", "\xf4\x90\x80\x80", 0},
      {"lead that never is", "\xf5\x80\x80\x80", 0},
      {"cut at the end", "abc\xf0\x9f\x9a", 3},
      {"cut by a letter", "\xe2\x82x", 0},
      {"Latin-1", "Z\xfcrich", 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(invalid_utf8(row.text) == row.expected);
  }
}

TEST_CASE("small tools") {
  CHECK(trim(" \t a b\r\n") == "a b");
  CHECK(trim(" \n").empty());
  CHECK(trim("").empty());
  CHECK(lowercase("ABC-Ü") == "abc-Ü");
  CHECK(starts_with_ignoring_case("Bearer x", "bearer "));
  CHECK(starts_with_ignoring_case("x", ""));
  CHECK_FALSE(starts_with_ignoring_case("Bear", "bearer"));
  CHECK_FALSE(starts_with_ignoring_case("[x", "{"));
  CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
  CHECK(split("", ',') == std::vector<std::string_view>{""});
  CHECK(split(",", ',') == std::vector<std::string_view>{"", ""});
  CHECK(join({"a", "", "b"}, ", ") == "a, , b");
  CHECK(join({}, ", ").empty());
  CHECK(plural(0, "token") == "0 tokens");
  CHECK(plural(1, "token") == "1 token");
  CHECK(plural(2, "token") == "2 tokens");
}

TEST_CASE("a slip of the pen finds what was meant") {
  struct Row {
    const char* wanted;
    std::vector<std::string_view> candidates;
    const char* expected;  // empty: nothing is near
  };
  const Row rows[] = {
      {"nmae", {"id", "name", "owner"}, "name"},   // two neighbours swapped
      {"nam", {"id", "name", "owner"}, "name"},    // one left out
      {"namee", {"id", "name", "owner"}, "name"},  // one too many
      {"nane", {"id", "name", "owner"}, "name"},   // one replaced
      {"conection", {"connection"}, "connection"},
      {"Corp-VPN", {"data-vpc", "corp-vpn"}, "corp-vpn"},         // case counts for nothing
      {"CI-PROD", {"ci-prod", "CI-PROd", "ci-PROD"}, "CI-PROd"},  // but decides between equals
      {"ci-1", {"ci-2", "ci-3"}, "ci-2"},                         // else the first
      {"network", {"state", "reason"}, ""},
      {"ab", {"cd", "ax"}, ""},  // a third of two letters is none
      {"", {"a", "abc"}, ""},
      {"abc", {}, ""},
      {"abcdef", {"badcfe"}, ""},  // three swaps are one too many
      {"abcdef", {"badcef"}, "badcef"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.wanted);
    CHECK(nearest(row.wanted, row.candidates).value_or("") == row.expected);
  }
  CHECK_FALSE(nearest(std::string(10'000, 'a'), {"a"}).has_value());
  CHECK_FALSE(nearest("a", {std::string_view()}).has_value());
}

// The banded distance must be the plain one wherever it is near enough to count.
std::size_t plain_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] =
          std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + std::size_t{a[i - 1] != b[j - 1]}});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

TEST_CASE("near means a distance of at most a third, for all small words") {
  std::vector<std::string> words;
  for (unsigned length = 1; length <= 7; ++length) {
    for (unsigned bits = 0; bits < (1U << length); bits += length < 5 ? 1 : 3) {
      std::string word;
      for (unsigned i = 0; i < length; ++i) word += (bits >> i & 1U) != 0 ? 'a' : 'b';
      words.push_back(word);
    }
  }
  std::size_t wrong = 0;
  for (const std::string& one : words) {
    for (const std::string& other : words) {
      const bool near = plain_distance(one, other) <= std::max(one.size(), other.size()) / 3;
      if (nearest(one, {other}).has_value() != near) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("twenty thousand candidates are no burden") {
  std::vector<std::string> names;
  for (int i = 0; i < 20'000; ++i) names.push_back("service-account-" + std::to_string(i) + "-production");
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const double start = cpu_seconds();
  for (int i = 0; i < 10; ++i) CHECK(nearest("service-acount-19999-production", candidates) == names[19'999]);
  CHECK(cpu_seconds() - start < 30);
}

TEST_CASE("did you mean") {
  CHECK(did_you_mean("nmae", {"id", "name"}) == "did you mean \"name\"?");
  CHECK(did_you_mean("zzz", {"id", "name"}).empty());
  CHECK(did_you_mean("name", {"name"}).empty());
  CHECK(did_you_mean("ci-prod-eu", {"ci-prod\x1b-eu"}) == "did you mean \"ci-prod\\x1b-eu\"?");
}

}  // namespace
}  // namespace zonepin
