// What a change causes, what was approved, and why a token is treated as it is.
#include <doctest/doctest.h>

#include <algorithm>

#include "plan/approval.h"
#include "plan/cause.h"
#include "plan/explain.h"
#include "plan_kit.h"

namespace zonepin {
namespace {

const Change& change_to(const OrgPlan& plan, int number) {
  const auto found = std::find_if(plan.changes.begin(), plan.changes.end(),
                                  [&](const Change& change) { return change.id == token_id(number); });
  REQUIRE(found != plan.changes.end());
  return *found;
}

OrgPlan plan_against(const Desired& desired, const Desired& base, const Live& live, PlanPolicy policy = {}) {
  const OrgPlan older = make_plan(base, live, {}, kNow, sources()).plan;
  return make_plan(desired, live, policy, kNow, sources(), &older).plan;
}

Live four() {
  return live_with({token(1, "a"), token(2, "b"), token(3, "c"), token(4, "d")});
}

TEST_CASE("an action is ours when the older manifests did not ask for the very same") {
  const Desired base = desired_of({by_id(1, 1, {"corp"}), by_id(2, 2, {"corp"}), by_id(3, 4, {"ci"})});
  const Desired desired = desired_of({by_id(1, 1, {"corp"}), by_id(2, 2, {"ci"}), revoked(by_id(3, 3, {}))});
  const OrgPlan plan = plan_against(desired, base, four());
  CHECK((change_to(plan, 1).cause == Cause::drift));   // due before
  CHECK((change_to(plan, 2).cause == Cause::change));  // another condition
  CHECK((change_to(plan, 3).cause == Cause::change));  // new
  CHECK_FALSE(change_to(plan, 4).cause.has_value());   // no action
  const auto lost = std::find_if(plan.findings.begin(), plan.findings.end(),
                                 [](const Finding& finding) { return finding.rule == "becomes-unmanaged"; });
  REQUIRE(lost != plan.findings.end());
  CHECK(lost->token_id == token_id(4));
}

TEST_CASE("only one cause is carried out, and the rest waits without a guard in the way") {
  Live live = four();
  live.tokens[0].client_name = "Okta AD Agent";
  const Desired base = desired_of({by_id(1, 1, {"corp"})});
  const Desired desired = desired_of({by_id(1, 1, {"corp"}), by_id(2, 2, {"ci"})});
  PlanPolicy policy;
  policy.only_cause = Cause::change;
  const OrgPlan plan = plan_against(desired, base, live, policy);
  CHECK(summary_of(plan).actions() == 1);
  CHECK((change_to(plan, 1).status == Status::waiting));
  CHECK(change_to(plan, 1).before_sha256.empty());
  CHECK_FALSE(change_to(plan, 1).after.has_value());
  CHECK(change_to(plan, 1).note ==
        "its new condition was due before (drift), and this run carries out only what the change causes");
  CHECK(plan.guards.empty());
  policy.only_cause = Cause::drift;
  const OrgPlan drift = plan_against(desired, base, live, policy);
  CHECK((change_to(drift, 1).status == Status::replace));
  CHECK((change_to(drift, 2).status == Status::waiting));
}

TEST_CASE("an approved plan covers exactly its own actions") {
  const Desired desired = desired_of({by_id(1, 1, {"corp"}), revoked(by_id(2, 2, {}))});
  const Live live = four();
  const Plan approved{kNow, {}, {plan_for(desired, live)}};
  CHECK(not_approved(plan_for(desired, live), approved).empty());
  // Fewer are fine: somebody else has done it.
  CHECK(not_approved(plan_for(desired_of({by_id(1, 1, {"corp"})}), live), approved).empty());

  struct Row {
    const char* about;
    Desired desired;
    void (*change)(Live&);
    const char* why;
  };
  const auto nothing = [](Live&) {};
  const Row rows[] = {
      {"one more", desired_of({by_id(1, 1, {"corp"}), by_id(5, 3, {"corp"})}), nothing,
       "replace of \"c\" (00Taaaaaaaaaaaaaaaa3): the approved plan does not hold it"},
      {"another condition", desired_of({by_id(1, 1, {"ci"})}), nothing,
       "the approved plan holds another condition"},
      {"a revoke instead", desired_of({revoked(by_id(1, 1, {}))}), nothing,
       "the approved plan holds a replace instead"},
      {"the token changed", desired, [](Live& now) { now.tokens[0].network = only_from({"nzoci"}); },
       "the token is no longer as it was when the plan was approved"},
      {"the revoked one was used", desired,
       [](Live& now) { now.tokens[1].expires_at = "2026-01-25T00:00:00.000Z"; },
       "it was used since the plan was approved"},
      {"a zone changed", desired,
       [](Live& now) {
         now.zones[1].gateways = {{"CIDR", "0.0.0.0/0"}};
       },
       "zone \"corp\" (nzocorp) changed since the plan was approved"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.about);
    Live now = live;
    row.change(now);
    const auto problems = not_approved(plan_for(row.desired, now), approved);
    REQUIRE(problems.size() == 1);
    CHECK(problems.front().find(row.why) != std::string::npos);
  }
  // Another org's approval is none.
  Live other = live;
  other.host = "beta.okta.com";
  CHECK(not_approved(plan_for(desired, other), approved).size() == 2);
}

Rule named_rule(std::uint32_t line, const std::string& glob, const std::vector<std::string>& include) {
  Rule rule;
  rule.match.name = glob;
  rule.place = {0, line, 5, 1};
  rule.network = network_of("ZONE", include, {}, line);
  return rule;
}

TEST_CASE("an explanation names who decides and why the others do not") {
  Desired desired = desired_of({named(1, "a", {"ci"}), by_id(2, 1, {"corp"})});
  desired.rules = {named_rule(3, "?", {"data"}), named_rule(4, "c", {"data"}), named_rule(5, "d", {"ci"})};
  desired.default_network = network_of("ZONE", {"ci"}, {}, 9);
  desired.acks = {{"agent-token", token_id(1), std::nullopt, "SEC-1", {0, 11, 1, 1}}};
  const Live live = four();
  const OrgPlan plan = plan_for(desired, live);
  const auto voices = [&](const std::string& subject) {
    std::string words;
    for (const Explanation& it : explain(subject, desired, live, kNow, sources(), plan)) {
      for (const Voice& voice : it.voices)
        words += std::string(to_string(voice.say)) + " " + voice.what + " " +
                 std::to_string(voice.source->line) + "; ";
    }
    return words;
  };
  CHECK(voices(token_id(1)) ==
        "decides entry by id 2; overruled entry by name 1; overruled rule 3; overruled default 9; ");
  CHECK(voices("b") == "decides rule 3; overruled default 9; ");
  CHECK(voices("c") == "decides rule 3; overruled rule 4; overruled default 9; ");
  CHECK(voices("d") == "undecided rule 3; undecided rule 5; overruled default 9; ");
  CHECK(voices("nobody").empty());
  CHECK(explain(token_id(1), desired, live, kNow, sources(), plan).front().acks.size() == 1);
}

TEST_CASE("an explanation of what is not live says so") {
  const Desired desired = desired_of({named(1, "gone-ci", {"ci"})});
  const auto explained = explain("gone-ci", desired, four(), kNow, sources(), plan_for(desired, four()));
  REQUIRE(explained.size() == 1);
  CHECK_FALSE(explained.front().token.has_value());
  CHECK((explained.front().change.status == Status::missing));
  CHECK(explained.front().voices.front().why == "no live token fits it");
}

}  // namespace
}  // namespace zonepin
