#include "manifest/tree.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "manifest/yaml.h"

namespace zonepin {

namespace {

// A tree as one line: mappings in order, nothing but the texts.
std::string shape(const Tree& tree, NodeId id) {
  std::string text;
  switch (tree.kind(id)) {
    case NodeKind::null: return "~";
    case NodeKind::alias:
    case NodeKind::scalar: return std::string(tree.scalar(id));
    case NodeKind::sequence:
      for (const NodeId item : tree.items(id)) text += (text.empty() ? "" : " ") + shape(tree, item);
      return "[" + text + "]";
    case NodeKind::mapping:
      for (const Field& field : tree.fields(id)) {
        text +=
            (text.empty() ? "" : " ") + std::string(tree.scalar(field.key)) + ":" + shape(tree, field.value);
      }
      return "{" + text + "}";
  }
  return text;
}

struct Parsed {
  std::string shapes;
  Diagnostics diagnostics;
};

Parsed parse(const std::string& text) {
  Parsed parsed;
  Problems problems(parsed.diagnostics);
  const Tree tree = parse_yaml(text, 0, problems);
  for (const NodeId root : tree.documents()) parsed.shapes += shape(tree, root) + "\n";
  return parsed;
}

}  // namespace

TEST_CASE("YAML means what YAML 1.2 says") {
  struct Row {
    std::string name;
    std::string text;
    std::string shapes;
  };
  const Row rows[] = {
      {"block", "a: 1\nb:\n- x\n- y: z\n", "{a:1 b:[x {y:z}]}\n"},
      {"flow", "{a: [1, 'two', \"th\\x72ee\",], b, c: }", "{a:[1 two three] b:~ c:~}\n"},
      {"json", "{\"a\":[1,{\"b\":null}]}", "{a:[1 {b:~}]}\n"},
      {"pairs in a flow list", "[a: b, c: d]", "[{a:b} {c:d}]\n"},
      {"explicit key", "? a\n: b\n", "{a:b}\n"},
      {"documents", "a\n---\nb\n...\nc\n", "a\nb\nc\n"},
      {"empty documents", "---\n---\n", "~\n~\n"},
      {"nothing", "# only a comment\n", ""},
      {"crlf", "a: b\r\nc:\r\n  - d\r\n", "{a:b c:[d]}\n"},
      {"byte order mark",
       "\xef\xbb\xbf"
       "a: b\n",
       "{a:b}\n"},
      {"literal", "a: |\n  x\n   y\n\nb: |-\n  z\n", "{a:x\n y\n b:z}\n"},
      {"folded", "a: >\n  x\n  y\n\n  z\n", "{a:x y\nz\n}\n"},
      {"folded plain", "a: x\n  y\n", "{a:x y}\n"},
      {"comments", "a: b#c # d\n# e\nc: '#' #f\n", "{a:b#c c:#}\n"},
      {"single quotes", "'it''s'", "it's\n"},
      {"escapes", "\"\\t\\u00e9\\U0001F600\\\n  \\x41\"",
       "\t\xc3\xa9\xf0\x9f\x98\x80"
       "A\n"},
      {"colons within words", "a: b:c\nd: http://e\n", "{a:b:c d:http://e}\n"},
      {"tab behind a value", "a:\tb\t\n", "{a:b}\n"},
      {"tabs within brackets", "a: [\n\tb,\n\tc ]\n", "{a:[b c]}\n"},
      {"alias", "a: &x [1]\nb: *x\n", "{a:[1] b:[1]}\n"},
      {"an anchor defined again", "a: &x 1\nb: *x\nc: &x 2\nd: *x\n", "{a:1 b:1 c:2 d:2}\n"},
      {"alias of nothing", "a: &x\nb: *x\n", "{a:~ b:~}\n"},
      {"merge", "a: &x {p: 1, q: 2}\nb:\n  q: 3\n  <<: *x\n", "{a:{p:1 q:2} b:{q:3 p:1}}\n"},
      {"merge of several", "- &x {p: 1}\n- &y {p: 2, q: 3}\n- <<: [*x, *y]\n",
       "[{p:1} {p:2 q:3} {p:1 q:3}]\n"},
      {"merge of a merged one", "- &x {p: 1}\n- &y {<<: *x, q: 2}\n- {<<: *y}\n",
       "[{p:1} {q:2 p:1} {q:2 p:1}]\n"},
      {"merge written out", "<<: {p: 1}\n", "{p:1}\n"},
      {"a quoted merge key is a key", "'<<': {p: 1}\n", "{<<:{p:1}}\n"},
      {"a tag directive", "%TAG !y! tag:yaml.org,2002:\n---\na: !y!str 1\n", "{a:1}\n"},
      {"an anchor and a tag", "a: &x !!str\n  b\nc: *x\n", "{a:b c:b}\n"},
      {"explicit key behind an anchor", "&x\n? a\n: b\n? c\n: d\n", "{a:b c:d}\n"},
      {"list in the column of its key", "a:\n- b\nc: d\n", "{a:[b] c:d}\n"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Parsed parsed = parse(row.text);
    CHECK(parsed.diagnostics.empty());
    CHECK(parsed.shapes == row.shapes);
  }
}

TEST_CASE("what is no YAML, or what yaml-cpp lets through, is refused at its place") {
  struct Row {
    std::string name;
    std::string text;
    std::string summary;
    std::uint32_t line;
    std::uint32_t column;
  };
  const Row rows[] = {
      {"a quote closed by the file's end", "a: b\nc: \"d\n", "this quote is never closed", 2, 4},
      {"a quote without a line end", "c: 'd", "this quote is never closed", 1, 4},
      {"a quote up to a marker", "c: 'd\n---\n", "this quote is never closed", 1, 4},
      {"a key without colon", "a: b\nc\n", "a colon is missing after \"c\"", 2, 1},
      {"a dash without space", "- b\n-c\n", "this line belongs to nothing above it", 2, 1},
      {"two documents without marker", "- a\nb: c\n", "this line belongs to nothing above it", 2, 1},
      {"tab", "a:\n\tb: c\n", "a tab indents this line", 2, 1},
      {"tab in front of a text", "a:\n\tb\n", "a tab indents this line", 2, 1},
      {"tab behind spaces", "a:\n  - b\n \t- c\n", "a tab indents this line", 3, 2},
      {"tab behind a dash", "-\ta: b\n", "a tab follows the dash", 1, 2},
      {"tab in a literal's indentation", "a: |\n  x\n\ty\n", "a tab indents this line", 3, 1},
      {"two commas", "[a,, b]", "nothing stands before this comma", 1, 4},
      {"a comma alone", "[,]", "nothing stands before this comma", 1, 2},
      {"two commas in a mapping", "{a: b,, c: d}", "a key is missing here", 1, 7},
      {"no key", ": a\n", "a key is missing here", 1, 1},
      {"list as key", "[a]: b\n", "a list can't be a key here", 1, 1},
      {"mapping as key", "{a: b}: c\n", "a mapping can't be a key here", 1, 1},
      {"alias as key", "- &x a\n- *x : b\n", "an alias can't be a key here", 2, 3},
      {"value in the column of its key", "a:\n\"b\"\n",
       "this value is not indented deeper than what it belongs to", 2, 1},
      {"duplicate", "a: 1\nb: 2\na: 3\n", "the key \"a\" is given twice", 3, 1},
      {"duplicate in quotes", "{a: 1, 'a': 2}", "the key \"a\" is given twice", 1, 8},
      {"two merge keys", "- &x {}\n- {<<: *x, <<: *x}\n", "the key \"<<\" is given twice", 2, 12},
      {"itself", "&a [*a]", "this alias stands within what it stands for", 1, 5},
      {"itself by merging", "&a {<<: *a}", "this alias stands within what it stands for", 1, 9},
      {"alias of a document before", "&a x\n---\n*a\n", "no anchor above has the name of this alias", 3, 1},
      {"unknown tag", "a: !b c\n", "the tag \"!b\" is unknown here", 1, 4},
      {"binary tag", "!!binary aGk=", "the tag \"binary\" is unknown here", 1, 1},
      {"tag that does not fit", "!!int x", "the value does not fit its tag", 1, 7},
      {"tag of a list on a text", "!!seq x", "the value does not fit its tag", 1, 7},
      {"directive without marker", "%TAG ! x\na: b\n", "no --- follows this directive", 1, 1},
      {"unknown directive", "%a\n---\nb\n", "a line that begins with % is no part of a document", 1, 1},
      {"directive at the end", "a\n...\n%b\n", "a line that begins with % is no part of a document", 3, 1},
      {"comment glued to a header", "a: |#x\n  b\n", "a space is missing in front of this comment", 1, 5},
      {"high surrogate", "\"\\ud83d\"", "this \\u escape is no character", 1, 8},
      {"unclosed", "a: [b\n", "this [ is not closed", 1, 4},
      {"unclosed at the root", "[a, b", "this [ is not closed", 1, 1},
      {"unclosed with a bracket in quotes", "{a: ']}'", "this { is not closed", 1, 1},
      {"after the byte order mark",
       "\xef\xbb\xbf"
       "a: *b\n",
       "no anchor above has the name of this alias", 1, 7},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Parsed parsed = parse(row.text);
    REQUIRE(parsed.diagnostics.size() == 1);
    CHECK(parsed.diagnostics[0].severity == Severity::error);
    CHECK(parsed.diagnostics[0].summary == row.summary);
    CHECK_FALSE(parsed.diagnostics[0].detail.empty());
    CHECK(parsed.diagnostics[0].place.line == row.line);
    CHECK(parsed.diagnostics[0].place.column == row.column);
  }
}

TEST_CASE("documents in front of a syntax error are kept, the one that it cuts off is not") {
  CHECK(parse("a: b\n---\nc: 'd").shapes == "{a:b}\n");
  CHECK(parse("a: b\n---\nc: d\n]\n").shapes == "{a:b}\n");
  CHECK(parse("--- a: b\n").shapes.empty());
  CHECK(parse("a: b\n---\n- c\nd: e\n").shapes == "{a:b}\n");
}

TEST_CASE("every node knows its place and how it was written") {
  Diagnostics diagnostics;
  Problems problems(diagnostics);
  const std::string text = "k: &a 'it''s'\nl: [*a]\nm: >-\n  x\n";
  const Tree tree = parse_yaml(text, 7, problems);
  REQUIRE(diagnostics.empty());
  const auto fields = tree.fields(tree.documents().at(0));
  REQUIRE(fields.size() == 3);
  CHECK(tree.place(fields[0].key) == Place{7, 1, 1, 1});
  CHECK(tree.place(fields[0].value) == Place{7, 1, 7, 7});  // behind the anchor, with its quotes
  CHECK(tree.node(fields[0].value).style == NodeStyle::single_quoted);
  const NodeId alias = tree.items(fields[1].value).at(0);
  CHECK(tree.node(alias).kind == NodeKind::alias);
  CHECK(tree.written_place(alias) == Place{7, 2, 5, 2});
  CHECK(tree.place(alias) == tree.place(fields[0].value));
  CHECK(tree.scalar(alias) == "it's");
  CHECK(tree.node(fields[1].value).style == NodeStyle::flow);
  CHECK(tree.node(fields[2].value).style == NodeStyle::folded);
  CHECK(tree.place(fields[2].value) == Place{7, 3, 4, 1});
}

TEST_CASE("what was merged stays visible as written") {
  Diagnostics diagnostics;
  Problems problems(diagnostics);
  const std::string text = "- &x {p: 1}\n- {<<: *x, q: 2}\n";
  const Tree tree = parse_yaml(text, 0, problems);
  const NodeId merged = tree.items(tree.documents().at(0)).at(1);
  REQUIRE(tree.written_fields(merged).size() == 2);
  CHECK(tree.scalar(tree.written_fields(merged)[0].key) == "<<");
  CHECK(tree.fields(merged).size() == 2);
  CHECK(tree.scalar(tree.fields(merged)[1].key) == "p");
}

}  // namespace zonepin
