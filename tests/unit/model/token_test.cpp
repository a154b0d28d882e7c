#include "model/token.h"

#include <doctest/doctest.h>

#include "model/desired.h"

namespace zonepin {
namespace {

TEST_CASE("only what is fit to stand in a path is a token id") {
  for (const char* id : {"00Tabcdefg1234567890", "a", "0", "Current", "currents",
                         "0123456789012345678901234567890123456789012345678901234567890123"}) {
    CAPTURE(id);
    CHECK(is_token_id(id));
  }
  for (const char* id : {"", "current", "../x", "a/b", "a b", "a.b", "a-b", "a_b", "a%41", "a\n", "ü", " 00T",
                         "01234567890123456789012345678901234567890123456789012345678901234"}) {
    CAPTURE(id);
    CHECK_FALSE(is_token_id(id));
  }
  CHECK_FALSE(is_token_id(std::string_view("a\0b", 3)));
}

TEST_CASE("the last use is the expiry less the window, or unknown") {
  struct Row {
    std::optional<std::string> expires_at;
    std::optional<std::string> window;
    const char* expected;  // empty: unknown
  };
  const Row rows[] = {
      {"2025-12-02T14:47:13.000Z", "P30D", "2025-11-02T14:47:13.000Z"},
      {"2025-12-02T14:47:13Z", "PT5M", "2025-12-02T14:42:13.000Z"},
      {"2026-03-31T00:00:00.000Z", "P1M", "2026-02-28T00:00:00.000Z"},
      {std::nullopt, "P30D", ""},
      {"2025-12-02T14:47:13.000Z", std::nullopt, ""},
      {"soon", "P30D", ""},
      {"2025-12-02T14:47:13.000Z", "P", ""},
      {"", "", ""},
  };
  for (const Row& row : rows) {
    Token token;
    token.expires_at = row.expires_at;
    token.token_window = row.window;
    const auto used = last_use_of(token);
    CHECK((used ? format_instant(*used) : "") == row.expected);
  }
}

TEST_CASE("an absent condition counts as ANYWHERE") {
  Token token;
  CHECK(effective_network(token) == anywhere());
  token.network = NetworkCondition{"ZONE", {"nzo1"}, {}};
  CHECK(effective_network(token) == *token.network);
  token.network = NetworkCondition{"ON_NETWORK", {}, {}};
  CHECK(effective_network(token).connection == "ON_NETWORK");
}

TEST_CASE("conditions are sets") {
  const NetworkCondition one = canonical({"ZONE", {"b", "a", "b"}, {"d", "c", "c"}});
  CHECK(one.include == std::vector<std::string>{"a", "b"});
  CHECK(one.exclude == std::vector<std::string>{"c", "d"});
  CHECK(canonical({"ZONE", {"a", "b"}, {}}) == canonical({"ZONE", {"b", "a", "a"}, {}}));
  CHECK(canonical({"ZONE", {"a"}, {}}) != canonical({"ZONE", {}, {"a"}}));
}

TEST_CASE("what may be written") {
  struct Row {
    NetworkCondition condition;
    bool writable;
  };
  const Row rows[] = {
      {{"ANYWHERE", {}, {}}, true},        {{"ZONE", {"a"}, {}}, true},      {{"ZONE", {}, {"a", "b"}}, true},
      {{"ZONE", {"ALL_ZONES"}, {}}, true}, {{"ANYWHERE", {"a"}, {}}, false}, {{"ANYWHERE", {}, {"a"}}, false},
      {{"ZONE", {}, {}}, false},           {{"ZONE", {"a"}, {"b"}}, false},  {{"", {}, {}}, false},
      {{"ANY_IP", {}, {}}, false},         {{"zone", {"a"}, {}}, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.condition.connection);
    CHECK(is_writable(row.condition) == row.writable);
  }
  CHECK(is_reserved_zone("ALL_ZONES"));
  CHECK(is_reserved_zone("ALL_IP_ZONES"));
  CHECK_FALSE(is_reserved_zone("all_zones"));
  CHECK_FALSE(is_reserved_zone("nzo1a2b3c4d5e6f7g8h9"));
}

TEST_CASE("which zones a token can use, and why not the others") {
  struct Row {
    const char* type;
    const char* status;
    const char* usage;
    const char* why;  // empty: usable
  };
  const Row rows[] = {
      {"IP", "ACTIVE", "POLICY", ""},
      {"IP", "INACTIVE", "POLICY", "is INACTIVE"},
      {"DYNAMIC", "ACTIVE", "POLICY", "is of type DYNAMIC"},
      {"DYNAMIC_V2", "ACTIVE", "BLOCKLIST", "is of type DYNAMIC_V2"},
      {"IP", "ACTIVE", "BLOCKLIST", "is a BLOCKLIST zone"},
      {"IP", "INACTIVE", "BLOCKLIST", "is a BLOCKLIST zone"},
      {"", "ACTIVE", "POLICY", "has no type"},
      {"IP", "", "POLICY", "has no status"},
      {"IP", "ACTIVE", "", "has no usage"},
      {"IP\x1b[2J", "ACTIVE", "POLICY", "is of type IP\\x1b[2J"},
  };
  for (const Row& row : rows) {
    Zone zone;
    zone.type = row.type;
    zone.status = row.status;
    zone.usage = row.usage;
    CAPTURE(row.why);
    CHECK(why_unusable(zone) == row.why);
    CHECK(is_usable(zone) == why_unusable(zone).empty());
  }
}

TEST_CASE("guard names and treatments") {
  for (const char* name : {"self-lockout", "agent-token", "recently-used", "recently-created", "loosen-wide",
                           "quarantined", "list-shrank", "revoke", "update_pct"}) {
    CAPTURE(name);
    CHECK(is_guard_name(name));
  }
  for (const char* name : {"", "agent_token", "Agent-Token", "force", "update-pct"}) {
    CAPTURE(name);
    CHECK_FALSE(is_guard_name(name));
  }
  CHECK(to_string(Treatment::report) == "report");
  CHECK(to_string(Treatment::ignore) == "ignore");
  CHECK(to_string(Treatment::fail) == "fail");
}

}  // namespace
}  // namespace zonepin
