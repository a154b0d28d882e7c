// Rules, default, ignore, not_before and scope: who decides, and what is refused as undecided.
#include <doctest/doctest.h>

#include <algorithm>

#include "plan/claims.h"
#include "plan_kit.h"

namespace zonepin {
namespace {

const std::string kAnn = "00uann00000000000001";
const std::string kBob = "00ubob00000000000001";

TokenMatch by_name(const std::string& glob) {
  TokenMatch match;
  match.name = glob;
  return match;
}

TokenMatch by_owner(const std::string& owner) {
  TokenMatch match;
  match.owner = owner;
  return match;
}

TokenMatch both(TokenMatch match, const std::string& owner) {
  match.owner = owner;
  return match;
}

// Rules stand one per line of manifests/a.yaml.
Rule rule(std::uint32_t line, TokenMatch match, const std::vector<std::string>& include) {
  Rule made;
  made.match = std::move(match);
  made.place = {0, line, 5, 1};
  if (!include.empty()) made.network = network_of("ZONE", include, {}, line);
  return made;
}

Rule ignoring(std::uint32_t line, TokenMatch match) {
  Rule made = rule(line, std::move(match), {});
  made.ignore = true;
  return made;
}

Rule revoking(std::uint32_t line, TokenMatch match, const std::string& reason,
              const char* not_before = nullptr) {
  Rule made = rule(line, std::move(match), {});
  made.revoked = Revocation{reason, not_before == nullptr ? std::nullopt : parse_instant(not_before)};
  return made;
}

Rule bounded(Rule rule, std::optional<std::size_t> min, std::optional<std::size_t> max) {
  rule.min = min;
  rule.max = max;
  return rule;
}

Rule scoped(Rule rule, TokenMatch scope) {
  rule.scope = std::move(scope);
  return rule;
}

// What becomes of the only token of this id, and by which line.
std::string fate_of(const OrgPlan& plan, int number) {
  for (const Change& change : plan.changes) {
    if (change.id != token_id(number)) continue;
    return std::string(to_string(change.status)) +
           (change.source ? " " + std::to_string(change.source->line) : "");
  }
  return "none";
}

const Change& change_of(const OrgPlan& plan, int number) {
  for (const Change& change : plan.changes) {
    if (change.id == token_id(number)) return change;
  }
  FAIL("no such change");
  return plan.changes.front();
}

std::size_t findings(const OrgPlan& plan, const std::string& rule) {
  std::size_t count = 0;
  for (const Finding& finding : plan.findings) count += finding.rule == rule ? 1U : 0U;
  return count;
}

// Token 1 `etl-a` of Ann, 2 `etl-b` of Bob in zone corp, 3 `web` of Ann.
Live three() {
  Live live = live_with({token(1, "etl-a", anywhere(), kAnn), token(2, "etl-b", only_from({"nzocorp"}), kBob),
                         token(3, "web", anywhere(), kAnn)});
  live.users.add("ann@acme.example", kAnn);
  live.users.add("bob@beta.example", kBob);
  return live;
}

TEST_CASE("who decides for a token that rules match") {
  struct Row {
    const char* about;
    std::vector<DesiredToken> entries;
    std::vector<Rule> rules;
    std::string fate;  // of token 1
  };
  const Row rows[] = {
      {"nobody", {}, {}, "unmanaged"},
      {"a rule", {}, {rule(1, by_name("etl-*"), {"corp"})}, "replace 1"},
      {"a rule for others", {}, {rule(1, by_name("etl-b"), {"corp"})}, "unmanaged"},
      {"an entry by name wins over a rule",
       {named(2, "etl-a", {"ci"})},
       {rule(1, by_name("*"), {"corp"})},
       "replace 2"},
      {"an entry by id wins over a rule",
       {by_id(2, 1, {"ci"})},
       {rule(1, by_name("*"), {"corp"})},
       "replace 2"},
      {"rules that agree",
       {},
       {rule(1, by_name("etl-*"), {"corp"}), rule(2, by_name("*"), {"nzocorp"})},
       "replace 1"},
      {"rules that differ",
       {},
       {rule(1, by_name("etl-*"), {"corp"}), rule(2, by_name("*"), {"ci"})},
       "conflict 1"},
      {"ignore wins over networks that differ",
       {},
       {rule(1, by_name("etl-*"), {"corp"}), rule(2, by_name("*"), {"ci"}), ignoring(3, by_name("etl-?"))},
       "ignored 3"},
      {"ignore wins over a revoke",
       {},
       {revoking(1, by_name("*"), "old"), ignoring(3, by_name("etl-?"))},
       "ignored 3"},
      {"a revoke wins over a network",
       {},
       {rule(1, by_name("*"), {"ci"}), revoking(2, by_name("etl-*"), "old")},
       "revoke 2"},
      {"of revokes the one that is due",
       {},
       {revoking(1, by_name("*"), "later", "2026-02-01T00:00:00Z"), revoking(2, by_name("*"), "now")},
       "revoke 2"},
      {"a revoke that is not due yet",
       {},
       {revoking(1, by_name("*"), "later", "2026-01-02T03:04:06Z"), rule(2, by_name("*"), {"ci"})},
       "waiting 1"},
      {"a revoke that is just due",
       {},
       {revoking(1, by_name("*"), "later", "2026-01-02T03:04:05Z")},
       "revoke 1"},
      {"owner by login", {}, {rule(1, by_owner("ann@acme.example"), {"corp"})}, "replace 1"},
      {"owner by glob", {}, {rule(1, by_owner("*@acme.example"), {"corp"})}, "replace 1"},
      {"owner by id", {}, {rule(1, by_owner(kAnn), {"corp"})}, "replace 1"},
      {"another owner", {}, {rule(1, by_owner("*@beta.example"), {"corp"})}, "unmanaged"},
      {"within the scope",
       {},
       {scoped(rule(1, by_name("*"), {"corp"}), by_owner("*@acme.example"))},
       "replace 1"},
      {"outside of the scope",
       {},
       {scoped(rule(1, by_name("*"), {"corp"}), by_owner("*@beta.example"))},
       "unmanaged"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.about);
    Desired desired = desired_of(row.entries);
    desired.rules = row.rules;
    CHECK(fate_of(plan_for(desired, three()), 1) == row.fate);
    // What is decided does not depend on the order in which the files were given.
    std::reverse(desired.rules.begin(), desired.rules.end());
    CHECK(fate_of(plan_for(desired, three()), 1) == row.fate);
  }
}

TEST_CASE("what decides nothing for anybody else is for the default") {
  Desired desired = desired_of({named(1, "etl-a", {"ci"})});
  desired.rules = {ignoring(2, by_name("web"))};
  desired.default_network = network_of("ZONE", {"data"}, {}, 9);
  const OrgPlan plan = plan_for(desired, three());
  CHECK(fate_of(plan, 1) == "replace 1");
  CHECK(fate_of(plan, 2) == "replace 9");
  CHECK(fate_of(plan, 3) == "ignored 2");
  CHECK(summary_of(plan).count(Status::unmanaged) == 0);
}

TEST_CASE("an entry may ignore its token") {
  DesiredToken entry = entry_at(4);
  entry.name = "web";
  entry.ignore = true;
  Desired desired = desired_of({entry});
  desired.rules = {revoking(1, by_name("*"), "all old")};
  CHECK(fate_of(plan_for(desired, three()), 3) == "ignored 4");
}

TEST_CASE("a rule beyond its bounds decides for none of its tokens") {
  struct Row {
    std::optional<std::size_t> min;
    std::optional<std::size_t> max;
    std::string fate;
  };
  const Row rows[] = {{2, 2, "replace 1"}, {std::nullopt, 1, "conflict 1"}, {3, std::nullopt, "conflict 1"},
                      {0, 2, "replace 1"}, {2, std::nullopt, "replace 1"},  {std::nullopt, 0, "conflict 1"}};
  for (const Row& row : rows) {
    CAPTURE(row.min.value_or(99));
    CAPTURE(row.max.value_or(99));
    Desired desired;
    desired.rules = {bounded(rule(1, by_name("etl-*"), {"ci"}), row.min, row.max)};
    const OrgPlan plan = plan_for(desired, three());
    CHECK(fate_of(plan, 1) == row.fate);
    CHECK(fate_of(plan, 3) == "unmanaged");
    CHECK(findings(plan, "rule-bounds") == (row.fate == "replace 1" ? 0U : 1U));
  }
  Desired desired;
  desired.rules = {bounded(rule(7, by_name("etl-*"), {"ci"}), std::nullopt, 1)};
  CHECK(change_of(plan_for(desired, three()), 1).note ==
        "the rule at manifests/a.yaml:7 matches 2 tokens, more than its `max: 1`, and so decides for none of "
        "them: "
        "correct the match or the bound");
}

TEST_CASE("bounds count every match, also those that an entry decides") {
  Desired desired = desired_of({named(2, "etl-b", {"corp"})});
  desired.rules = {bounded(rule(1, by_name("etl-*"), {"ci"}), 2, 2)};
  CHECK(fate_of(plan_for(desired, three()), 1) == "replace 1");
}

TEST_CASE("a rule that matches nothing is a finding, unless it may") {
  Desired desired;
  desired.rules = {rule(1, by_name("nothing-*"), {"ci"}),
                   bounded(rule(2, by_name("none-*"), {"ci"}), 0, std::nullopt)};
  const OrgPlan plan = plan_for(desired, three());
  REQUIRE(findings(plan, "rule-unused") == 1);
  for (const Finding& finding : plan.findings) {
    if (finding.rule == "rule-unused") CHECK(finding.source == SourceRef{"manifests/a.yaml", 1});
  }
}

TEST_CASE("what is not known decides nothing, and stands in the way of what it would change") {
  Live live = three();
  live.users = {};
  Desired desired;
  desired.rules = {rule(1, both(by_name("etl-*"), "*@acme.example"), {"corp"})};
  CHECK(fate_of(plan_for(desired, live), 1) == "unmanaged");
  CHECK(findings(plan_for(desired, live), "rule-in-doubt") == 1);

  // The default would write it, and the rule might say otherwise.
  desired.default_network = network_of("ZONE", {"ci"}, {}, 9);
  const OrgPlan plan = plan_for(desired, live);
  CHECK(fate_of(plan, 1) == "conflict 9");
  CHECK(change_of(plan, 1).note.find("manifests/a.yaml:1") != std::string::npos);
  CHECK(fate_of(plan, 3) == "replace 9");

  // A rule that may ignore it keeps another from revoking it.
  desired = {};
  desired.rules = {revoking(1, by_name("etl-a"), "old"), ignoring(2, by_owner("*@acme.example"))};
  CHECK(fate_of(plan_for(desired, live), 1) == "conflict 1");
  CHECK(fate_of(plan_for(desired, three()), 1) == "ignored 2");

  // Where it makes no difference nobody has to know.
  desired.rules = {rule(1, by_name("etl-*"), {"ci"}), rule(2, by_owner("*@acme.example"), {"ci"})};
  CHECK(fate_of(plan_for(desired, live), 1) == "replace 1");
}

TEST_CASE("an entry reaches no token outside of the scope of its document") {
  Desired desired = desired_of({named(1, "web", {"ci"}), by_id(2, 2, {"ci"}), named(3, "etl-a", {"ci"})});
  desired.token_scopes = {by_owner("*@beta.example"), by_owner("*@acme.example"), std::nullopt};
  const OrgPlan plan = plan_for(desired, three());
  CHECK(fate_of(plan, 1) == "replace 3");
  CHECK(fate_of(plan, 2) == "conflict 2");
  CHECK(fate_of(plan, 3) == "unmanaged");  // by name: the entry speaks of another `web`, one of its own
  const auto missing = std::find_if(plan.changes.begin(), plan.changes.end(),
                                    [](const Change& change) { return change.status == Status::missing; });
  REQUIRE(missing != plan.changes.end());
  CHECK(missing->note.find("does not lie within the scope") != std::string::npos);
}

TEST_CASE("two teams may each have a token of one name, in documents with scopes") {
  const Live live = [] {
    Live twins = live_with({token(1, "ci", anywhere(), kAnn), token(2, "ci", anywhere(), kBob)});
    twins.users.add("ann@acme.example", kAnn);
    twins.users.add("bob@beta.example", kBob);
    return twins;
  }();
  Desired desired = desired_of({named(1, "ci", {"ci"}), named(2, "ci", {"data"})});
  desired.token_scopes = {by_owner("*@acme.example"), by_owner("*@beta.example")};
  const OrgPlan plan = plan_for(desired, live);
  CHECK(fate_of(plan, 1) == "replace 1");
  CHECK(fate_of(plan, 2) == "replace 2");
}

TEST_CASE("scopes go with their entries, in whatever order these come") {
  Desired desired = desired_of({named(9, "web", {"ci"}), named(3, "etl-a", {"ci"})});
  desired.token_scopes = {by_owner("*@beta.example"), std::nullopt};
  const OrgPlan plan = plan_for(desired, three());
  CHECK(fate_of(plan, 1) == "replace 3");
  CHECK(fate_of(plan, 3) == "unmanaged");
}

TEST_CASE("owners are looked up only where they decide") {
  Live live = three();
  live.users = {};
  Desired desired;
  desired.rules = {rule(1, both(by_name("etl-*"), "*@acme.example"), {"corp"}),
                   rule(2, by_owner("bob@beta.example"), {"ci"}),
                   scoped(rule(3, by_name("we?"), {"ci"}), by_owner("*-team@*"))};
  UnknownUsers unknown = unknown_users(desired, live, kNow);
  CHECK(unknown.logins == std::vector<std::string>{"bob@beta.example"});
  live.users.add("bob@beta.example", kBob);
  unknown = unknown_users(desired, live, kNow);
  CHECK(unknown.logins.empty());
  CHECK(unknown.ids == std::vector<std::string>{kAnn});  // of etl-a and of web; Bob is known by now
  desired.rules.pop_back();
  desired.rules.front().match.name = "etl-b";
  CHECK(unknown_users(desired, live, kNow).ids.empty());
}

}  // namespace
}  // namespace zonepin
