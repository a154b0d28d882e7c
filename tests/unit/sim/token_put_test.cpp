// PUT of a token: what changes, what never does, what is refused (FACTS 1.2 to 1.4), under each choice.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "unit/sim/kit.h"

namespace zonepin::sim {

namespace {

const std::string kZonePath = "/api/v1/api-tokens/00Tzone";

TEST_CASE("a PUT changes the condition and lastUpdated, and answers what a GET then answers") {
  Org org = small_org();
  const Token before = token(org, "00Tzone");
  const std::string body =
      put_body(org, "00Tzone", R"({"connection":"ZONE","include":["nzoCorp","nzoRange"]})");
  const HttpResponse answer = ask(org, put(kZonePath, body));
  CHECK(answer.status == 200);
  CHECK(answer.body == ask(org, get(kZonePath)).body);
  Token expected = before;
  expected.network = Network{"ZONE", {"nzoCorp", "nzoRange"}, {}};
  expected.last_updated = at("2026-03-01T12:00:00.000Z");
  CHECK(token(org, "00Tzone") == expected);
}

TEST_CASE("a PUT to ANYWHERE leaves no list behind") {
  Org org = small_org();
  const HttpResponse answer = ask(
      org,
      put(kZonePath, put_body(org, "00Tzone", R"({"connection":"ANYWHERE","include":null,"exclude":[]})")));
  CHECK(answer.body.find(R"("network":{"connection":"ANYWHERE"},)") != std::string::npos);
}

TEST_CASE("conditions that are refused change nothing") {
  struct Row {
    const char* network;
    const char* cause;  // part of it
  };
  const Row rows[] = {
      {R"({})", "connection"},
      {R"({"connection":"SOMEWHERE"})", "connection"},
      {R"({"connection":"ZONE"})", "Either include or exclude"},
      {R"({"connection":"ZONE","include":[]})", "Either include or exclude"},
      {R"({"connection":"ZONE","include":["nzoCorp"],"exclude":["nzoRange"]})", "Either include or exclude"},
      {R"({"connection":"ANYWHERE","include":["nzoCorp"]})", "connection ZONE"},
      {R"({"connection":"ZONE","include":["nzoNone"]})", "nzoNone does not exist"},
      {R"({"connection":"ZONE","include":["corp"]})", "corp does not exist"},  // a name is no id
      {R"({"connection":"ZONE","include":["nzoCorp","nzoOff"]})", "nzoOff is not an active IP zone"},
      {R"({"connection":"ZONE","exclude":["nzoBlock"]})", "nzoBlock is not"},
      {R"({"connection":"ZONE","include":["nzoDyn"]})", "nzoDyn is not"},
      {R"({"connection":"ZONE","include":["nzoDyn2"]})", "nzoDyn2 is not"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.network);
    Org org = small_org();
    const Token before = token(org, "00Tzone");
    const HttpResponse answer = ask(org, put(kZonePath, put_body(org, "00Tzone", row.network)));
    CHECK(verdict(answer) == "400 E0000001");
    CHECK(token(org, "00Tzone") == before);
    const nlohmann::json body = nlohmann::json::parse(answer.body);
    CHECK(body["errorSummary"] == "Api validation failed: network");
    CHECK(body["errorCauses"][0]["errorSummary"].get<std::string>().find(row.cause) != std::string::npos);
  }
}

TEST_CASE("bodies that are not what they should be") {
  const std::string deep(100'000, '[');
  struct Row {
    const char* what;
    std::string body;
    const char* content_type;
    const char* verdict;
  };
  const Row rows[] = {
      {"nothing", "", "application/json", "400 E0000003"},
      {"half", "{\"name\":", "application/json", "400 E0000003"},
      {"an array", "[]", "application/json", "400 E0000003"},
      {"too deep", deep, "application/json", "400 E0000003"},
      {"no UTF-8", "{\"name\":\"\xff\"}", "application/json", "400 E0000003"},
      {"a number as name", R"({"name":1})", "application/json", "400 E0000003"},
      {"text as network", R"({"network":"ANYWHERE"})", "application/json", "400 E0000003"},
      {"text as list", R"({"network":{"connection":"ZONE","include":"nzoCorp"}})", "application/json",
       "400 E0000003"},
      {"numbers in a list", R"({"network":{"connection":"ZONE","include":[1]}})", "application/json",
       "400 E0000003"},
      {"created is no date", R"({"created":"yesterday"})", "application/json", "400 E0000003"},
      {"an empty name", R"({"name":""})", "application/json", "400 E0000001"},
      {"another type", "{}", "application/x-www-form-urlencoded", "400 E0000021"},
      {"a type with parameters", R"({"network":{"connection":"ANYWHERE"}})",
       "Application/JSON; charset=utf-8", "200"},
      {"members that nobody knows", R"({"network":{"connection":"ANYWHERE"},"color":"red"})",
       "application/json", "200"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Org org = small_org();
    Call call = put(kZonePath, row.body);
    call.content_type = row.content_type;
    CHECK(verdict(org, call) == row.verdict);
  }
}

// One PUT under one choice.
struct ChoiceRow {
  const char* choice;
  const char* value;
  const char* token_id;
  const char* body;
  const char* verdict;
  const char* part;  // of the token's answer afterwards
};

TEST_CASE("each open point of PUT goes the way that was chosen") {
  const char* const other_name = R"({"name":"new","userId":"00uadmin","network":{"connection":"ANYWHERE"}})";
  const char* const other_owner =
      R"({"name":"zone","userId":"00ureader","network":{"connection":"ANYWHERE"}})";
  const char* const only_network = R"({"network":{"connection":"ANYWHERE"}})";
  const char* const no_network = R"({"name":"zone","userId":"00uadmin"})";
  const char* const empty_list = R"({"name":"zone","network":{"connection":"ANYWHERE","include":[]}})";
  const char* const reserved =
      R"({"name":"zone","network":{"connection":"ZONE","include":["ALL_IP_ZONES"]}})";
  const char* const legacy = R"({"name":"zone","network":{"connection":"ZONE","include":["nzoLegacy"]}})";
  const char* const two =
      R"({"name":"zone","network":{"connection":"ZONE","include":["nzoRange","nzoCorp"]}})";
  const char* const idle = R"({"name":"zone","network":{"connection":"ZONE","exclude":["nzoSix"]}})";
  const char* const agent = R"({"name":"agent","network":{"connection":"ANYWHERE"}})";
  const ChoiceRow rows[] = {
      {"rename", "applied", "00Tzone", other_name, "200", R"("name":"new")"},
      {"rename", "ignored", "00Tzone", other_name, "200", R"("name":"zone")"},
      {"rename", "refused", "00Tzone", other_name, "400 E0000001", R"("name":"zone")"},
      {"ownerChange", "refused", "00Tzone", other_owner, "400 E0000001", R"("userId":"00uadmin")"},
      {"ownerChange", "ignored", "00Tzone", other_owner, "200", R"("userId":"00uadmin")"},
      {"ownerChange", "applied", "00Tzone", other_owner, "200", R"("userId":"00ureader")"},
      {"partialPut", "accepted", "00Tzone", only_network, "200", R"("name":"zone")"},
      {"partialPut", "refused", "00Tzone", only_network, "400 E0000001", R"("exclude":["nzoSix"])"},
      {"omittedNetwork", "cleared", "00Tzone", no_network, "200", R"("network":{"connection":"ANYWHERE"})"},
      {"omittedNetwork", "kept", "00Tzone", no_network, "200", R"("exclude":["nzoSix"])"},
      {"omittedNetwork", "refused", "00Tzone", no_network, "400 E0000001", R"("exclude":["nzoSix"])"},
      {"emptyList", "absent", "00Tzone", empty_list, "200", R"("network":{"connection":"ANYWHERE"})"},
      {"emptyList", "refused", "00Tzone", empty_list, "400 E0000001", R"("exclude":["nzoSix"])"},
      {"reservedWords", "accepted", "00Tzone", reserved, "200", R"("include":["ALL_IP_ZONES"])"},
      {"reservedWords", "refused", "00Tzone", reserved, "400 E0000001", R"("exclude":["nzoSix"])"},
      {"systemZones", "accepted", "00Tzone", legacy, "200", R"("include":["nzoLegacy"])"},
      {"systemZones", "refused", "00Tzone", legacy, "400 E0000001", R"("exclude":["nzoSix"])"},
      {"listOrder", "as-sent", "00Tzone", two, "200", R"("include":["nzoRange","nzoCorp"])"},
      {"listOrder", "reversed", "00Tzone", two, "200", R"("include":["nzoCorp","nzoRange"])"},
      {"idlePut", "moves-lastUpdated", "00Tzone", idle, "200", R"("lastUpdated":"2026-03-01T12:00:00.000Z")"},
      {"idlePut", "leaves-lastUpdated", "00Tzone", idle, "200",
       R"("lastUpdated":"2025-11-06T08:22:21.000Z")"},
      {"agentPut", "accepted", "00Tagent", agent, "200", R"("network":{"connection":"ANYWHERE"})"},
      {"agentPut", "refused", "00Tagent", agent, "403 E0000006", R"("clientName":"Okta AD Agent","created")"},
  };
  for (const ChoiceRow& row : rows) {
    CAPTURE(row.choice);
    CAPTURE(row.value);
    State state = small_state();
    REQUIRE(set_choice(state.settings.choices, row.choice, row.value));
    Org org(std::move(state));
    const std::string path = std::string("/api/v1/api-tokens/") + row.token_id;
    CHECK(verdict(org, put(path, row.body)) == row.verdict);
    CHECK(ask(org, get(path)).body.find(row.part) != std::string::npos);
  }
}

TEST_CASE("every choice has a name, a default and two values at least") {
  for (const ChoiceWords& words : choice_words()) {
    CAPTURE(words.name);
    CHECK(words.values.size() >= 2);
    CHECK(choice_value(Choices{}, words.name) == words.values.front());
    for (const std::string_view value : words.values) {
      Choices choices;
      REQUIRE(set_choice(choices, words.name, value));
      CHECK(choice_value(choices, words.name) == value);
    }
  }
  Choices choices;
  CHECK_FALSE(set_choice(choices, "rename", "maybe"));
  CHECK_FALSE(set_choice(choices, "nothing", "refused"));
}

}  // namespace

}  // namespace zonepin::sim
