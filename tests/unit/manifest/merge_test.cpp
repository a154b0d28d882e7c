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

TEST_CASE("a scope goes with the tokens and rules of its document, and with no others") {
  const char* one = "{ name: a, ignore: true }";
  const std::string tokens = "tokens: [" + std::string(one) + ", " + one + "]\n";
  const std::string rule = "rules: [{ match: { name: a }, ignore: true }]\n";
  const Merged merged = merge_texts({tokens + rule, "scope: { owner: x }\n" + tokens + rule, tokens});
  REQUIRE(merged.diagnostics.empty());
  const Desired& desired = merged.desired;
  REQUIRE(desired.tokens.size() == 6);
  REQUIRE(desired.token_scopes.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CAPTURE(i);
    CHECK(desired.token_scopes[i].has_value() == (i == 2 || i == 3));
  }
  CHECK(desired.token_scopes[2]->owner == "x");
  REQUIRE(desired.rules.size() == 2);
  CHECK_FALSE(desired.rules[0].scope);
  REQUIRE(desired.rules[1].scope);
  CHECK(desired.rules[1].scope->owner == "x");
}

TEST_CASE("without any scope the tokens carry none") {
  const Merged merged = merge_texts({"tokens: [{ name: a, ignore: true }]\n"});
  CHECK(merged.desired.tokens.size() == 1);
  CHECK(merged.desired.token_scopes.empty());
}

TEST_CASE("what the documents set for the org comes together") {
  const Merged merged =
      merge_texts({"self: { name: zp, egress: [10.0.0.1, 10.0.0.2] }\nlimits: { revoke: 5 }\nzones: { b: { "
                   "quarantine: true } }\n",
                   "self: { egress: [10.0.0.2, 10.0.0.1], name: zp }\nlimits: { update_pct: 30, revoke: 5 "
                   "}\nexpect: { min_tokens: 3 }\n"
                   "zones: { a: { id: nzo1 }, b: { quarantine: true } }\n",
                   "default: { network: { connection: ZONE, include: [x, y] } }\n",
                   "default: { network: { connection: ZONE, include: [y, x] } }\n"
                   "waivers: [{ rule: token-old, match: { name: a }, until: 2026-12-31, reason: r }]\n"});
  REQUIRE(merged.diagnostics.empty());
  const Desired& desired = merged.desired;
  REQUIRE(desired.self);
  CHECK(desired.self->name == "zp");
  CHECK(desired.self->egress == std::vector<std::string>{"10.0.0.1", "10.0.0.2"});
  CHECK(desired.limits == Limits{5, 30});
  CHECK(desired.min_tokens == std::size_t{3});
  REQUIRE(desired.zones.size() == 2);
  CHECK(desired.zones[0].name == "a");
  CHECK(desired.zones[1].name == "b");
  REQUIRE(desired.default_network);
  CHECK(desired.default_network->place.source == 2);
  CHECK(desired.waivers.size() == 1);
}

TEST_CASE("whatever two documents set differently names both places; the first one counts") {
  struct Row {
    const char* first;
    const char* second;
    const char* summary;
  };
  const Row rows[] = {
      {"self: { name: a }\n", "self: { name: b }\n", "self is something else here"},
      {"self: { name: a }\n", "self: { name: a, egress: [10.0.0.1] }\n", "self is something else here"},
      {"expect: { min_tokens: 1 }\n", "expect: { min_tokens: 2 }\n", "min_tokens is 2 here"},
      {"limits: { revoke: 1 }\n", "limits: { revoke: 2 }\n", "the limit revoke is 2 here"},
      {"limits: { update_pct: 1 }\n", "limits: { update_pct: 2 }\n", "the limit update_pct is 2 here"},
      {"default: { network: { connection: ANYWHERE } }\n",
       "default: { network: { connection: ZONE, include: [x] } }\n", "default is something else here"},
      {"zones: { z: { id: nzo1 } }\n", "zones: { z: { id: nzo2 } }\n",
       "the zone \"z\" is pinned to something else"},
      {"zones: { z: { id: nzo1 } }\n", "zones: { z: { id: nzo1, quarantine: true } }\n",
       "the zone \"z\" is pinned to something else"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.second);
    const Merged merged = merge_texts({row.first, row.second, row.first});
    REQUIRE(merged.diagnostics.size() == 1);
    CHECK(merged.diagnostics[0].summary.find(row.summary) == 0);
    CHECK(merged.diagnostics[0].detail.find("file0.yaml:3:") != std::string::npos);
    CHECK(merged.diagnostics[0].place.source == 1);
    CHECK(merged.desired == merge_texts({row.first}).desired);
  }
}

TEST_CASE("no documents want nothing") {
  Diagnostics diagnostics;
  CHECK(merge({}, {}, diagnostics) == Desired{});
  CHECK(diagnostics.empty());
}

}  // namespace zonepin
