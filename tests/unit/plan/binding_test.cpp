// A saved plan held against what is live now, and the plan that takes one back.
#include "plan/binding.h"

#include <doctest/doctest.h>

#include <functional>

#include "plan/plan_codec.h"
#include "plan/reach.h"
#include "plan_kit.h"

namespace zonepin {
namespace {

Live org() {
  return live_with({token(1, "a"), token(2, "b", only_from({"nzoci"}))});
}

OrgPlan plan_of_two() {
  return plan_for(desired_of({named(1, "a", {"corp"}), revoked(named(2, "b", {}))}), org());
}

struct BindRow {
  const char* name;
  std::function<void(Live&)> meanwhile;
  Standing replace;
  Standing revoke;
  const char* problem;  // part of the one problem; empty: none
};

TEST_CASE("an action is due, done, gone or stale") {
  const BindRow rows[] = {
      {"nothing happened", [](Live&) {}, Standing::due, Standing::due, ""},
      {"the token list has another order", [](Live& live) { std::swap(live.tokens[0], live.tokens[1]); },
       Standing::due, Standing::due, ""},
      {"dates that move by themselves",
       [](Live& live) {
         live.tokens[0].expires_at = "2026-02-01T00:00:00.000Z";
         live.tokens[0].last_updated = "2026-01-01T00:00:00.000Z";
       },
       Standing::due, Standing::due, ""},
      {"done by hand", [](Live& live) { live.tokens[0].network = only_from({"nzocorp"}); }, Standing::done,
       Standing::due, ""},
      {"gone", [](Live& live) { live.tokens.clear(); }, Standing::gone, Standing::gone, ""},
      {"another condition", [](Live& live) { live.tokens[0].network = not_from({"nzoci"}); }, Standing::stale,
       Standing::due, "its condition is now ZONE exclude nzoci, the plan was made against ANYWHERE"},
      {"no condition at all", [](Live& live) { live.tokens[0].network.reset(); }, Standing::stale,
       Standing::due, "its condition is now no condition"},
      {"another name", [](Live& live) { live.tokens[0].name = "a\x1b[2J"; }, Standing::stale, Standing::due,
       "it is now named \"a\\x1b[2J\", not \"a\""},
      {"another owner", [](Live& live) { live.tokens[0].user_id = "00u9"; }, Standing::stale, Standing::due,
       "its owner is now 00u9"},
      {"another client", [](Live& live) { live.tokens[0].client_name.reset(); }, Standing::stale,
       Standing::due, "clientName"},
      {"as wanted, but renamed",
       [](Live& live) {
         live.tokens[0].network = only_from({"nzocorp"});
         live.tokens[0].name = "A";
       },
       Standing::stale, Standing::due, "named"},
      {"the revoked one was used", [](Live& live) { live.tokens[1].expires_at = "2026-01-31T00:00:00.000Z"; },
       Standing::due, Standing::stale, "it was used since, about 2026-01-01T00:00:00Z"},
      {"when it was used can't be told any more", [](Live& live) { live.tokens[1].token_window.reset(); },
       Standing::due, Standing::stale, "it was used since"},
      {"a zone of the new condition changed",
       [](Live& live) { live.zones[1].gateways[0].value = "0.0.0.0/0"; }, Standing::due, Standing::due,
       "network zone \"corp\" (nzocorp) was changed"},
      {"a zone of the new condition is gone", [](Live& live) { live.zones.erase(live.zones.begin() + 1); },
       Standing::due, Standing::due, "network zone \"corp\" (nzocorp) is gone"},
      {"a zone of the old condition changed", [](Live& live) { live.zones[0].status = "INACTIVE"; },
       Standing::due, Standing::due, "network zone \"ci\" (nzoci) was changed"},
      {"a zone that nothing names is gone", [](Live& live) { live.zones.pop_back(); }, Standing::due,
       Standing::due, ""},
      {"a zone changed that only done actions rely on",
       [](Live& live) {
         live.tokens[0].network = only_from({"nzocorp"});
         live.zones[1].name = "Corp";
       },
       Standing::done, Standing::due, ""},
  };
  const OrgPlan plan = plan_of_two();
  for (const BindRow& row : rows) {
    CAPTURE(row.name);
    Live live = org();
    row.meanwhile(live);
    const Binding binding = bind_plan(plan, live);
    REQUIRE(binding.actions.size() == 2);
    CHECK(binding.actions[0].standing == row.replace);
    CHECK(binding.actions[1].standing == row.revoke);
    REQUIRE(binding.problems.size() == (*row.problem == '\0' ? 0U : 1U));
    if (*row.problem != '\0') CHECK_MESSAGE(holds(binding.problems[0], row.problem), binding.problems[0]);
  }
}

TEST_CASE("a token without a condition is as ANYWHERE wants it") {
  const OrgPlan plan = plan_for(desired_of({named(1, "b", {})}), org());
  Live live = org();
  live.tokens[1].network.reset();
  const Binding binding = bind_plan(plan, live);
  CHECK(binding.actions.at(0).standing == Standing::done);
}

Live varied_org() {
  return live_with({token(1, "tighter"), token(2, "looser", only_from({"nzoci"})),
                    token(3, "moved", only_from({"nzoci"})), token(4, "turned", not_from({"nzoci"})),
                    token(5, "b-tighter", only_from({"nzoci", "nzocorp"})),
                    token(6, "a-looser", not_from({"nzodata"}))});
}

Desired varied_wishes() {
  return desired_of({named(1, "tighter", {"corp"}), named(2, "looser", {}), named(3, "moved", {"corp"}),
                     named(4, "turned", {"data"}), named(5, "b-tighter", {"ci"}), named(6, "a-looser", {})});
}

TEST_CASE("the reverse puts every condition back, and its reverse is the plan again") {
  const Live live = varied_org();
  Plan plan{kNow, kNow + std::chrono::hours(1), {plan_for(varied_wishes(), live)}};
  const Plan back = reverse_of(plan);
  CHECK_FALSE(back.expires_at.has_value());
  REQUIRE(back.orgs.size() == 1);
  REQUIRE(back.orgs[0].changes.size() == 6);
  for (std::size_t at = 1; at < 6; ++at)
    CHECK(phase_of(back.orgs[0].changes[at - 1]) <= phase_of(back.orgs[0].changes[at]));
  for (const Change& undo : back.orgs[0].changes) {
    const Change& done = *change_of(plan.orgs[0], undo.id);
    CHECK(*undo.before == *done.after);
    CHECK(*undo.after == *done.before);
    ReachBook book(live.zones);
    const auto [effect, reach] = book.change_of(undo.before->network, undo.after->network, list_limit(6));
    CHECK(undo.effect == effect);
    CHECK(undo.reach == reach);
  }
  const Plan again = reverse_of(back);
  CHECK(again.orgs[0].changes == plan.orgs[0].changes);
  CHECK(digest_of(again) == digest_of(plan));
  // It is a plan as any other: it can be saved, and bound to what the first one leaves behind.
  const auto decoded = decode_plan(encode_plan(back), "back.json");
  REQUIRE(decoded.has_value());
  CHECK(*decoded == back);
  Live after = live;
  for (Token& each : after.tokens) each.network = change_of(plan.orgs[0], each.id)->after->network;
  CHECK(bind_plan(back.orgs[0], after).problems.empty());
  CHECK(bind_plan(back.orgs[0], live).actions[0].standing == Standing::done);
}

TEST_CASE("what can't be put back is said") {
  Live live = live_with({token(1, "a", NetworkCondition{"ON_NETWORK", {"x"}, {}}), token(2, "b"),
                         token(3, "c", std::nullopt), token(4, "d")});
  const Plan plan{kNow,
                  std::nullopt,
                  {plan_for(desired_of({named(1, "a", {"corp"}), revoked(named(2, "b", {})),
                                        named(3, "c", {"ci"}), named(5, "e", {})}),
                            live)}};
  const OrgPlan back = reverse_of(plan).orgs.at(0);
  REQUIRE(back.changes.size() == 1);
  CHECK(back.changes[0].id == token_id(3));
  CHECK(back.changes[0].after->network == anywhere());  // no condition can't be written
  REQUIRE(back.findings.size() == 2);
  CHECK(holds(back.findings[0].message, "ON_NETWORK include x, can't be written again"));
  CHECK(back.findings[1].message == "a revoked token can't be brought back");
  CHECK(back.zones.size() == 1);
  CHECK(back.zones.count("nzoci") == 1);
}

}  // namespace
}  // namespace zonepin
