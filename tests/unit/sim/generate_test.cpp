#include "sim/generate.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "unit/sim/kit.h"

namespace zonepin::sim {

namespace {

// What holds in every org that we make up: nothing is lapsed, everything that a token names is there and
// usable, and the token to call with can read and write from loopback.
void check_sound(State state) {
  for (const auto& item : state.tokens) {
    const Token& token = item.second;
    CAPTURE(token.id);
    CHECK(token.id.size() == 20);
    CHECK_FALSE(is_lapsed(token, noon()));
    CHECK(token.created <= noon());
    CHECK(state.users.count(token.user_id) == 1);
    if (!token.network) continue;
    for (const std::string& zone_id : token.network->include) {
      if (zone_id == "ALL_IP_ZONES") continue;
      const Zone& zone = state.zones.at(zone_id);
      CHECK(zone.type + zone.status + zone.usage == "IPACTIVEPOLICY");
    }
  }
  const Token* own = token_to_use(state, noon());
  REQUIRE(own != nullptr);
  CHECK(own->name == "zonepin-ci");
  Call call = get("/api/v1/api-tokens");
  call.secret = own->secret;
  call.caller = "127.0.0.1";
  Org org(std::move(state));
  CHECK(verdict(org, call) == "200");
}

std::size_t repeated_names(const State& state) {
  std::set<std::string> names;
  for (const auto& item : state.tokens) names.insert(item.second.name);
  return state.tokens.size() - names.size();
}

TEST_CASE("the demo's org") {
  const State state = demo_org(noon());
  CHECK(state.tokens.size() == 14);
  CHECK(state.zones.size() == 9);
  CHECK(repeated_names(state) == 1);
  check_sound(state);
  CHECK(demo_org(noon()) == state);
}

TEST_CASE("generated orgs have the size that was asked for") {
  for (const OrgSize size : {OrgSize{1, 3, 0, 1}, OrgSize{300, 60, 10, 2}, OrgSize{2000, 20, 0, 9}}) {
    CAPTURE(size.tokens);
    const State state = generated_org(size, noon());
    CHECK(state.tokens.size() == size.tokens);
    CHECK(state.zones.size() == size.zones);
    CHECK(repeated_names(state) == size.repeated_names);
    check_sound(state);
  }
  CHECK(generated_org(OrgSize{50, 9, 0, 1}, noon()) == generated_org(OrgSize{50, 9, 0, 1}, noon()));
  CHECK_FALSE(generated_org(OrgSize{50, 9, 0, 1}, noon()) == generated_org(OrgSize{50, 9, 0, 2}, noon()));
}

}  // namespace

}  // namespace zonepin::sim
