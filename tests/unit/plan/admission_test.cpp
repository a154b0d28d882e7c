// Whether a condition lets a token be used from somewhere: by tables, and against what the reach says.
#include "plan/admission.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.h"
#include "plan_kit.h"

namespace zonepin {
namespace {

Zone kind(Zone zone, const std::string& type, const std::string& status, const std::string& usage) {
  zone.type = type;
  zone.status = status;
  zone.usage = usage;
  return zone;
}

Zone of_okta(Zone zone) {
  zone.system = true;
  return zone;
}

std::vector<Zone> org_zones() {
  return {zone_with("nzoa", "a", {"10.0.0.0/28"}),
          zone_with("nzob", "b", {"10.0.0.8-10.0.0.23", "10.0.0.23"}),
          zone_with("nzosix", "six", {"2001:db8::/64", "2001:db8:1::7"}),
          zone_with("nzomap", "mapped", {"::ffff:192.0.2.0/120"}),
          zone_with("nzovoid", "void", {}),
          zone_with("nzobad", "bad", {"10.0.1.0/24", "lab"}),
          kind(zone_with("nzogeo", "geo", {}), "DYNAMIC", "ACTIVE", "POLICY"),
          kind(zone_with("nzooff", "off", {"10.0.3.0/24"}), "IP", "INACTIVE", "POLICY"),
          kind(zone_with("nzoevil", "evil", {"10.0.0.4/30", "2001:db8::66"}), "IP", "ACTIVE", "BLOCKLIST"),
          kind(zone_with("nzocalm", "calm", {"0.0.0.0/0"}), "IP", "INACTIVE", "BLOCKLIST"),
          of_okta(kind(zone_with("nzoanon", "anonymizers", {}), "DYNAMIC_V2", "ACTIVE", "BLOCKLIST"))};
}

AddressSet set_of(const std::string& text) {
  return AddressSet({parse_gateway(text).value()});
}

Admission admission_of(const std::vector<Zone>& zones, const std::optional<NetworkCondition>& condition,
                       const std::string& asked, const std::set<std::string>& overridden = {}) {
  ReachBook reaches(zones);
  return AdmissionBook(reaches, zones, set_of(asked), overridden).admission_of(condition);
}

// `denied: message` for each ground.
std::string words_of(const Admission& admission) {
  std::vector<std::string> lines;
  for (const Ground& ground : admission.grounds)
    lines.push_back(std::string(to_string(ground.verdict)) + ": " + ground.message);
  return join(lines, " | ");
}

TEST_CASE("a verdict and its grounds") {
  struct Row {
    const char* name;
    std::optional<NetworkCondition> condition;
    const char* asked;
    Verdict verdict;
    const char* grounds;
  };
  const NetworkCondition odd{"ON_NETWORK", {}, {}};
  const char* evil = "denied: BLOCKLIST zone \"evil\" (nzoevil) blocks it: 10.0.0.4/30";
  const char* outside_a = "denied: no zone of the condition holds it: \"a\"";
  const char* in_a = "allowed: zone \"a\" (nzoa) holds it: 10.0.0.0/28";
  const char* geo = "unknown: can't be told: zone \"geo\" (nzogeo) is of type DYNAMIC";
  const Row rows[] = {
      {"anywhere", anywhere(), "10.9.9.9", Verdict::allowed, "allowed: the condition is ANYWHERE"},
      {"no condition", std::nullopt, "2001:db8:9::1", Verdict::allowed, "allowed: there is no condition"},
      {"anywhere, but blocked", anywhere(), "10.0.0.4", Verdict::denied, evil},
      {"just before what is blocked", anywhere(), "10.0.0.3", Verdict::allowed,
       "allowed: the condition is ANYWHERE"},
      {"just behind it", anywhere(), "10.0.0.8", Verdict::allowed, "allowed: the condition is ANYWHERE"},
      {"a BLOCKLIST zone that is off", anywhere(), "10.200.0.1", Verdict::allowed,
       "allowed: the condition is ANYWHERE"},
      {"the first address of a zone", only_from({"nzoa"}), "10.0.0.0", Verdict::allowed, in_a},
      {"the last", only_from({"nzoa"}), "10.0.0.15", Verdict::allowed, in_a},
      {"one before", only_from({"nzoa"}), "9.255.255.255", Verdict::denied, outside_a},
      {"one behind", only_from({"nzoa"}), "10.0.0.16", Verdict::denied, outside_a},
      {"in the zone, but blocked", only_from({"nzoa"}), "10.0.0.7", Verdict::denied, evil},
      {"the last of a range, and twice in its zone", only_from({"nzob"}), "10.0.0.23", Verdict::allowed,
       "allowed: zone \"b\" (nzob) holds it: 10.0.0.8-10.0.0.23, 10.0.0.23"},
      {"one behind a range", only_from({"nzob"}), "10.0.0.24", Verdict::denied,
       "denied: no zone of the condition holds it: \"b\""},
      {"in two zones", only_from({"nzoa", "nzob"}), "10.0.0.9", Verdict::allowed,
       "allowed: zone \"a\" (nzoa) holds it: 10.0.0.0/28 | allowed: zone \"b\" (nzob) holds it: "
       "10.0.0.8-10.0.0.23"},
      {"IPv6", only_from({"nzoa", "nzosix"}), "2001:db8::ffff:ffff:ffff:ffff", Verdict::allowed,
       "allowed: zone \"six\" (nzosix) holds it: 2001:db8::/64"},
      {"IPv6, one behind", only_from({"nzosix"}), "2001:db8:0:1::", Verdict::denied,
       "denied: no zone of the condition holds it: \"six\""},
      {"IPv6 is no IPv4", only_from({"nzoa"}), "::10.0.0.1", Verdict::denied, outside_a},
      {"IPv4 written as IPv6", only_from({"nzoa"}), "::ffff:10.0.0.1", Verdict::allowed, in_a},
      {"a zone that is written so", only_from({"nzomap"}), "192.0.2.255", Verdict::allowed,
       "allowed: zone \"mapped\" (nzomap) holds it: ::ffff:192.0.2.0/120"},
      {"a zone without gateways", only_from({"nzovoid"}), "10.0.0.1", Verdict::denied,
       "denied: no zone of the condition holds it: \"void\""},
      {"excluded", not_from({"nzoa"}), "10.0.0.1", Verdict::denied,
       "denied: excluded zone \"a\" (nzoa) holds it: 10.0.0.0/28"},
      {"not excluded", not_from({"nzoa", "nzovoid"}), "10.0.0.16", Verdict::allowed,
       "allowed: no excluded zone holds it: \"a\", \"void\""},
      {"not excluded, but blocked", not_from({"nzob"}), "10.0.0.5", Verdict::denied, evil},
      {"a dynamic zone", only_from({"nzogeo"}), "10.0.0.1", Verdict::unknown, geo},
      {"a dynamic zone beside one that holds it", only_from({"nzoa", "nzogeo"}), "10.0.0.1", Verdict::allowed,
       in_a},
      {"a dynamic zone beside one that does not", only_from({"nzoa", "nzogeo"}), "10.0.0.99",
       Verdict::unknown, geo},
      {"a dynamic zone excluded", not_from({"nzogeo"}), "10.0.0.99", Verdict::unknown, geo},
      {"a dynamic zone excluded, and one that holds it", not_from({"nzoa", "nzogeo"}), "10.0.0.1",
       Verdict::denied, "denied: excluded zone \"a\" (nzoa) holds it: 10.0.0.0/28"},
      {"dynamic, and blocked for certain", only_from({"nzogeo"}), "10.0.0.4", Verdict::denied, evil},
      {"INACTIVE", only_from({"nzooff"}), "10.0.3.1", Verdict::unknown,
       "unknown: can't be told: zone \"off\" (nzooff) is INACTIVE"},
      {"a gateway that can't be read", only_from({"nzobad"}), "10.0.2.1", Verdict::unknown,
       "unknown: can't be told: zone \"bad\" (nzobad) has 1 gateway that can't be read: \"lab\""},
      {"beside it", only_from({"nzobad"}), "10.0.1.1", Verdict::allowed,
       "allowed: zone \"bad\" (nzobad) holds it: 10.0.1.0/24"},
      {"a zone that is gone", only_from({"nzo9"}), "10.0.0.1", Verdict::unknown,
       "unknown: can't be told: the org has no zone with the id \"nzo9\""},
      {"a connection that nobody knows", odd, "10.0.0.1", Verdict::unknown,
       "unknown: can't be told: a condition that zonepin can't read: \"ON_NETWORK\""},
      {"ZONE without zones", NetworkCondition{"ZONE", {}, {}}, "10.0.0.1", Verdict::unknown,
       "unknown: can't be told: a condition ZONE that names no zone"},
      {"a reserved word", only_from({"ALL_ZONES"}), "2001:db8:1::7", Verdict::allowed,
       "allowed: zone \"six\" (nzosix) holds it: 2001:db8:1::7"},
      {"a reserved word excluded", not_from({"ALL_IP_ZONES"}), "10.0.0.20", Verdict::denied,
       "denied: excluded zone \"b\" (nzob) holds it: 10.0.0.8-10.0.0.23"},
      {"a reserved word and a zone that can't be read", only_from({"ALL_ZONES"}), "10.0.9.9",
       Verdict::unknown,
       "unknown: can't be told: zone \"bad\" (nzobad) has 1 gateway that can't be read: \"lab\""},
      {"all of a CIDR", only_from({"nzoa", "nzob"}), "10.0.0.8/29", Verdict::allowed,
       "allowed: zone \"a\" (nzoa) holds it: 10.0.0.0/28 | allowed: zone \"b\" (nzob) holds it: "
       "10.0.0.8-10.0.0.23"},
      {"part of a CIDR", only_from({"nzoa"}), "10.0.0.8/28", Verdict::denied,
       "denied: BLOCKLIST zone \"evil\" (nzoevil) blocks 10.0.0.4/30 of it: 10.0.0.4/30 | allowed: zone "
       "\"a\" "
       "(nzoa) holds 10.0.0.0/30, 10.0.0.8/29 of it: 10.0.0.0/28"},
      {"part of a range, the rest unknown", only_from({"nzoa", "nzogeo"}), "10.0.0.14-10.0.0.17",
       Verdict::unknown,
       "unknown: can't be told: zone \"geo\" (nzogeo) is of type DYNAMIC | allowed: zone \"a\" (nzoa) holds "
       "10.0.0.14/31 of it: 10.0.0.0/28"},
      {"everything", anywhere(), "0.0.0.0/0", Verdict::denied,
       "denied: BLOCKLIST zone \"evil\" (nzoevil) blocks 10.0.0.4/30 of it: 10.0.0.4/30 | allowed: the "
       "condition is ANYWHERE"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Admission admission = admission_of(org_zones(), row.condition, row.asked);
    CHECK(to_string(admission.verdict()) == to_string(row.verdict));
    CHECK(words_of(admission) == row.grounds);
  }
}

TEST_CASE("what is assumed is said, where something hangs on it") {
  const auto zones = org_zones();
  const std::string all_zones = "ALL_ZONES and ALL_IP_ZONES are all ACTIVE zones of type IP and usage POLICY";
  CHECK(admission_of(zones, only_from({"ALL_ZONES"}), "10.0.0.1").assumed == std::vector{all_zones});
  CHECK(admission_of(zones, std::nullopt, "10.0.0.1").assumed.size() == 1);
  CHECK(admission_of(zones, std::nullopt, "10.0.0.4").assumed.empty());
  ReachBook reaches(zones);
  CHECK(AdmissionBook(reaches, zones, set_of("10.0.0.1")).assumed() ==
        std::vector<std::string>{
            "zone \"anonymizers\" (nzoanon) is of type DYNAMIC_V2, and as a BLOCKLIST zone it blocks none "
            "of these addresses"});
  CHECK(AdmissionBook(reaches, zones, set_of("10.0.0.4")).assumed().empty());
}

TEST_CASE(
    "a BLOCKLIST zone that somebody made and nobody can read leaves nothing allowed but what is exempt") {
  auto zones = org_zones();
  zones.push_back(kind(zone_with("nzoland", "lands", {}), "DYNAMIC", "ACTIVE", "BLOCKLIST"));
  const std::string why =
      "unknown: can't be told: zone \"lands\" (nzoland) is of type DYNAMIC, and as a BLOCKLIST zone it may "
      "block it";
  CHECK(words_of(admission_of(zones, anywhere(), "10.0.9.9")) ==
        why + " | allowed: the condition is ANYWHERE");
  CHECK(admission_of(zones, anywhere(), "10.0.9.9").verdict() == Verdict::unknown);
  CHECK(admission_of(zones, only_from({"nzoa"}), "10.0.9.9").verdict() == Verdict::denied);
  CHECK(admission_of(zones, anywhere(), "10.0.0.4").verdict() == Verdict::denied);

  zones.push_back(of_okta(zone_with("nzofree", "DefaultExemptIpZone", {"10.0.0.4", "10.0.9.9"})));
  const std::string exempt =
      "allowed: no BLOCKLIST zone blocks it, for zone \"DefaultExemptIpZone\" (nzofree) is exempt";
  for (const char* address : {"10.0.9.9", "10.0.0.4"}) {
    CHECK(words_of(admission_of(zones, anywhere(), address)) ==
          "allowed: the condition is ANYWHERE | " + exempt);
  }
  CHECK(admission_of(zones, anywhere(), "10.0.9.8").verdict() == Verdict::unknown);
}

TEST_CASE("an overridden zone is called so") {
  const auto zones = org_zones();
  CHECK(words_of(admission_of(zones, only_from({"nzoa"}), "10.0.0.1", {"nzoa"})) ==
        "allowed: zone \"a\" (nzoa), as overridden, holds it: 10.0.0.0/28");
  CHECK(words_of(admission_of(zones, only_from({"nzoa", "nzob"}), "10.0.0.99", {"nzoa"})) ==
        "denied: no zone of the condition holds it: \"a\" as overridden, \"b\"");
}

TEST_CASE("long reasons are cut with a count, and hostile names are escaped") {
  std::vector<Zone> zones;
  std::vector<std::string> ids;
  for (int number = 10; number < 40; ++number) {
    ids.push_back("nzo" + std::to_string(number));
    zones.push_back(zone_with(ids.back(), "z" + std::to_string(number) + "\x1b[31m\n", {"10.0.0.0/8"}));
  }
  const Admission inside = admission_of(zones, only_from(ids), "10.1.1.1");
  CHECK(inside.grounds.size() == 9);
  CHECK(inside.grounds.back().message == "and so do 22 further zones");
  const Admission outside = admission_of(zones, only_from(ids), "11.1.1.1");
  REQUIRE(outside.grounds.size() == 1);
  CHECK(holds(outside.grounds.front().message, "and 22 more"));
  for (const Ground& ground : inside.grounds) CHECK(escape_message(ground.message) == ground.message);
}

TEST_CASE("the order of the zones changes nothing") {
  auto zones = org_zones();
  const auto shown = words_of(admission_of(zones, only_from({"nzoa", "nzob"}), "10.0.0.0/27"));
  std::reverse(zones.begin(), zones.end());
  CHECK(words_of(admission_of(zones, only_from({"nzoa", "nzob"}), "10.0.0.0/27")) == shown);
}

// For every address of a small world and every condition on its zones: what is known agrees with the reach,
// every answer has a reason for its verdict, and a CIDR is the worst of its addresses.
TEST_CASE("verdicts agree with the reach, and those of a CIDR with those of its addresses") {
  auto zones = org_zones();
  const std::vector<std::string> members = {"nzoa", "nzob", "nzogeo", "nzobad", "nzo9", "ALL_ZONES"};
  std::vector<std::optional<NetworkCondition>> conditions = {std::nullopt, anywhere()};
  for (unsigned bits = 1; bits < 1U << members.size(); ++bits) {
    std::vector<std::string> some;
    for (std::size_t at = 0; at < members.size(); ++at) {
      if ((bits >> at & 1U) != 0) some.push_back(members[at]);
    }
    conditions.emplace_back(only_from(some));
    conditions.emplace_back(not_from(some));
  }
  ReachBook reaches(zones);
  AdmissionBook block(reaches, zones, set_of("10.0.0.0/27"));
  std::vector<AdmissionBook> singles;
  for (int last = 0; last < 32; ++last)
    singles.emplace_back(reaches, zones, set_of("10.0.0." + std::to_string(last)));
  for (const auto& condition : conditions) {
    const Reach reach = reaches.reach_of(condition);
    Verdict worst = Verdict::allowed;
    for (std::size_t last = 0; last < singles.size(); ++last) {
      const Admission& admission = singles[last].admission_of(condition);
      const IpAddress address{IpFamily::v4, 0, 0x0A000000U + last};
      const bool is_known = reach.known.contains(address);
      const Verdict expected = !reaches.admitted().contains(address) ? Verdict::denied
                               : is_known ? (reach.less.empty() ? Verdict::allowed : Verdict::unknown)
                                          : (reach.more.empty() ? Verdict::denied : Verdict::unknown);
      CHECK(admission.verdict() == expected);
      REQUIRE(!admission.grounds.empty());
      CHECK(admission.grounds.front().verdict == expected);
      worst = std::max(worst, expected);
    }
    const Admission& whole = block.admission_of(condition);
    CHECK(whole.verdict() == worst);
    CHECK(whole.allowed.united_with(whole.unknown).united_with(whole.denied) == set_of("10.0.0.0/27"));
    CHECK(whole.allowed.common_with(whole.denied).empty());
    CHECK(whole.allowed.united_with(whole.denied).common_with(whole.unknown).empty());
  }
}

}  // namespace
}  // namespace zonepin
