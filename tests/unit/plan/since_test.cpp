// What is new in an org since a baseline: what happened to its tokens, and which findings held then already.
#include "plan/since.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "plan/plan_codec.h"
#include "plan_kit.h"

namespace zonepin {
namespace {

const Instant kThen = add(kNow, Duration{0, -1, 0});

// Tokens 1 to 4; 1 and 2 are pinned, all are used until a while after kNow.
Live baseline() {
  Live live = live_with({token(1, "a", only_from({"nzocorp"})), token(2, "b", only_from({"nzoci"})),
                         token(3, "c"), token(4, "d", not_from({"nzodata"}))});
  live.taken_at = kThen;
  return live;
}

Live an_hour_later(Live live) {
  live.taken_at.reset();
  return live;
}

OrgPlan told(const Desired& desired, const Live& then, const Live& now) {
  OrgPlan plan = plan_for(desired, now);
  tell_since(plan, desired, then, now, sources(), kNow);
  return plan;
}

// One line for each event.
std::string in_short(const TokenEvent& event) {
  std::string text = std::string(to_string(event.happening)) + " " + event.name;
  if (!event.was_named.empty()) text += " was " + event.was_named;
  if (event.vanishing) text += " " + std::string(to_string(*event.vanishing));
  if (event.as_declared) text += " as declared";
  if (!event.counterpart.empty()) text += " beside " + event.counterpart.substr(19);
  if (event.effect) text += " " + std::string(to_string(*event.effect));
  for (const std::string& id : event.zone_ids) text += " by " + id;
  return text;
}

std::vector<std::string> events_of(const OrgPlan& plan) {
  std::vector<std::string> lines;
  for (const TokenEvent& event : plan.since.value().events) lines.push_back(in_short(event));
  return lines;
}

using Lines = std::vector<std::string>;

TEST_CASE("every way in which a token can differ from then is told, and nothing else") {
  struct Row {
    const char* about;
    void (*change)(Live&);
    Lines events;
  };
  const Row rows[] = {
      {"nothing", [](Live&) {}, {}},
      {"used, and written by the same condition",
       [](Live& live) {
         live.tokens[0].expires_at = "2026-02-01T00:00:00.000Z";
         live.tokens[0].last_updated = "2026-01-02T00:00:00.000Z";
       },
       {}},
      {"no condition is ANYWHERE", [](Live& live) { live.tokens[2].network.reset(); }, {}},
      {"appeared", [](Live& live) { live.tokens.push_back(token(9, "new")); }, {"appeared new"}},
      {"revoked, for it would have lived on",
       [](Live& live) { live.tokens.erase(live.tokens.begin() + 2); },
       {"vanished c revoked"}},
      {"renamed", [](Live& live) { live.tokens[1].name = "bee"; }, {"renamed bee was b"}},
      {"loosened by hand",
       [](Live& live) { live.tokens[0].network = anywhere(); },
       {"condition-changed a loosen"}},
      {"tightened by hand",
       [](Live& live) { live.tokens[2].network = only_from({"nzoci"}); },
       {"condition-changed c tighten"}},
      {"renamed and changed at once",
       [](Live& live) {
         live.tokens[0].name = "aye";
         live.tokens[0].network = only_from({"nzodata"});
       },
       {"renamed aye was a", "condition-changed aye shift"}},
      {"a secret that was changed: another token of the same name and owner",
       [](Live& live) { live.tokens[2] = token(8, "c", only_from({"nzoci"})); },
       {"appeared c beside 3", "vanished c revoked beside 8"}},
      {"another owner's token of that name is no successor",
       [](Live& live) { live.tokens[2] = token(8, "c", anywhere(), "00u00000000000000002"); },
       {"appeared c", "vanished c revoked"}},
      {"a zone that was widened",
       [](Live& live) {
         live.zones[1].gateways.push_back({"CIDR", "198.18.0.0/15"});
       },
       {"reach-changed a loosen by nzocorp"}},
      {"a zone that was narrowed, and is excluded elsewhere",
       [](Live& live) {
         live.zones[2].gateways = {{"CIDR", "192.0.2.0/25"}};
       },
       {"reach-changed d loosen by nzodata"}},
      {"a zone that was written differently is the same",
       [](Live& live) {
         live.zones[1].gateways = {{"RANGE", "203.0.113.0-203.0.113.255"}};
       },
       {}},
      {"a zone that was only renamed is the same", [](Live& live) { live.zones[1].name = "office"; }, {}},
      {"a zone that nobody can tell any more",
       [](Live& live) { live.zones[1].status = "INACTIVE"; },
       {"reach-changed a unknown by nzocorp"}},
      {"a zone that is gone",
       [](Live& live) { live.zones.erase(live.zones.begin() + 1); },
       {"reach-changed a unknown by nzocorp"}},
      {"a zone that nothing names", [](Live& live) { live.zones.push_back(zone("nzox", "x")); }, {}},
      {"a zone that keeps addresses out of every reach that has them",
       [](Live& live) {
         live.zones.push_back(zone("nzobad", "bad", "IP", "ACTIVE", "BLOCKLIST"));
         live.zones.back().gateways = {{"CIDR", "203.0.113.128/25"}};
       },
       {"reach-changed a tighten by nzobad", "reach-changed c tighten by nzobad",
        "reach-changed d tighten by nzobad"}},
      {"where the condition changed, that alone is told",
       [](Live& live) {
         live.tokens[0].network = only_from({"nzoci"});
         live.zones[1].gateways.clear();
       },
       {"condition-changed a shift"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.about);
    Live now = an_hour_later(baseline());
    row.change(now);
    const OrgPlan plan = told({}, baseline(), now);
    CHECK(events_of(plan) == row.events);
    CHECK(plan.since->then_live == 4);
    CHECK(plan.since->taken_at == kThen);
  }
}

TEST_CASE("all zones together are behind a reserved word") {
  Live then = baseline();
  then.tokens[0].network = only_from({"ALL_IP_ZONES"});
  Live now = an_hour_later(then);
  now.zones.push_back(zone_with("nzonew", "new", {"100.64.0.0/10"}));
  CHECK(events_of(told({}, then, now)) == Lines{"reach-changed a loosen by nzonew"});
}

TEST_CASE("a zone whose content is never known does not differ by its name") {
  Live then = baseline();
  then.zones.push_back(zone("nzogeo", "geo", "DYNAMIC"));
  then.tokens[0].network = only_from({"nzogeo"});
  Live now = an_hour_later(then);
  now.zones.back().name = "countries";
  CHECK(events_of(told({}, then, now)).empty());
}

TEST_CASE("how a token vanished follows from when it would have lapsed") {
  struct Row {
    const char* about;
    std::optional<std::string> expires_at;
    const char* event;
  };
  const Row rows[] = {
      {"its window is over", "2026-01-02T03:04:04.000Z", "vanished c lapsed"},
      {"at this very moment", "2026-01-02T03:04:05.000Z", "vanished c lapsed"},
      {"it would have lived for another second", "2026-01-02T03:04:06.000Z", "vanished c revoked"},
      {"Okta did not say", std::nullopt, "vanished c unknown"},
      {"nor in a way that can be read", "soon", "vanished c unknown"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.about);
    Live then = baseline();
    then.tokens[2].expires_at = row.expires_at;
    Live now = an_hour_later(then);
    now.tokens.erase(now.tokens.begin() + 2);
    CHECK(events_of(told({}, then, now)) == Lines{row.event});
  }
}

TEST_CASE("what a manifest wants gone vanished as declared, by id and by rule") {
  Live now = an_hour_later(baseline());
  now.tokens.erase(now.tokens.begin() + 2, now.tokens.end());
  Desired desired = desired_of({revoked(by_id(1, 3, {}))});
  CHECK(events_of(told(desired, baseline(), now)) ==
        Lines{"vanished c revoked as declared", "vanished d revoked"});
  Rule rule;
  rule.match.name = "d";
  rule.revoked = Revocation{"SEC-1"};
  rule.place = {0, 9, 3, 1};
  desired.tokens.clear();
  desired.rules = {rule};
  CHECK(events_of(told(desired, baseline(), now)) ==
        Lines{"vanished c revoked", "vanished d revoked as declared"});
}

TEST_CASE("a reach says what it lost and gained since then") {
  Live now = an_hour_later(baseline());
  now.zones[1].gateways = {{"CIDR", "203.0.113.0/25"}, {"CIDR", "198.18.0.0/15"}};
  const OrgPlan plan = told({}, baseline(), now);
  const TokenEvent& event = plan.since->events.at(0);
  CHECK(event.reach->lost.cidrs == Lines{"203.0.113.128/25"});
  CHECK(event.reach->gained.cidrs == Lines{"198.18.0.0/15"});
  CHECK((event.effect == Effect::shift));
  CHECK(plan.since->zones.at("nzocorp").gateways.size() == 2);
}

std::string novelty_of(const OrgPlan& plan, int number) {
  return std::string(to_string(change_of(plan, token_id(number))->novelty));
}

TEST_CASE("a token is a known finding only when the very same was wrong with it then") {
  struct Row {
    const char* about;
    void (*then)(Live&);
    void (*now)(Live&);
    const char* novelty;
  };
  const auto nothing = [](Live&) {};
  const auto drop_a = [](Live& live) { live.tokens.erase(live.tokens.begin()); };
  const auto open_a = [](Live& live) { live.tokens[0].network = anywhere(); };
  const Row rows[] = {
      {"as declared at both times", nothing, nothing, ""},
      {"drifted since", nothing, open_a, "new"},
      {"drifted then and now", open_a, open_a, "known"},
      {"drifted then and in another way now", open_a,
       [](Live& live) { live.tokens[0].network = only_from({"nzodata"}); }, "new"},
      {"drifted then, right now", open_a, nothing, ""},
      {"drifted, and did not exist then", drop_a, open_a, "new"},
      {"a new name is no new drift", open_a,
       [](Live& live) {
         live.tokens[0].network = anywhere();
         live.tokens[0].name = "aye";
       },
       "known"},
  };
  const Desired desired = desired_of({by_id(1, 1, {"corp"})});
  for (const Row& row : rows) {
    CAPTURE(row.about);
    Live then = baseline();
    Live now = an_hour_later(then);
    row.then(then);
    row.now(now);
    CHECK(novelty_of(told(desired, then, now), 1) == row.novelty);
  }
}

TEST_CASE("every kind of finding is marked") {
  Live then = baseline();
  Live now = an_hour_later(then);
  now.tokens.push_back(token(5, "e"));
  now.tokens.push_back(token(6, "twin"));
  now.tokens.push_back(token(7, "twin"));
  now.tokens.erase(now.tokens.begin() + 3);
  const Desired desired =
      desired_of({named(1, "d", {"corp"}), named(2, "never", {"corp"}), named(3, "twin", {"corp"}),
                  revoked(by_id(4, 3, {})), by_id(5, 1, {"corp"}), by_id(6, 1, {"ci"})});
  const OrgPlan plan = told(desired, then, now);
  CHECK(novelty_of(plan, 2) == "known");  // unmanaged
  CHECK(novelty_of(plan, 5) == "new");    // unmanaged
  CHECK(novelty_of(plan, 6) == "new");    // ambiguous
  CHECK(novelty_of(plan, 3) == "known");  // to be revoked
  CHECK(novelty_of(plan, 1) == "known");  // in conflict
  for (const Change& change : plan.changes) {
    if (change.status != Status::missing) continue;
    CHECK(to_string(change.novelty) == (change.name == "d" ? "new" : "known"));
  }
  for (const Finding& finding : plan.findings) {
    CAPTURE(finding.rule);
    CAPTURE(finding.message);
    const bool about_new_one = finding.token_id == token_id(5) || finding.rule == "ambiguous" ||
                               (finding.rule == "missing" && finding.source->line == 1);
    CHECK(to_string(finding.novelty) == (about_new_one ? "new" : "known"));
  }
}

ZonePin pin_of_corp() {
  ZonePin pin;
  pin.name = "corp";
  pin.id = "nzocorp";
  pin.within = {"203.0.113.0/24"};
  pin.place = {0, 20, 3, 1};
  return pin;
}

TEST_CASE("a pin that broke since is new, and one that is broken in another way as well") {
  struct Row {
    const char* about;
    void (*then)(Live&);
    const char* novelty;
  };
  const Row rows[] = {
      {"held", [](Live&) {}, "new"},
      {"broken by the same",
       [](Live& live) {
         live.zones[1].gateways.push_back({"CIDR", "198.18.0.0/15"});
       },
       "known"},
      {"broken by less",
       [](Live& live) {
         live.zones[1].gateways.push_back({"CIDR", "198.18.0.0/16"});
       },
       "new"},
      {"the zone was made since", [](Live& live) { live.zones.erase(live.zones.begin() + 1); }, "new"},
  };
  Desired desired = desired_of({by_id(1, 1, {"corp"})});
  desired.zones = {pin_of_corp()};
  Live now = an_hour_later(baseline());
  now.zones[1].gateways.push_back({"CIDR", "198.18.0.0/15"});
  for (const Row& row : rows) {
    CAPTURE(row.about);
    Live then = baseline();
    row.then(then);
    const OrgPlan plan = told(desired, then, now);
    const Finding* finding = finding_of(plan, "zone-pin-broken");
    REQUIRE(finding != nullptr);
    CHECK(to_string(finding->novelty) == row.novelty);
  }
}

TEST_CASE("today's manifests are understood by what is known today") {
  // The zone was made after the baseline, and so was the manifest that names it.
  Live then = baseline();
  Live now = an_hour_later(then);
  now.zones.push_back(zone_with("nzonew", "new", {"100.64.0.0/10"}));
  CHECK(novelty_of(told(desired_of({by_id(1, 3, {"new"})}), then, now), 3) == "known");
  // A login that only today's reading looked up.
  now.users.add("ci@acme.example", "00u00000000000000001");
  const Desired by_login = desired_of({named(1, "c", {"corp"}, "ci@acme.example")});
  CHECK(novelty_of(told(by_login, then, now), 3) == "known");
  // What was not due yet is new now.
  Desired later = desired_of({revoked(by_id(1, 3, {}))});
  later.tokens[0].revoked->not_before = add(kNow, Duration{0, 0, -3600});
  CHECK(novelty_of(told(later, then, now), 3) == "new");
}

TEST_CASE("what is new survives being written and read") {
  Live now = an_hour_later(baseline());
  now.tokens[0].name = "aye";
  now.tokens[1].network = anywhere();
  now.tokens[2] = token(8, "c");
  now.zones[2].gateways.push_back({"CIDR", "100.64.0.0/10"});
  const Desired desired = desired_of({by_id(1, 2, {"ci"}), named(2, "never", {"corp"})});
  Plan plan{kNow, {}, {told(desired, baseline(), now)}};
  REQUIRE(plan.orgs[0].since->events.size() == 5);
  const auto read = decode_plan(encode_plan(plan), "drift.json");
  REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().message));
  CHECK(read->orgs[0].since == plan.orgs[0].since);
  CHECK(encode_plan(*read) == encode_plan(plan));
  // And is no part of what is approved.
  Plan without{kNow, {}, {plan_for(desired, now)}};
  CHECK(digest_of(without) == digest_of(plan));
}

}  // namespace
}  // namespace zonepin
