#include "report/lists.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "support/golden.h"
#include "unit/report/report_cases.h"
#include "unit/report/text_laws.h"

namespace zonepin {

namespace {

struct Shape {
  const char* name;
  Style style;
};
constexpr Shape kShapes[] = {{"40", {false, 40}}, {"80", {false, 80}}, {"140", {false, 140}}};

TEST_CASE("tables of tokens and zones are what the golden files say") {
  const Live live = live_case();
  for (const Shape& shape : kShapes) {
    const std::string ending = std::string("-") + shape.name + ".txt";
    check_golden("report/lists/expected.tokens" + ending, tokens_text(live, case_now(), shape.style));
    check_golden("report/lists/expected.zones" + ending, zones_text(live, shape.style));
    check_golden("report/lists/expected.token" + ending,
                 token_text(live.tokens[0], live.zones, case_now(), shape.style));
    const Live evil = hostile_live();
    check_golden("report/lists-hostile/expected.tokens" + ending, tokens_text(evil, case_now(), shape.style));
    check_golden("report/lists-hostile/expected.zones" + ending, zones_text(evil, shape.style));
    check_golden("report/lists-hostile/expected.token" + ending,
                 token_text(evil.tokens[0], evil.zones, case_now(), shape.style));
  }
  check_golden("report/lists/expected.token-without-zones-80.txt",
               token_text(live.tokens[0], {}, case_now(), {}));
}

TEST_CASE("a table for ASCII is cut with dots, and its columns stand where the headings do") {
  Live live = live_case();
  live.tokens[0].name = "M\xc3\xbcller-und-S\xc3\xb6hne-nightly-export-to-the-data-warehouse";
  const std::string text = tokens_text(live, case_now(), {false, 80, Charset::ascii});
  const auto lines = split(text, '\n');
  const std::size_t at = lines[0].find("  ID") + 2;
  REQUIRE(at > 2);
  for (const std::string_view line : lines) {
    if (line.empty()) break;
    CAPTURE(std::string(line));
    CHECK(line.substr(at - 2, 2) == "  ");
    CHECK(line[at] != ' ');
  }
  CHECK(text.find("M\\u00fcller") != std::string::npos);
  CHECK(text.find("...  ") != std::string::npos);
}

TEST_CASE("tables keep to the laws of text at every width") {
  Live empty;
  empty.host = "acme.okta.com";
  Live nameless = live_case();
  nameless.tokens[0] = Token{};
  nameless.tokens[0].id = "00T";
  nameless.zones[0].name.clear();
  for (const Live& live : {live_case(), hostile_live(), empty, nameless}) {
    for (const std::size_t width : {0U, 40U, 71U, 72U, 80U, 99U, 140U, 200U}) {
      check_text_laws_at(width, [&](const Style& style) { return tokens_text(live, case_now(), style); });
      check_text_laws_at(width, [&](const Style& style) { return zones_text(live, style); });
      for (const Token& token : live.tokens) {
        check_text_laws_at(
            width, [&](const Style& style) { return token_text(token, live.zones, case_now(), style); });
      }
    }
  }
}

}  // namespace
}  // namespace zonepin
