#include "manifest/plain_text.h"

#include <doctest/doctest.h>

#include <string>

#include "manifest/problems.h"
#include "manifest/scalar_type.h"
#include "manifest/yaml.h"

namespace zonepin {

namespace {

// What our own reader makes of it.
std::string read_plain(const std::string& file) {
  Diagnostics found;
  Problems problems(found);
  const Tree tree = parse_yaml(file, 0, problems);
  if (!found.empty() || tree.documents().empty()) return "(nothing)";
  NodeId value = tree.fields(tree.documents().front()).front().value;
  if (tree.kind(value) == NodeKind::sequence) value = tree.items(value).front();
  return type_of(tree, value) == ScalarType::string ? std::string(tree.scalar(value)) : "(no text)";
}

}  // namespace

TEST_CASE("what may stand without quotes") {
  struct Row {
    const char* text;
    bool on_a_line;
    bool in_brackets;
  };
  const Row rows[] = {
      {"ci-deployer", true, true},
      {"SEC-123, replaced by a service app", true, false},
      {"Okta AD Agent (prod)", true, true},
      {"a]b", true, false},
      {"a{b", true, false},
      {"it's", true, true},
      {"say \"hi\"", true, true},
      {"a:b", true, true},
      {"a#b", true, true},
      {"-a", true, true},
      {"2001:db8::/32", true, true},
      {"203.0.113.10", true, true},
      {"203.0.113.1-203.0.113.9", true, true},
      {"00Tabcdefg1234567890", true, true},
      {"1.2.3", true, true},
      {"P14D", true, true},
      {"yesterday", true, true},
      {"caf\u00e9", true, true},
      {"", false, false},
      {" a", false, false},
      {"a ", false, false},
      {"a:", false, false},
      {"a: b", false, false},
      {"a #b", false, false},
      {"#a", false, false},
      {"*a", false, false},
      {"::1", false, false},
      {"-", false, false},
      {"- a", false, false},
      {"---", false, false},
      {"...", false, false},
      {"? a", false, false},
      {"@a", false, false},
      {"%a", false, false},
      {"\"a\"", false, false},
      {"a\tb", false, false},
      {"a\nb", false, false},
      {"a\u202eb", false, false},
      {"a\u00a0b", false, false},
      {"true", false, false},
      {"Yes", false, false},
      {"oN", false, false},
      {"N", false, false},
      {"null", false, false},
      {"~", false, false},
      {"=", false, false},
      {"<<", false, false},
      {"123", false, false},
      {"-1", false, false},
      {"+1_0", false, false},
      {"017", false, false},
      {"0o17", false, false},
      {"0x1F", false, false},
      {"0x_1", false, false},
      {"0b1_0", false, false},
      {"1_000", false, false},
      {"1e3", false, false},
      {"1.5", false, false},
      {"1_0.5", false, false},
      {".5", false, false},
      {".inf", false, false},
      {"-.Inf", false, false},
      {".NaN", false, false},
      {"1:30", false, false},
      {"1:30:00", false, false},
      {"1:30.5", false, false},
      {"2026-12-31", false, false},
      {"2026-1-1", false, false},
      {"2026-12-31T10:00:00Z", false, false},
      {"2026-12-31 10:00:00", false, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string text = row.text;
    CHECK(is_plain_text(text, ScalarSpot::line) == (row.on_a_line));
    CHECK(is_plain_text(text, ScalarSpot::brackets) == (row.in_brackets));
    if (is_plain_text(text, ScalarSpot::line)) CHECK(read_plain("k: " + text + "  # c\n") == text);
    if (is_plain_text(text, ScalarSpot::brackets)) CHECK(read_plain("k: [" + text + ", x]\n") == text);
  }
}

TEST_CASE("where a point in time belongs, it needs no quotes") {
  CHECK(is_plain_point("2026-12-31"));
  CHECK(is_plain_point("2026-12-31T10:00:00.5+02:00"));
  CHECK_FALSE(is_plain_point("2026-12-31 10:00"));
  CHECK_FALSE(is_plain_point("tomorrow"));
}

}  // namespace zonepin
