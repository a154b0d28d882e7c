// Zone names become ids; what a token can't use is refused at its place.
#include <doctest/doctest.h>

#include "plan/zone_book.h"
#include "plan_kit.h"

namespace zonepin {
namespace {

TEST_CASE("a member is a reserved word, else an id, else a name") {
  const std::vector<Zone> zones = {zone("nzo1", "corp"), zone("nzo2", "nzo1"), zone("nzo3", "ALL_ZONES"),
                                   zone("nzo4", "büro 2")};
  const ZoneBook book(zones);
  struct Row {
    const char* written;
    const char* expected;
  };
  const Row rows[] = {{"corp", "nzo1"},  {"nzo1", "nzo1"},  // the id wins over the zone of that name
                      {"nzo2", "nzo2"},  {"ALL_ZONES", "ALL_ZONES"}, {"ALL_IP_ZONES", "ALL_IP_ZONES"},
                      {"büro 2", "nzo4"}};
  for (const Row& row : rows) {
    CAPTURE(row.written);
    Diagnostics diagnostics;
    CHECK(book.resolve(network_of("ZONE", {row.written}, {}, 1), diagnostics).condition ==
          only_from({row.expected}));
    CHECK(diagnostics.empty());
  }
}

TEST_CASE("what a token can't use is refused by name, with a way out") {
  const std::vector<Zone> zones = {zone("nzo1", "corp"),
                                   zone("nzo2", "corq", "IP", "INACTIVE"),
                                   zone("nzo3", "geo", "DYNAMIC"),
                                   zone("nzo4", "geo2", "DYNAMIC_V2"),
                                   zone("nzo5", "bad", "IP", "ACTIVE", "BLOCKLIST"),
                                   zone("nzo7", "twin"),
                                   zone("nzo6", "twin"),
                                   zone("nzo8", "next", "SATELLITE\x1b")};
  const ZoneBook book(zones);
  struct Row {
    const char* written;
    const char* summary;
    const char* detail;
  };
  const Row rows[] = {
      {"corpp", "this org has no network zone \"corpp\"", "did you mean \"corp\"?"},
      {"elsewhere", "this org has no network zone \"elsewhere\"",
       "`zonepin list zones` shows the zones of this org"},
      {"nzo99", "this org has no network zone \"nzo99\"", "`zonepin list zones` shows the zones of this org"},
      {"corq", "network zone \"corq\" (nzo2) is INACTIVE",
       "a token can use only ACTIVE zones of type IP and usage POLICY; did you mean \"corp\"?"},
      {"nzo2", "network zone \"corq\" (nzo2) is INACTIVE",
       "a token can use only ACTIVE zones of type IP and usage POLICY; did you mean \"corp\"?"},
      {"geo", "network zone \"geo\" (nzo3) is of type DYNAMIC",
       "a token can use only ACTIVE zones of type IP and usage POLICY"},
      {"geo2", "network zone \"geo2\" (nzo4) is of type DYNAMIC_V2",
       "a token can use only ACTIVE zones of type IP and usage POLICY"},
      {"bad", "network zone \"bad\" (nzo5) is a BLOCKLIST zone",
       "a token can use only ACTIVE zones of type IP and usage POLICY"},
      {"twin", "several network zones are named \"twin\"", "write the id instead: nzo6, nzo7"},
      {"next", "network zone \"next\" (nzo8) is of type SATELLITE\\x1b",
       "a token can use only ACTIVE zones of type IP and usage POLICY"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.written);
    Diagnostics diagnostics;
    CHECK_FALSE(
        book.resolve(network_of("ZONE", {"corp", row.written}, {}, 8), diagnostics).condition.has_value());
    REQUIRE(diagnostics.size() == 1);
    CHECK(diagnostics[0].summary == row.summary);
    CHECK(diagnostics[0].detail == row.detail);
    CHECK(diagnostics[0].place == Place{0, 8, 11, 1});
  }
}

TEST_CASE("every wrong member is reported at once, in either list, and makes the plan unusable") {
  Desired desired = desired_of({named(1, "a", {"nope", "corp", "nada"}), named(2, "b", {"corp"})});
  desired.tokens[1].network = network_of("ZONE", {}, {"nil"}, 2);
  const Planning planning = planning_of(desired, live_with({token(1, "a"), token(2, "b")}));
  REQUIRE(planning.diagnostics.size() == 3);
  CHECK(has_errors(planning.diagnostics));
  CHECK(planning.diagnostics[2].place.line == 2);
  CHECK(summary_of(planning.plan).actions() == 0);
}

TEST_CASE("a name and its id are one member") {
  Diagnostics diagnostics;
  const std::vector<Zone> zones = {zone("nzo1", "corp"), zone("nzo0", "ci")};
  CHECK(ZoneBook(zones).resolve(network_of("ZONE", {}, {"corp", "nzo1", "ci"}, 1), diagnostics).condition ==
        not_from({"nzo0", "nzo1"}));
}

}  // namespace
}  // namespace zonepin
