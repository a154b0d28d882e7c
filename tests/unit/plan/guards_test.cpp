// Every guard: what it blocks, what passes just under the bound, what lifts it.
#include "plan/guards.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "plan_kit.h"

namespace zonepin {
namespace {

const std::string kMe = "00ume000000000000001";
const std::string kOther = "00uother000000000001";

std::string words_of_guards(const OrgPlan& plan) {
  std::string words;
  for (const Guard& guard : plan.guards) {
    if (guard.name == kAllowRevoke) continue;
    words += (words.empty() ? "" : " ") + guard.name + (guard.lifted ? "(lifted)" : "");
  }
  return words;
}

const Guard& guard_named(const OrgPlan& plan, const std::string& name) {
  const auto found = std::find_if(plan.guards.begin(), plan.guards.end(),
                                  [&](const Guard& guard) { return guard.name == name; });
  REQUIRE(found != plan.guards.end());
  return *found;
}

// Token 1 `mine` is the caller's, 2 `other` is not; zones corp (203.0.113.0/24), ci (198.51.100.0/24), data.
Live two() {
  Live live = live_with({token(1, "mine", anywhere(), kMe), token(2, "other", anywhere(), kOther)});
  live.self = User{kMe, "me@acme.example"};
  return live;
}

Desired with_self(Desired desired, std::vector<std::string> egress) {
  desired.self = Self{};
  desired.self->egress = std::move(egress);
  desired.self->place = {0, 2, 1, 1};
  return desired;
}

Rule all_tokens(Rule rule) {
  rule.match.name = "*";
  rule.place = {0, 7, 1, 1};
  return rule;
}

TEST_CASE("the token in use must keep admitting the caller") {
  struct Row {
    const char* about;
    Desired desired;
    std::function<void(Live&)> change;
    const char* guards;
  };
  const auto as_it_is = [](Live&) {};
  const auto pinned = [](Live& live) { live.tokens[0].network = only_from({"nzocorp", "nzoci"}); };
  const Row rows[] = {
      {"pinned without an address", desired_of({by_id(1, 1, {"corp"})}), as_it_is, "self-lockout"},
      {"pinned with its address", with_self(desired_of({by_id(1, 1, {"corp"})}), {"203.0.113.9"}), as_it_is,
       ""},
      {"pinned with its network", with_self(desired_of({by_id(1, 1, {"corp"})}), {"203.0.113.0/25"}),
       as_it_is, ""},
      {"pinned without its address", with_self(desired_of({by_id(1, 1, {"corp"})}), {"203.0.112.255"}),
       as_it_is, "self-lockout"},
      {"one of two addresses is lost",
       with_self(desired_of({by_id(1, 1, {"corp"})}), {"203.0.113.1", "192.0.2.1"}), as_it_is,
       "self-lockout"},
      {"tightened inside its reach", desired_of({by_id(1, 1, {"corp"})}), pinned, "self-lockout"},
      {"loosened", desired_of({by_id(1, 1, {"corp", "ci", "data"})}), pinned, ""},
      {"moved away", desired_of({by_id(1, 1, {"data"})}), pinned, "self-lockout"},
      {"revoked", with_self(desired_of({revoked(by_id(1, 1, {}))}), {"203.0.113.9"}),
       [](Live& live) { live.tokens[0].expires_at = "2025-12-31T00:00:00.000Z"; }, "self-lockout"},
      {"somebody else's", desired_of({by_id(1, 2, {"corp"})}), as_it_is, ""},
      {"a service app has none", desired_of({by_id(1, 1, {"corp"})}), [](Live& live) { live.self.reset(); },
       ""},
      {"none of the caller's is listed", desired_of({by_id(1, 1, {"corp"})}),
       [](Live& live) { live.self->id = "00unobody00000000001"; }, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.about);
    Live live = two();
    row.change(live);
    CHECK(words_of_guards(plan_for(row.desired, live)) == row.guards);
  }
}

TEST_CASE(
    "while it is not known which token is in use, every token of the caller is protected, and `self` narrows "
    "that down") {
  Live live = two();
  live.tokens[1].user_id = kMe;
  Desired desired = desired_of({by_id(1, 1, {"corp"}), by_id(2, 2, {"corp"})});
  CHECK(guard_named(plan_for(desired, live), "self-lockout").token_ids ==
        std::vector<std::string>{token_id(1), token_id(2)});
  desired.self = Self{};
  desired.self->name = "mine";
  CHECK(guard_named(plan_for(desired, live), "self-lockout").token_ids ==
        std::vector<std::string>{token_id(1)});
  desired.self->name = "other";
  desired.self->id = token_id(1);
  const Planning wrong = planning_of(desired, live);
  REQUIRE(wrong.diagnostics.size() == 1);
  CHECK(wrong.diagnostics.front().summary ==
        "`self:` must be a token of the caller, and none of the 2 live tokens of me@acme.example fits it");
}

TEST_CASE("the run's own token comes last of all, after the revokes") {
  Live live = two();
  live.tokens.push_back(token(3, "old", anywhere(), kOther));
  const OrgPlan plan =
      plan_for(with_self(desired_of({by_id(1, 1, {"corp"}), by_id(2, 2, {"corp"}), revoked(by_id(3, 3, {}))}),
                         {"203.0.113.9"}),
               live);
  REQUIRE(summary_of(plan).actions() == 3);
  CHECK(plan.changes[0].id == token_id(2));
  CHECK(plan.changes[1].id == token_id(3));
  CHECK(plan.changes[2].id == token_id(1));
  CHECK(plan.changes[2].own);
  CHECK(phase_of(plan.changes[2]) == kOwnPhase);
}

TEST_CASE("a revoke of what was used or made lately") {
  struct Row {
    const char* about;
    bool by_rule;
    std::optional<std::string> expires_at;  // the window is 30 days
    std::optional<std::string> created;
    const char* guards;
  };
  // kNow is 2026-01-02T03:04:05Z.
  const Row rows[] = {
      {"used and made long ago", true, "2026-01-25T03:04:05Z", "2025-12-26T03:04:05Z", ""},
      {"used a second less than 7 days ago", false, "2026-01-25T03:04:06Z", "2025-01-01T00:00:00Z",
       "recently-used"},
      {"last use unknown", false, std::nullopt, "2025-01-01T00:00:00Z", "recently-used"},
      {"made a second less than 7 days ago, by rule", true, "2026-01-25T03:04:05Z", "2025-12-26T03:04:06Z",
       "recently-created"},
      {"the same, by id", false, "2026-01-25T03:04:05Z", "2025-12-26T03:04:06Z", ""},
      {"made nobody knows when, by rule", true, "2026-01-25T03:04:05Z", std::nullopt, "recently-created"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.about);
    Live live = two();
    live.tokens[1].expires_at = row.expires_at;
    live.tokens[1].created = row.created;
    Desired desired;
    if (row.by_rule) {
      Rule rule;
      rule.match.name = "other";
      rule.revoked = Revocation{"SEC-1"};
      rule.place = {0, 1, 1, 1};
      desired.rules = {rule};
    } else {
      desired = desired_of({revoked(by_id(1, 2, {}))});
    }
    CHECK(words_of_guards(plan_for(desired, live)) == row.guards);
  }
}

TEST_CASE("who names a token on the command line knows that it is in use") {
  PlanPolicy policy;
  policy.named_by_person = true;
  Desired desired = desired_of({revoked(by_id(1, 2, {}))});
  desired.limits.revoke = 0;
  Live live = two();
  live.tokens[1].expires_at.reset();
  CHECK(words_of_guards(plan_for(desired, live)) == "recently-used revoke");
  CHECK(words_of_guards(plan_for(desired, live, policy)) == "recently-used(lifted)");
}

TEST_CASE("a change that opens a token wide") {
  struct Row {
    const char* about;
    NetworkCondition before;
    DesiredNetwork after;
    const char* guards;
  };
  const auto zones = [](std::vector<std::string> include, std::vector<std::string> exclude = {}) {
    return network_of("ZONE", std::move(include), std::move(exclude), 1);
  };
  const NetworkCondition corp = only_from({"nzocorp"});
  const Row rows[] = {
      {"to anywhere", corp, network_of("ANYWHERE", {}, {}, 1), "loosen-wide"},
      {"to everything but a zone", corp, zones({}, {"data"}), "loosen-wide"},
      {"anywhere to all but a zone is a tighten", anywhere(), zones({}, {"data"}), ""},
      {"to a reserved word", corp, zones({"ALL_IP_ZONES"}), "loosen-wide"},
      {"to one more zone", corp, zones({"corp", "ci"}), ""},
      {"to a /8", corp, zones({"eight"}), ""},
      {"to more than a /8", corp, zones({"nine"}), "loosen-wide"},
      {"to a /32 of IPv6", corp, zones({"six"}), ""},
      {"to more than a /32 of IPv6", corp, zones({"sixteen"}), "loosen-wide"},
      {"from anywhere to more than a /8 is a tighten", anywhere(), zones({"nine"}), ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.about);
    Live live = two();
    live.zones.push_back(zone_with("nzoeight", "eight", {"11.0.0.0/8"}));
    live.zones.push_back(zone_with("nzonine", "nine", {"11.0.0.0/8", "12.0.0.0/32"}));
    live.zones.push_back(zone_with("nzosix", "six", {"2001:db8::/32"}));
    live.zones.push_back(zone_with("nzosixteen", "sixteen", {"2001:db8::/31"}));
    live.tokens[1].network = row.before;
    DesiredToken entry = by_id(1, 2, {"corp"});
    entry.network = row.after;
    CHECK(words_of_guards(plan_for(desired_of({entry}), live)) == row.guards);
  }
}

TEST_CASE("a token in quarantine is not let out of it") {
  Live live = two();
  live.zones.push_back(zone_with("nzoquar", "quarantine", {"192.0.2.7"}));
  live.zones.push_back(zone_with("nzopart", "part", {"192.0.2.7"}));
  live.tokens[1].network = only_from({"nzoquar"});
  ZonePin pin;
  pin.name = "quarantine";
  pin.quarantine = true;
  const auto guards = [&](const std::vector<std::string>& include) {
    Desired desired = desired_of({by_id(1, 2, include)});
    desired.zones = {pin};
    return words_of_guards(plan_for(desired, live));
  };
  CHECK(guards({"corp"}) == "quarantined");
  CHECK(guards({"quarantine", "corp"}) == "quarantined");
  CHECK(guards({"part"}).empty());  // the same addresses
  CHECK(guards({"quarantine"}).empty());
  Desired desired = desired_of({revoked(by_id(1, 2, {}))});
  desired.zones = {pin};
  live.tokens[1].expires_at = "2025-12-31T00:00:00Z";
  CHECK(words_of_guards(plan_for(desired, live)).empty());
}

TEST_CASE("a list that is shorter than expected is not to be trusted") {
  Desired desired = desired_of({by_id(1, 2, {"corp"})});
  desired.min_tokens = 2;
  CHECK(words_of_guards(plan_for(desired, two())).empty());
  desired.min_tokens = 3;
  const OrgPlan plan = plan_for(desired, two());
  CHECK(words_of_guards(plan) == "list-shrank");
  CHECK(guard_named(plan, "list-shrank").message.find("2 tokens, fewer than `expect: {min_tokens: 3}`") !=
        std::string::npos);
  CHECK(words_of_guards(plan_for(desired_of({by_id(1, 2, {"corp"})}), live_with({}))) == "list-shrank");
}

TEST_CASE("limits name the number that would pass") {
  std::vector<Token> tokens;
  for (int number = 1; number <= 10; ++number) tokens.push_back(token(number, "t", anywhere(), kOther));
  for (Token& each : tokens) each.expires_at = "2025-12-31T00:00:00Z";
  const auto plan_of = [&](int replaced, int removed, Limits limits, PlanPolicy policy, int live) {
    Desired desired;
    std::uint32_t line = 1;
    for (int number = 1; number <= replaced; ++number)
      desired.tokens.push_back(by_id(line++, number, {"corp"}));
    for (int number = replaced + 1; number <= replaced + removed; ++number)
      desired.tokens.push_back(revoked(by_id(line++, number, {})));
    desired.limits = limits;
    return plan_for(desired, live_with({tokens.begin(), tokens.begin() + live}), policy);
  };
  CHECK(words_of_guards(plan_of(3, 0, {{}, 30}, {}, 10)).empty());
  const OrgPlan four = plan_of(4, 0, {{}, 30}, {}, 10);
  CHECK(words_of_guards(four) == "update_pct");
  CHECK(guard_named(four, "update_pct").lift == "--max-update-pct 40");
  CHECK(words_of_guards(plan_of(9, 0, {{}, 30}, {}, 9)).empty());  // too few for a percentage
  PlanPolicy forty;
  forty.max_update_pct = 40;
  CHECK(words_of_guards(plan_of(4, 0, {{}, 30}, forty, 10)).empty());
  CHECK(words_of_guards(plan_of(0, 2, {2, {}}, {}, 10)).empty());
  const OrgPlan three = plan_of(0, 3, {2, {}}, {}, 10);
  CHECK(words_of_guards(three) == "revoke");
  CHECK(guard_named(three, "revoke").lift == "--max-revoke 3");
  PlanPolicy allowed;
  allowed.max_revoke = 3;
  CHECK(words_of_guards(plan_of(0, 3, {2, {}}, allowed, 10)).empty());
}

TEST_CASE("each guard that concerns a token is lifted by name, for that token, for a while") {
  struct Row {
    const char* guard;
    Desired desired;
    std::function<void(Live&)> change;
  };
  Rule rule = all_tokens({});
  rule.revoked = Revocation{"SEC-1"};
  Desired by_rule;
  by_rule.rules = {rule};
  Desired quarantine = desired_of({by_id(1, 2, {"corp"})});
  quarantine.zones = {ZonePin{}};
  quarantine.zones[0].name = "data";
  quarantine.zones[0].quarantine = true;
  const auto old_use = [](Live& live) { live.tokens[0].expires_at = "2025-12-31T00:00:00Z"; };
  const Row rows[] = {
      {"self-lockout", desired_of({by_id(1, 2, {"corp"})}), [](Live& live) { live.tokens[0].user_id = kMe; }},
      {"agent-token", desired_of({by_id(1, 2, {"corp"})}),
       [](Live& live) { live.tokens[0].client_name = "Okta AD Agent"; }},
      {"recently-used", desired_of({revoked(by_id(1, 2, {}))}),
       [](Live& live) { live.tokens[0].expires_at.reset(); }},
      {"recently-created", by_rule,
       [&](Live& live) {
         old_use(live);
         live.tokens[0].created.reset();
       }},
      {"loosen-wide", desired_of({by_id(1, 2, {})}),
       [](Live& live) { live.tokens[0].network = only_from({"nzoci"}); }},
      {"quarantined", quarantine, [](Live& live) { live.tokens[0].network = only_from({"nzodata"}); }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.guard);
    Live live = live_with({token(2, "other", anywhere(), kOther)});
    live.self = User{kMe, {}};
    row.change(live);
    Desired desired = row.desired;
    const OrgPlan blocked = plan_for(desired, live);
    CHECK(words_of_guards(blocked) == row.guard);
    CHECK(guard_named(blocked, row.guard).lift ==
          "--ack " + std::string(row.guard) + ":" + token_id(2) + ", or an entry in acks:");
    PlanPolicy policy;
    policy.acks = {{row.guard, token_id(2)}};
    CHECK(words_of_guards(plan_for(desired, live, policy)) == std::string(row.guard) + "(lifted)");
    policy.acks = {{row.guard, token_id(1)}};
    CHECK(words_of_guards(plan_for(desired, live, policy)) == row.guard);
    desired.acks = {{row.guard, token_id(2), kNow + std::chrono::hours(1), "SEC-1", {}}};
    CHECK(words_of_guards(plan_for(desired, live)) == std::string(row.guard) + "(lifted)");
    desired.acks = {{row.guard, token_id(2), kNow, "SEC-1", {}}};  // ended just now
    CHECK(words_of_guards(plan_for(desired, live)) == row.guard);
  }
}

}  // namespace
}  // namespace zonepin
