// Okta's bodies: the recorded shapes, what is read leniently, and what nobody should have to read.
#include "okta/codec.h"

#include <doctest/doctest.h>

#include <functional>

namespace zonepin::okta {
namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A token in the shape of FACTS 1.4, made up here.
const std::string kToken =
    R"({"id":"00Tq7w8e9r0t1y2u3i4","name":"nightly export","userId":"00uq7w8e9r0t1y2u3i4","clientName":"Okta API",)"
    R"("tokenWindow":"P30D","network":{"connection":"ZONE","exclude":["nzob2","nzoa1","nzob2"]},)"
    R"("expiresAt":"2026-01-20T07:08:09.000Z","created":"2025-12-21T07:08:09.000Z","lastUpdated":"2025-12-22T01:02:03.000Z",)"
    R"("_links":{"self":{"href":"https://acme.okta.com/api/v1/api-tokens/00Tq7w8e9r0t1y2u3i4","hints":{"allow":["GET","DELETE"]}}}})";

TEST_CASE("a token as Okta writes it") {
  const auto token = decode_token(kToken);
  REQUIRE(token.has_value());
  Token expected;
  expected.id = "00Tq7w8e9r0t1y2u3i4";
  expected.name = "nightly export";
  expected.user_id = "00uq7w8e9r0t1y2u3i4";
  expected.client_name = "Okta API";
  expected.token_window = "P30D";
  expected.network = NetworkCondition{"ZONE", {}, {"nzoa1", "nzob2"}};
  expected.expires_at = "2026-01-20T07:08:09.000Z";
  expected.created = "2025-12-21T07:08:09.000Z";
  expected.last_updated = "2025-12-22T01:02:03.000Z";
  CHECK(*token == expected);
}

TEST_CASE("what may be absent, null or new is no reason to stop") {
  struct Row {
    const char* body;
    Token expected;
  };
  Token bare;
  bare.id = "00T1";
  Token odd = bare;
  odd.network = NetworkCondition{"ON_NETWORK", {}, {}};
  Token without_word = bare;
  without_word.network = NetworkCondition{"", {"nzo1"}, {}};
  Token named = bare;
  named.name = "a";
  const Row rows[] = {
      {R"({"id":"00T1"})", bare},
      {R"({"id":"00T1","name":null,"userId":null,"clientName":null,"created":null,"expiresAt":null,"network":null,"tokenWindow":null})",
       bare},
      {R"({"id":"00T1","network":{}})", bare},
      {R"({"id":"00T1","network":{"connection":null,"include":null,"exclude":[]}})", bare},
      {R"({"id":"00T1","network":{"connection":"ON_NETWORK","include":[],"exclude":null}})", odd},
      {R"({"id":"00T1","network":{"include":["nzo1"]}})", without_word},
      {R"({"id":"00T1","name":"a","_link":{},"_links":7,"brandNew":{"deep":[[[1]]]},"other":1e10})", named},
      {" \n {\"id\":\"00T1\"} \n", bare},
      {R"({"id":"00T0","id":"00T1"})", bare},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    const auto token = decode_token(row.body);
    REQUIRE(token.has_value());
    CHECK(*token == row.expected);
  }
}

TEST_CASE("zones of every kind") {
  const auto zones = decode_zones(
      R"([{"type":"IP","id":"nzo1","name":"office","status":"ACTIVE","usage":"POLICY","system":false,)"
      R"("gateways":[{"type":"CIDR","value":"203.0.113.0/24"},{"type":"RANGE","value":"198.51.100.1-198.51.100.9"}],"proxies":null},)"
      R"({"type":"IP","id":"nzo2","name":"BlockedIpZone","status":"ACTIVE","usage":"BLOCKLIST","system":true,"gateways":null},)"
      R"({"type":"DYNAMIC","id":"nzo3","name":"geo","status":"INACTIVE","usage":"POLICY","asns":["1"],"locations":null,"proxyType":""},)"
      R"({"type":"DYNAMIC_V2","id":"nzo4","name":"geo2","status":"ACTIVE","usage":"POLICY","asns":{"include":[],"exclude":[]}},)"
      R"({"id":"nzo5","system":"yes"}])");
  REQUIRE(zones.has_value());
  const std::vector<Zone> expected = {{"nzo1",
                                       "office",
                                       "IP",
                                       "ACTIVE",
                                       "POLICY",
                                       false,
                                       {{"CIDR", "203.0.113.0/24"}, {"RANGE", "198.51.100.1-198.51.100.9"}}},
                                      {"nzo2", "BlockedIpZone", "IP", "ACTIVE", "BLOCKLIST", true, {}},
                                      {"nzo3", "geo", "DYNAMIC", "INACTIVE", "POLICY", false, {}},
                                      {"nzo4", "geo2", "DYNAMIC_V2", "ACTIVE", "POLICY", false, {}},
                                      {"nzo5", "", "", "", "", false, {}}};
  CHECK(*zones == expected);
}

TEST_CASE("a user by id, login and status") {
  const auto user = decode_user(
      R"({"id":"00u1","status":"ACTIVE","profile":{"login":"ann@acme.example","secondEmail":null},"lastLogin":null})");
  REQUIRE(user.has_value());
  CHECK(user->id == "00u1");
  CHECK(user->login == "ann@acme.example");
  CHECK(user->status == "ACTIVE");
  CHECK(decode_user(R"({"id":"00u1","profile":7})").has_value());
  for (const char* body : {R"({"profile":{"login":"x"}})", R"({"id":7})", "[]", "", "<html>"})
    CHECK_FALSE(decode_user(body).has_value());
}

TEST_CASE("a hostile body is an error in one line that quotes none of it") {
  struct Row {
    std::string body;
    const char* why;
  };
  const Row rows[] = {
      {"", "it is empty"},
      {"<html><body>S3CRET</body></html>", "it is no JSON"},
      {"[{\"id\":\"00T1\",\"name\":\"S3CRET", "it is no JSON"},
      {"[1,2", "it is no JSON"},
      {"[{\"id\":\"00T1\"}]]", "it is no JSON"},
      {"{\"S3CRET\":1}", "it is no JSON array"},
      {"null", "it is no JSON array"},
      {"\"S3CRET\"", "it is no JSON array"},
      {"[7]", "a token is no object"},
      {"[null]", "a token is no object"},
      {"[[]]", "a token is no object"},
      {"[{}]", "a token has no id"},
      {"[{\"id\":null}]", "a token has no id"},
      {"[{\"id\":\"\"}]", "a token has no id"},
      {"[{\"id\":17}]", "its member `id` is no text"},
      {"[{\"id\":\"current\"}]", "the id \"current\", which can't be one"},
      {"[{\"id\":\"../x\"}]", "the id \"../x\", which can't be one"},
      {"[{\"id\":\"00T1?x=1\"}]", "which can't be one"},
      {"[{\"id\":\"00T1\\u0000\"}]", "which can't be one"},
      {"[{\"id\":\"" + std::string(65, 'a') + "\"}]", "which can't be one"},
      {"[{\"id\":\"\\u001b[2J\"}]", "the id \"\\x1b[2J\", which can't be one"},
      {"[{\"id\":\"00T1\",\"name\":17}]", "token 00T1: its member `name` is no text"},
      {"[{\"id\":\"00T1\",\"userId\":{}}]", "token 00T1: its member `userId` is no text"},
      {"[{\"id\":\"00T1\",\"created\":1}]", "token 00T1: its member `created` is no text"},
      {"[{\"id\":\"00T1\",\"network\":\"ZONE\"}]", "token 00T1: its member `network` is no object"},
      {"[{\"id\":\"00T1\",\"network\":{\"connection\":[]}}]",
       "token 00T1: its member `connection` is no text"},
      {"[{\"id\":\"00T1\",\"network\":{\"include\":\"nzo1\"}}]",
       "token 00T1: `include` of a network condition is no list"},
      {"[{\"id\":\"00T1\",\"network\":{\"exclude\":[7]}}]",
       "token 00T1: `exclude` of a network condition holds more than text"},
      {std::string(100'000, '['), "it nests more than 64 levels"},
      {std::string(100'000, '[') + std::string(100'000, ']'), "it nests more than 64 levels"},
      {"[{\"id\":\"00T1\",\"x\":" + std::string(50'000, '{'), "it nests more than 64 levels"},
      {"[{\"id\":\"00T1\",\"name\":\"\xc3\x28\"}]", "it is no JSON"},
      {"[{\"id\":\"00T1\",\"name\":\"\\ud800\"}]", "it is no JSON"},
      {"\xff\xfe[\0]\0", "it is no JSON"},
      {"[{\"id\":\"00T1\",\"x\":1e999999}]", "it is no JSON"},
      {std::string("[\0]", 3), "it is no JSON"},
  };
  for (const Row& row : rows) {
    const auto tokens = decode_tokens(row.body);
    REQUIRE_FALSE(tokens.has_value());
    CHECK_MESSAGE(holds(tokens.error().message, row.why), tokens.error().message);
    CHECK(holds(tokens.error().message, "Okta's answer (the token list) can't be read: "));
    CHECK(tokens.error().trouble == Trouble::failure);
    CHECK_FALSE(holds(tokens.error().message + tokens.error().mend, "S3CRET"));
    CHECK(tokens.error().message.find('\n') == std::string::npos);
  }
  CHECK(decode_tokens("[]").has_value());
  CHECK(decode_tokens("[{\"id\":\"00T1\",\"x\":123456789012345678901234567890}]").has_value());
}

TEST_CASE("a hostile zone list") {
  for (const char* body : {"", "{}", "[7]", "[{}]", R"([{"id":7}])", R"([{"id":"nzo1","gateways":{}}])",
                           R"([{"id":"nzo1","gateways":[7]}])", R"([{"id":"nzo1","gateways":[{"value":7}]}])",
                           R"([{"id":"nzo1","name":[]}])"}) {
    CAPTURE(body);
    const auto zones = decode_zones(body);
    REQUIRE_FALSE(zones.has_value());
    CHECK(holds(zones.error().message, "Okta's answer (the zone list) can't be read: "));
  }
}

TEST_CASE("a PUT echoes what is live to the letter, and leaves out what is not there") {
  struct Row {
    std::function<void(Token&)> change;
    NetworkCondition network;
    const char* expected;
  };
  const auto full = [](Token&) {};
  const Row rows[] = {
      {full, anywhere(),
       R"({"name":"n","userId":"00u1","clientName":"Okta API","created":"2025-11-02T14:47:13Z","network":{"connection":"ANYWHERE"}})"},
      {full,
       {"ZONE", {"nzo1", "nzo2"}, {}},
       R"({"name":"n","userId":"00u1","clientName":"Okta API","created":"2025-11-02T14:47:13Z","network":{"connection":"ZONE","include":["nzo1","nzo2"]}})"},
      {full,
       {"ZONE", {}, {"ALL_ZONES"}},
       R"({"name":"n","userId":"00u1","clientName":"Okta API","created":"2025-11-02T14:47:13Z","network":{"connection":"ZONE","exclude":["ALL_ZONES"]}})"},
      {[](Token& token) {
         token.user_id.reset();
         token.client_name.reset();
         token.created.reset();
       },
       anywhere(), R"({"name":"n","network":{"connection":"ANYWHERE"}})"},
      {[](Token& token) { token.name.clear(); }, anywhere(),
       R"({"userId":"00u1","clientName":"Okta API","created":"2025-11-02T14:47:13Z","network":{"connection":"ANYWHERE"}})"},
      {[](Token& token) {
         token.name = "\"b\xc3\xbc\xe2\x80\xae\n\\";
         token.created = "1.1.1970";
       },
       anywhere(),
       "{\"name\":\"\\\"b\xc3\xbc\xe2\x80\xae\\n\\\\\",\"userId\":\"00u1\",\"clientName\":\"Okta "
       "API\",\"created\":\"1.1.1970\",\"network\":{"
       "\"connection\":\"ANYWHERE\"}}"},
  };
  for (const Row& row : rows) {
    Token token;
    token.id = "00T1";
    token.name = "n";
    token.user_id = "00u1";
    token.client_name = "Okta API";
    token.created = "2025-11-02T14:47:13Z";
    token.expires_at = "2026-01-01T00:00:00Z";
    token.token_window = "P30D";
    token.network = NetworkCondition{"ZONE", {"nzo9"}, {}};
    row.change(token);
    CHECK(encode_update(token, row.network) == row.expected);
  }
}

Token with(const std::string& id, const std::string& expires,
           std::optional<NetworkCondition> network = anywhere()) {
  Token token;
  token.id = id;
  token.expires_at = expires;
  token.last_updated = expires;
  token.network = std::move(network);
  return token;
}

TEST_CASE("a token that moved between pages is one token") {
  const auto tokens =
      unite_tokens({with("00T3", "a"), with("00T1", "a"), with("00T1", "b"), with("00T2", "a")});
  REQUIRE(tokens.has_value());
  REQUIRE(tokens->size() == 3);
  CHECK((*tokens)[0] == with("00T1", "b"));  // the later page is the fresher one
  CHECK((*tokens)[2].id == "00T3");
  CHECK(unite_tokens({})->empty());
}

TEST_CASE("one id with two conditions is an error that names it") {
  const auto tokens =
      unite_tokens({with("00T1", "a"), with("00T1", "a", NetworkCondition{"ZONE", {"nzo1"}, {}})});
  REQUIRE_FALSE(tokens.has_value());
  CHECK(tokens.error().trouble == Trouble::failure);
  CHECK(holds(tokens.error().message, "Okta listed token \"00T1\" twice, and not the same"));
  CHECK_FALSE(unite_tokens({with("00T1", "a"), with("00T1", "a", std::nullopt)}).has_value());
  CHECK_FALSE(unite_zones({{"nzo1", "a", "IP", "ACTIVE", "POLICY", false, {}},
                           {"nzo1", "b", "IP", "ACTIVE", "POLICY", false, {}}})
                  .has_value());
}

TEST_CASE("the projection gives the ten fields and no others") {
  const auto list = project_tokens(
      {"[" + kToken + "]",
       R"([{"id":"00Tq7w8e9r0t1y2u3i4"},{"id":"00T2","extra":1,"_link":{"a":1},"_links":{"b":2}}])"});
  REQUIRE(list.has_value());
  CHECK(list->find("[\n  {\n    \"id\": \"00Tq7w8e9r0t1y2u3i4\",\n    \"name\"") == 0);
  CHECK(list->back() == '\n');
  CHECK(holds(*list, R"("_link": {
      "self": {)"));
  CHECK(holds(*list, R"(  {
    "id": "00T2",
    "name": null,
    "_link": {
      "a": 1
    },
    "clientName": null,
    "created": null,
    "expiresAt": null,
    "lastUpdated": null,
    "network": null,
    "tokenWindow": null,
    "userId": null
  }
])"));
  CHECK(*project_tokens({"[]"}) == "[]\n");
  CHECK(holds(*project_token(R"({"id":"00T1","_link":null,"_links":{"c":3}})"), "\"c\": 3"));
  CHECK_FALSE(project_token("[]").has_value());
  CHECK_FALSE(project_tokens({"[7]"}).has_value());
}

}  // namespace
}  // namespace zonepin::okta
