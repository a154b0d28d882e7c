#include "report/page.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.h"
#include "unit/report/text_laws.h"

namespace zonepin {

std::string without_colours(const std::string& text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\x1b') {
      plain += text[at];
      continue;
    }
    const std::size_t end = text.find('m', at);
    REQUIRE(end != std::string::npos);
    const std::string code = text.substr(at + 1, end - at - 1);
    const bool ours =
        code == "[0" || code == "[1" || code == "[2" || code == "[31" || code == "[32" || code == "[33";
    CHECK(ours);
    at = end;
  }
  return plain;
}

void check_text_laws(const std::string& text, const Style& style) {
  REQUIRE(!text.empty());
  CHECK(text.back() == '\n');
  const std::size_t width = std::max<std::size_t>(style.width, 40);
  for (const std::string_view line : split(std::string_view(text).substr(0, text.size() - 1), '\n')) {
    CAPTURE(std::string(line));
    CHECK(display_width(line) <= width);
    CHECK((line.empty() || line.back() != ' '));
    CHECK(escape_message(line) == line);
    CHECK(in_charset(line, style.charset) == line);
  }
}

void check_text_laws_at(std::size_t width, const std::function<std::string(const Style&)>& render) {
  CAPTURE(width);
  for (const Charset charset : {Charset::utf8, Charset::ascii}) {
    const std::string text = render({false, width, charset});
    check_text_laws(text, {false, width, charset});
    CHECK(without_colours(render({true, width, charset})) == text);
  }
}

namespace {

TEST_CASE("a page breaks lines between words, and words only where they must be") {
  Page page({false, 40});
  page.line(2, words_of("one two three four five six seven eight nine ten"), 4);
  page.line(0, {{std::string(90, 'x')}}, 6);
  page.field("label", {{std::string(30, 'y')}});
  page.field("", words_of("below"));
  page.field("much-too-long", words_of("value"));
  page.field("empty", {});
  CHECK(page.take() ==
        "  one two three four five six seven\n"
        "    eight nine ten\n"
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
        "      xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
        "      xxxxxxxxxxxxxxxx\n"
        "      label     yyyyyyyyyyyyyyyyyyyyyyyy\n"
        "                yyyyyy\n"
        "                below\n"
        "      much-too-long value\n"
        "      empty\n");
}

TEST_CASE("a page counts columns, not bytes, and never splits a character") {
  Page page({false, 40});
  std::string wide;
  for (int at = 0; at < 50; ++at) wide += "\xe6\xbc\xa2";  // a CJK letter: 3 bytes, 2 columns
  page.line(1, {{wide}}, 1);
  const std::string text = page.take();
  check_text_laws(text, {false, 40});
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
  CHECK_FALSE(invalid_utf8(text).has_value());
}

TEST_CASE("a page for ASCII spells out what it cannot show, and breaks lines by what it then takes") {
  Page page({false, 40, Charset::ascii});
  page.line(
      0,
      words_of("M\xc3\xbcller\xe2\x80\xa6 \xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97 \xf0\x9f\x98\x80"),
      2);
  page.field("k\xc3\xb6nig", words_of("x"));
  CHECK(page.take() ==
        "M\\u00fcller... \\u6f22\\u5b57\\u6f22\\u5b57\n"
        "  \\U0001f600\n"
        "      k\\u00f6nig x\n");
}

TEST_CASE("a page is at least 40 columns wide, and colours change no letter") {
  for (const std::size_t width : {std::size_t{0}, std::size_t{1}, std::size_t{40}, std::size_t{79}}) {
    std::string texts[2];
    for (const bool color : {false, true}) {
      Page page({color, width});
      page.gap();
      page.line(0, {{"a", Ink::bad}, {"b", Ink::bad}, {"c"}, {std::string(100, 'd'), Ink::good}}, 2);
      page.gap();
      page.gap();
      page.field("e", words_of("f g", Ink::strong));
      texts[color ? 1 : 0] = page.take();
    }
    check_text_laws(texts[0], {false, width});
    CHECK(texts[1] != texts[0]);
    CHECK(without_colours(texts[1]) == texts[0]);
  }
}

}  // namespace
}  // namespace zonepin
