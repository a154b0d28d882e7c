// Who decides for a live token, and what is said where nobody can.
#include "plan/claims.h"

#include <doctest/doctest.h>

#include "plan_kit.h"

namespace zonepin {
namespace {

const std::string kAnn = "00uann00000000000001";
const std::string kBob = "00ubob00000000000001";

std::string statuses(const OrgPlan& plan) {
  std::string words;
  for (const Change& change : plan.changes) {
    const std::string which = change.id.empty() ? change.name : change.id.substr(19);
    words += (words.empty() ? "" : " ") + which + ":" + std::string(to_string(change.status));
  }
  return words;
}

DesiredToken id_with(DesiredToken entry, const std::string& name, const std::string& owner) {
  entry.name = name;
  entry.owner = owner;
  return entry;
}

TEST_CASE("an entry by id decides, else one by name, else nobody") {
  struct Row {
    const char* name;
    std::vector<DesiredToken> entries;
    const char* expected;
  };
  // Tokens 1 and 2 are both `twin` (of Ann and of Bob), 3 is `ci` of Ann, 4 is `other` of Bob.
  const Row rows[] = {
      {"nothing declared", {}, "3:unmanaged 4:unmanaged 1:unmanaged 2:unmanaged"},
      {"by name", {named(1, "ci", {"corp"})}, "3:replace 4:unmanaged 1:unmanaged 2:unmanaged"},
      {"names are exact",
       {named(1, "CI", {"corp"})},
       "CI:missing 3:unmanaged 4:unmanaged 1:unmanaged 2:unmanaged"},
      {"by id", {by_id(1, 3, {"corp"})}, "3:replace 4:unmanaged 1:unmanaged 2:unmanaged"},
      {"id and its name",
       {id_with(by_id(1, 3, {"corp"}), "ci", {})},
       "3:replace 4:unmanaged 1:unmanaged 2:unmanaged"},
      {"id and another name",
       {id_with(by_id(1, 3, {"corp"}), "cd", {})},
       "4:unmanaged 1:unmanaged 2:unmanaged 3:conflict"},
      {"id and its owner",
       {id_with(by_id(1, 3, {"corp"}), {}, "ann@acme.example")},
       "3:replace 4:unmanaged 1:unmanaged 2:unmanaged"},
      {"id and another owner",
       {id_with(by_id(1, 3, {"corp"}), {}, kBob)},
       "4:unmanaged 1:unmanaged 2:unmanaged 3:conflict"},
      {"id and an owner that nobody is",
       {id_with(by_id(1, 3, {"corp"}), {}, "ghost@acme.example")},
       "4:unmanaged 1:unmanaged 2:unmanaged 3:conflict"},
      {"name of two", {named(1, "twin", {"corp"})}, "3:unmanaged 4:unmanaged 1:ambiguous 2:ambiguous"},
      {"name and login",
       {named(1, "twin", {"corp"}, "ann@acme.example")},
       "1:replace 3:unmanaged 4:unmanaged 2:unmanaged"},
      {"name and user id",
       {named(1, "twin", {"corp"}, kBob)},
       "2:replace 3:unmanaged 4:unmanaged 1:unmanaged"},
      {"both twins",
       {named(1, "twin", {"corp"}, kAnn), named(2, "twin", {"ci"}, kBob)},
       "1:replace 2:replace 3:unmanaged 4:unmanaged"},
      {"twice by name",
       {named(1, "ci", {"corp"}), named(2, "ci", {"corp"})},
       "4:unmanaged 1:unmanaged 2:unmanaged 3:conflict"},
      {"twice by id",
       {by_id(1, 3, {"corp"}), by_id(2, 3, {"corp"})},
       "4:unmanaged 1:unmanaged 2:unmanaged 3:conflict"},
      {"by id beats by name",
       {named(1, "ci", {"data"}), by_id(2, 3, {"corp"})},
       "3:replace 4:unmanaged 1:unmanaged 2:unmanaged"},
      {"one twin by id, the name stays ambiguous",
       {named(1, "twin", {"corp"}), by_id(2, 1, {"corp"})},
       "1:replace 3:unmanaged 4:unmanaged 2:ambiguous"},
      {"declared, not live",
       {named(1, "gone-ci", {"corp"}), by_id(2, 9, {"corp"})},
       "9:missing gone-ci:missing 3:unmanaged 4:unmanaged 1:unmanaged 2:unmanaged"},
      {"revoked, and gone",
       {revoked(by_id(1, 9, {}))},
       "9:gone 3:unmanaged 4:unmanaged 1:unmanaged 2:unmanaged"},
      {"revoked", {revoked(by_id(1, 3, {}))}, "3:revoke 4:unmanaged 1:unmanaged 2:unmanaged"},
  };
  Live live = live_with({token(1, "twin", anywhere(), kAnn), token(2, "twin", anywhere(), kBob),
                         token(3, "ci", anywhere(), kAnn), token(4, "other", anywhere(), kBob)});
  live.users.add("ann@acme.example", kAnn);
  live.users.add("ghost@acme.example", "");
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(statuses(plan_for(desired_of(row.entries), live)) == row.expected);
  }
}

TEST_CASE("a conflict names both places, and says how to end it") {
  const Live live = live_with({token(1, "ci")});
  const OrgPlan twice = plan_for(desired_of({by_id(7, 1, {"corp"}), by_id(3, 1, {"ci"})}), live);
  const Change& change = twice.changes.front();
  CHECK(change.note ==
        "claimed by several entries: manifests/a.yaml:3, manifests/a.yaml:7; keep one of them");
  CHECK(change.source == SourceRef{"manifests/a.yaml", 3});
  const Finding* finding = finding_of(twice, "conflict");
  REQUIRE(finding != nullptr);
  CHECK(finding->severity == "error");
  CHECK(finding->token_id == token_id(1));

  const OrgPlan wrong = plan_for(desired_of({id_with(by_id(1, 1, {"corp"}), "cd\n\x1b[31m", {})}), live);
  CHECK(holds(wrong.changes.front().note, "\"cd\\n\\x1b[31m\", but the live token is named \"ci\""));
}

TEST_CASE("an ambiguous name lists the candidates with what tells them apart") {
  Live live = live_with({token(2, "twin", anywhere(), kBob), token(1, "twin", anywhere(), kAnn)});
  live.tokens[0].expires_at.reset();
  const OrgPlan plan = plan_for(desired_of({named(4, "twin", {"corp"})}), live);
  const Finding* finding = finding_of(plan, "ambiguous");
  REQUIRE(finding != nullptr);
  CHECK(finding->message ==
        "2 live tokens match \"twin\". It decides for none of them: name one by its id, or add `owner:`");
  CHECK(finding->source == SourceRef{"manifests/a.yaml", 4});
  CHECK(finding->details ==
        std::vector<std::string>{
            token_id(1) + " (owner " + kAnn +
                ", created 2025-11-02T14:47:13Z, last used about 2025-12-21T00:00:00Z)",
            token_id(2) + " (owner " + kBob + ", created 2025-11-02T14:47:13Z, last used unknown)"});
  CHECK(summary_of(plan).actions() == 0);
}

TEST_CASE("many candidates are cut, and counted") {
  std::vector<Token> tokens;
  for (int number = 100; number < 150; ++number) tokens.push_back(token(number, "twin"));
  const OrgPlan plan = plan_for(desired_of({named(1, "twin", {"corp"})}), live_with(tokens));
  const Finding* finding = finding_of(plan, "ambiguous");
  REQUIRE(finding != nullptr);
  REQUIRE(finding->details.size() == 21);
  CHECK(finding->details.back() == "30 more");
}

TEST_CASE("where entries by id decide for every candidate, the name is shadowed and not ambiguous") {
  const Live live = live_with({token(1, "twin"), token(2, "twin")});
  const OrgPlan plan =
      plan_for(desired_of({named(1, "twin", {"corp"}), by_id(2, 1, {"ci"}), by_id(3, 2, {"ci"})}), live);
  CHECK(finding_of(plan, "ambiguous") == nullptr);
  const Finding* shadowed = finding_of(plan, "shadowed");
  REQUIRE(shadowed != nullptr);
  CHECK(shadowed->message ==
        "the entry at manifests/a.yaml:1 has no say: the one by id at manifests/a.yaml:2 decides");
  CHECK(summary_of(plan).count(Status::replace) == 2);
}

TEST_CASE("a missing token says what may be meant") {
  Live live = live_with({token(1, "ci-deployer", anywhere(), kAnn), token(2, "backup", anywhere(), kBob)});
  live.users.add("ann@acme.example", kAnn);
  live.users.add("ghost@acme.example", "");
  const auto note = [&](DesiredToken entry) {
    return plan_for(desired_of({std::move(entry)}), live).changes.front().note;
  };
  CHECK(note(named(1, "ci-deploer", {"corp"})) == "did you mean \"ci-deployer\"?");
  CHECK(note(named(1, "nothing like it", {"corp"})).empty());
  CHECK(note(by_id(1, 3, {"corp"})) == "did you mean \"" + token_id(1) + "\"?");
  CHECK(note(named(1, "backup", {"corp"}, "ghost@acme.example")) ==
        "no user of this org has the login \"ghost@acme.example\"");
  CHECK(note(named(1, "backup", {"corp"}, "ann@acme.example")) ==
        "a live token has this name, but another owner: " + token_id(2) + " (owner " + kBob +
            ", created 2025-11-02T14:47:13Z, last used about 2025-12-21T00:00:00Z)");
}

TEST_CASE("only logins are looked up") {
  const Live live = live_with({token(1, "a", anywhere(), kAnn), token(2, "b", anywhere(), "odd-user-id")});
  struct Row {
    const char* owner;
    bool asked;
  };
  const Row rows[] = {{"ann@acme.example", true},
                      {"ann", true},
                      {"", false},
                      {"00uann00000000000001", false},
                      {"odd-user-id", false},
                      {"00uann0000000000000", true},
                      {"00uann0000000000000-", true},
                      // `me` is whoever asks; the dots lead out of /users.
                      {"me", false},
                      {".", false},
                      {"..", false}};
  for (const Row& row : rows) {
    CAPTURE(row.owner);
    const auto unknown =
        unknown_users(desired_of({named(1, "a", {}, row.owner), named(2, "b", {}, row.owner)}), live, kNow);
    CHECK(unknown.ids.empty());
    CHECK(unknown.logins == (row.asked ? std::vector<std::string>{row.owner} : std::vector<std::string>{}));
  }
}

}  // namespace
}  // namespace zonepin
