// What a plan says, in which order, and that the same input in any order gives the same plan.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "base/digest.h"
#include "plan/guards.h"
#include "plan/plan_codec.h"
#include "plan_kit.h"

namespace zonepin {
namespace {

OrgPlan plan_one(std::optional<NetworkCondition> live, DesiredNetwork wanted) {
  DesiredToken entry = named(1, "a", {});
  entry.network = std::move(wanted);
  return plan_for(desired_of({entry}), live_with({token(1, "a", std::move(live))}));
}

TEST_CASE("equal conditions need no write, however they are written") {
  struct Row {
    const char* name;
    std::optional<NetworkCondition> live;
    DesiredNetwork wanted;
    Status expected;
  };
  const DesiredNetwork anywhere_wanted = network_of("ANYWHERE", {}, {}, 1);
  const Row rows[] = {
      {"absent is ANYWHERE", std::nullopt, anywhere_wanted, Status::unchanged},
      {"ANYWHERE", anywhere(), anywhere_wanted, Status::unchanged},
      {"order does not matter", NetworkCondition{"ZONE", {"nzodata", "nzoci"}, {}},
       network_of("ZONE", {"ci", "data"}, {}, 1), Status::unchanged},
      {"names and ids", only_from({"nzoci", "nzodata"}), network_of("ZONE", {"data", "nzoci"}, {}, 1),
       Status::unchanged},
      {"repeated members", NetworkCondition{"ZONE", {"nzoci", "nzoci"}, {}},
       network_of("ZONE", {"ci"}, {}, 1), Status::unchanged},
      {"reserved words", only_from({"ALL_ZONES"}), network_of("ZONE", {"ALL_ZONES"}, {}, 1),
       Status::unchanged},
      {"include is not exclude", not_from({"nzoci"}), network_of("ZONE", {"ci"}, {}, 1), Status::replace},
      {"one more", only_from({"nzoci"}), network_of("ZONE", {"ci", "data"}, {}, 1), Status::replace},
      {"absent is not ZONE", std::nullopt, network_of("ZONE", {"ci"}, {}, 1), Status::replace},
      {"a connection that nobody knows", NetworkCondition{"ON_NETWORK", {}, {}}, anywhere_wanted,
       Status::replace},
      {"ZONE without a list", NetworkCondition{"ZONE", {}, {}}, anywhere_wanted, Status::replace},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const OrgPlan plan = plan_one(row.live, row.wanted);
    CHECK(plan.changes.front().status == row.expected);
    CHECK(plan.changes.front().after.has_value() == (row.expected == Status::replace));
  }
}

TEST_CASE("a REPLACE keeps all but the condition, and a REVOKE its reason and last use") {
  Token live = token(1, "a", NetworkCondition{"ON_NETWORK", {"x"}, {}});
  live.user_id.reset();
  Live org = live_with({live, token(2, "b")});
  const OrgPlan plan =
      plan_for(desired_of({named(1, "a", {"corp"}), revoked(named(2, "b", {}), "SEC-9")}), org);
  const Change& replace = *change_of(plan, token_id(1));
  CHECK(replace.before->network == NetworkCondition{"ON_NETWORK", {"x"}, {}});
  TokenState expected = *replace.before;
  expected.network = only_from({"nzocorp"});
  CHECK(*replace.after == expected);
  CHECK(replace.before_sha256 == sha256_of(*replace.before));
  CHECK(replace.before_sha256 ==
        sha256("{\"clientName\":\"Okta API\",\"id\":\"" + token_id(1) +
               "\",\"name\":\"a\",\"network\":{\"connection\":\"ON_NETWORK\",\"include\":[\"x\"]}}"));
  const Change& revoke = *change_of(plan, token_id(2));
  CHECK(revoke.reason == "SEC-9");
  CHECK(revoke.last_used == parse_instant("2025-12-21T00:00:00Z"));
  CHECK(plan.zones.size() == 1);
  CHECK(plan.zones.at("nzocorp").name == "corp");
}

TEST_CASE("loosening comes first and revokes come last") {
  const Live live =
      live_with({token(1, "z-revoked"), token(2, "tighter"), token(3, "looser", only_from({"nzoci"})),
                 token(4, "moved", only_from({"nzoci"})), token(5, "turned", only_from({"nzogone"})),
                 token(6, "b-tighter"), token(7, "a-revoked"), token(8, "same")});
  const OrgPlan plan = plan_for(
      desired_of({revoked(named(1, "z-revoked", {})), named(2, "tighter", {"ci"}), named(3, "looser", {}),
                  named(4, "moved", {"corp"}), named(5, "turned", {"corp"}), named(6, "b-tighter", {"ci"}),
                  revoked(named(7, "a-revoked", {})), named(8, "same", {}), named(9, "absent", {}),
                  revoked(named(10, "absent too", {}))}),
      live);
  std::vector<std::string> order;
  for (const Change& change : plan.changes) order.push_back(change.name);
  CHECK(order == std::vector<std::string>{"looser", "moved", "turned", "b-tighter", "tighter", "a-revoked",
                                          "z-revoked", "same", "absent", "absent too"});
}

TEST_CASE("revokes need --allow-revoke, and no ack replaces it") {
  const Live live = live_with({token(1, "a"), token(2, "b")});
  const Desired desired = desired_of({revoked(named(1, "a", {})), named(2, "b", {"corp"})});
  PlanPolicy policy;
  policy.acks = {{std::string(kAllowRevoke), ""}};
  const OrgPlan refused = plan_for(desired, live, policy);
  REQUIRE(refused.guards.size() == 1);
  CHECK(refused.guards[0].name == "allow-revoke");
  CHECK(refused.guards[0].token_ids == std::vector<std::string>{token_id(1)});
  CHECK(refused.guards[0].lift == "--allow-revoke");
  CHECK(is_blocked(refused));
  policy.allow_revoke = true;
  CHECK_FALSE(is_blocked(plan_for(desired, live, policy)));
  CHECK(plan_for(desired_of({named(2, "b", {"corp"})}), live).guards.empty());
}

struct AgentRow {
  const char* name;
  std::vector<AckFlag> flags;
  std::vector<Ack> acks;
  std::vector<std::string> blocking;
  std::vector<std::string> lifted;
  bool ended;
};

TEST_CASE("a token of an agent is not written without an ack for it") {
  const std::string one = token_id(1);
  const std::string two = token_id(2);
  const Instant later = kNow + std::chrono::hours(1);
  const AgentRow rows[] = {
      {"no ack", {}, {}, {one, two}, {}, false},
      {"a flag for one", {{"agent-token", one}}, {}, {two}, {one}, false},
      {"a bare flag", {{"agent-token", ""}}, {}, {}, {one, two}, false},
      {"a flag of another guard", {{"recently-used", one}}, {}, {one, two}, {}, false},
      {"a flag for a token that needs none", {{"agent-token", token_id(3)}}, {}, {one, two}, {}, false},
      {"in Git", {}, {{"agent-token", two, later, "SEC-1", {}}}, {one}, {two}, false},
      {"in Git, without an end", {}, {{"agent-token", two, std::nullopt, "SEC-1", {}}}, {one}, {two}, false},
      {"the end is exclusive", {}, {{"agent-token", two, kNow, "SEC-1", {0, 5, 3, 1}}}, {one, two}, {}, true},
      {"ended, and one that goes on",
       {},
       {{"agent-token", two, kNow, "SEC-1", {}}, {"agent-token", two, later, "SEC-2", {}}},
       {one},
       {two},
       false},
      {"ended, and a flag",
       {{"agent-token", two}},
       {{"agent-token", two, kNow, "SEC-1", {}}},
       {one},
       {two},
       false},
  };
  Live live = live_with({token(1, "a"), token(2, "b"), token(3, "c"), token(4, "d")});
  live.tokens[0].client_name = "Okta AD Agent";
  live.tokens[1].client_name.reset();  // not told: protected as well
  live.tokens[3].client_name = "Okta AD Agent";
  for (const AgentRow& row : rows) {
    CAPTURE(row.name);
    Desired desired = desired_of(
        {named(1, "a", {"corp"}), revoked(named(2, "b", {})), named(3, "c", {"corp"}), named(4, "d", {})});
    desired.acks = row.acks;
    PlanPolicy policy;
    policy.allow_revoke = true;
    policy.acks = row.flags;
    const OrgPlan plan = plan_for(desired, live, policy);
    std::vector<std::string> blocking;
    std::vector<std::string> lifted;
    for (const Guard& guard : plan.guards) {
      if (guard.name != "agent-token") continue;
      (guard.lifted ? lifted : blocking) = guard.token_ids;
    }
    CHECK(blocking == row.blocking);
    CHECK(lifted == row.lifted);
    CHECK(is_blocked(plan) == !row.blocking.empty());
    CHECK((finding_of(plan, "ack-ended") != nullptr) == row.ended);
  }
}

TEST_CASE("an ack that ended says when, and where it stands") {
  Live live = live_with({token(1, "a")});
  live.tokens[0].client_name = "Okta AD Agent";
  Desired desired = desired_of({named(1, "a", {"corp"})});
  desired.acks = {{"agent-token", token_id(1), kNow - std::chrono::hours(48), "SEC-1", {1, 7, 3, 1}},
                  {"agent-token", token_id(1), kNow - std::chrono::hours(1), "SEC-2", {1, 9, 3, 1}}};
  const OrgPlan plan = plan_for(desired, live);
  const Finding* finding = finding_of(plan, "ack-ended");
  REQUIRE(finding != nullptr);
  CHECK(finding->message == "the ack of agent-token for " + token_id(1) + " ended at 2026-01-02T02:04:05Z");
  CHECK(finding->source == SourceRef{"manifests/b.yaml", 9});
  CHECK(plan.terms.acks.size() == 2);
  // A saved plan takes them along and judges them anew; its acks have no places.
  std::vector<Ack> acks = plan.terms.acks;
  for (Ack& ack : acks) ack.place = {};
  OrgPlan saved = plan;
  saved.terms.acks = acks;
  CHECK_FALSE(guards_of(saved, live, {}, kNow - std::chrono::hours(2), {}).guards.front().lifted == false);
  CHECK(guards_of(saved, live, {}, kNow, {}).findings.size() == 1);
}

TEST_CASE("unmanaged and missing are treated as the manifest says") {
  struct Row {
    Treatment treatment;
    const char* severity;  // empty: no finding
    bool fails;
  };
  const Row rows[] = {
      {Treatment::report, "note", false}, {Treatment::ignore, "", false}, {Treatment::fail, "error", true}};
  const Live live = live_with({token(1, "nobody's")});
  for (const Row& row : rows) {
    Desired desired = desired_of({named(1, "absent", {"corp"}), revoked(named(2, "gone", {}))});
    desired.unmanaged = row.treatment;
    const OrgPlan plan = plan_for(desired, live);
    CHECK(plan.unmanaged_fails == row.fails);
    CHECK_FALSE(plan.missing_fails);
    const Finding* unmanaged = finding_of(plan, "unmanaged");
    CHECK((unmanaged == nullptr ? "" : unmanaged->severity) == row.severity);

    desired.unmanaged = Treatment::report;
    desired.missing = row.treatment;
    const OrgPlan other = plan_for(desired, live);
    CHECK(other.missing_fails == row.fails);
    CHECK_FALSE(other.unmanaged_fails);
    CHECK(other.missing_counts == (row.treatment != Treatment::ignore));
    const Finding* missing = finding_of(other, "missing");
    CHECK((missing == nullptr ? "" : missing->severity) == row.severity);
    CHECK(summary_of(other).count(Status::gone) == 1);
  }
}

// The same entries as they would be read from the files in the other order.
void swap_sources(Desired& desired) {
  const auto swap = [](Place& place) { place.source = 1 - place.source; };
  for (DesiredToken& entry : desired.tokens) {
    swap(entry.place);
    if (!entry.network) continue;
    swap(entry.network->place);
    for (ZoneRef& member : entry.network->include) swap(member.place);
  }
  for (Ack& ack : desired.acks) swap(ack.place);
}

TEST_CASE("the same input in any order gives the same bytes") {
  Live live = live_with({token(1, "twin"), token(2, "twin"), token(3, "ci"), token(4, "cd"),
                         token(5, "agent"), token(6, "left-a"), token(7, "left-b"), token(8, "right"),
                         token(9, "deploy-1"), token(10, "deploy-2")});
  live.tokens[4].client_name = "Okta AD Agent";
  Desired desired =
      desired_of({named(1, "twin", {"corp"}), named(2, "ci", {"ci", "data"}), named(3, "ci", {"corp"}),
                  by_id(4, 4, {"data"}), named(5, "agent", {"corp"}), named(6, "left-c", {"corp"}),
                  revoked(named(7, "right", {}), "a"), revoked(named(7, "nowhere", {}), "b"),
                  revoked(named(7, "nowhere", {}), "c"), named(8, "deploy-3", {"corp"})});
  desired.tokens[2].place.source = 1;
  desired.acks = {{"agent-token", token_id(5), kNow, "x", {0, 20, 1, 1}},
                  {"agent-token", token_id(5), kNow, "y", {1, 2, 1, 1}},
                  {"recently-used", token_id(8), std::nullopt, "z", {0, 22, 1, 1}}};
  const auto text_of = [](const Desired& wanted, const Live& org, const Sources& files) {
    return encode_plan({kNow, std::nullopt, {make_plan(wanted, org, {}, kNow, files).plan}});
  };
  const std::string expected = text_of(desired, live, sources());
  std::uint64_t state = 7;
  const auto shuffle = [&state](auto& items) {
    for (std::size_t left = items.size(); left > 1; --left) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      std::swap(items[left - 1], items[(state >> 33) % left]);
    }
  };
  for (int round = 0; round < 50; ++round) {
    shuffle(live.tokens);
    shuffle(live.zones);
    shuffle(desired.tokens);
    shuffle(desired.acks);
    for (DesiredToken& entry : desired.tokens) {
      if (entry.network) shuffle(entry.network->include);
    }
    REQUIRE(text_of(desired, live, sources()) == expected);
  }
  Desired swapped = desired;
  swap_sources(swapped);
  CHECK(text_of(swapped, live, {sources()[1], sources()[0]}) == expected);
}

TEST_CASE("the digest is that of what is done, and of nothing else") {
  Live live = live_with({token(1, "a"), token(2, "b"), token(3, "c")});
  const Desired desired = desired_of({named(1, "a", {"corp"}), revoked(named(2, "b", {}))});
  const Plan base{kNow, std::nullopt, {plan_for(desired, live)}};
  const std::string digest = digest_of(base);
  CHECK(digest.size() == 64);

  Plan same = base;
  same.created_at += std::chrono::hours(1);
  same.expires_at = kNow;
  same.orgs[0].findings.clear();
  same.orgs[0].guards.clear();
  same.orgs[0].changes.pop_back();  // the unmanaged one
  CHECK(digest_of(same) == digest);

  const std::vector<std::function<void(Plan&)>> changes = {
      [](Plan& plan) { plan.orgs[0].url = "https://other.okta.com"; },
      [](Plan& plan) { plan.orgs[0].changes[0].before->name = "A"; },
      [](Plan& plan) { plan.orgs[0].changes[0].before->network.reset(); },
      [](Plan& plan) { plan.orgs[0].changes[0].before->user_id.reset(); },
      [](Plan& plan) { plan.orgs[0].changes[0].after->network = anywhere(); },
      [](Plan& plan) { plan.orgs[0].changes[1].last_used.reset(); },
      [](Plan& plan) { plan.orgs[0].changes[1].status = Status::replace; },
      [](Plan& plan) { std::swap(plan.orgs[0].changes[0], plan.orgs[0].changes[1]); },
      [](Plan& plan) { plan.orgs[0].zones.at("nzocorp").gateways[0].value = "203.0.113.0/25"; },
      [](Plan& plan) { plan.orgs[0].zones.at("nzocorp").status = "INACTIVE"; },
      [](Plan& plan) { plan.orgs[0].zones.clear(); },
      [](Plan& plan) { plan.orgs.clear(); },
  };
  for (std::size_t at = 0; at < changes.size(); ++at) {
    CAPTURE(at);
    Plan other = base;
    changes[at](other);
    CHECK(digest_of(other) != digest);
  }
}

}  // namespace
}  // namespace zonepin
