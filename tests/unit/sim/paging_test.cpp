// Pages and their Link lines.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <set>

#include "unit/sim/kit.h"

namespace zonepin::sim {

namespace {

State many_zones(int count) {
  State state = small_state();
  state.zones.clear();
  for (int i = 0; i < count; ++i) {
    Zone zone;
    zone.id = make_id(state, "nzo");
    zone.name = "zone " + std::to_string(i);
    state.zones.emplace(zone.id, zone);
  }
  return state;
}

// The target of rel="next", empty when there is none.
std::string next_of(const HttpResponse& response) {
  const std::string rel = R"(>; rel="next")";
  for (const std::string_view line : headers_named(response.headers, "Link")) {
    if (line.size() < rel.size() || line.substr(line.size() - rel.size()) != rel) continue;
    CHECK(line.substr(0, 1 + kBase.size()) == "<" + std::string(kBase));
    return std::string(line.substr(1 + kBase.size(), line.size() - rel.size() - 1 - kBase.size()));
  }
  return {};
}

struct Walk {
  std::set<std::string> ids;
  std::vector<std::size_t> pages;  // how many each holds
};

Walk walk(Org& org, std::string target) {
  Walk walk;
  while (!target.empty() && walk.pages.size() < 1000) {
    const HttpResponse response = ask(org, get(target));
    const nlohmann::json page = nlohmann::json::parse(response.body);
    for (const nlohmann::json& item : page) CHECK(walk.ids.insert(item["id"]).second);
    walk.pages.push_back(page.size());
    target = next_of(response);
  }
  return walk;
}

TEST_CASE("zones come in pages of 20 unless asked otherwise") {
  struct Row {
    const char* target;
    int zones;
    std::vector<std::size_t> pages;
  };
  const Row rows[] = {
      {"/api/v1/zones", 0, {0}},
      {"/api/v1/zones", 20, {20}},
      {"/api/v1/zones", 21, {20, 1}},
      {"/api/v1/zones", 45, {20, 20, 5}},
      {"/api/v1/zones?limit=-1", 21, {20, 1}},
      {"/api/v1/zones?limit=0", 21, {20, 1}},
      {"/api/v1/zones?limit=", 21, {20, 1}},
      {"/api/v1/zones?limit=7", 15, {7, 7, 1}},
      {"/api/v1/zones?limit=200", 201, {200, 1}},
      {"/api/v1/zones?limit=1000", 201, {200, 1}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.target);
    CAPTURE(row.zones);
    Org org(many_zones(row.zones));
    const Walk seen = walk(org, row.target);
    CHECK(seen.pages == row.pages);
    CHECK(seen.ids.size() == static_cast<std::size_t>(row.zones));
  }
}

TEST_CASE("limits that are refused") {
  Org org(many_zones(3));
  CHECK(verdict(org, get("/api/v1/zones?limit=ten")) == "400 E0000001");
  CHECK(verdict(org, get("/api/v1/zones?limit=99999999999")) == "400 E0000001");
  org.state().settings.choices.large_limit = LargeLimit::refused;
  CHECK(verdict(org, get("/api/v1/zones?limit=201")) == "400 E0000001");
  CHECK(verdict(org, get("/api/v1/zones?limit=200")) == "200");
}

TEST_CASE("self and next are Link lines of their own") {
  Org org(many_zones(3));
  const std::string last = std::next(org.state().zones.begin(), 1)->first;
  const HttpResponse response = ask(org, get("/api/v1/zones?limit=2"));
  const std::vector<std::string_view> lines = headers_named(response.headers, "Link");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "<" + std::string(kBase) + R"(/api/v1/zones?limit=2>; rel="self")");
  CHECK(lines[1] == "<" + std::string(kBase) + "/api/v1/zones?after=" + last + R"(&limit=2>; rel="next")");
}

TEST_CASE("tokens come in one answer, or in pages where an org is set so") {
  Org org = small_org();
  const Walk whole = walk(org, "/api/v1/api-tokens");
  CHECK(whole.pages == std::vector<std::size_t>{8});  // nine, of which one is lapsed
  CHECK(whole.ids.count("00Tlapsed") == 0);
  CHECK(walk(org, "/api/v1/api-tokens?limit=2&q=admin").pages == whole.pages);  // no parameters today
  org.state().settings.token_page_size = 3;
  const Walk paged = walk(org, "/api/v1/api-tokens");
  CHECK(paged.pages == std::vector<std::size_t>{3, 3, 2});
  CHECK(paged.ids == whole.ids);
  org.state().settings.token_page_size = 4;
  CHECK(walk(org, "/api/v1/api-tokens").pages == std::vector<std::size_t>{4, 4});
}

TEST_CASE("a token that goes away between two pages is no trouble") {
  Org org = small_org();
  org.state().settings.token_page_size = 3;
  const HttpResponse first = ask(org, get("/api/v1/api-tokens"));
  const std::string next = next_of(first);
  const std::string last = nlohmann::json::parse(first.body).back()["id"];
  org.state().tokens.erase(last);
  CHECK(walk(org, next).pages == std::vector<std::size_t>{3, 2});
}

TEST_CASE("what the list leaves out by choice") {
  Org org = small_org();
  Choices& choices = org.state().settings.choices;
  choices.agent_tokens = AgentTokens::hidden;
  CHECK(walk(org, "/api/v1/api-tokens").ids.count("00Tagent") == 0);
  choices.deactivated_owner = DeactivatedOwner::hidden;
  const Walk seen = walk(org, "/api/v1/api-tokens");
  CHECK(seen.ids.count("00Tgone") == 0);
  CHECK(seen.ids.count("00Tadmin") == 1);
}

}  // namespace

}  // namespace zonepin::sim
