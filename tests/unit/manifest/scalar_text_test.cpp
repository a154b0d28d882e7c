#include "manifest/scalar_text.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "manifest/limits.h"
#include "manifest/scalar_type.h"
#include "manifest/yaml.h"

namespace zonepin {

namespace {

// What a reader makes of the text where it stands: in a block, within brackets, as a key.
std::vector<std::string> read_back(const std::string& text) {
  const std::string written = yaml_quoted(text);
  const std::string file = "- " + written + "\n- [" + written + ", x]\n- {" + written + ": x}\n- " + written +
                           ":\n    x\n- x: " + written + "  # a comment\n";
  Diagnostics found;
  Problems problems(found);
  const Tree tree = parse_yaml(file, 0, problems);
  std::vector<std::string> texts;
  if (tree.documents().empty()) return texts;
  const auto say = [&](NodeId id) {
    texts.push_back(type_of(tree, id) == ScalarType::string ? std::string(tree.scalar(id)) : "no string");
  };
  const auto items = tree.items(tree.documents().front());
  REQUIRE(items.size() == 5);
  say(items[0]);
  say(tree.items(items[1]).front());
  say(tree.fields(items[2]).front().key);
  say(tree.fields(items[3]).front().key);
  say(tree.fields(items[4]).front().value);
  return texts;
}

std::string utf8(char32_t point) {
  const auto byte = [](char32_t value) { return static_cast<char>(value); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xc0 | (point >> 6)), byte(0x80 | (point & 0x3f))};
  if (point < 0x10000)
    return {byte(0xe0 | (point >> 12)), byte(0x80 | ((point >> 6) & 0x3f)), byte(0x80 | (point & 0x3f))};
  return {byte(0xf0 | (point >> 18)), byte(0x80 | ((point >> 12) & 0x3f)), byte(0x80 | ((point >> 6) & 0x3f)),
          byte(0x80 | (point & 0x3f))};
}

}  // namespace

TEST_CASE("in quotes a text is itself and nothing else, wherever it stands") {
  struct Row {
    const char* text;
    const char* written;
  };
  const Row rows[] = {
      {"ci-deployer", "\"ci-deployer\""},
      {"Okta AD Agent (prod)", "\"Okta AD Agent (prod)\""},
      {"ci@acme.example", "\"ci@acme.example\""},
      {"data_vpc/eu+us", "\"data_vpc/eu+us\""},
      {"00Tabcdefg1234567890", "\"00Tabcdefg1234567890\""},
      {"203.0.113.0/24", "\"203.0.113.0/24\""},
      {"203.0.113.10", "\"203.0.113.10\""},
      {"2001:db8::/32", "\"2001:db8::/32\""},
      {"Équipe données", "\"Équipe données\""},
      {"東京", "\"東京\""},
      {"", "\"\""},
      {" ", "\" \""},
      {" a", "\" a\""},
      {"a ", "\"a \""},
      {"a  b", "\"a  b\""},
      {"123", "\"123\""},
      {"-1", "\"-1\""},
      {"+1", "\"+1\""},
      {"017", "\"017\""},
      {"0o17", "\"0o17\""},
      {"0x1F", "\"0x1F\""},
      {"0b101", "\"0b101\""},
      {"1_000", "\"1_000\""},
      {"1e3", "\"1e3\""},
      {"1.5", "\"1.5\""},
      {"1.", "\"1.\""},
      {".5", "\".5\""},
      {".inf", "\".inf\""},
      {".NaN", "\".NaN\""},
      {"1:30", "\"1:30\""},
      {"2026-12-31", "\"2026-12-31\""},
      {"2026-12-31T10:00:00Z", "\"2026-12-31T10:00:00Z\""},
      {"~", "\"~\""},
      {"null", "\"null\""},
      {"nULL", "\"nULL\""},
      {"true", "\"true\""},
      {"False", "\"False\""},
      {"yes", "\"yes\""},
      {"NO", "\"NO\""},
      {"on", "\"on\""},
      {"Off", "\"Off\""},
      {"y", "\"y\""},
      {"N", "\"N\""},
      {"yesterday", "\"yesterday\""},
      {"<<", "\"<<\""},
      {"=", "\"=\""},
      {"---", "\"---\""},
      {"...", "\"...\""},
      {"- a", "\"- a\""},
      {"-", "\"-\""},
      {"? a", "\"? a\""},
      {"a: b", "\"a: b\""},
      {"a:b", "\"a:b\""},
      {"#x", "\"#x\""},
      {"a #x", "\"a #x\""},
      {"a, b", "\"a, b\""},
      {"[a]", "\"[a]\""},
      {"{a}", "\"{a}\""},
      {"*a", "\"*a\""},
      {"etl-*", "\"etl-*\""},
      {"&a", "\"&a\""},
      {"!a", "\"!a\""},
      {"|", "\"|\""},
      {">", "\">\""},
      {"%a", "\"%a\""},
      {"`a", "\"`a\""},
      {"@a", "\"@a\""},
      {"it's", "\"it's\""},
      {"say \"hi\"", "\"say \\\"hi\\\"\""},
      {"a\\b", "\"a\\\\b\""},
      {"two\nlines", "\"two\\nlines\""},
      {"tab\t", "\"tab\\t\""},
      {"\x1b[31m", "\"\\x1b[31m\""},
      {"abc\u202edef", "\"abc\\u202edef\""},
      {"\ufeff", "\"\\ufeff\""},
      {"a\u00a0b", "\"a\\u00a0b\""},
      {"a\u2028b", "\"a\\u2028b\""},
      {"\U000e0041", "\"\\U000e0041\""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(yaml_quoted(row.text) == row.written);
    for (const std::string& text : read_back(row.text)) CHECK(text == row.text);
  }
}

TEST_CASE("every character of Unicode comes back, from whatever place") {
  std::string all;
  for (char32_t point = 0; point <= 0x10ffff; ++point) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const bool single = point < 0x3000 || (point >= 0xfe00 && point < 0x10010);
    all += utf8(point);
    if (single) {
      const std::string text = utf8(point);
      const auto texts = read_back(text);
      CHECK_MESSAGE(texts == std::vector<std::string>(5, text), "U+" << static_cast<unsigned>(point));
    }
    if (all.size() < 900) continue;  // a key may have 1024 characters
    REQUIRE(yaml_quoted(all).find('\n') == std::string::npos);
    Diagnostics found;
    Problems problems(found);
    const std::string file = "- " + yaml_quoted(all) + "\n";
    const Tree tree = parse_yaml(file, 0, problems);
    REQUIRE(tree.documents().size() == 1);
    CHECK(tree.scalar(tree.items(tree.documents().front()).front()) == all);
    all.clear();
  }
}

TEST_CASE("a comment is one harmless line, whatever it holds") {
  CHECK(yaml_comment("00T1, owner \"x\"") == "# 00T1, owner \"x\"");
  CHECK(yaml_comment("") == "#");
  CHECK(yaml_comment("a\nb: c\u2028d\x1b\u202e\xff\\") == "# a\\nb: c\\u2028d\\x1b\\u202e\\xff\\");
}

TEST_CASE("what a manifest can say") {
  CHECK(is_writable_text("a"));
  CHECK(is_writable_text(" "));
  CHECK_FALSE(is_writable_text(""));
  CHECK_FALSE(is_writable_text("\xff"));
  CHECK_FALSE(is_writable_text("\xed\xa0\x80"));
  CHECK(is_writable_text(std::string(kMaxTextLength, 'a')));
  CHECK_FALSE(is_writable_text(std::string(kMaxTextLength + 1, 'a')));
  std::string umlauts;
  for (std::size_t count = 0; count < kMaxTextLength; ++count) umlauts += "ä";
  CHECK(is_writable_text(umlauts));
  CHECK_FALSE(is_writable_text(umlauts + "ä"));
}

}  // namespace zonepin
