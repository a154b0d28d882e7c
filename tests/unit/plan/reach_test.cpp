// What a condition admits, and what a change of it takes and gives: by tables, in the plan, and for all small
// worlds.
#include "plan/reach.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "plan/binding.h"
#include "plan/plan_codec.h"
#include "plan_kit.h"

namespace zonepin {
namespace {

Zone of_kind(Zone zone, const std::string& type, const std::string& status, const std::string& usage) {
  zone.type = type;
  zone.status = status;
  zone.usage = usage;
  return zone;
}

// a and b overlap in 10.0.0.8/29; ab is both; blocked takes 10.0.0.0/30 from all of them.
std::vector<Zone> some_zones() {
  return {zone_with("nzoa", "a", {"10.0.0.0/28"}),
          zone_with("nzob", "b", {"10.0.0.8-10.0.0.23"}),
          zone_with("nzoab", "ab", {"10.0.0.12/30", "10.0.0.0-10.0.0.11", "10.0.0.16/29"}),
          zone_with("nzosix", "six", {"2001:db8::/32"}),
          zone_with("nzovoid", "void", {}),
          zone_with("nzobad", "bad", {"10.0.1.0/24", "10.0.0.300", "lab"}),
          of_kind(zone("nzogeo", "geo"), "DYNAMIC", "ACTIVE", "POLICY"),
          of_kind(zone("nzooff", "off"), "IP", "INACTIVE", "POLICY"),
          of_kind(zone_with("nzodoff", "blocked before", {"10.0.0.0/8"}), "IP", "INACTIVE", "BLOCKLIST")};
}

std::vector<Zone> with_blocklist(std::vector<Zone> zones) {
  zones.push_back(of_kind(zone_with("nzoblock", "blocked", {"10.0.0.0/30"}), "IP", "ACTIVE", "BLOCKLIST"));
  return zones;
}

std::string text_of(const AddressSet& set) {
  std::vector<std::string> texts;
  for (const Cidr& cidr : set.cidrs()) texts.push_back(cidr_text(cidr));
  return join(texts, " ");
}

NetworkCondition odd() {
  return {"ON_NETWORK", {}, {}};
}

TEST_CASE("the reach of a condition") {
  struct Row {
    std::optional<NetworkCondition> condition;
    const char* known;
    const char* more;
    const char* less;
    const char* assumed;
  };
  const char* everything = "0.0.0.0/0 ::/0";
  const char* no_condition = "a token without a condition can be used from anywhere";
  const char* all_zones = "ALL_ZONES and ALL_IP_ZONES are all ACTIVE zones of type IP and usage POLICY";
  const char* geo = "zone \"geo\" (nzogeo) is of type DYNAMIC";
  const char* bad = "zone \"bad\" (nzobad) has 2 gateways that can't be read, the first \"10.0.0.300\"";
  const Row rows[] = {
      {anywhere(), everything, "", "", ""},
      {std::nullopt, everything, "", "", no_condition},
      {only_from({"nzoa"}), "10.0.0.0/28", "", "", ""},
      {only_from({"nzoa", "nzob", "nzosix"}), "10.0.0.0/28 10.0.0.16/29 2001:db8::/32", "", "", ""},
      {only_from({"nzovoid"}), "", "", "", ""},
      {not_from({"nzovoid"}), everything, "", "", ""},
      {only_from({"nzogeo", "nzoa"}), "10.0.0.0/28", geo, "", ""},
      {not_from({"nzogeo"}), everything, "", geo, ""},
      {only_from({"nzooff"}), "", "zone \"off\" (nzooff) is INACTIVE", "", ""},
      {only_from({"nzobad"}), "10.0.1.0/24", bad, "", ""},
      {only_from({"nzo9"}), "", "the org has no zone with the id \"nzo9\"", "", ""},
      {only_from({"ALL_ZONES"}), "10.0.0.0/28 10.0.0.16/29 10.0.1.0/24 2001:db8::/32", bad, "", all_zones},
      {only_from({"ALL_IP_ZONES", "nzoa"}), "10.0.0.0/28 10.0.0.16/29 10.0.1.0/24 2001:db8::/32", bad, "",
       all_zones},
      {odd(), "", "a condition that zonepin can't read: \"ON_NETWORK\"", "", ""},
      {NetworkCondition{"ZONE", {}, {}}, "", "a condition ZONE that names no zone", "", ""},
  };
  const std::vector<Zone> zones = some_zones();
  ReachBook book(zones);
  for (const Row& row : rows) {
    const Reach reach = book.reach_of(row.condition);
    CHECK(text_of(reach.known) == row.known);
    CHECK(join(reach.more, "; ") == row.more);
    CHECK(join(reach.less, "; ") == row.less);
    CHECK(join(reach.assumed, "; ") == row.assumed);
    CHECK(book.reach_of(row.condition) == reach);
  }
  CHECK(book.reach_of(not_from({"nzoa", "nzosix"})).known ==
        book.reach_of(only_from({"nzoa", "nzosix"})).known.complement());
}

TEST_CASE("what the org blocks is in no reach, but for the exempt zone") {
  std::vector<Zone> zones = with_blocklist(some_zones());
  Zone exempt = zone_with("nzoexempt", "DefaultExemptIpZone", {"10.0.0.3-10.0.0.9"});
  zones.push_back(exempt);  // an admin may give a zone any name: it is exempt only as a system zone
  zones.push_back(of_kind(zone("nzogeoblock", "far away"), "DYNAMIC_V2", "ACTIVE", "BLOCKLIST"));
  ReachBook book(zones);
  CHECK(text_of(book.admitted().complement()) == "10.0.0.0/30");
  CHECK(book.unknown_blocks() ==
        std::vector<std::string>{"zone \"far away\" (nzogeoblock) is of type DYNAMIC_V2"});
  CHECK(book.reach_of(anywhere()).known == book.admitted());
  CHECK(text_of(book.reach_of(only_from({"nzoa"})).known) == "10.0.0.4/30 10.0.0.8/29");
  CHECK(book.reach_of(only_from({"nzoblock"})).known.empty());
  CHECK(book.reach_of(not_from({"nzoblock"})).known == book.admitted());
  CHECK(text_of(book.reach_of(not_from({"nzoa"})).known.complement()) == "10.0.0.0/28");

  zones[zones.size() - 2].system = true;
  ReachBook exempting(zones);
  CHECK(text_of(exempting.admitted().complement()) == "10.0.0.0/31 10.0.0.2/32");
  CHECK(text_of(exempting.reach_of(only_from({"nzoa"})).known) == "10.0.0.3/32 10.0.0.4/30 10.0.0.8/29");
}

TEST_CASE("gateways are read by what they say") {
  struct Row {
    const char* value;
    const char* known;  // empty: can't be read
  };
  const Row rows[] = {{"192.0.2.7/24", "192.0.2.0/24"},
                      {"192.0.2.7", "192.0.2.7/32"},
                      {" 192.0.2.7 - 192.0.2.8 ", "192.0.2.7/32 192.0.2.8/32"},
                      {"192.0.2.7-192.0.2.7", "192.0.2.7/32"},
                      {"::ffff:192.0.2.0/124", "192.0.2.0/28"},
                      {"2001:DB8::/32", "2001:db8::/32"},
                      {"2001:db8::1-2001:db8::2", "2001:db8::1/128 2001:db8::2/128"},
                      {"0.0.0.0/0", "0.0.0.0/0"},
                      {"::/0", "::/0"},
                      {"192.0.2.8-192.0.2.7", ""},
                      {"192.0.2.7-2001:db8::1", ""},
                      {"192.0.2.0/33", ""},
                      {"192.0.02.1", ""},
                      {"192.0.2", ""},
                      {"fe80::1%eth0", ""},
                      {"", ""}};
  for (const Row& row : rows) {
    CAPTURE(row.value);
    Zone made = zone("nzo1", "one");
    made.gateways = {{"RANGE", row.value}};
    const ZoneContent content = content_of(made);
    CHECK(text_of(content.addresses) == row.known);
    CHECK(content.unknown.empty() == !std::string(row.known).empty());
  }
}

TEST_CASE("the effect of a change, by addresses") {
  struct Row {
    NetworkCondition before;
    NetworkCondition after;
    Effect expected;
  };
  const Row rows[] = {
      {anywhere(), only_from({"nzoa"}), Effect::tighten},
      {anywhere(), not_from({"nzoa"}), Effect::tighten},
      {anywhere(), not_from({"nzovoid"}), Effect::same},
      {anywhere(), only_from({"ALL_ZONES"}), Effect::tighten},
      {anywhere(), only_from({"nzogeo"}), Effect::tighten},
      {only_from({"nzoa"}), anywhere(), Effect::loosen},
      {only_from({"nzogeo"}), anywhere(), Effect::loosen},
      {not_from({"nzogeo"}), anywhere(), Effect::loosen},
      {odd(), anywhere(), Effect::loosen},
      {odd(), only_from({"nzoa"}), Effect::unknown},
      {odd(), only_from({"nzovoid"}), Effect::tighten},
      {only_from({"nzoa", "nzob"}), only_from({"nzoa"}), Effect::tighten},
      {only_from({"nzoa"}), only_from({"nzoa", "nzob"}), Effect::loosen},
      {only_from({"nzoa"}), only_from({"nzob"}), Effect::shift},
      {only_from({"nzoa"}), only_from({"nzoab"}), Effect::loosen},        // other names, more addresses
      {only_from({"nzoa", "nzob"}), only_from({"nzoab"}), Effect::same},  // other names, the same addresses
      {not_from({"nzoa"}), not_from({"nzob"}), Effect::shift},
      {not_from({"nzoa"}), not_from({"nzoab"}), Effect::tighten},
      {only_from({"nzoa"}), not_from({"nzosix"}), Effect::loosen},
      {not_from({"nzoa"}), only_from({"nzosix"}), Effect::tighten},
      {only_from({"nzoa"}), not_from({"nzoa"}), Effect::shift},
      // The same unknown part on both sides takes part in neither direction; another one settles nothing.
      {only_from({"nzoa", "nzogeo"}), only_from({"nzogeo"}), Effect::tighten},
      {only_from({"nzogeo"}), only_from({"nzob", "nzogeo"}), Effect::loosen},
      {only_from({"nzoa", "nzogeo"}), only_from({"nzob", "nzogeo"}), Effect::unknown},
      {only_from({"nzoa"}), only_from({"nzoa", "nzogeo"}), Effect::loosen},
      {only_from({"nzogeo"}), only_from({"nzooff"}), Effect::unknown},
      {only_from({"nzogeo"}), not_from({"nzogeo"}), Effect::unknown},
      {not_from({"nzogeo"}), not_from({"nzogeo", "nzoa"}), Effect::tighten},
      {not_from({"nzogeo", "nzoa"}), not_from({"nzoa"}), Effect::loosen},
      {only_from({"nzoa"}), not_from({"nzogeo"}), Effect::unknown},
  };
  for (const std::vector<Zone>& zones : {some_zones(), with_blocklist(some_zones())}) {
    ReachBook book(zones);
    for (const Row& row : rows) {
      CAPTURE(join(row.before.include, ",") + "!" + join(row.before.exclude, ","));
      CAPTURE(join(row.after.include, ",") + "!" + join(row.after.exclude, ","));
      const auto [effect, reach] = book.change_of(row.before, row.after, 10);
      CHECK(effect == row.expected);
      const auto [back, way_back] = book.change_of(row.after, row.before, 10);
      CHECK(back == reverse_of(row.expected));
      CHECK(way_back == reverse_of(reach));
    }
  }
}

// Zones over three addresses, and one whose content is any of the eight sets: an effect other than unknown
// holds for each.
TEST_CASE("for all small worlds the effect holds whatever the unknown zone holds") {
  const IpAddress first = *parse_address("192.0.2.0");
  const auto set_of_mask = [&](unsigned mask) {
    std::vector<std::string> gateways;
    for (unsigned bit = 0; bit < 3; ++bit) {
      if ((mask >> bit & 1U) != 0) gateways.push_back(to_string(IpAddress{IpFamily::v4, 0, first.low + bit}));
    }
    return gateways;
  };
  std::vector<NetworkCondition> conditions = {anywhere()};
  std::vector<Zone> zones = {of_kind(zone("nzou", "u"), "DYNAMIC", "ACTIVE", "POLICY")};
  for (unsigned mask = 0; mask < 8; ++mask) {
    const std::string id = "nzo" + std::to_string(mask);
    zones.push_back(zone_with(id, id, set_of_mask(mask)));
    for (const std::vector<std::string>& names : {std::vector<std::string>{id}, {id, "nzou"}}) {
      conditions.push_back(only_from(names));
      conditions.push_back(not_from(names));
    }
  }
  ReachBook book(zones);
  std::vector<std::vector<AddressSet>> truths;  // by what u holds
  for (unsigned mask = 0; mask < 8; ++mask) {
    std::vector<Zone> known = zones;
    known[0] = zone_with("nzou", "u", set_of_mask(mask));
    ReachBook knowing(known);
    truths.emplace_back();
    for (const NetworkCondition& condition : conditions)
      truths.back().push_back(knowing.reach_of(condition).known);
  }
  std::size_t wrong = 0;
  std::size_t settled = 0;
  for (std::size_t a = 0; a < conditions.size(); ++a) {
    for (std::size_t b = 0; b < conditions.size(); ++b) {
      const auto [effect, reach] = book.change_of(conditions[a], conditions[b], 10);
      settled += effect == Effect::unknown ? 0U : 1U;
      for (const auto& truth : truths) {
        const bool shrinks = truth[a].contains(truth[b]);
        const bool grows = truth[b].contains(truth[a]);
        wrong += effect == Effect::tighten && !shrinks ? 1U : 0U;
        wrong += effect == Effect::loosen && !grows ? 1U : 0U;
        wrong += effect == Effect::same && !(shrinks && grows) ? 1U : 0U;
        wrong += effect == Effect::shift && (shrinks || grows) ? 1U : 0U;
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(settled > conditions.size() * conditions.size() / 3);
}

TEST_CASE("lost and gained as lists") {
  const std::vector<Zone> zones = with_blocklist(some_zones());
  ReachBook book(zones);
  const ReachChange tighter = book.change_of(anywhere(), only_from({"nzoa"}), 1000).second;
  CHECK(tighter.lost.all_but == std::vector<std::string>{"10.0.0.4/30", "10.0.0.8/29"});
  CHECK(tighter.lost.count == "340282366920938463463374607431768211440");  // 2^128 - 16
  CHECK(tighter.lost.more == 0);
  CHECK(tighter.lost.cidrs.size() == 28 + 1);
  CHECK(tighter.lost.cidrs.back() == "::/0");
  CHECK(tighter.gained == AddressList{});
  const ReachChange cut = book.change_of(anywhere(), only_from({"nzoa"}), 5).second;
  CHECK(cut.lost.cidrs.size() == 5);
  CHECK(cut.lost.more == 24);
  CHECK(cut.lost.count == tighter.lost.count);
  CHECK(cut.lost.all_but == tighter.lost.all_but);
  const ReachChange shifted = book.change_of(only_from({"nzoa"}), only_from({"nzob"}), 1000).second;
  CHECK(shifted.lost == AddressList{{"10.0.0.4/30"}, 0, std::nullopt, "4"});
  CHECK(shifted.gained == AddressList{{"10.0.0.16/29"}, 0, std::nullopt, "8"});
  const ReachChange all = book.change_of(only_from({"nzovoid"}), anywhere(), 3).second;
  CHECK(all.gained.all_but == std::vector<std::string>{});
  CHECK(list_limit(0) == 1000);
  CHECK(list_limit(200) == 1000);
  CHECK(list_limit(2000) == 100);
  CHECK(list_limit(20'000) == 16);
}

TEST_CASE("more conditions than are kept are worked out all the same") {
  std::vector<Zone> zones;
  for (int at = 0; at < 100; ++at) {
    zones.push_back(zone_with("nzo" + std::to_string(at), "z", {"10.0." + std::to_string(at) + ".0/24"}));
  }
  ReachBook book(zones);
  std::size_t wrong = 0;
  for (int round = 0; round < 2; ++round) {
    for (int a = 0; a < 100; ++a) {
      for (int b = 0; b < 100; ++b) {
        const auto [effect, reach] = book.change_of(only_from({zones[static_cast<std::size_t>(a)].id}),
                                                    only_from({zones[static_cast<std::size_t>(b)].id}), 4);
        wrong += effect != (a == b ? Effect::same : Effect::shift) ? 1U : 0U;
        wrong += a != b && reach.lost.cidrs.front() != "10.0." + std::to_string(a) + ".0/24" ? 1U : 0U;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("the plan goes by addresses: effect, order, lists, and the zones it holds") {
  Live live = live_with({token(1, "same", only_from({"nzoci"})), token(2, "looser", only_from({"nzoci"})),
                         token(3, "tighter", std::nullopt), token(4, "all", only_from({"nzoci"}))});
  live.zones.push_back(zone_with("nzoboth", "both", {"198.51.100.0/24", "203.0.113.0/24"}));
  live.zones.push_back(zone_with("nzotwin", "twin", {"198.51.100.0-198.51.100.255"}));
  live.zones.push_back(
      of_kind(zone_with("nzoblock", "blocked", {"10.0.0.0/8"}), "IP", "ACTIVE", "BLOCKLIST"));
  const Desired desired = desired_of({named(1, "same", {"twin"}), named(2, "looser", {"both"}),
                                      named(3, "tighter", {"corp"}), named(4, "all", {"ALL_ZONES"})});
  const OrgPlan plan = plan_for(desired, live);
  std::vector<std::string> order;
  for (const Change& change : plan.changes) order.push_back(change.name);
  CHECK(order == std::vector<std::string>{"all", "looser", "same", "tighter"});
  const Change& same = *change_of(plan, token_id(1));
  CHECK(same.effect == Effect::same);
  CHECK(same.reach == ReachChange{});
  CHECK(change_of(plan, token_id(2))->reach->gained.cidrs == std::vector<std::string>{"203.0.113.0/24"});
  CHECK(change_of(plan, token_id(3))->reach->lost.all_but == std::vector<std::string>{"203.0.113.0/24"});
  CHECK(change_of(plan, token_id(3))->reach->assumed.size() == 1);
  CHECK(plan.zones.size() == live.zones.size());

  const Plan whole{kNow, kNow + std::chrono::hours(1), {plan}};
  const auto decoded = decode_plan(encode_plan(whole), "plan.json");
  REQUIRE(decoded.has_value());
  CHECK(*decoded == whole);

  // A zone that blocks is shown, but a plan does not hang on it; what ALL_ZONES means is relied on.
  CHECK(zones_relied_on(plan).count("nzoblock") == 0);
  CHECK(zones_relied_on(plan).size() == plan.zones.size() - 1);
  Live later = live;
  later.zones.pop_back();
  CHECK(bind_plan(plan, later).problems.empty());
  later.zones.push_back(zone("nzonew", "new"));
  REQUIRE(bind_plan(plan, later).problems.size() == 1);
  CHECK(holds(bind_plan(plan, later).problems[0], "\"new\" (nzonew) was added or activated"));
  const OrgPlan alone = plan_for(desired_of({named(2, "looser", {"both"})}), live);
  CHECK(bind_plan(alone, later).problems.empty());
  CHECK(alone.zones.count("nzodata") == 0);
  CHECK(plan_for(desired_of({named(2, "looser", {"ci"})}), live).zones.count("nzoblock") == 0);
}

}  // namespace
}  // namespace zonepin
