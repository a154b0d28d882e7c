// Who may ask for what.
#include <doctest/doctest.h>

#include "unit/sim/kit.h"

namespace zonepin::sim {

namespace {

Call by(std::string_view secret, Call call) {
  call.secret = secret;
  return call;
}

TEST_CASE("credentials") {
  struct Row {
    const char* what;
    const char* secret;
    const char* verdict;
  };
  const Row rows[] = {
      {"a good one", "00admin", "200"},
      {"none", "", "401 E0000011"},
      {"unknown", "00wrong", "401 E0000011"},
      {"lapsed at this very instant", "00lapsed", "401 E0000011"},
      {"its owner is deactivated", "00gone", "401 E0000011"},
      {"its owner is suspended", "00held", "401 E0000011"},
      {"its owner is not there", "00orphan", "401 E0000011"},
      {"its owner has no admin role", "00nobody", "403 E0000006"},
      {"its owner may read", "00reader", "200"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Org org = small_org();
    CHECK(verdict(org, by(row.secret, get("/api/v1/api-tokens"))) == row.verdict);
  }
}

TEST_CASE("another scheme than SSWS is no credential") {
  Org org = small_org();
  SimRequest request{"GET", "/api/v1/api-tokens", {{"Authorization", "Bearer 00admin"}},
                     "",    "192.0.2.7",          std::string(kBase)};
  CHECK(verdict(org.handle(request, noon())) == "401 E0000011");
  request.headers = {{"authorization", "ssws   00admin "}};
  CHECK(verdict(org.handle(request, noon())) == "200");
}

TEST_CASE("an owner who may only read changes nothing") {
  const Call writes[] = {
      del("/api/v1/api-tokens/00Tzone"),
      put("/api/v1/api-tokens/00Tzone", R"({"name":"zone","network":{"connection":"ANYWHERE"}})"),
      put("/api/v1/zones/nzoCorp",
          R"({"type":"IP","name":"x","gateways":[{"type":"CIDR","value":"192.0.2.0/24"}]})"),
      del("/api/v1/zones/nzoOff"),
  };
  for (const Call& write : writes) {
    CAPTURE(write.method);
    CAPTURE(write.target);
    Org org = small_org();
    const State before = org.state();
    CHECK(verdict(org, by("00reader", write)) == "403 E0000006");
    CHECK(org.state().zones == before.zones);
    CHECK(token(org, "00Tzone") == before.tokens.at("00Tzone"));
  }
}

TEST_CASE("a use moves the caller's expiresAt by its window, and nobody else's") {
  Org org = small_org();
  const State before = org.state();
  ask(org, get("/api/v1/api-tokens/00Tzone"));
  CHECK(format_instant(*token(org, "00Tadmin").expires_at) == "2026-03-31T12:00:00.000Z");
  CHECK(token(org, "00Tadmin").last_updated == before.tokens.at("00Tadmin").last_updated);
  CHECK(token(org, "00Tzone") == before.tokens.at("00Tzone"));
}

TEST_CASE("a use that was refused moves nothing") {
  Org org = small_org();
  const Instant before = *token(org, "00Tzone").expires_at;
  Call outside = by("00zone", get("/api/v1/api-tokens"));
  outside.caller = "2001:db8::1";
  CHECK(verdict(org, outside) == "401 E0000011");
  CHECK(*token(org, "00Tzone").expires_at == before);
}

TEST_CASE("what is not there, and what can't be done") {
  struct Row {
    const char* method;
    const char* target;
    const char* verdict;
  };
  const Row rows[] = {
      {"GET", "/", "404 E0000008"},
      {"GET", "/api/v1/nothing", "404 E0000008"},
      {"GET", "/api/v1/api-tokens/", "404 E0000008"},
      {"GET", "/api/v1/api-tokens/a/b", "404 E0000008"},
      {"GET", "/api/v1/api-tokens/00Tnone", "404 E0000007"},
      {"GET", "/api/v1/api-tokens/current", "404 E0000007"},
      {"GET", "/api/v1/api-tokens/00Tlapsed", "404 E0000007"},
      {"DELETE", "/api/v1/api-tokens/00Tnone", "404 E0000007"},
      {"DELETE", "/api/v1/api-tokens/00Tlapsed", "404 E0000007"},
      {"GET", "/api/v1/users/none", "404 E0000007"},
      {"GET", "/api/v1/zones/none", "404 E0000007"},
      {"POST", "/api/v1/api-tokens", "405 E0000022"},
      {"DELETE", "/api/v1/api-tokens", "405 E0000022"},
      {"PATCH", "/api/v1/api-tokens/00Tadmin", "405 E0000022"},
      {"HEAD", "/api/v1/api-tokens", "405 E0000022"},
      {"PUT", "/api/v1/users/me", "405 E0000022"},
      {"GET", "/api/v1/zones?filter=system+eq+true", "400 E0000094"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.method);
    CAPTURE(row.target);
    Org org = small_org();
    Call call = get(row.target);
    call.method = row.method;
    CHECK(verdict(org, call) == row.verdict);
  }
}

TEST_CASE("a revoked token is gone: from the list, by id, and as a credential") {
  Org org = small_org();
  const HttpResponse answer = ask(org, del("/api/v1/api-tokens/00Tzone"));
  CHECK(answer.status == 204);
  CHECK(answer.body.empty());
  CHECK_FALSE(header(answer.headers, "Content-Type"));
  CHECK(verdict(org, del("/api/v1/api-tokens/00Tzone")) == "404 E0000007");
  CHECK(ask(org, get("/api/v1/api-tokens")).body.find("00Tzone") == std::string::npos);
  CHECK(verdict(org, by("00zone", get("/api/v1/api-tokens"))) == "401 E0000011");
}

TEST_CASE("DELETE current revokes the caller, whatever its role") {
  for (const char* secret : {"00admin", "00nobody"}) {
    CAPTURE(secret);
    Org org = small_org();
    const std::size_t before = org.state().tokens.size();
    CHECK(verdict(org, by(secret, del("/api/v1/api-tokens/current"))) == "204");
    CHECK(org.state().tokens.size() == before - 1);
    CHECK(verdict(org, by(secret, get("/api/v1/users/me"))) == "401 E0000011");
  }
}

TEST_CASE("a token that changed its secret behind our back is known by the new one only") {
  Org org = small_org();
  CHECK(verdict(org, get("/api/v1/users/me")) == "200");
  org.state().tokens.at("00Tadmin").secret = "00other";
  CHECK(verdict(org, get("/api/v1/users/me")) == "401 E0000011");
  CHECK(verdict(org, by("00other", get("/api/v1/users/me"))) == "200");
}

TEST_CASE("users by id, login, short login and me") {
  struct Row {
    const char* wanted;
    const char* id;  // empty: not found
  };
  const Row rows[] = {
      {"00uadmin", "00uadmin"},
      {"ada@acme.example", "00uadmin"},
      {"ada%40acme.example", "00uadmin"},
      {"ada", "00uadmin"},
      {"me", "00uadmin"},
      {"rob", ""},  // two have it
      {"rob%40other.example", "00urob2"},
      {"ADA", ""},
      {"gus", "00ugone"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.wanted);
    Org org = small_org();
    const HttpResponse answer = ask(org, get(std::string("/api/v1/users/") + row.wanted));
    if (*row.id == '\0') {
      CHECK(verdict(answer) == "404 E0000007");
    } else {
      CHECK(answer.body.substr(0, 30).find(std::string(R"({"id":")") + row.id + "\"") == 0);
    }
  }
}

}  // namespace

}  // namespace zonepin::sim
