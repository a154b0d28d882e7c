#include "base/diagnostic.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "support/cpu_time.h"

namespace zonepin {
namespace {

Place place(std::uint32_t line, std::uint32_t column, std::uint32_t length) {
  return {0, line, column, length};
}

std::string rendered(const Diagnostic& diagnostic, std::string text) {
  return render(diagnostic, Sources{{"manifests/a.yaml", std::move(text)}});
}

struct RenderRow {
  const char* what;
  Diagnostic diagnostic;
  std::string text;
  const char* expected;
};

TEST_CASE("a diagnostic shows its place") {
  const RenderRow rows[] = {
      {"a mark and help",
       {Severity::error, "unknown field \"nmae\"", "did you mean \"name\"?", place(2, 5, 4)},
       "tokens:\n  - nmae: x\n",
       "manifests/a.yaml:2:5: error: unknown field \"nmae\"\n"
       "  2 |   - nmae: x\n"
       "    |     ^~~~\n"
       "  = help: did you mean \"name\"?\n"},
      {"a warning without help",
       {Severity::warning, "old", "", place(10, 1, 1)},
       "\n\n\n\n\n\n\n\n\na: b",
       "manifests/a.yaml:10:1: warning: old\n"
       "  10 | a: b\n"
       "     | ^\n"},
      {"help of several lines",
       {Severity::error, "x", "first\n\nsecond\n", {}},
       "",
       "error: x\n  = help: first\n  = help: second\n"},
      {"no place", {Severity::error, "no manifest found", "", {}}, "a", "error: no manifest found\n"},
      {"a mark longer than the line",
       {Severity::error, "x", "", place(1, 4, 400)},
       "a: bcd\r\nnext",
       "manifests/a.yaml:1:4: error: x\n  1 | a: bcd\n    |    ^~~\n"},
      {"a place behind the line",
       {Severity::error, "x", "", place(1, 99, 3)},
       "a:\n",
       "manifests/a.yaml:1:99: error: x\n  1 | a:\n    |   ^\n"},
      {"an empty line has nothing to show",
       {Severity::error, "x", "", place(2, 1, 1)},
       "a\n",
       "manifests/a.yaml:2:1: error: x\n"},
      {"a line that is not there",
       {Severity::error, "x", "", place(7, 1, 1)},
       "a\n",
       "manifests/a.yaml:7:1: error: x\n"},
      {"a tab is seen, the mark stands under its place",
       {Severity::error, "tab", "", place(1, 2, 1)},
       "\t\ta: 1",
       "manifests/a.yaml:1:2: error: tab\n  1 | \\t\\ta: 1\n    |   ^~\n"},
      {"columns are bytes, marks are columns",
       {Severity::error, "x", "", place(1, 8, 6)},
       "東京:東京",
       "manifests/a.yaml:1:8: error: x\n  1 | 東京:東京\n    |      ^~~~\n"},
      {"a place within a character marks that character",
       {Severity::error, "x", "", place(1, 3, 1)},
       "a東b",
       "manifests/a.yaml:1:3: error: x\n  1 | a東b\n    |  ^~\n"},
      {"a backslash in the source stays one",
       {Severity::error, "x", "", place(1, 4, 5)},
       "a: \"\\\\d\" # \x1b[2J",
       "manifests/a.yaml:1:4: error: x\n  1 | a: \"\\\\d\" # \\x1b[2J\n    |    ^~~~~\n"},
      {"nothing acts upon the terminal",
       {Severity::error, "bad \x1b[31m\nname", "try \u202e", place(1, 1, 1)},
       "\xff: \u202ex",
       "manifests/a.yaml:1:1: error: bad \\x1b[31m\\nname\n  1 | \\xff: \\u202ex\n    | ^~~~\n  = help: try "
       "\\u202e\n"},
  };
  for (const RenderRow& row : rows) {
    CAPTURE(row.what);
    CHECK(rendered(row.diagnostic, row.text) == row.expected);
  }
}

TEST_CASE("in ASCII a mark stands under what is spelled out") {
  const Sources sources = {{"m\xc3\xbc.yaml", "東京:東京 x"}};
  const Diagnostic diagnostic{Severity::error, "\"東\" is …", "try ü", place(1, 8, 6)};
  CHECK(render({diagnostic}, sources, Charset::ascii) ==
        "m\\u00fc.yaml:1:8: error: \"\\u6771\" is ...\n"
        "  1 | \\u6771\\u4eac:\\u6771\\u4eac x\n"
        "    |              ^~~~~~~~~~~~\n"
        "  = help: try \\u00fc\n");
  const Sources long_line = {{"m.yaml", std::string(3000, 'x')}};
  const std::string cut = render({{Severity::error, "x", "", place(1, 1500, 3)}}, long_line, Charset::ascii);
  const auto lines = split(cut, '\n');
  CHECK(lines[1].starts_with("  1 | ...xxx"));
  CHECK(lines[1].ends_with("xxx..."));
  CHECK(lines[2] == "    | " + std::string(43, ' ') + "^~~");
}

TEST_CASE("a file's name is escaped, and a source that is not there costs only the place") {
  const Diagnostic diagnostic{Severity::error, "x", "", {0, 1, 1, 1}};
  CHECK(render(diagnostic, Sources{{"a\x1b[0m\n.yaml", ""}}) == "a\\x1b[0m\\n.yaml:1:1: error: x\n");
  CHECK(render(diagnostic, Sources{}) == "error: x\n");
}

// The second and third line of what is printed, without the gutter.
std::pair<std::string, std::string> shown(std::uint32_t column, std::uint32_t length,
                                          const std::string& line) {
  const std::string text = rendered({Severity::error, "x", "", place(1, column, length)}, line);
  const auto lines = split(text, '\n');
  REQUIRE(lines.size() == 4);
  return {std::string(lines[1].substr(6)), std::string(lines[2].substr(6))};
}

TEST_CASE("a long line is cut around the place") {
  std::string line;
  for (int i = 0; i < 1000; ++i) line += "0123456789";
  line.replace(5000, 4, "HERE");
  line.replace(0, 5, "FIRST");
  line.replace(9996, 4, "LAST");

  struct Row {
    std::uint32_t column;
    std::uint32_t length;
    const char* word;
    bool cut_left;
    bool cut_right;
  };
  const Row rows[] = {
      {5001, 4, "HERE", true, true}, {1, 5, "FIRST", false, true}, {9997, 4, "LAST", true, false}};
  for (const Row& row : rows) {
    CAPTURE(row.word);
    const auto excerpt = shown(row.column, row.length, line);
    const std::size_t mark = excerpt.second.find('^');
    CHECK(excerpt.second.substr(mark) == "^" + std::string(row.length - 1, '~'));
    CHECK(display_width(excerpt.first.substr(0, excerpt.first.find(row.word))) == mark);
    CHECK((excerpt.first.substr(0, 3) == "…") == row.cut_left);
    CHECK((excerpt.first.substr(excerpt.first.size() - 3) == "…") == row.cut_right);
    CHECK(display_width(excerpt.first) >= 100);
    CHECK(display_width(excerpt.first) <= 102);
  }
  CHECK(display_width(shown(5001, 4000, line).second) <= 102);
  CHECK(display_width(shown(20'001, 1, line).second) <= 102);
}

TEST_CASE("a line of many megabytes is shown as fast as a short one") {
  const std::string line(std::size_t{32} << 20, '\x80');
  const double start = cpu_seconds();
  CHECK(display_width(shown(16'000'000, 32'000'000, line).first) <= 102);
  CHECK(cpu_seconds() - start < 2);
}

TEST_CASE("ten thousand diagnostics in one large file cost one walk through it") {
  Sources sources{{"a.yaml", {}}};
  for (int i = 0; i < 200'000; ++i) sources[0].text += "  - name: token\n";
  Diagnostics diagnostics;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    diagnostics.push_back({Severity::error, "x", "", {0, i * 20 + 1, 5, 4}});
  }
  const double start = cpu_seconds();
  CHECK(render(diagnostics, sources).size() > 500'000);
  CHECK(cpu_seconds() - start < 10);
}

TEST_CASE("diagnostics are sorted by place, and equal ones said once") {
  const Diagnostic whole{Severity::error, "whole run", "", {}};
  const Diagnostic a{Severity::error, "a", "", {0, 2, 1, 1}};
  const Diagnostic b{Severity::error, "b", "", {0, 2, 1, 1}};
  const Diagnostic c{Severity::warning, "c", "", {0, 2, 7, 1}};
  const Diagnostic d{Severity::error, "d", "", {0, 10, 1, 1}};
  const Diagnostic e{Severity::error, "e", "", {1, 1, 1, 1}};
  CHECK(sorted({e, d, c, b, whole, a, b, whole}) == Diagnostics{whole, b, a, c, d, e});
  CHECK(sorted({}).empty());
  CHECK(has_errors({c, a}));
  CHECK_FALSE(has_errors({c}));
  CHECK_FALSE(has_errors({}));
}

TEST_CASE("several diagnostics in any order show their own lines") {
  const Sources sources{{"a.yaml", "one\ntwo\n"}, {"b.yaml", "three\n"}};
  const Diagnostics diagnostics{{Severity::error, "2", "", {0, 2, 1, 3}},
                                {Severity::error, "3", "", {1, 1, 1, 5}},
                                {Severity::error, "1", "", {0, 1, 1, 3}}};
  CHECK(render(diagnostics, sources) ==
        "a.yaml:2:1: error: 2\n  2 | two\n    | ^~~\n"
        "b.yaml:1:1: error: 3\n  1 | three\n    | ^~~~~\n"
        "a.yaml:1:1: error: 1\n  1 | one\n    | ^~~\n");
}

}  // namespace
}  // namespace zonepin
