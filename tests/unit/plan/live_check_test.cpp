#include "plan/live_check.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "unit/plan/plan_kit.h"

namespace zonepin {

namespace {

Live small_org() {
  Live live = live_with({token(1, "ci-deployer"), token(2, "hr-sync"),
                         token(3, "hr-sync", anywhere(), "00u00000000000000002"), token(4, "old-backup")});
  live.users.add("ana@acme.example", "00u00000000000000001");
  live.users.add("nobody@acme.example", "");
  return live;
}

DesiredToken by_name(const std::string& name, const std::string& owner = {}) {
  DesiredToken entry = entry_at(10);
  entry.name = name;
  entry.owner = owner;
  entry.owner_place = {0, 10, 20, 1};
  entry.ignore = true;
  return entry;
}

DesiredToken by_id(const std::string& id, const std::string& name = {}) {
  DesiredToken entry = by_name(name);
  entry.id = id;
  return entry;
}

DesiredToken gone(DesiredToken entry) {
  entry.ignore = false;
  return revoked(std::move(entry));
}

ZonePin pin(const std::string& name, std::optional<std::string> id = {}) {
  ZonePin made;
  made.name = name;
  made.id = std::move(id);
  made.place = {0, 10, 3, 1};
  return made;
}

Rule rule_for(const std::string& name) {
  Rule rule;
  rule.match.name = name;
  rule.ignore = true;
  rule.place = {0, 10, 5, 1};
  return rule;
}

std::string said(const Desired& desired) {
  std::string words;
  for (const Diagnostic& found :
       check_against_live(desired, small_org(), kNow, {{"manifests/a.yaml", "\n"}})) {
    words += (found.severity == Severity::error ? "error " : "warning ") + std::to_string(found.place.line) +
             ":" + std::to_string(found.place.column) + " " + found.summary + " (" + found.detail + ")\n";
  }
  return words;
}

}  // namespace

TEST_CASE("what does not exist is said where the manifest speaks of it") {
  struct Row {
    const char* what;
    std::function<void(Desired&)> change;
    const char* parts[3];  // empty: nothing is said
  };
  const Row rows[] = {
      {"a token that is there", [](Desired& d) { d.tokens = {by_name("ci-deployer")}; }, {}},
      {"a token by id", [](Desired& d) { d.tokens = {by_id(token_id(2), "hr-sync")}; }, {}},
      {"a misspelt name",
       [](Desired& d) { d.tokens = {by_name("ci-deployr")}; },
       {"error 10:", "acme.okta.com has no API token named \"ci-deployr\"", "did you mean \"ci-deployer\"?"}},
      {"a name that nothing is near",
       [](Desired& d) { d.tokens = {by_name("zzzzzz")}; },
       {"error 10:", "no API token named \"zzzzzz\"", "zonepin list tokens"}},
      {"a misspelt id",
       [](Desired& d) { d.tokens = {by_id("00Taaaaaaaaaaaaaaa1")}; },
       {"error 10:", "no API token with the id", "did you mean"}},
      {"missing tokens do not matter",
       [](Desired& d) {
         d.missing = Treatment::ignore;
         d.tokens = {by_name("ci-deployr"), by_id("00Taaaaaaaaaaaaaaa1")};
       },
       {}},
      {"an id with another name",
       [](Desired& d) { d.tokens = {by_id(token_id(1), "hr-sync")}; },
       {"error 10:", "does not fit the token 00T", "is named \"ci-deployer\""}},
      {"several of one name",
       [](Desired& d) { d.tokens = {by_name("hr-sync")}; },
       {"error 10:", "fits 2 tokens of acme.okta.com named \"hr-sync\"",
        "of \"ana@acme.example\", 00Taaaaaaaaaaaaaaaa3 of 00u00000000000000002"}},
      {"several of one name, told apart",
       [](Desired& d) { d.tokens = {by_name("hr-sync", "ana@acme.example")}; },
       {}},
      {"several of one name, all decided by id",
       [](Desired& d) {
         d.tokens = {by_name("hr-sync"), by_id(token_id(2)), by_id(token_id(3))};
       },
       {}},
      {"a name of somebody else",
       [](Desired& d) { d.tokens = {by_name("old-backup", "00u00000000000000002")}; },
       {"error 10:", "named \"old-backup\" that belongs to \"00u00000000000000002\"",
        "others have that name"}},
      {"an owner who is nobody",
       [](Desired& d) { d.tokens = {by_name("hr-sync", "nobody@acme.example")}; },
       {"error 10:20", "nobody in acme.okta.com has the login \"nobody@acme.example\"", ""}},
      {"an owner in a match who is nobody",
       [](Desired& d) {
         d.rules = {rule_for("ci-*")};
         d.rules[0].match.owner = "nobody@acme.example";
         d.rules[0].match.owner_place = {0, 12, 3, 1};
         d.rules[0].min = 0;
       },
       {"error 12:3", "nobody in acme.okta.com", ""}},
      {"claimed twice",
       [](Desired& d) {
         d.tokens = {by_name("ci-deployer"), by_name("ci-deployer")};
         d.tokens[0].place.line = 7;
       },
       {"error 10:", "claimed by another entry as well", "manifests/a.yaml:7: keep one"}},
      {"revoked and gone", [](Desired& d) { d.tokens = {gone(by_name("zzzzzz"))}; }, {}},
      {"revoked and perhaps misspelt",
       [](Desired& d) { d.tokens = {gone(by_name("old-bakup"))}; },
       {"warning 10:", "nothing is left to revoke", "did you mean \"old-backup\"?"}},
      {"a rule that matches", [](Desired& d) { d.rules = {rule_for("ci-*")}; }, {}},
      {"a rule that matches nothing",
       [](Desired& d) { d.rules = {rule_for("x-*")}; },
       {"warning 10:", "matches no token", "min: 0"}},
      {"a rule that may match nothing",
       [](Desired& d) {
         d.rules = {rule_for("x-*")};
         d.rules[0].min = 0;
       },
       {}},
      {"a rule below its min",
       [](Desired& d) {
         d.rules = {rule_for("ci-*")};
         d.rules[0].min = 2;
       },
       {"error 10:", "matches 1 token of acme.okta.com, fewer than its min", "min is 2"}},
      {"a rule above its max",
       [](Desired& d) {
         d.rules = {rule_for("*")};
         d.rules[0].max = 3;
       },
       {"error 10:", "matches 4 tokens of acme.okta.com, more than its max", "max is 3"}},
      {"a pin of a zone that is there", [](Desired& d) { d.zones = {pin("ci", "nzoci")}; }, {}},
      {"a pin of no zone",
       [](Desired& d) { d.zones = {pin("corpo")}; },
       {"error 10:3", "no network zone \"corpo\"", "did you mean \"corp\"?"}},
      {"a pin with another id",
       [](Desired& d) { d.zones = {pin("ci", "nzocorp")}; },
       {"error 10:3", "the zone \"ci\" of acme.okta.com has another id", "it is nzoci"}},
      {"a self that is not there",
       [](Desired& d) {
         d.self = Self{};
         d.self->name = "ci-deploye";
       },
       {"error", "no API token named \"ci-deploye\"", "did you mean \"ci-deployer\"?"}},
      {"an ack for a token that is gone",
       [](Desired& d) {
         d.acks = {Ack{"agent-token", "00Tzzz", {}, "x", {0, 10, 3, 1}}};
       },
       {"warning 10:3", "no API token with the id \"00Tzzz\"", "can go, too"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Desired desired;
    row.change(desired);
    const std::string words = said(desired);
    if (row.parts[0] == nullptr) {
      CHECK(words == "");
      continue;
    }
    CHECK(std::count(words.begin(), words.end(), '\n') == 1);
    for (const char* part : row.parts) CHECK_MESSAGE(words.find(part) != std::string::npos, words << part);
  }
}

}  // namespace zonepin
