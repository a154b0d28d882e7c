// What a person orders by hand, as the manifest that keeps it so.
#include "adopt/order.h"

#include <doctest/doctest.h>

#include "manifest/decode.h"
#include "manifest/merge.h"
#include "manifest/write.h"
#include "plan/make_plan.h"

namespace zonepin {
namespace {

const std::string kId = "00Tlive1";

Zone ip_zone(std::string id, std::string name) {
  return {std::move(id), std::move(name), "IP", "ACTIVE", "POLICY", false, {{"CIDR", "192.0.2.0/24"}}};
}

Live live_with(std::vector<Zone> zones) {
  Live live;
  live.host = "acme.okta.com";
  live.url = "https://acme.okta.com";
  Token token;
  token.id = kId;
  token.name = "ci\n# tokens: []";
  token.user_id = "00uowner000000000001";
  token.client_name = std::string(kOrdinaryClient);
  token.network = anywhere();
  live.tokens.push_back(token);
  live.zones = std::move(zones);
  return live;
}

// Carries the order out on `live`, reads the manifest that it leaves, and gives the plan of that.
OrgPlan plan_afterwards(const Order& order, Live live) {
  const Sources sources = {{"kept.yaml", write_document(draft_of(order, live, "acme.okta.com"))}};
  const Planning first = make_plan(desired_of(order), live, {}, Instant{}, {});
  REQUIRE(first.diagnostics.empty());
  for (const Change& change : first.plan.changes) {
    if (change.status == Status::replace) live.tokens.front().network = change.after->network;
    if (change.status == Status::revoke) live.tokens.clear();
  }
  const Manifests manifests = decode_manifests(sources);
  CHECK(manifests.diagnostics.empty());
  REQUIRE(manifests.documents.size() == 1);
  Diagnostics diagnostics;
  const Desired desired = merge({&manifests.documents.front()}, sources, diagnostics);
  Planning again = make_plan(desired, live, {}, Instant{}, sources);
  CHECK(diagnostics.empty());
  CHECK(again.diagnostics.empty());
  CHECK(again.plan.findings.empty());
  return std::move(again.plan);
}

TEST_CASE("a fence is kept, whatever the zone is called") {
  struct Row {
    std::string name;
    std::vector<Zone> zones;
    std::string include;
    std::string pin;
  };
  const std::string id = "nzoaaaaaaaaaaaaaaaaa";
  const std::string other = "nzobbbbbbbbbbbbbbbbb";
  const Row rows[] = {
      {"a plain name",
       {ip_zone(id, "quarantine")},
       "include: [quarantine]",
       "quarantine: { quarantine: true }"},
      {"one that YAML would misread",
       {ip_zone(id, "no")},
       "include: [\"no\"]",
       "\"no\": { quarantine: true }"},
      {"two of a name", {ip_zone(id, "q"), ip_zone(other, "q")}, "include: [" + id + "]", "q: { id: " + id},
      {"the id of another", {ip_zone(id, other), ip_zone(other, "q")}, "include: [" + id + "]", "id: " + id},
      {"no name", {ip_zone(id, "")}, "include: [" + id + "]", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Order order{{kId}, id, "SEC-7\ntokens: x"};
    const Live live = live_with(row.zones);
    const std::string text = write_document(draft_of(order, live, "acme.okta.com"));
    CAPTURE(text);
    CHECK(text.find(row.include) != std::string::npos);
    CHECK(text.find(row.pin) != std::string::npos);
    CHECK((text.find("zones:") == std::string::npos) == row.pin.empty());
    const OrgPlan plan = plan_afterwards(order, live);
    REQUIRE(plan.changes.size() == 1);
    CHECK(plan.changes.front().status == Status::unchanged);
    CHECK(plan.terms.quarantine == (row.pin.empty() ? std::vector<std::string>{} : std::vector{id}));
  }
}

TEST_CASE("a revocation is kept") {
  const OrgPlan plan = plan_afterwards({{kId, "00Tgone"}, {}, "SEC-7: \"leaked\" # twice"}, live_with({}));
  REQUIRE(plan.changes.size() == 2);
  for (const Change& change : plan.changes) {
    CHECK(change.status == Status::gone);
    CHECK(change.reason == "SEC-7: \"leaked\" # twice");
  }
}

TEST_CASE("the order says nothing of other tokens") {
  const Planning planning =
      make_plan(desired_of({{"00Tgone"}, {}, "SEC-7"}), live_with({}), {}, Instant{}, {});
  CHECK(summary_of(planning.plan).actions() == 0);
  CHECK(planning.plan.findings.empty());
}

}  // namespace
}  // namespace zonepin
