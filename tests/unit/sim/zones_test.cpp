// Writing zones, and what a token that names one forbids (FACTS 3.4).
#include <doctest/doctest.h>

#include "unit/sim/kit.h"

namespace zonepin::sim {

namespace {

Call post(std::string target, std::string body = {}) {
  Call call = put(std::move(target), std::move(body));
  call.method = "POST";
  return call;
}

TEST_CASE("a zone that a token names stays an active IP zone for policies") {
  const Call refused[] = {
      post("/api/v1/zones/nzoSix/lifecycle/deactivate"),
      del("/api/v1/zones/nzoSix"),
      put("/api/v1/zones/nzoSix",
          R"({"type":"IP","name":"six","usage":"BLOCKLIST","gateways":[{"type":"CIDR","value":"2001:db8::/32"}]})"),
      put("/api/v1/zones/nzoSix",
          R"({"type":"IP","name":"six","status":"INACTIVE","gateways":[{"type":"CIDR","value":"2001:db8::/32"}]})"),
  };
  for (const Call& call : refused) {
    CAPTURE(call.method);
    CAPTURE(call.body);
    Org org = small_org();
    const State before = org.state();
    CHECK(verdict(org, call) == "400 E0000001");
    CHECK(org.state().zones == before.zones);
    REQUIRE(verdict(org, del("/api/v1/api-tokens/00Tzone")) == "204");
    // Nothing names it any more: what is left to forbid is the deletion of an active zone.
    CHECK(verdict(org, call) == (call.method == "DELETE" ? "400 E0000001" : "200"));
  }
}

TEST_CASE("a zone is deactivated, deleted, and gone") {
  Org org = small_org();
  CHECK(verdict(org, del("/api/v1/zones/nzoCorp")) == "400 E0000001");
  const HttpResponse off = ask(org, post("/api/v1/zones/nzoCorp/lifecycle/deactivate"));
  CHECK(off.status == 200);
  CHECK(off.body.find(R"("status":"INACTIVE")") != std::string::npos);
  CHECK(off.body.find(R"("lastUpdated":"2026-03-01T12:00:00.000Z")") != std::string::npos);
  CHECK(verdict(org, post("/api/v1/zones/nzoCorp/lifecycle/activate")) == "200");
  CHECK(verdict(org, post("/api/v1/zones/nzoCorp/lifecycle/deactivate")) == "200");
  CHECK(verdict(org, del("/api/v1/zones/nzoCorp")) == "204");
  CHECK(verdict(org, get("/api/v1/zones/nzoCorp")) == "404 E0000007");
  CHECK(verdict(org, post("/api/v1/zones/nzoCorp/lifecycle/activate")) == "404 E0000007");
  CHECK(verdict(org, del("/api/v1/zones/nzoLegacy")) == "400 E0000001");
}

TEST_CASE("a PUT replaces gateways and name, and answers the lastUpdated of the write before") {
  const std::string body =
      R"({"type":"IP","name":"head office","gateways":[{"type":"RANGE","value":"192.0.2.4"}]})";
  Org org = small_org();
  const HttpResponse answer = ask(org, put("/api/v1/zones/nzoCorp", body));
  CHECK(answer.body.find(R"("name":"head office")") != std::string::npos);
  CHECK(answer.body.find(R"("gateways":[{"type":"RANGE","value":"192.0.2.4-192.0.2.4"}])") !=
        std::string::npos);
  CHECK(answer.body.find(R"("lastUpdated":"2025-02-02T03:04:05.000Z")") != std::string::npos);
  CHECK(ask(org, get("/api/v1/zones/nzoCorp")).body.find(R"("lastUpdated":"2026-03-01T12:00:00.000Z")") !=
        std::string::npos);
  State fresh = small_state();
  fresh.settings.choices.zone_put_answer = ZonePutAnswer::fresh_last_updated;
  Org other(std::move(fresh));
  CHECK(ask(other, put("/api/v1/zones/nzoCorp", body)).body.find("2026-03-01T12:00:00.000Z") !=
        std::string::npos);
}

TEST_CASE("zone bodies that are refused") {
  const std::pair<const char*, const char*> rows[] = {
      {"[1]", "400 E0000003"},
      {R"({"type":"IP","name":"","gateways":[]})", "400 E0000001"},
      {R"({"type":"IP","gateways":[]})", "400 E0000001"},
      {R"({"type":"IP","name":"x"})", "400 E0000001"},
      {R"({"type":"DYNAMIC","name":"x","gateways":[]})", "400 E0000001"},  // another type
      {R"({"type":"IP","name":"range","gateways":[]})", "400 E0000001"},   // the name of another zone
      {R"({"type":"IP","name":"x","usage":"OTHER","gateways":[]})", "400 E0000001"},
      {R"({"type":"IP","name":"x","gateways":{}})", "400 E0000001"},
      {R"({"type":"IP","name":"x","gateways":[1]})", "400 E0000001"},
      {R"({"type":"IP","name":"x","gateways":[{"type":"CIDR","value":"1.2.3.4/99"}]})", "400 E0000001"},
      {R"({"type":"IP","name":7,"gateways":[]})", "400 E0000001"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.first);
    Org org = small_org();
    const State before = org.state();
    CHECK(verdict(org, put("/api/v1/zones/nzoCorp", row.first)) == row.second);
    CHECK(org.state().zones == before.zones);
  }
}

TEST_CASE("a created zone is answered with 200 and can be used by a token") {
  Org org = small_org();
  const HttpResponse answer =
      ask(org, post("/api/v1/zones", R"({"type":"IP","name":"new",)"
                                     R"("gateways":[{"type":"CIDR","value":"198.51.100.0/25"}]})"));
  REQUIRE(answer.status == 200);
  const std::string id = answer.body.substr(answer.body.find("\"id\":\"") + 6, 20);
  CHECK(id.substr(0, 3) == "nzo");
  const std::string body = put_body(org, "00Tzone", R"({"connection":"ZONE","include":[")" + id + R"("]})");
  CHECK(verdict(org, put("/api/v1/api-tokens/00Tzone", body)) == "200");
  CHECK(verdict(org, post("/api/v1/zones", R"({"type":"IP","name":"new","gateways":[]})")) == "400 E0000001");
  CHECK(verdict(org, post("/api/v1/zones", R"({"type":"VPN","name":"other"})")) == "400 E0000001");
  CHECK(verdict(org, post("/api/v1/zones", R"({"type":"DYNAMIC_V2","name":"v2"})")) == "200");
}

}  // namespace

}  // namespace zonepin::sim
