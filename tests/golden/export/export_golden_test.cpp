// How an exported org looks: a snapshot in, the manifest out, in every form that can be asked for.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "adopt/adopt.h"
#include "manifest/write.h"
#include "okta/snapshot.h"
#include "support/golden.h"

namespace zonepin {

namespace {

Live live_of(const std::string& folder) {
  const std::string path = std::string(ZONEPIN_ROOT) + "/tests/golden/export/" + folder + "/live.json";
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  auto snapshot = okta::decode_snapshot(text, path);
  REQUIRE(snapshot);
  return std::move(snapshot->live);
}

AdoptWishes usual_wishes() {
  AdoptWishes wishes;
  wishes.org = "acme.okta.com";
  wishes.owners = {{"00ugold0000000000001", {"ci@acme.example", "ACTIVE"}},
                   {"00ugold0000000000002", {"ana.data@acme.example", "ACTIVE"}},
                   {"00ugold0000000000003", {"kim@acme.example", "DEPROVISIONED"}}};
  return wishes;
}

void check(const std::string& folder, const std::string& form, const AdoptWishes& wishes) {
  check_golden("export/" + folder + "/expected." + form + ".yaml",
               write_documents({adopt(live_of(folder), wishes).draft}));
}

}  // namespace

TEST_CASE("an everyday org") {
  AdoptWishes wishes = usual_wishes();
  check("everyday", "auto", wishes);
  wishes.key = EntryKey::id;
  wishes.usage = Usage::told;
  wishes.owners = {};
  check("everyday", "id", wishes);
  wishes = usual_wishes();
  wishes.as = AdoptAs::rules;
  check("everyday", "rules", wishes);
  wishes = usual_wishes();
  wishes.wants = EntryWants::revocation;
  wishes.usage = Usage::told;
  wishes.pins = Pins::left_out;
  wishes.only = {"00Tgold0000000000003", "00Tgold0000000000004", "00Tgold0000000000006"};
  check("everyday", "revoked", wishes);
}

TEST_CASE("an org of odd names, zones and conditions") {
  AdoptWishes wishes = usual_wishes();
  wishes.key = EntryKey::name;
  check("odd", "name", wishes);
}

TEST_CASE("an org without tokens") {
  Live live;
  live.host = "acme.okta.com";
  CHECK(write_documents({adopt(live, usual_wishes()).draft}) ==
        "# Exported from acme.okta.com: 0 live tokens.\napiVersion: zonepin/v1\nkind: ApiTokens\norg: "
        "acme.okta.com\n");
}

}  // namespace zonepin
