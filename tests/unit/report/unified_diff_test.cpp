#include "report/unified_diff.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "base/text.h"

namespace zonepin {

namespace {

std::string diff(std::string_view before, std::string_view after) {
  return unified_diff(before, after, "a.yaml", Style{});
}

// What `after` was, from the diff alone and what it was made from.
std::string patched(const std::string& before, const std::string& diff_text) {
  const auto lines = split(before, '\n');  // the last one is empty: texts here end with a line break
  std::string after;
  std::size_t at = 0;
  for (const std::string_view line : split(diff_text, '\n')) {
    if (line.empty() || line.substr(0, 4) == "--- " || line.substr(0, 4) == "+++ ") continue;
    const std::string text(line.substr(1));
    if (line[0] == '@') {
      const std::size_t comma = line.find_first_of(", ", 4);
      const std::size_t first = std::stoul(std::string(line.substr(4, comma - 4)));
      const bool none = line.substr(comma, 3) == ",0 ";
      for (const std::size_t begin = none ? first : first - 1; at < begin; ++at) {
        after += std::string(lines[at]) + "\n";
      }
    } else if (line[0] == '+') {
      after += text + "\n";
    } else {
      REQUIRE(text == lines[at]);
      if (line[0] == ' ') after += text + "\n";
      ++at;
    }
  }
  for (; at + 1 < lines.size(); ++at) after += std::string(lines[at]) + "\n";
  return after;
}

}  // namespace

TEST_CASE("a unified diff") {
  CHECK(diff("a\n", "a\n").empty());
  CHECK(diff("", "").empty());
  CHECK(diff("a\nb\nc\n", "a\nx\nc\n") == "--- a.yaml\n+++ a.yaml\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
  CHECK(diff("", "a\n") == "--- a.yaml\n+++ a.yaml\n@@ -0,0 +1 @@\n+a\n");
  CHECK(diff("a\n", "") == "--- a.yaml\n+++ a.yaml\n@@ -1 +0,0 @@\n-a\n");
  CHECK(diff("a", "a\n") == "--- a.yaml\n+++ a.yaml\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

TEST_CASE("hunks keep three lines around and join when they touch") {
  const std::string before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n";
  CHECK(diff(before, "1\n2\n3\nx\n5\n6\n7\n8\n9\n10\n11\ny\n13\n14\n15\n16\n") ==
        "--- a.yaml\n+++ a.yaml\n@@ -1,7 +1,7 @@\n 1\n 2\n 3\n-4\n+x\n 5\n 6\n 7\n"
        "@@ -9,7 +9,7 @@\n 9\n 10\n 11\n-12\n+y\n 13\n 14\n 15\n");
  CHECK(diff(before, "1\n2\n3\nx\n5\n6\n7\n8\n9\n10\ny\n12\n13\n14\n15\n16\n") ==
        "--- a.yaml\n+++ a.yaml\n@@ -1,14 +1,14 @@\n 1\n 2\n 3\n-4\n+x\n 5\n 6\n 7\n 8\n 9\n 10\n-11\n+y\n "
        "12\n "
        "13\n 14\n");
}

TEST_CASE("a diff shows what a terminal would act upon, and keeps tabs and carriage returns") {
  CHECK(unified_diff("\u202ea\tb\r\n", "c\n", "x\n.yaml", Style{}) ==
        "--- x\\n.yaml\n+++ x\\n.yaml\n@@ -1 +1 @@\n-\\u202ea\tb\r\n+c\n");
  Style colored;
  colored.color = true;
  CHECK(unified_diff("a\n", "b\n", "p", colored) ==
        "\x1b[1m--- p\x1b[0m\n\x1b[1m+++ p\x1b[0m\n\x1b[36m@@ -1 +1 "
        "@@\x1b[0m\n\x1b[31m-a\x1b[0m\n\x1b[32m+b\x1b[0m\n");
}

TEST_CASE("what a diff says leads from one text to the other") {
  std::mt19937 random(7);
  for (int round = 0; round < 3'000; ++round) {
    std::string before;
    std::string after;
    for (auto i = random() % 30; i-- > 0;) {
      const std::string line = std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
      if (random() % 5 != 0) before += line;
      if (random() % 5 != 0) after += line;
    }
    if (before.empty() || after.empty()) continue;
    CAPTURE(before);
    CAPTURE(after);
    const std::string text = diff(before, after);
    CHECK(patched(before, text) == after);
  }
}

TEST_CASE("texts with nothing in common cost no more than their size") {
  std::string before;
  std::string after;
  for (int i = 0; i < 20'000; ++i) {
    before += "before " + std::to_string(i) + "\n";
    after += "after " + std::to_string(i) + "\n";
  }
  const std::string text = diff("same\n" + before, "same\n" + after);
  CHECK(text.find("@@ -1,20001 +1,20001 @@\n same\n-before 0\n") != std::string::npos);
  CHECK(patched("same\n" + before, text) == "same\n" + after);
}

}  // namespace zonepin
