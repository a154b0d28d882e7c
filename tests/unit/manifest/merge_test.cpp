#include "manifest/merge.h"

#include <doctest/doctest.h>

#include "manifest/decode.h"

namespace zonepin {

namespace {

const char* kHeader = "apiVersion: zonepin/v1\nkind: ApiTokens\n";

struct Merged {
  Desired desired;
  Diagnostics diagnostics;
};

Merged merge_texts(const std::vector<std::string>& bodies) {
  Sources sources;
  for (const std::string& body : bodies) {
    sources.push_back({"file" + std::to_string(sources.size()) + ".yaml", kHeader + body});
  }
  const Manifests manifests = decode_manifests(sources);
  REQUIRE(manifests.diagnostics.empty());
  std::vector<const Document*> documents;
  for (const Document& document : manifests.documents) documents.push_back(&document);
  Merged merged;
  merged.desired = merge(documents, sources, merged.diagnostics);
  return merged;
}

}  // namespace

TEST_CASE("documents of one org are read as one, in order") {
  const Merged merged =
      merge_texts({"tokens: [{ name: a, network: { connection: ANYWHERE } }]\nmissing: fail\n",
                   "tokens: [{ name: b, network: { connection: ANYWHERE } }]\n"
                   "acks: [{ guard: agent-token, token: x, reason: r }]\nmissing: fail\n"});
  CHECK(merged.diagnostics.empty());
  REQUIRE(merged.desired.tokens.size() == 2);
  CHECK(merged.desired.tokens[0].name == "a");
  CHECK(merged.desired.tokens[1].name == "b");
  CHECK(merged.desired.tokens[1].place.source == 1);
  CHECK(merged.desired.acks.size() == 1);
  CHECK(merged.desired.missing == Treatment::fail);
  CHECK(merged.desired.unmanaged == Treatment::report);
}

TEST_CASE("a word that two documents set differently is an error that names both places") {
  const Merged merged =
      merge_texts({"unmanaged: report\n", "missing: ignore\nunmanaged: fail\n", "unmanaged: ignore\n"});
  REQUIRE(merged.diagnostics.size() == 2);
  CHECK(merged.diagnostics[0].place == Place{1, 4, 12, 4});
  CHECK(merged.diagnostics[0].summary ==
        "unmanaged is fail here, but another document of this org says report");
  CHECK(merged.diagnostics[0].detail.find("file0.yaml:3:12") != std::string::npos);
  CHECK(merged.diagnostics[1].place.source == 2);
  CHECK(merged.desired.unmanaged == Treatment::report);
}

TEST_CASE("no documents want nothing") {
  Diagnostics diagnostics;
  CHECK(merge({}, {}, diagnostics) == Desired{});
  CHECK(diagnostics.empty());
}

}  // namespace zonepin
