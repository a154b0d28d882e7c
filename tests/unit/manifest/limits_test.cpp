// Hostile sizes end in one diagnostic that names the limit, quickly and without a crash.
#include "manifest/limits.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "manifest/decode.h"
#include "manifest/problems.h"
#include "manifest/yaml.h"

namespace zonepin {

namespace {

std::string repeated(const std::string& part, std::size_t count) {
  std::string text;
  text.reserve(part.size() * count);
  for (std::size_t i = 0; i < count; ++i) text += part;
  return text;
}

std::string first_problem(const std::string& text) {
  const Manifests manifests = decode_manifests({{"big.yaml", text}});
  return manifests.diagnostics.empty() ? "" : manifests.diagnostics.front().summary;
}

constexpr const char* kTooDeep = "lists and mappings are nested more than 100 deep";

}  // namespace

TEST_CASE("100,000 levels of nesting") {
  constexpr std::size_t kLevels = 100'000;
  std::string stairs;
  for (std::size_t i = 0; i < 2000; ++i) stairs += std::string(i, ' ') + "a:\n";
  const std::string texts[] = {
      repeated("[", kLevels),
      repeated("[", kLevels) + repeated("]", kLevels),
      repeated("{", kLevels),
      repeated("{a: ", kLevels) + repeated("}", kLevels),
      repeated("{a: ", kLevels),
      repeated("[a: ", kLevels),
      repeated("- ", kLevels),
      "a: " + repeated("[", kLevels),
      stairs,
  };
  for (const std::string& text : texts) {
    CAPTURE(text.substr(0, 12));
    CHECK(first_problem(text) == kTooDeep);
  }
  CHECK(first_problem(repeated("? ", kLevels)) == "a mapping can't be a key here");
}

TEST_CASE("the deepest nesting that is allowed") {
  Diagnostics diagnostics;
  Problems problems(diagnostics);
  const std::string deepest = repeated("[", kMaxManifestDepth) + repeated("]", kMaxManifestDepth);
  parse_yaml(deepest, 0, problems);
  CHECK(diagnostics.empty());
  const std::string deeper = "[" + deepest + "]";
  parse_yaml(deeper, 0, problems);
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].summary == kTooDeep);
}

TEST_CASE("aliases that multiply") {
  const char* kBomb = "the aliases up to here stand for more than 64 MB of text";
  std::string lists = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  std::string merges = "m0: &m0 {k0: x}\n";
  for (int i = 1; i < 40; ++i) {
    const std::string name = "a" + std::to_string(i);
    const std::string before = "*a" + std::to_string(i - 1);
    lists += name + ": &" + name + " [" + before + ", " + before + ", " + before + ", " + before + "]\n";
  }
  for (int i = 1; i < 20'000; ++i) {  // each holds all the fields of the one before
    const std::string number = std::to_string(i);
    merges += "m" + number + ": &m" + number + " {<<: *m" + std::to_string(i - 1) + ", k" + number + ": x}\n";
  }
  std::string long_text = "- &t \"" + std::string(16'000, 'x') + "\"\n- [";
  for (int i = 0; i < 10'000; ++i) long_text += "*t, ";
  long_text += "]\n";
  CHECK(first_problem(lists) == kBomb);
  CHECK(first_problem(merges) == kBomb);
  CHECK(first_problem(long_text) == kBomb);
}

TEST_CASE("one value in brackets is bounded, as is the number of values") {
  const std::string too_large =
      "one value is too large: more than 32 MB or 1000000 brackets, commas and colons without an end";
  CHECK(first_problem("[" + repeated(",", kMaxPendingMarks + 4096)) == too_large);
  CHECK(first_problem("[" + repeated("a,", kMaxPendingMarks + 4096) + "]") == too_large);
  CHECK(first_problem("a: '" + std::string(kMaxPendingBytes + 4096, 'x') + "'\n") == too_large);
}

TEST_CASE("a file that is wrong throughout does not fill the memory with problems") {
  const std::string text =
      "apiVersion: zonepin/v1\nkind: ApiTokens\ntokens:\n" + repeated("  - { nam: x }\n", 3000);
  const Manifests manifests = decode_manifests({{"a.yaml", text}, {"b.yaml", text}});
  CHECK(manifests.diagnostics.size() == 2 * kMaxManifestProblems);
  const auto capped = std::count_if(
      manifests.diagnostics.begin(), manifests.diagnostics.end(),
      [](const Diagnostic& each) { return each.summary == "more than 1000 problems in this file"; });
  CHECK(capped == 2);
}

TEST_CASE("long lines cost no square") {
  std::string text = "{apiVersion: zonepin/v1, kind: ApiTokens, tokens: [";
  for (int i = 0; i < 20'000; ++i)
    text += "{name: t" + std::to_string(i) + ", network: {connection: ZONE, include: [z]}}, ";
  text += "]}";
  const Manifests manifests = decode_manifests({{"line.yaml", text}});
  CHECK(manifests.diagnostics.empty());
  REQUIRE(manifests.documents.size() == 1);
  CHECK(manifests.documents[0].tokens.size() == 20'000);
}

TEST_CASE("a text of the longest length, counted in code points") {
  const auto manifest = [](const std::string& name) {
    return "apiVersion: zonepin/v1\nkind: ApiTokens\ntokens:\n  - { name: '" + name +
           "', network: { connection: ANYWHERE } }\n";
  };
  CHECK(first_problem(manifest(repeated("\xc3\xa9", kMaxTextLength))).empty());
  CHECK(first_problem(manifest(repeated("\xc3\xa9", kMaxTextLength + 1))) ==
        "name is longer than 16384 characters");
}

}  // namespace zonepin
