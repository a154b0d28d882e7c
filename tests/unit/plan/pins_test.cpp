// Zone pins and what else there is to say about zones.
#include <doctest/doctest.h>

#include <algorithm>

#include "plan/zone_findings.h"
#include "plan_kit.h"

namespace zonepin {
namespace {

ZonePin pin_of(std::optional<std::string> id, std::vector<std::string> within,
               std::vector<std::string> covers) {
  ZonePin pin;
  pin.name = "corp";
  pin.id = std::move(id);
  pin.within = std::move(within);
  pin.covers = std::move(covers);
  pin.place = {0, 4, 3, 1};
  return pin;
}

std::string pin_messages(const OrgPlan& plan) {
  std::string words;
  for (const Finding& finding : plan.findings) {
    if (finding.rule == kZonePinBroken)
      words += (words.empty() ? "" : " | ") + finding.message.substr(0, finding.message.find(". zonepin"));
  }
  return words;
}

TEST_CASE("a pin tells what became of its zone") {
  struct Row {
    const char* about;
    ZonePin pin;
    void (*change)(std::vector<Zone>&);
    const char* message;
  };
  // corp is nzocorp: 203.0.113.0/24.
  const auto as_it_is = [](std::vector<Zone>&) {};
  const Row rows[] = {
      {"holds", pin_of("nzocorp", {"203.0.113.0/24"}, {"203.0.113.10"}), as_it_is, ""},
      {"widened", pin_of("nzocorp", {"203.0.113.0/24"}, {}),
       [](std::vector<Zone>& zones) {
         zones[1].gateways.push_back({"CIDR", "198.18.0.0/31"});
       },
       "network zone \"corp\" (nzocorp) was widened: it reaches beyond its pin's `within` by 198.18.0.0/31 "
       "(2 addresses)"},
      {"widened to everything", pin_of({}, {"203.0.113.0/24", "0.0.0.0/1"}, {}),
       [](std::vector<Zone>& zones) {
         zones[1].gateways = {{"CIDR", "0.0.0.0/0"}};
       },
       "network zone \"corp\" (nzocorp) was widened: it reaches beyond its pin's `within` by 128.0.0.0/2, "
       "192.0.0.0/5, "
       "200.0.0.0/7, 202.0.0.0/8, 203.0.0.0/18, 203.0.64.0/19, 203.0.96.0/20, 203.0.112.0/24, "
       "203.0.114.0/23, "
       "203.0.116.0/22 and 13 more ranges (2147483392 addresses)"},
      {"narrowed", pin_of({}, {}, {"203.0.113.10", "203.0.113.200"}),
       [](std::vector<Zone>& zones) {
         zones[1].gateways = {{"CIDR", "203.0.113.0/25"}};
       },
       "network zone \"corp\" (nzocorp) was narrowed: of its pin's `covers` it no longer reaches "
       "203.0.113.200/32 (1 address)"},
      {"emptied", pin_of({}, {}, {"203.0.113.10"}),
       [](std::vector<Zone>& zones) { zones[1].gateways.clear(); },
       "network zone \"corp\" (nzocorp) was emptied: of its pin's `covers` it no longer reaches "
       "203.0.113.10/32 (1 address)"},
      {"renamed", pin_of("nzocorp", {}, {}), [](std::vector<Zone>& zones) { zones[1].name = "corp-old"; },
       "network zone nzocorp was renamed: the pin calls it \"corp\", it is now named \"corp-old\""},
      {"renamed, and another took the name", pin_of("nzocorp", {}, {}),
       [](std::vector<Zone>& zones) {
         zones[1].name = "corp-old";
         zones[0].name = "corp";
       },
       "network zone nzocorp was renamed: the pin calls it \"corp\", it is now named \"corp-old\"; another "
       "zone, nzoci, has "
       "the name now"},
      {"re-created", pin_of("nzocorp", {}, {}), [](std::vector<Zone>& zones) { zones[1].id = "nzonew"; },
       "network zone \"corp\" was re-created: it is pinned to nzocorp, which is not live any more, and the "
       "live one is nzonew"},
      {"gone", pin_of("nzocorp", {}, {}), [](std::vector<Zone>& zones) { zones.erase(zones.begin() + 1); },
       "network zone \"corp\" (nzocorp) is not live any more, and no other zone has its name"},
      {"no such name", pin_of({}, {}, {"203.0.113.10"}),
       [](std::vector<Zone>& zones) { zones.erase(zones.begin() + 1); },
       "no live network zone, or more than one, is named \"corp\""},
      {"deactivated", pin_of("nzocorp", {}, {}),
       [](std::vector<Zone>& zones) { zones[1].status = "INACTIVE"; },
       "network zone \"corp\" (nzocorp) is INACTIVE, so no token can use it"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.about);
    Live live = live_with({token(1, "a", only_from({"nzocorp"})), token(2, "b", only_from({"nzodata"}))});
    row.change(live.zones);
    Desired desired;
    desired.zones = {row.pin};
    const OrgPlan plan = plan_for(desired, live);
    CHECK(pin_messages(plan) == row.message);
    CHECK(has_broken_pin(plan) == !std::string(row.message).empty());
    for (const Finding& finding : plan.findings) {
      if (finding.rule != kZonePinBroken || finding.message.rfind("no live", 0) == 0) continue;
      const bool by_name_gone = !row.pin.id && live.zones.size() == 2;
      if (!by_name_gone)
        CHECK(std::count(finding.details.begin(), finding.details.end(), "token \"a\" " + token_id(1)) >=
              (row.pin.id ? 1 : 0));
      CHECK(finding.source == SourceRef{"manifests/a.yaml", 4});
    }
  }
}

TEST_CASE("a name that is pinned to an id means that zone, whatever it is called") {
  Live live = live_with({token(1, "a", only_from({"nzocorp"}))});
  Desired desired = desired_of({by_id(1, 1, {"corp"})});
  desired.zones = {pin_of("nzocorp", {}, {})};
  live.zones[1].name = "renamed";
  CHECK((plan_for(desired, live).changes.front().status == Status::unchanged));
  live.zones[0].name = "corp";  // another zone took the name: it is not what is meant
  CHECK((plan_for(desired, live).changes.front().status == Status::unchanged));

  live.zones[1].id = "nzonew";  // the pinned one is gone
  live.zones[1].name = "corp";
  live.zones[0].name = "ci";
  const Change change = plan_for(desired, live).changes.front();
  CHECK((change.status == Status::conflict));
  CHECK(change.note.find("is pinned to nzocorp, which is not live any more") != std::string::npos);
}

TEST_CASE("what is odd about the zones that tokens are pinned to") {
  struct Row {
    const char* rule;
    std::vector<std::string> gateways;
    bool found;
  };
  const Row rows[] = {{"zone-too-wide", {"11.0.0.0/8"}, false}, {"zone-too-wide", {"10.0.0.0/7"}, true},
                      {"zone-private", {"10.1.0.0/16"}, true},  {"zone-private", {"11.1.0.0/16"}, false},
                      {"zone-private", {"fd00::/64"}, true},    {"zone-empty", {}, true},
                      {"zone-empty", {"11.1.0.0/16"}, false},   {"zone-too-wide", {"2001::/31"}, true},
                      {"zone-too-wide", {"2001::/32"}, false}};
  for (const Row& row : rows) {
    CAPTURE(row.rule);
    CAPTURE(row.found);
    Live live = live_with({token(1, "a"), token(2, "b")});
    live.zones.push_back(zone_with("nzox", "x", row.gateways));
    const OrgPlan plan = plan_for(desired_of({by_id(1, 1, {"x"})}), live);
    const bool found = finding_of(plan, row.rule) != nullptr;
    CHECK(found == row.found);
    CHECK(finding_of(plan_for(desired_of({by_id(1, 1, {"corp"})}), live), row.rule) ==
          nullptr);  // nobody uses it
  }
}

TEST_CASE("a zone that no token can use, an exclude, a pin that nothing uses") {
  Live live = live_with({token(1, "a", only_from({"nzocorp"})), token(2, "b")});
  live.zones[1].status = "INACTIVE";
  DesiredToken but_data = by_id(3, 2, {"ci"});
  but_data.network = network_of("ZONE", {}, {"data"}, 3);
  Desired desired = desired_of({but_data});
  desired.zones = {pin_of({}, {"203.0.113.0/24"}, {})};
  desired.zones[0].name = "ci";
  const OrgPlan plan = plan_for(desired, live);
  REQUIRE(finding_of(plan, "zone-unusable") != nullptr);
  CHECK(finding_of(plan, "zone-unusable")->message ==
        "network zone \"corp\" (nzocorp) is INACTIVE, and 1 live condition names it");
  REQUIRE(finding_of(plan, "token-exclude-only") != nullptr);
  CHECK(finding_of(plan, "token-exclude-only")->source == SourceRef{"manifests/a.yaml", 3});
  CHECK(finding_of(plan, "zone-pin-unused") != nullptr);
}

}  // namespace
}  // namespace zonepin
