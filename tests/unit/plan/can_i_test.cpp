// One question about many tokens, now and after what is planned.
#include "plan/can_i.h"

#include <doctest/doctest.h>

#include "plan_kit.h"

namespace zonepin {
namespace {

Asked ask(const std::string& text) {
  return {text, AddressSet({parse_gateway(text).value()})};
}

// ci is 198.51.100.0/24, corp 203.0.113.0/24, data 192.0.2.0/24.
Live can_i_org() {
  return live_with({token(1, "anywhere"), token(2, "at-ci", only_from({"nzoci"})),
                    token(3, "lost", only_from({"nzogone"})), token(4, "no-corp", not_from({"nzocorp"})),
                    token(5, "unset", std::nullopt)});
}

std::string names_of(const OrgAnswer& answer) {
  std::string names;
  for (const TokenAnswer& token : answer.tokens)
    names += (names.empty() ? "" : " ") + token.name + "=" + std::string(to_string(token.verdict()));
  return names;
}

TokenAnswer only_answer(const OrgAnswer& answer) {
  REQUIRE(answer.tokens.size() == 1);
  return answer.tokens.front();
}

TEST_CASE("all tokens: those that are not allowed, and how many there are of each") {
  const OrgAnswer answer = answer_of(can_i_org(), {{ask("203.0.113.7")}, {}, nullptr, {}});
  CHECK(names_of(answer) == "at-ci=denied no-corp=denied lost=unknown");
  CHECK(answer.now == VerdictCounts{2, 1, 2});
  CHECK(!answer.after);
  CHECK(answer.verdict() == Verdict::denied);
  CHECK(answer_of(can_i_org(), {{ask("198.51.100.1")}, {}, nullptr, {}}).verdict() == Verdict::unknown);
  // An assumption that only allowed tokens need is told all the same.
  REQUIRE(answer.assumed.size() == 1);
  CHECK(holds(answer.assumed.front(), "without a condition"));

  const OrgAnswer both = answer_of(can_i_org(), {{ask("198.51.100.1"), ask("203.0.113.7")}, {}, nullptr, {}});
  CHECK(names_of(both) == "at-ci=denied no-corp=denied lost=unknown");
  CHECK(answer_of(live_with({}), {{ask("::1")}, {}, nullptr, {}}).verdict() == Verdict::allowed);
}

TEST_CASE("one token: its answer, whatever it is") {
  const OrgAnswer answer = answer_of(can_i_org(), {{ask("203.0.113.7")}, token_id(1), nullptr, {}});
  CHECK(names_of(answer) == "anywhere=allowed");
  CHECK(answer.now == VerdictCounts{1, 0, 0});
}

TEST_CASE("after a plan: replaced, revoked, left alone") {
  const Live live = can_i_org();
  Desired desired = desired_of({named(3, "anywhere", {"ci"}), named(4, "no-corp", {"corp"}),
                                revoked(named(5, "unset", {}), "SEC-123\x1b[31m")});
  const OrgPlan plan = plan_for(desired, live);
  const CanIQuestion question{{ask("203.0.113.7")}, {}, &plan, {}};
  const OrgAnswer answer = answer_of(live, question);
  // Those that break come first.
  CHECK(names_of(answer) == "anywhere=denied unset=denied at-ci=denied lost=unknown");
  CHECK(answer.now == VerdictCounts{2, 1, 2});
  REQUIRE(answer.after);
  CHECK(*answer.after == VerdictCounts{1, 1, 3});
  const TokenAnswer& unset = answer.tokens[1];
  CHECK(unset.now.verdict() == Verdict::allowed);
  REQUIRE(unset.after);
  CHECK(unset.after->revoked == std::optional<std::string>("SEC-123\x1b[31m"));
  CHECK(unset.after->admissions.front().grounds.front().message ==
        "the token is to be revoked: SEC-123\\x1b[31m");
  CHECK(answer.tokens[2].after->condition == only_from({"nzoci"}));

  CanIQuestion one = question;
  one.token_id = token_id(4);
  const TokenAnswer no_corp = only_answer(answer_of(live, one));
  CHECK(no_corp.now.verdict() == Verdict::denied);
  CHECK(no_corp.verdict() == Verdict::allowed);
}

TEST_CASE("after a zone edit") {
  const Live live = can_i_org();
  PlannedZones zones{live.zones, {}};
  CHECK(override_zone({"ci", {"198.51.100.0/25", "203.0.113.7", "2001:db8::1-2001:db8::9"}}, zones).value());
  struct Row {
    const char* address;
    Verdict now;
    Verdict after;
  };
  const Row rows[] = {
      {"198.51.100.127", Verdict::allowed, Verdict::allowed},
      {"198.51.100.128", Verdict::allowed, Verdict::denied},
      {"203.0.113.7", Verdict::denied, Verdict::allowed},
      {"2001:db8::9", Verdict::denied, Verdict::allowed},
      {"2001:db8::a", Verdict::denied, Verdict::denied},
  };
  for (const Row& row : rows) {
    CAPTURE(row.address);
    const OrgAnswer answer = answer_of(live, {{ask(row.address)}, token_id(2), nullptr, zones});
    CHECK(only_answer(answer).now.verdict() == row.now);
    CHECK(only_answer(answer).verdict() == row.after);
  }
  const OrgAnswer unchanged = answer_of(live, {{ask("203.0.113.7")}, token_id(4), nullptr, zones});
  CHECK(only_answer(unchanged).verdict() == Verdict::denied);
}

TEST_CASE("a plan and a zone edit together") {
  const Live live = can_i_org();
  const OrgPlan plan = plan_for(desired_of({named(3, "anywhere", {"ci"})}), live);
  PlannedZones zones{live.zones, {}};
  CHECK(override_zone({"nzoci", {"203.0.113.7"}}, zones).value());
  CHECK(only_answer(answer_of(live, {{ask("203.0.113.7")}, token_id(1), &plan, zones})).verdict() ==
        Verdict::allowed);
  CHECK(only_answer(answer_of(live, {{ask("198.51.100.1")}, token_id(1), &plan, zones})).verdict() ==
        Verdict::denied);
}

TEST_CASE("overrides by id and by name, of zones of every kind") {
  PlannedZones zones{
      {zone("nzoa", "twin"), zone("nzob", "twin"), zone("nzoc", "nzoa"), zone("nzogeo", "geo", "DYNAMIC"),
       zone("nzooff", "off", "IP", "INACTIVE"), zone("nzoevil", "evil", "IP", "ACTIVE", "BLOCKLIST")},
      {}};
  const auto twins = override_zone({"twin", {"10.0.0.1"}}, zones);
  REQUIRE(!twins);
  CHECK(twins.error().trouble == Trouble::usage);
  CHECK(holds(twins.error().mend, "nzoa, nzob"));
  CHECK_FALSE(override_zone({"Geo", {"10.0.0.1"}}, zones).value());
  CHECK(override_zone({"nzoa", {}}, zones).value());  // the id, not the zone of that name
  CHECK(zones.zones[0].gateways.empty());
  CHECK(zones.zones[2].gateways.size() == 1);
  const auto again = override_zone({"nzoa", {"10.0.0.1"}}, zones);
  REQUIRE(!again);
  CHECK(holds(again.error().message, "overridden twice"));

  CHECK(override_zone({"geo", {"10.0.0.0/8"}}, zones).value());
  CHECK(override_zone({"off", {"10.0.0.0/8"}}, zones).value());
  CHECK(override_zone({"evil", {"10.0.0.66"}}, zones).value());
  CHECK(zones.overridden == std::set<std::string>{"nzoa", "nzoevil", "nzogeo", "nzooff"});
  Live live = live_with({token(1, "geo", only_from({"nzogeo"})), token(2, "off", only_from({"nzooff"}))});
  live.zones = zones.zones;
  const auto verdict_of = [&](int number, const char* address) {
    return only_answer(answer_of(live, {{ask(address)}, token_id(number), nullptr, zones})).verdict();
  };
  CHECK(verdict_of(1, "10.0.0.1") == Verdict::allowed);
  CHECK(verdict_of(1, "10.0.0.66") == Verdict::denied);
  CHECK(verdict_of(2, "10.0.0.1") == Verdict::unknown);  // it stays INACTIVE
}

}  // namespace
}  // namespace zonepin
