// The state file: what may be left out, what is refused, and that nothing is lost on the way.
#include <doctest/doctest.h>

#include "sim/faults.h"
#include "sim/files.h"
#include "sim/generate.h"
#include "unit/sim/kit.h"

namespace zonepin::sim {

namespace {

TEST_CASE("what is written is what is read") {
  State used = small_state();
  used.settings.choices.rename = Rename::refused;
  used.settings.rate_limits["/api/v1"] = 7;
  used.settings.seed = 18'446'744'073'709'551'615U;
  Org org(std::move(used));
  ask(org, get("/api/v1/zones"));
  ask(org, del("/api/v1/api-tokens/00Tgone"));
  const State states[] = {State{}, small_state(), org.state(), demo_org(noon()),
                          generated_org(OrgSize{200, 40, 5, 3}, noon())};
  for (const State& state : states) {
    const std::string text = to_json(state);
    const Result<State> again = parse_state(text, at("2030-01-01T00:00:00Z"));
    REQUIRE(again);
    CHECK(*again == state);
    CHECK(to_json(*again) == text);
  }
}

TEST_CASE("a token needs id, name and owner; the rest has defaults") {
  const State state = parsed(R"({"tokens":[{"id":"00T1","name":"one","userId":"00u1"}]})");
  Token expected;
  expected.id = "00T1";
  expected.name = "one";
  expected.user_id = "00u1";
  expected.client_name = "Okta API";
  expected.token_window = "P30D";
  expected.created = at("2026-02-28T12:00:00Z");
  expected.last_updated = expected.created;
  expected.expires_at = at("2026-03-30T12:00:00Z");
  CHECK(state.tokens.at("00T1") == expected);
}

TEST_CASE("dates are written out or counted from now") {
  struct Row {
    const char* text;
    const char* instant;  // empty: refused
  };
  const Row rows[] = {
      {"2025-11-02T14:47:13.000Z", "2025-11-02T14:47:13Z"},
      {"2025-11-02T14:47:13Z", "2025-11-02T14:47:13Z"},
      {"now", "2026-03-01T12:00:00Z"},
      {"now-P3D", "2026-02-26T12:00:00Z"},
      {"now+PT90M", "2026-03-01T13:30:00Z"},
      {"now+", ""},
      {"now*P3D", ""},
      {"nowP3D", ""},
      {"yesterday", ""},
      {"", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string json =
        R"({"tokens":[{"id":"t","name":"t","userId":"u","expiresAt":")" + std::string(row.text) + R"("}]})";
    const Result<State> state = parse_state(json, noon());
    REQUIRE(state.has_value() == (*row.instant != '\0'));
    if (state) CHECK(state->tokens.at("t").expires_at == at(row.instant));
  }
}

TEST_CASE("mistakes are named with their place") {
  struct Row {
    const char* json;
    const char* part;  // of the message
  };
  const Row rows[] = {
      {"{\n\"tokens\": [}", "not well-formed JSON (line 2)"},
      {"[]", "must be an object"},
      {R"({"token":[]})", R"(unknown field "token", did you mean "tokens"?)"},
      {R"({"tokens":{}})", "tokens: must be an array"},
      {R"({"tokens":[1]})", "tokens[0]: must be an object"},
      {R"({"tokens":[{"name":"n","userId":"u"}]})", "tokens[0].id: is required"},
      {R"({"tokens":[{"id":"t","name":"n","userId":"u","secert":"x"}]})",
       R"(tokens[0]: unknown field "secert", did you mean "secret"?)"},
      {R"({"tokens":[{"id":"t","name":"n","userId":"u","secret":"a b"}]})",
       "tokens[0].secret: must not hold white space"},
      {R"({"tokens":[{"id":"t","name":"n","userId":"u"},{"id":"t","name":"m","userId":"u"}]})",
       R"(tokens[1]: the id "t" stands twice)"},
      {R"({"tokens":[{"id":"a","name":"n","userId":"u","secret":"s"},{"id":"b","name":"n","userId":"u","secret":"s"}]})",
       "have one secret"},
      {R"({"tokens":[{"id":"t","name":"n","userId":"u","network":{"connection":"ZONE","includes":[]}}]})",
       R"(tokens[0].network: unknown field "includes")"},
      {R"({"tokens":[{"id":"t","name":"n","userId":"u","network":{"connection":"ZONE","include":[1]}}]})",
       "tokens[0].network.include: must be an array of strings"},
      {R"({"zones":[{"id":"z","name":"n","gateways":[{"type":"CIDR","value":"1.2.3.4"}]}]})",
       R"(zones[0].gateways[0]: "1.2.3.4" is no CIDR)"},
      {R"({"zones":[{"id":"z","name":"n","type":"VPN"}]})",
       R"(zones[0].type: "VPN" is none of IP, DYNAMIC, DYNAMIC_V2)"},
      {R"({"zones":[{"id":"z","name":"n","_links":{}}]})", R"(zones[0]: unknown field "_links")"},
      {R"({"zones":[{"id":"z","name":"n","locations":null}]})", R"(zones[0]: unknown field "locations")"},
      {R"({"users":[{"id":"u","login":"l","role":"BOSS"}]})", R"(users[0].role: "BOSS" is none of)"},
      {R"({"settings":{"rateLimits":{"/api/v1":0}}})", "settings.rateLimits./api/v1: must be between 1 and"},
      {R"({"settings":{"rateLimits":{"/api/v2":5}}})", R"(settings.rateLimits: unknown field "/api/v2")"},
      {R"({"settings":{"choices":{"rename":"maybe"}}})",
       R"(settings.choices.rename: "maybe" is none of applied, ignored, refused)"},
      {R"({"settings":{"tokenPageSize":-1}})", "settings.tokenPageSize: must be a whole number"},
      {R"({"settings":{"enforceNetwork":"yes"}})", "settings.enforceNetwork: must be true or false"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.json);
    const Result<State> state = parse_state(row.json, noon());
    REQUIRE_FALSE(state);
    CHECK(state.error().trouble == Trouble::usage);
    CAPTURE(state.error().message);
    CHECK(state.error().message.find(row.part) != std::string::npos);
  }
}

TEST_CASE("the token to call with") {
  CHECK(token_to_use(small_state(), noon())->id == "00Tadmin");
  State state = small_state();
  state.tokens.at("00Tzone").name = "zonepin-ci";
  CHECK(token_to_use(state, noon())->id == "00Tzone");
  for (auto& item : state.tokens) item.second.secret.clear();
  CHECK(token_to_use(state, noon()) == nullptr);
}

TEST_CASE(
    "the page about the simulator tells no tales: its examples load, its table of choices is the code's") {
  const Result<std::string> page = read_file(ZONEPIN_ROOT "/docs/simulator.md", 1'000'000);
  REQUIRE(page);
  const auto example_of = [&](const char* heading) {
    const std::string fence = "```json\n";
    const std::size_t start = page->find(fence, page->find(heading)) + fence.size();
    return std::string_view(*page).substr(start, page->find("```", start) - start);
  };
  const Result<std::vector<FaultRule>> faults = parse_faults(example_of("\n## Faults"));
  REQUIRE(faults);
  CHECK(faults->size() == 4);
  const State state = parsed(example_of("\n## State file"));
  CHECK(state.tokens.size() == 2);
  CHECK(state.settings.choices.rename == Rename::refused);
  for (const ChoiceWords& words : choice_words()) {
    std::string row = "| `" + std::string(words.name) + "` | ";
    for (const std::string_view value : words.values) {
      row += (value == words.values.front() ? "`" : ", `") + std::string(value) + "`";
    }
    CAPTURE(row);
    CHECK(page->find(row + " |") != std::string::npos);
  }
  for (const std::string_view action : kFaultActions) {
    CHECK(page->find("| `" + std::string(action) + "` | ") != std::string::npos);
  }
}

TEST_CASE("ids have Okta's length and never repeat") {
  State state;
  std::map<std::string, int> seen;
  for (int i = 0; i < 20'000; ++i) ++seen[make_id(state, "00T")];
  CHECK(seen.size() == 20'000);
  CHECK(seen.begin()->first.size() == 20);
  CHECK(make_secret(state).size() == 42);
}

}  // namespace

}  // namespace zonepin::sim
