#include "manifest/decode.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace zonepin {

namespace {

const std::string kHead = "apiVersion: zonepin/v1\nkind: ApiTokens\n";

Manifests decode(const std::string& body) {
  return decode_manifests({{"a.yaml", kHead + body}});
}

}  // namespace

TEST_CASE("an entry by id, by name, by name and owner") {
  const Manifests manifests = decode(
      "tokens:\n"
      "  - { id: 00T1, network: { connection: ZONE, include: [z1, z2] } }\n"
      "  - { name: n, network: { connection: ZONE, exclude: [z3] } }\n"
      "  - { name: n, owner: o@x, network: { connection: ANYWHERE } }\n"
      "  - { id: 00T2, name: n, owner: o, state: revoked, reason: why }\n");
  REQUIRE(manifests.diagnostics.empty());
  REQUIRE(manifests.documents.size() == 1);
  const Document& document = manifests.documents[0];
  CHECK_FALSE(document.org);
  CHECK_FALSE(document.unmanaged);
  REQUIRE(document.tokens.size() == 4);
  const auto& tokens = document.tokens;
  CHECK(tokens[0].id == "00T1");
  CHECK(tokens[0].name.empty());
  REQUIRE(tokens[0].network);
  CHECK(tokens[0].network->connection == "ZONE");
  REQUIRE(tokens[0].network->include.size() == 2);
  CHECK(tokens[0].network->include[1] == ZoneRef{"z2", {0, 4, 60, 2}});
  CHECK(tokens[0].network->exclude.empty());
  CHECK_FALSE(tokens[0].revoked);
  CHECK(tokens[1].network->exclude.size() == 1);
  CHECK(tokens[2].owner == "o@x");
  CHECK(tokens[2].owner_place.line == 6);
  CHECK(tokens[2].network->connection == "ANYWHERE");
  CHECK_FALSE(tokens[3].network);
  CHECK(tokens[3].revoked == Revocation{"why"});
  CHECK(tokens[3].place == Place{0, 7, 5, 1});
}

TEST_CASE("the end of an ack") {
  const auto until = [](const std::string& text) {
    const Manifests manifests =
        decode("acks: [{ guard: revoke, token: a, reason: r, until: '" + text + "' }]\n");
    REQUIRE(manifests.documents.size() == 1);
    REQUIRE(manifests.documents[0].acks.size() == 1);
    return manifests.documents[0].acks[0].until;
  };
  CHECK(until("2026-12-31") == parse_instant("2027-01-01T00:00:00Z"));
  CHECK(until("2028-02-28") == parse_instant("2028-02-29T00:00:00Z"));
  CHECK(until("2026-12-31T10:00:00.5+02:00") == parse_instant("2026-12-31T08:00:00.5Z"));
  CHECK_FALSE(until("tomorrow"));
}

TEST_CASE("a revoke waits until the start of a day, a waiver ends with it") {
  const auto document = decode(
      "tokens: [{ id: a, state: revoked, reason: r, not_before: 2026-12-20 }]\n"
      "waivers: [{ rule: token-old, match: { name: x }, reason: r, until: 2026-12-20 }]\n");
  REQUIRE(document.diagnostics.empty());
  REQUIRE(document.documents.at(0).tokens.at(0).revoked);
  CHECK(document.documents[0].tokens[0].revoked->not_before == parse_instant("2026-12-20T00:00:00Z"));
  CHECK(document.documents[0].waivers.at(0).until == parse_instant("2026-12-21T00:00:00Z"));
}

TEST_CASE("every rule of check can be waived") {
  for (const std::string_view rule : kCheckNames) {
    CAPTURE(rule);
    CHECK(decode("waivers: [{ rule: " + std::string(rule) +
                 ", match: { name: x }, until: 2026-12-20, reason: r }]\n")
              .diagnostics.empty());
  }
}

TEST_CASE("numbers are read as YAML 1.2 writes them") {
  struct Row {
    const char* text;
    std::optional<std::size_t> value;
  };
  const Row rows[] = {{"0", 0},
                      {"+7", 7},
                      {"-0", 0},
                      {"017", 17},
                      {"0o17", 15},
                      {"0x1F", 31},
                      {"1000000000", 1000000000},
                      {"1000000001", std::nullopt},
                      {"-1", std::nullopt},
                      {"1_000", std::nullopt},
                      {"1e3", std::nullopt},
                      {"18446744073709551616", std::nullopt},
                      {"!!int '7'", 7},
                      {"!!str 7", std::nullopt}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const Manifests manifests = decode("expect: { min_tokens: " + std::string(row.text) + " }\n");
    CHECK(manifests.diagnostics.empty() == row.value.has_value());
    CHECK(manifests.documents.at(0).min_tokens == row.value);
  }
}

TEST_CASE("orgs come out of all sources, equal ones once") {
  const std::string head = "apiVersion: zonepin/v1\nkind: Orgs\norgs:\n";
  const Manifests manifests =
      decode_manifests({{"a.yaml", head + "  a: { host: a.okta.com }\n"},
                        {"b.yaml", head + "  b: { host: b.okta.com }\n  a: { host: a.okta.com }\n"}});
  REQUIRE(manifests.diagnostics.empty());
  CHECK(manifests.documents.empty());
  REQUIRE(manifests.orgs.size() == 2);
  CHECK(manifests.orgs[0].label == "a");
  CHECK(manifests.orgs[0].place == Place{0, 4, 3, 1});
  CHECK(manifests.orgs[1].host == "b.okta.com");
}

TEST_CASE("the host of an org does not depend on the environment") {
  const auto problems_with = [](const std::string& host) {
    return decode_manifests(
               {{"a.yaml", "apiVersion: zonepin/v1\nkind: Orgs\norgs: { a: { host: '" + host + "' } }\n"}})
        .diagnostics.size();
  };
  for (const char* host :
       {"a.okta.com", "HTTPS://A.okta.com/", "localhost", "127.0.0.1:80", "[::1]:80", "::1"}) {
    CAPTURE(host);
    CHECK(problems_with(host) == 0);
  }
  for (const char* host : {"a", "A", "okta.com", "a-admin.okta.com", "http://a.okta.com", "a..b", "a b"}) {
    CAPTURE(host);
    CHECK(problems_with(host) == 1);
  }
}

TEST_CASE("every guard can be named") {
  for (const std::string_view guard : kGuardNames) {
    CAPTURE(guard);
    CHECK(decode("acks: [{ guard: " + std::string(guard) + ", token: a, reason: r }]\n").diagnostics.empty());
  }
}

TEST_CASE("problems come out of all sources, sorted by place") {
  const Manifests manifests = decode_manifests({{"a.yaml", kHead + "unmanaged: x\norg: [1\n"},
                                                {"b.yaml", kHead + "missing: y\n"},
                                                {"c.yaml", kHead + "missing: z\nunmanaged: z\n"}});
  REQUIRE(manifests.diagnostics.size() == 4);
  CHECK(manifests.diagnostics[0].place.source == 0);
  CHECK(manifests.diagnostics[1].place.source == 1);
  CHECK(manifests.diagnostics[2].place == Place{2, 3, 10, 1});
  CHECK(manifests.diagnostics[3].place == Place{2, 4, 12, 1});
}

TEST_CASE("what stands in an anchor is reported once, however often it is used") {
  const Manifests manifests = decode(
      "tokens:\n"
      "  - { name: a, network: &n { connection: zone } }\n"
      "  - { name: b, network: *n }\n"
      "  - { name: c, network: *n }\n");
  REQUIRE(manifests.diagnostics.size() == 1);
  CHECK(manifests.diagnostics[0].place.line == 4);
}

TEST_CASE("a misspelt field is one problem, not also a missing one") {
  for (const char* body :
       {"tokens: [{ nmae: a, network: { connection: ANYWHERE } }]\n",
        "tokens: [{ name: a, netwrok: { connection: ANYWHERE } }]\n",
        "tokens: [{ name: a, network: { conection: ANYWHERE } }]\n",
        "tokens: [{ name: a, network: { connection: ZONE, includes: [x] } }]\n",
        "tokens: [{ name: a, state: revoked, reasons: x }]\n",
        "acks: [{ gaurd: revoke, token: a, reason: r }]\n", "rules: [{ name: a, ignore: true }]\n",
        "rules: [{ mach: { name: a }, ignore: true }]\n", "rules: [{ match: { nane: a }, ignore: true }]\n",
        "rules: [{ match: { name: a }, ignored: true }]\n",
        "waivers: [{ rule: token-old, token: a, until: 2026-12-31, reason: r }]\n",
        "waivers: [{ rule: token-old, match: { name: a }, expires: x, reason: r }]\n",
        "default: { connection: ANYWHERE }\n", "limits: { revok: 1 }\n", "expect: { min_token: 1 }\n",
        "self: { egres: [10.0.0.1] }\n", "zones: { a: { ids: nzo1 } }\n"}) {
    CAPTURE(body);
    CHECK(decode(body).diagnostics.size() == 1);
  }
}

TEST_CASE("the same sources give the same answer, whatever stands before them") {
  const Manifests alone = decode("tokens: [{ name: 1 }]\n");
  const Manifests second =
      decode_manifests({{"z.yaml", kHead}, {"a.yaml", kHead + "tokens: [{ name: 1 }]\n"}});
  REQUIRE(alone.diagnostics.size() == second.diagnostics.size());
  for (std::size_t i = 0; i < alone.diagnostics.size(); ++i) {
    CHECK(alone.diagnostics[i].summary == second.diagnostics[i].summary);
    CHECK(alone.diagnostics[i].place.column == second.diagnostics[i].place.column);
    CHECK(second.diagnostics[i].place.source == 1);
  }
}

}  // namespace zonepin
