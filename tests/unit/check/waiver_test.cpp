// A waiver accepts what it names, for its time, and never makes a pass of it.
#include <doctest/doctest.h>

#include "check_kit.h"

namespace zonepin {
namespace {

Checking two_anywhere() {
  Checking it;
  it.live = live_with({token(1, "a"), token(2, "b")});
  it.desired = desired_of({named(3, "a", {}), named(6, "b", {})});
  it.profile = *builtin_profile("stig");
  return it;
}

const CheckFinding* org_finding(const OrgCheck& org, CheckRule rule) {
  for (const CheckFinding& finding : org.findings) {
    if (finding.rule == rule) return &finding;
  }
  return nullptr;
}

TEST_CASE("a waived finding is neither a failure nor a pass") {
  Checking it = two_anywhere();
  it.desired.waivers = {waiver_of("token-anywhere", "a", "2026-02-01T00:00:00Z")};
  const OrgCheck org = it.check();
  CHECK(org.tokens[0].verdict == CheckVerdict::waived);
  REQUIRE(org.tokens[0].findings.at(0).accepted);
  CHECK(org.tokens[0].findings.at(0).accepted->reason == "SEC-482");
  CHECK(org.tokens[0].findings.at(0).accepted->source == SourceRef{"manifests/a.yaml", 30});
  CHECK(org.tokens[1].verdict == CheckVerdict::fail);
  CHECK(count(org, CheckVerdict::pass) == 0);
}

TEST_CASE("a waiver ends at its moment") {
  struct WaiverRow {
    const char* until;
    bool accepts;
  };
  // It is 2026-01-02T03:04:05Z.
  const WaiverRow rows[] = {{"2026-01-02T03:04:05Z", false}, {"2026-01-02T03:04:05.001Z", true}};
  for (const WaiverRow& row : rows) {
    CAPTURE(row.until);
    Checking it = two_anywhere();
    it.desired.waivers = {waiver_of("token-anywhere", "*", row.until)};
    const OrgCheck org = it.check();
    CHECK((org.tokens[0].verdict == CheckVerdict::waived) == row.accepts);
    CHECK((org_finding(org, CheckRule::waiver_expired) == nullptr) == row.accepts);
    CHECK(has_violations(org) != row.accepts);
  }
}

TEST_CASE("a waiver of another rule accepts nothing, and is told as unused") {
  Checking it = two_anywhere();
  it.desired.waivers = {waiver_of("token-exclude-only", "*", "2026-02-01T00:00:00Z", 41),
                        waiver_of("waiver-expired", "*", "2026-02-01T00:00:00Z", 42)};
  const OrgCheck org = it.check();
  CHECK(count(org, CheckVerdict::fail) == 2);
  REQUIRE(org.findings.size() == 2);
  CHECK(org.findings[0].rule == CheckRule::waiver_unused);
  CHECK(org.findings[0].source == SourceRef{"manifests/a.yaml", 41});
  CHECK(org.findings[0].column == 5);
}

TEST_CASE("a waiver is not unused where its rule was not looked at, or its owner is not known") {
  Checking it = two_anywhere();
  it.desired.waivers = {waiver_of("token-owner-inactive", "*", "2026-02-01T00:00:00Z")};
  CHECK(it.check().findings.empty());
  it.desired.waivers = {waiver_of("token-anywhere", "a", "2026-02-01T00:00:00Z")};
  it.desired.waivers[0].match.owner = "*@acme.example";
  const OrgCheck doubtful = it.check();
  CHECK(doubtful.tokens[0].verdict == CheckVerdict::fail);
  CHECK(doubtful.findings.empty());
}

TEST_CASE("of several waivers the one that lasts longest is named") {
  Checking it = two_anywhere();
  it.desired.waivers = {waiver_of("token-anywhere", "a", "2026-02-01T00:00:00Z", 50),
                        waiver_of("token-anywhere", "*", "2026-03-01T00:00:00Z", 51)};
  const OrgCheck org = it.check();
  CHECK(org.tokens[0].findings.at(0).accepted->source == SourceRef{"manifests/a.yaml", 51});
  CHECK(org.findings.empty());
}

TEST_CASE("a broken pin is accepted where it is for every token that it concerns") {
  Checking it;
  it.live = live_with({token(1, "a", only_from({"nzocorp"})), token(2, "b", only_from({"nzocorp"}))});
  it.desired = desired_of({named(3, "a", {"corp"}), named(6, "b", {"corp"})});
  ZonePin pin;
  pin.name = "corp";
  pin.within = {"203.0.113.0/25"};
  pin.place = {0, 9, 3, 1};
  it.desired.zones = {pin};
  it.desired.waivers = {waiver_of("zone-pin-broken", "a", "2026-02-01T00:00:00Z")};
  CHECK(has_violations(it.check()));
  it.desired.waivers = {waiver_of("zone-pin-broken", "*", "2026-02-01T00:00:00Z")};
  CHECK_FALSE(has_violations(it.check()));
  CHECK(it.check().findings.at(0).state == CheckState::waived);
}

TEST_CASE("the end of a waiver reads as it was written") {
  CHECK(until_text(*parse_instant("2027-02-01T00:00:00Z")) == "2027-01-31");
  CHECK(until_text(*parse_instant("2027-01-31T18:00:00Z")) == "2027-01-31T18:00:00Z");
}

}  // namespace
}  // namespace zonepin
