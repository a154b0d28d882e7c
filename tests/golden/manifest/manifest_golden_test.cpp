// Every folder beside this file is a case: its *.yaml files in name order are the sources, expected.txt is
// what people are told and, when nothing is wrong, what was understood. ZONEPIN_UPDATE_GOLDEN=1 rewrites
// expected.txt, and fails, so that such a run never counts as a pass.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "golden/manifest/manifest_words.h"
#include "manifest/decode.h"
#include "manifest/merge.h"

namespace zonepin {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> sorted_children(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

Sources sources_of(const fs::path& folder) {
  Sources sources;
  for (const fs::path& path : sorted_children(folder)) {
    if (path.extension() == ".yaml") sources.push_back({path.filename().string(), read_file(path)});
  }
  return sources;
}

// The documents of a case are merged as if they were of one org.
std::string outcome_of(const Sources& sources) {
  Manifests manifests = decode_manifests(sources);
  if (!has_errors(manifests.diagnostics)) {
    std::vector<const Document*> documents;
    for (const Document& document : manifests.documents) documents.push_back(&document);
    merge(documents, sources, manifests.diagnostics);
  }
  std::string text = render(manifests.diagnostics, sources);
  if (has_errors(manifests.diagnostics)) return text;
  for (const OrgEntry& org : manifests.orgs) text += in_words(org);
  for (const Document& document : manifests.documents) text += in_words(document);
  return text;
}

}  // namespace

TEST_CASE("manifests say what they say") {
  const bool update = std::getenv("ZONEPIN_UPDATE_GOLDEN") != nullptr;
  std::size_t cases = 0;
  for (const fs::path& folder : sorted_children(fs::path(ZONEPIN_ROOT) / "tests/golden/manifest")) {
    if (!fs::is_directory(folder)) continue;
    const std::string name = folder.filename().string();
    CAPTURE(name);
    const Sources sources = sources_of(folder);
    REQUIRE_FALSE(sources.empty());
    const std::string outcome = outcome_of(sources);
    ++cases;
    if (update) {
      std::ofstream(folder / "expected.txt", std::ios::binary) << outcome;
    } else {
      CHECK(outcome == read_file(folder / "expected.txt"));
    }
  }
  CHECK(cases >= 140);
  CHECK_MESSAGE(
      !update,
      "expected.txt was rewritten: look at the difference, then run again without ZONEPIN_UPDATE_GOLDEN");
}

}  // namespace zonepin
