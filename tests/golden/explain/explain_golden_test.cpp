// Every folder beside this file is a case: its *.yaml files are the manifests, live.json is a snapshot, and
// expected.txt says why each of its tokens and entries is treated as it is, an hour after the snapshot.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "manifest/decode.h"
#include "manifest/merge.h"
#include "okta/snapshot.h"
#include "plan/explain.h"
#include "plan/make_plan.h"
#include "report/explain_report.h"
#include "support/golden.h"

namespace zonepin {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Sources manifests_in(const fs::path& folder) {
  std::set<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") paths.insert(entry.path());
  }
  Sources sources;
  for (const fs::path& path : paths) sources.push_back({path.filename().string(), read_file(path)});
  return sources;
}

struct Explained {
  std::string text;
  std::string json;
  std::set<std::string> statuses;
};

Explained explained(const fs::path& folder) {
  const Sources sources = manifests_in(folder);
  Manifests manifests = decode_manifests(sources);
  std::vector<const Document*> documents;
  for (const Document& document : manifests.documents) documents.push_back(&document);
  const Desired desired = merge(documents, sources, manifests.diagnostics);
  REQUIRE_FALSE(has_errors(manifests.diagnostics));
  const auto snapshot = okta::decode_snapshot(read_file(folder / "live.json"), "live.json");
  REQUIRE(snapshot.has_value());
  const Instant now = *snapshot->live.taken_at + std::chrono::hours(1);
  const Planning planning = make_plan(desired, snapshot->live, {}, now, sources);
  REQUIRE(planning.diagnostics.empty());

  std::set<std::string> subjects;
  for (const Change& change : planning.plan.changes) subjects.insert(change.name);
  Explained result;
  for (const std::string& subject : subjects) {
    const auto explanations = explain(subject, desired, snapshot->live, now, sources, planning.plan);
    REQUIRE_FALSE(explanations.empty());
    for (const Explanation& each : explanations) result.statuses.emplace(to_string(each.change.status));
    result.text += explain_text(explanations, now, sources, {}) + "\n";
    result.json += explain_json(explanations, sources);
  }
  return result;
}

}  // namespace

TEST_CASE("every status is explained in the words of the golden files") {
  const Explained result = explained(fs::path(ZONEPIN_ROOT) / "tests/golden/explain/every-status");
  check_golden("explain/every-status/expected.txt", result.text);
  check_golden("explain/every-status/expected.json", result.json);
  CHECK(result.statuses == std::set<std::string>{"replace", "revoke", "unchanged", "missing", "gone",
                                                 "unmanaged", "ignored", "ambiguous", "conflict", "waiting"});
}

}  // namespace zonepin
