// Each rule fires where it should and not a step before it.
#include <doctest/doctest.h>

#include <functional>

#include "check_kit.h"

namespace zonepin {
namespace {

// One token named `t`, id 1, used six weeks before the end of its window, in a world of its own.
struct Row {
  const char* what;
  CheckRule rule;
  std::function<void(Checking&)> arrange;
  CheckVerdict expected;
};

void pin_to(Checking& it, std::vector<std::string> zones) {
  it.live.tokens[0].network = only_from(std::move(zones));
}

void add_zone(Checking& it, const std::vector<std::string>& gateways) {
  it.live.zones.push_back(zone_with("nzowide", "wide", gateways));
  pin_to(it, {"nzowide"});
}

void check_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Checking it;
    it.live = live_with({token(1, "t", only_from({"nzocorp"}))});
    it.desired = desired_of({named(3, "t", {"corp"})});
    row.arrange(it);
    it.profile = only(row.rule);
    const OrgCheck org = it.check();
    REQUIRE(!org.tokens.empty());
    CHECK(std::string(to_string(org.tokens[0].verdict)) == std::string(to_string(row.expected)));
    CHECK(has_violations(org) == (row.expected == CheckVerdict::fail));
  }
}

constexpr auto kPass = CheckVerdict::pass;
constexpr auto kFail = CheckVerdict::fail;
constexpr auto kUnseen = CheckVerdict::not_reviewed;

TEST_CASE("where a token may be used from") {
  constexpr CheckRule kAny = CheckRule::token_anywhere;
  check_rows({
      {"pinned", kAny, [](Checking&) {}, kPass},
      {"ANYWHERE", kAny, [](Checking& it) { it.live.tokens[0].network = anywhere(); }, kFail},
      {"no condition", kAny, [](Checking& it) { it.live.tokens[0].network.reset(); }, kFail},
      {"ZONE without zones", kAny,
       [](Checking& it) {
         it.live.tokens[0].network = NetworkCondition{"ZONE", {}, {}};
       },
       kFail},
      {"an unknown word", kAny,
       [](Checking& it) {
         it.live.tokens[0].network = NetworkCondition{"ANY_IP", {}, {}};
       },
       kUnseen},
      {"both lists", kAny,
       [](Checking& it) {
         it.live.tokens[0].network = NetworkCondition{"ZONE", {"nzocorp"}, {"nzoci"}};
       },
       kUnseen},
      {"a zone of all IPv4", kAny, [](Checking& it) { add_zone(it, {"0.0.0.0/0"}); }, kFail},
      {"two halves", kAny,
       [](Checking& it) {
         add_zone(it, {"0.0.0.0/1", "128.0.0.0/1"});
       },
       kFail},
      {"a range of all IPv4", kAny, [](Checking& it) { add_zone(it, {"0.0.0.0-255.255.255.255"}); }, kFail},
      {"all but one address", kAny, [](Checking& it) { add_zone(it, {"0.0.0.0-255.255.255.254"}); }, kPass},
      {"a zone of all IPv6", kAny, [](Checking& it) { add_zone(it, {"::/0"}); }, kFail},
      {"half of IPv6", kAny, [](Checking& it) { add_zone(it, {"::/1"}); }, kPass},
      {"all that is not blocked", kAny,
       [](Checking& it) {
         add_zone(it, {"0.0.0.0-203.0.112.255", "203.0.114.0-255.255.255.255"});
         it.live.zones.push_back(zone("nzoblock", "block", "IP", "ACTIVE", "BLOCKLIST"));
       },
       kFail},
  });
}

TEST_CASE("exclusion, reserved words and zones") {
  constexpr CheckRule kWide = CheckRule::zone_too_wide;
  constexpr CheckRule kUnusable = CheckRule::zone_unusable;
  check_rows({
      {"included", CheckRule::token_exclude_only, [](Checking&) {}, kPass},
      {"excluded", CheckRule::token_exclude_only,
       [](Checking& it) { it.live.tokens[0].network = not_from({"nzocorp"}); }, kFail},
      {"all zones excluded", CheckRule::token_exclude_only,
       [](Checking& it) { it.live.tokens[0].network = not_from({"ALL_ZONES"}); }, kFail},
      {"ALL_ZONES", CheckRule::token_all_zones, [](Checking& it) { pin_to(it, {"ALL_ZONES"}); }, kFail},
      {"ALL_IP_ZONES beside another", CheckRule::token_all_zones,
       [](Checking& it) {
         pin_to(it, {"ALL_IP_ZONES", "nzocorp"});
       },
       kFail},
      {"one zone", CheckRule::token_all_zones, [](Checking&) {}, kPass},
      {"a /8", kWide, [](Checking& it) { add_zone(it, {"10.0.0.0/8"}); }, kPass},
      {"a /8 and one address", kWide, [](Checking& it) { add_zone(it, {"10.0.0.0-11.0.0.0"}); }, kFail},
      {"two /8 that touch", kWide,
       [](Checking& it) {
         add_zone(it, {"10.0.0.0/8", "11.0.0.0/8"});
       },
       kFail},
      {"two /8 apart", kWide,
       [](Checking& it) {
         add_zone(it, {"10.0.0.0/8", "12.0.0.0/8"});
       },
       kPass},
      {"an IPv6 /32", kWide, [](Checking& it) { add_zone(it, {"2001:db8::/32"}); }, kPass},
      {"an IPv6 /31", kWide, [](Checking& it) { add_zone(it, {"2001:db8::/31"}); }, kFail},
      {"inactive", kUnusable,
       [](Checking& it) {
         it.live.zones.push_back(zone("nzooff", "off", "IP", "INACTIVE"));
         pin_to(it, {"nzooff"});
       },
       kFail},
      {"not there", kUnusable, [](Checking& it) { pin_to(it, {"nzogone"}); }, kFail},
      {"a gateway that nobody can read", kUnusable, [](Checking& it) { add_zone(it, {"home"}); }, kFail},
      {"usable", kUnusable, [](Checking&) {}, kPass},
  });
}

TEST_CASE("times, at each bound and a moment before it") {
  constexpr CheckRule kIdle = CheckRule::token_idle;
  constexpr CheckRule kOld = CheckRule::token_old;
  constexpr CheckRule kEnds = CheckRule::token_expiring;
  const auto expires = [](const char* at) {
    return [at](Checking& it) { it.live.tokens[0].expires_at = at; };
  };
  const auto created = [](const char* at) { return [at](Checking& it) { it.live.tokens[0].created = at; }; };
  // It is 2026-01-02T03:04:05Z; a token was used 30 days before it expires; 14 days idle, 12 months old, 7
  // days.
  check_rows({
      {"idle for 14 days", kIdle, expires("2026-01-18T03:04:05.000Z"), kFail},
      {"a second less", kIdle, expires("2026-01-18T03:04:06.000Z"), kPass},
      {"a last use that is unknown", kIdle, [](Checking& it) { it.live.tokens[0].expires_at.reset(); },
       kPass},
      {"12 months old", kOld, created("2025-01-02T03:04:05.000Z"), kFail},
      {"a second younger", kOld, created("2025-01-02T03:04:06.000Z"), kPass},
      {"a creation that is unknown", kOld, [](Checking& it) { it.live.tokens[0].created.reset(); }, kPass},
      {"lapses in 7 days", kEnds, expires("2026-01-09T03:04:05.000Z"), kFail},
      {"a second later", kEnds, expires("2026-01-09T03:04:06.000Z"), kPass},
      {"past its end and listed", kEnds, expires("2025-12-31T00:00:00.000Z"), kFail},
      {"no end", kEnds, [](Checking& it) { it.live.tokens[0].expires_at.reset(); }, kPass},
  });
}

TEST_CASE("who speaks of a token, and who owns it") {
  constexpr CheckRule kOwner = CheckRule::token_owner_inactive;
  const auto owned_by = [](const char* status) {
    return [status](Checking& it) {
      it.owners.emplace();
      it.owners->by_id["00u00000000000000001"] = {"ana@acme.example", status};
    };
  };
  check_rows({
      {"declared", CheckRule::token_unmanaged, [](Checking&) {}, kPass},
      {"undeclared", CheckRule::token_unmanaged, [](Checking& it) { it.desired.tokens.clear(); }, kFail},
      {"undeclared where nobody minds", CheckRule::token_unmanaged,
       [](Checking& it) {
         it.desired.tokens.clear();
         it.desired.unmanaged = Treatment::ignore;
       },
       kFail},
      {"a name of its own", CheckRule::token_name_duplicate,
       [](Checking& it) { it.live.tokens.push_back(token(2, "u")); }, kPass},
      {"a name used twice", CheckRule::token_name_duplicate,
       [](Checking& it) { it.live.tokens.push_back(token(2, "t")); }, kFail},
      {"nobody asked", kOwner, [](Checking&) {}, kPass},
      {"active", kOwner, owned_by("ACTIVE"), kPass},
      {"locked out for a while", kOwner, owned_by("LOCKED_OUT"), kPass},
      {"deactivated", kOwner, owned_by("DEPROVISIONED"), kFail},
      {"suspended", kOwner, owned_by("SUSPENDED"), kFail},
      {"never activated", kOwner, owned_by("STAGED"), kFail},
      {"gone", kOwner, owned_by(""), kFail},
      {"a status of tomorrow", kOwner, owned_by("HIBERNATING"), kUnseen},
      {"beyond the lookups", kOwner, [](Checking& it) { it.owners.emplace(); }, kUnseen},
      {"no owner told", kOwner,
       [](Checking& it) {
         it.owners.emplace();
         it.live.tokens[0].user_id.reset();
       },
       kUnseen},
  });
}

TEST_CASE("what a manifest ignores is judged all the same") {
  Checking it;
  it.live = live_with({token(1, "t")});
  DesiredToken entry = named(3, "t", {"corp"});
  entry.network.reset();
  entry.ignore = true;
  it.desired = desired_of({entry});
  const OrgCheck org = it.check();
  CHECK(org.tokens[0].verdict == CheckVerdict::fail);
  CHECK(org.tokens[0].source == SourceRef{"manifests/a.yaml", 3});
}

TEST_CASE("a list that can't be trusted passes nothing") {
  Checking it;
  it.live = live_with({token(1, "t", only_from({"nzocorp"})), token(2, "u")});
  it.desired = desired_of({named(3, "t", {"corp"})});
  it.desired.waivers = {waiver_of("token-anywhere", "u", "2025-01-01T00:00:00Z")};
  it.desired.min_tokens = 2;
  CHECK(it.check().not_reviewed.empty());
  CHECK(has_violations(it.check()));
  it.desired.min_tokens = 3;
  const OrgCheck few = it.check();
  CHECK(holds(few.not_reviewed, "2 tokens, fewer than"));
  CHECK(count(few, CheckVerdict::not_reviewed) == 2);
  CHECK(is_incomplete(few));
  it.desired.min_tokens.reset();
  it.live.tokens.clear();
  const OrgCheck none = it.check();
  CHECK(is_incomplete(none));
  CHECK_FALSE(has_violations(none));
}

TEST_CASE("of two errors at one token the worse one counts, and warnings count for nothing") {
  Checking it;
  it.live = live_with({token(1, "t", NetworkCondition{"ANY_IP", {}, {}})});
  it.desired = desired_of({named(3, "t", {"corp"})});
  it.profile = only(CheckRule::token_anywhere);
  it.profile.set(CheckRule::token_idle, CheckLevel::warning);
  it.live.tokens[0].expires_at = "2026-01-03T00:00:00.000Z";
  CHECK(it.check().tokens[0].verdict == CheckVerdict::not_reviewed);
  CHECK(it.check().tokens[0].findings.size() == 2);
  it.profile.set(CheckRule::token_idle, CheckLevel::error);
  CHECK(it.check().tokens[0].verdict == CheckVerdict::fail);
}

TEST_CASE("a broken pin is a violation beside the tokens") {
  Checking it;
  it.live = live_with({token(1, "t", only_from({"nzocorp"}))});
  it.desired = desired_of({named(3, "t", {"corp"})});
  ZonePin pin;
  pin.name = "corp";
  pin.within = {"203.0.113.0/25"};
  pin.place = {0, 9, 3, 1};
  it.desired.zones = {pin};
  const OrgCheck org = it.check();
  CHECK(org.tokens[0].verdict == CheckVerdict::pass);
  REQUIRE(org.findings.size() == 1);
  CHECK(org.findings[0].rule == CheckRule::zone_pin_broken);
  CHECK(org.findings[0].subject == "corp");
  CHECK(org.findings[0].source == SourceRef{"manifests/a.yaml", 9});
  CHECK(has_violations(org));
}

}  // namespace
}  // namespace zonepin
