// Every folder beside this file is a case: input.yaml is formatted to expected.yaml, or refused with the
// words of expected.txt. ZONEPIN_UPDATE_GOLDEN=1 writes these anew, and fails, so that such a run never
// counts as a pass.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "manifest/format.h"
#include "manifest/format_check.h"

namespace zonepin {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Formatted again it stays as it is, and it means what the text meant.
void check_laws(const std::string& text, const Formatted& formatted) {
  const Formatted again = format_manifest(formatted.text, 0);
  CHECK_FALSE(has_errors(again.diagnostics));
  CHECK(again.text == formatted.text);
  CHECK(mean_the_same(decode_manifests({{"", text}}), decode_manifests({{"", formatted.text}})));
  CHECK(formatted.text.back() == '\n');
}

}  // namespace

TEST_CASE("manifests in their canonical form") {
  const bool update = std::getenv("ZONEPIN_UPDATE_GOLDEN") != nullptr;
  std::size_t cases = 0;
  for (const fs::path& folder : folders_in(fs::path(ZONEPIN_ROOT) / "tests/golden/fmt")) {
    CAPTURE(folder.filename().string());
    const Source source{"input.yaml", read_file(folder / "input.yaml")};
    const Formatted formatted = format_manifest(source.text, 0);
    const bool refused = has_errors(formatted.diagnostics);
    const fs::path expected = folder / (refused ? "expected.txt" : "expected.yaml");
    const std::string outcome = refused ? render(formatted.diagnostics, {source}) : formatted.text;
    if (refused) {
      CHECK(formatted.text.empty());
    } else {
      check_laws(source.text, formatted);
    }
    ++cases;
    if (update) {
      std::ofstream(expected, std::ios::binary) << outcome;
    } else {
      CHECK(outcome == read_file(expected));
    }
    CHECK_FALSE(fs::exists(folder / (refused ? "expected.yaml" : "expected.txt")));
  }
  CHECK(cases >= 20);
  CHECK_MESSAGE(!update,
                "the expected files were written anew: look at the difference, then run again "
                "without ZONEPIN_UPDATE_GOLDEN");
}

TEST_CASE("whatever is valid is formatted, or refused with its reason") {
  const std::set<std::string> kNotCarried = {
      "valid-str-tag",           // tags
      "valid-document-markers",  // a directive
      "valid-anchors-again",     // an anchor on a key
      "valid-odd-keys",          // a key behind a question mark
  };
  std::size_t formatted_ones = 0;
  for (const fs::path& folder : folders_in(fs::path(ZONEPIN_ROOT) / "tests/golden/manifest")) {
    if (folder.filename().string().rfind("valid-", 0) != 0) continue;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".yaml") continue;
      CAPTURE(entry.path().string());
      const std::string text = read_file(entry.path());
      const Formatted formatted = format_manifest(text, 0);
      const auto name = folder.filename().string();
      const bool carries = kNotCarried.count(name) == 0;
      REQUIRE(has_errors(formatted.diagnostics) != carries);
      if (!carries) continue;
      check_laws(text, formatted);
      ++formatted_ones;
    }
  }
  CHECK(formatted_ones >= 25);
}

TEST_CASE("the manifests of this repository are in their canonical form") {
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(ZONEPIN_ROOT) / "manifests")) {
    if (entry.path().extension() != ".yaml") continue;
    CAPTURE(entry.path().string());
    const std::string text = read_file(entry.path());
    CHECK(format_manifest(text, 0).text == text);
    ++files;
  }
  CHECK(files >= 2);
}

}  // namespace zonepin
