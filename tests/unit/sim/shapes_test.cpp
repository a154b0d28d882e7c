// Bodies letter by letter: key order, dates, links, what is absent and what is null (FACTS 1.4, 3.2, 4, 9).
#include <doctest/doctest.h>

#include <regex>

#include "unit/sim/kit.h"

namespace zonepin::sim {

namespace {

// Shorter expectations: B is the base URL.
std::string with_base(std::string text) {
  const std::string mark = "B/";
  for (std::size_t place = text.find(mark); place != std::string::npos; place = text.find(mark, place)) {
    text.replace(place, 1, kBase);
    place += kBase.size();
  }
  return text;
}

TEST_CASE("a token's body") {
  struct Row {
    const char* id;
    const char* body;
  };
  const Row rows[] = {
      {"00Tadmin",
       R"({"id":"00Tadmin","name":"admin","userId":"00uadmin","clientName":"Okta API","tokenWindow":"P30D",)"
       R"("network":{"connection":"ANYWHERE"},"expiresAt":"2026-03-31T12:00:00.000Z",)"
       R"("created":"2025-11-02T14:47:13.000Z","lastUpdated":"2025-11-02T14:47:13.000Z","_links":{"self":{)"
       R"("href":"B/api/v1/api-tokens/00Tadmin","hints":{"allow":["GET","DELETE"]}},"user":{)"
       R"("href":"B/api/v1/users/00uadmin","hints":{"allow":["GET"]}}}})"},
      {"00Tzone",
       R"({"id":"00Tzone","name":"zone","userId":"00uadmin","clientName":"Okta API","tokenWindow":"P30D",)"
       R"("network":{"connection":"ZONE","exclude":["nzoSix"]},"expiresAt":"2026-03-12T14:47:13.000Z",)"
       R"("created":"2025-11-02T14:47:13.000Z","lastUpdated":"2025-11-06T08:22:21.000Z","_links":{"self":{)"
       R"("href":"B/api/v1/api-tokens/00Tzone","hints":{"allow":["GET","DELETE"]}},"user":{)"
       R"("href":"B/api/v1/users/00uadmin","hints":{"allow":["GET"]}}}})"},
      {"00Tagent",
       R"({"id":"00Tagent","name":"agent","userId":"00uadmin","clientName":"Okta AD Agent",)"
       R"("created":"2025-11-02T14:47:13.000Z","lastUpdated":"2025-11-02T14:47:13.000Z","_links":{"self":{)"
       R"("href":"B/api/v1/api-tokens/00Tagent","hints":{"allow":["GET","DELETE"]}},"user":{)"
       R"("href":"B/api/v1/users/00uadmin","hints":{"allow":["GET"]}}}})"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.id);
    Org org = small_org();
    CHECK(ask(org, get(std::string("/api/v1/api-tokens/") + row.id)).body == with_base(row.body));
  }
}

TEST_CASE("a zone's body") {
  struct Row {
    const char* id;
    const char* start;  // before the dates
    const char* end;    // after them
  };
  const Row rows[] = {
      {"nzoCorp", R"({"type":"IP","id":"nzoCorp","name":"corp","status":"ACTIVE","usage":"POLICY",)",
       R"("system":false,"gateways":[{"type":"CIDR","value":"192.0.2.0/24"}],"proxies":null,"_links":{)"
       R"("self":{"href":"B/api/v1/zones/nzoCorp","hints":{"allow":["GET","PUT","DELETE"]}},)"
       R"("deactivate":{"href":"B/api/v1/zones/nzoCorp/lifecycle/deactivate","hints":{"allow":["POST"]}}}})"},
      {"nzoOff", R"({"type":"IP","id":"nzoOff","name":"off","status":"INACTIVE","usage":"POLICY",)",
       R"("system":false,"gateways":[{"type":"CIDR","value":"203.0.113.0/24"}],"proxies":null,"_links":{)"
       R"("activate":{"href":"B/api/v1/zones/nzoOff/lifecycle/activate","hints":{"allow":["POST"]}},)"
       R"("self":{"href":"B/api/v1/zones/nzoOff","hints":{"allow":["GET","PUT","DELETE"]}}}})"},
      {"nzoDyn", R"({"type":"DYNAMIC","id":"nzoDyn","name":"dyn","status":"ACTIVE","usage":"POLICY",)",
       R"("system":false,"locations":[{"country":"US","region":null}],"proxyType":"","_links":{)"
       R"("self":{"href":"B/api/v1/zones/nzoDyn","hints":{"allow":["GET","PUT","DELETE"]}},)"
       R"("deactivate":{"href":"B/api/v1/zones/nzoDyn/lifecycle/deactivate","hints":{"allow":["POST"]}}}})"},
      {"nzoLegacy",
       R"({"type":"IP","id":"nzoLegacy","name":"LegacyIpZone","status":"ACTIVE","usage":"POLICY",)",
       R"("system":true,"gateways":null,"proxies":null,"_links":{)"
       R"("self":{"href":"B/api/v1/zones/nzoLegacy","hints":{"allow":["GET","PUT","DELETE"]}},)"
       R"("deactivate":{"href":"B/api/v1/zones/nzoLegacy/lifecycle/deactivate","hints":{"allow":["POST"]}}}})"},
  };
  Org org = small_org();
  for (const Row& row : rows) {
    CAPTURE(row.id);
    const std::string body = ask(org, get(std::string("/api/v1/zones/") + row.id)).body;
    const Zone& zone = org.state().zones.at(row.id);
    const std::string dates = R"("created":")" + format_instant(zone.created) + R"(","lastUpdated":")" +
                              format_instant(zone.last_updated) + R"(",)";
    CHECK(body == with_base(row.start + dates + row.end));
  }
}

TEST_CASE("a user's body, whole and trimmed") {
  Org org = small_org();
  const std::string whole = ask(org, get("/api/v1/users/00uadmin")).body;
  const std::string start = with_base(
      R"({"id":"00uadmin","status":"ACTIVE","created":"2025-01-01T00:00:00.000Z","activated":"2025-01-01T00:00:00.000Z",)"
      R"("statusChanged":"2025-01-01T00:00:00.000Z","lastLogin":null,"lastUpdated":"2025-01-01T00:00:00.000Z",)"
      R"("passwordChanged":null,"realmId":"guosimulated0000001d","type":{"id":"otysimulated0000001d"},"profile":{)"
      R"("firstName":"Ada","lastName":"Admin","mobilePhone":null,"secondEmail":null,"login":"ada@acme.example",)"
      R"("email":"ada@acme.example"},"credentials":{"provider":{"type":"OKTA","name":"OKTA"}},"_links":{)");
  CHECK(whole.substr(0, start.size()) == start);
  CHECK(whole.find("reset_password") != std::string::npos);
  Call trimmed = get("/api/v1/users/00uadmin");
  trimmed.content_type = "application/json; okta-response=omitCredentials,omitCredentialsLinks";
  const std::string small = ask(org, trimmed).body;
  CHECK(small.find("\"credentials\"") == std::string::npos);
  CHECK(small.find("reset_password") == std::string::npos);
  CHECK(small.find("lifecycle/suspend") != std::string::npos);
}

TEST_CASE("errors have Okta's five members, and no two the same id") {
  Org org = small_org();
  const std::regex shape(
      R"x(^\{"errorCode":"E0000007","errorSummary":"Not found: Resource not found: nzoNone \(NetworkZone\)",)x"
      R"x("errorLink":"E0000007","errorId":"(oae[A-Za-z0-9]{22})","errorCauses":\[\]\}$)x");
  std::smatch first;
  std::smatch second;
  const std::string one = ask(org, get("/api/v1/zones/nzoNone")).body;
  const std::string two = ask(org, get("/api/v1/zones/nzoNone")).body;
  REQUIRE(std::regex_match(one, first, shape));
  REQUIRE(std::regex_match(two, second, shape));
  CHECK(first[1] != second[1]);
}

TEST_CASE("every answer says when it was made, which request it was, and how the window stands") {
  for (const char* target :
       {"/api/v1/api-tokens", "/api/v1/api-tokens/none", "/nowhere", "/api/v1/users/me"}) {
    CAPTURE(target);
    Org org = small_org();
    const HttpHeaders headers = ask(org, get(target)).headers;
    CHECK(header(headers, "Date") == "Sun, 01 Mar 2026 12:00:00 GMT");
    CHECK(header(headers, "Content-Type") == "application/json");
    CHECK(header(headers, "X-Okta-Request-Id").value_or("").size() == 27);
    CHECK(header(headers, "X-Rate-Limit-Limit"));
    CHECK(header(headers, "X-Rate-Limit-Remaining"));
    CHECK(header(headers, "X-Rate-Limit-Reset"));
  }
}

TEST_CASE("token answers carry no Etag, user answers do") {
  Org org = small_org();
  CHECK_FALSE(header(ask(org, get("/api/v1/api-tokens/00Tadmin")).headers, "Etag"));
  CHECK(header(ask(org, get("/api/v1/users/me")).headers, "Etag"));
}

TEST_CASE("the same questions at the same times get the same answers") {
  const auto story = [] {
    Org org = small_org();
    std::vector<HttpResponse> answers;
    answers.push_back(ask(org, get("/api/v1/api-tokens")));
    answers.push_back(ask(org, get("/api/v1/none")));
    answers.push_back(ask(org, del("/api/v1/api-tokens/00Tzone")));
    return answers;
  };
  CHECK(story() == story());
}

}  // namespace

}  // namespace zonepin::sim
