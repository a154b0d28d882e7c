// Addresses, ranges, and the network condition of the token that calls.
#include <doctest/doctest.h>

#include "sim/address.h"
#include "unit/sim/kit.h"

namespace zonepin::sim {

namespace {

TEST_CASE("which addresses a gateway holds") {
  struct Row {
    const char* type;
    const char* value;
    const char* address;
    bool inside;
  };
  const Row rows[] = {
      {"CIDR", "192.0.2.0/24", "192.0.2.0", true},
      {"CIDR", "192.0.2.0/24", "192.0.2.255", true},
      {"CIDR", "192.0.2.0/24", "192.0.3.0", false},
      {"CIDR", "192.0.2.77/24", "192.0.2.1", true},  // bits beyond the prefix count for nothing
      {"CIDR", "192.0.2.128/25", "192.0.2.127", false},
      {"CIDR", "192.0.2.5/32", "192.0.2.5", true},
      {"CIDR", "192.0.2.5/32", "192.0.2.4", false},
      {"CIDR", "0.0.0.0/0", "255.255.255.255", true},
      {"CIDR", "0.0.0.0/0", "::1", false},
      {"CIDR", "::/0", "192.0.2.1", false},
      {"CIDR", "192.0.2.0/24", "::ffff:192.0.2.9", true},
      {"CIDR", "2001:db8::/33", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff", true},
      {"CIDR", "2001:db8::/33", "2001:db8:8000::", false},
      {"RANGE", "192.0.2.9-192.0.2.11", "192.0.2.9", true},
      {"RANGE", "192.0.2.9-192.0.2.11", "192.0.2.11", true},
      {"RANGE", "192.0.2.9-192.0.2.11", "192.0.2.12", false},
      {"RANGE", "192.0.2.255-192.0.3.1", "192.0.3.0", true},
      {"RANGE", "192.0.2.9", "192.0.2.9", true},
      {"RANGE", "2001:db8::1-2001:db8::ff", "2001:db8::80", true},
      {"RANGE", "2001:db8::1-2001:db8::ff", "2001:db8::100", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.value);
    CAPTURE(row.address);
    const auto range = parse_range(row.type, row.value);
    const auto address = parse_address(row.address);
    REQUIRE(range);
    REQUIRE(address);
    CHECK(range->contains(*address) == row.inside);
  }
}

TEST_CASE("what is no gateway") {
  const std::pair<const char*, const char*> rows[] = {
      {"CIDR", "192.0.2.0"},       {"CIDR", "192.0.2.0/33"},
      {"CIDR", "192.0.2.0/-1"},    {"CIDR", "192.0.2.0/"},
      {"CIDR", "192.0.2.0/8 "},    {"CIDR", "2001:db8::/129"},
      {"CIDR", "192.0.2/24"},      {"CIDR", ""},
      {"CIDR", "192.0.2.0/024x"},  {"RANGE", "192.0.2.9-192.0.2.8"},
      {"RANGE", "192.0.2.1-::1"},  {"RANGE", ""},
      {"RANGE", "192.0.2.1-2-3"},  {"RANGE", "192.0.2.0/24"},
      {"RANGE", "192.0.2.256"},    {"IP", "192.0.2.1"},
      {"RANGE", "192.0.2.1%eth0"}, {"RANGE", "1.2.3.4.5-1.2.3.6"},
      {"", "192.0.2.1"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.first);
    CAPTURE(row.second);
    CHECK_FALSE(parse_range(row.first, row.second));
  }
  CHECK_FALSE(parse_address(std::string_view("192.0.2.1\0x", 11)));
}

std::string outcome(const std::string& network, const std::string& caller, const char* choices = "{}") {
  State state = small_state();
  Token& caller_token = state.tokens.at("00Tzone");
  const State scratch =
      parsed(R"({"settings":{"choices":)" + std::string(choices) + R"(},"tokens":[{"id":"t","name":"t",)" +
             R"("userId":"u","network":)" + network + "}]}");
  caller_token.network = scratch.tokens.at("t").network;
  state.settings.choices = scratch.settings.choices;
  Org org(std::move(state));
  Call call = get("/api/v1/users/me");
  call.secret = "00zone";
  call.caller = caller;
  return verdict(org, call);
}

TEST_CASE("a token works from inside its condition only") {
  struct Row {
    const char* network;
    const char* caller;
    bool admitted;
  };
  const Row rows[] = {
      {"null", "203.0.113.1", true},
      {R"({"connection":"ANYWHERE"})", "203.0.113.1", true},
      {R"({"connection":"SOMETHING_NEW"})", "203.0.113.1", true},
      {R"({"connection":"ZONE","include":["nzoCorp"]})", "192.0.2.200", true},
      {R"({"connection":"ZONE","include":["nzoCorp"]})", "198.51.100.10", false},
      {R"({"connection":"ZONE","include":["nzoCorp","nzoRange"]})", "198.51.100.19", true},
      {R"({"connection":"ZONE","include":["nzoSix"]})", "2001:db8:ffff::1", true},
      {R"({"connection":"ZONE","include":["nzoOff"]})", "203.0.113.1", false},     // inactive: holds nobody
      {R"({"connection":"ZONE","include":["nzoNone"]})", "203.0.113.1", false},    // deleted
      {R"({"connection":"ZONE","include":["nzoLegacy"]})", "203.0.113.1", false},  // gateways null
      {R"({"connection":"ZONE","exclude":["nzoCorp"]})", "192.0.2.200", false},
      {R"({"connection":"ZONE","exclude":["nzoCorp"]})", "198.51.100.10", true},
      {R"({"connection":"ZONE","include":["ALL_ZONES"]})", "198.51.100.10", true},
      {R"({"connection":"ZONE","include":["ALL_IP_ZONES"]})", "203.0.113.1",
       false},  // inactive and blocklist zones only
      {R"({"connection":"ZONE","exclude":["ALL_IP_ZONES"]})", "203.0.113.1", true},
      {R"({"connection":"ZONE","include":["nzoCorp"]})", "not an address", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.network);
    CAPTURE(row.caller);
    CHECK(outcome(row.network, row.caller) == (row.admitted ? "200" : "401 E0000011"));
  }
}

TEST_CASE("how a caller outside is told, and whether anybody looks, can be chosen") {
  const char* const network = R"({"connection":"ZONE","include":["nzoCorp"]})";
  CHECK(outcome(network, "203.0.113.1", R"({"outsideNetwork":"403-E0000006"})") == "403 E0000006");
  State state = small_state();
  state.settings.enforce_network = false;
  Org org(std::move(state));
  Call call = get("/api/v1/users/me");
  call.secret = "00zone";
  call.caller = "2001:db8::1";
  CHECK(verdict(org, call) == "200");
}

TEST_CASE("a token that fences itself out can't undo it") {
  Org org = small_org();
  const std::string fence = put_body(org, "00Tadmin", R"({"connection":"ZONE","include":["nzoRange"]})");
  const std::string back = put_body(org, "00Tadmin", R"({"connection":"ANYWHERE"})");
  CHECK(verdict(org, put("/api/v1/api-tokens/00Tadmin", fence)) == "200");
  CHECK(verdict(org, put("/api/v1/api-tokens/00Tadmin", back)) == "401 E0000011");
}

}  // namespace

}  // namespace zonepin::sim
