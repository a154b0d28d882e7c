#include "cli/selection.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace zonepin {
namespace {

std::vector<OrgAddress> orgs_of(const std::vector<std::string>& texts) {
  std::vector<OrgAddress> orgs;
  for (const std::string& text : texts) orgs.push_back(*parse_org(text));
  return orgs;
}

std::vector<std::string> hosts_of(const std::vector<OrgAddress>& orgs) {
  std::vector<std::string> hosts;
  for (const OrgAddress& org : orgs) hosts.push_back(org.authority());
  return hosts;
}

TEST_CASE("what --shard may say") {
  CHECK(parse_shard("1/1") == Shard{1, 1});
  CHECK(parse_shard("2/4") == Shard{2, 4});
  CHECK(parse_shard("10000/10000") == Shard{10'000, 10'000});
  for (const char* text : {"", "/", "1", "1/", "/4", "0/4", "5/4", "1/0", "-1/4", "+1/4", "1/4 ", " 1/4",
                           "1/4/4", "1.0/4", "0x1/4", "1/10001", "1/99999999999999999999", "a/b", "1\\4"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_shard(text).has_value());
  }
}

// The numbers are those of sha256sum: another version that puts an org elsewhere would run it twice, or
// never.
TEST_CASE("an org stays in its shard for good") {
  struct Row {
    const char* org;
    std::size_t of_4;
    std::size_t of_7;
    std::size_t of_200;
  };
  const Row rows[] = {
      {"acme.okta.com", 3, 6, 139},       {"ACME.okta.com", 3, 6, 139},         {"beta.okta.com", 3, 7, 167},
      {"id.acme.example:8443", 4, 6, 24}, {"http://127.0.0.1:8080", 3, 2, 183},
  };
  for (const Row& row : rows) {
    CAPTURE(row.org);
    const OrgAddress org = *parse_org(row.org);
    CHECK(shard_of(org, 1) == 1);
    CHECK(shard_of(org, 4) == row.of_4);
    CHECK(shard_of(org, 7) == row.of_7);
    CHECK(shard_of(org, 200) == row.of_200);
  }
}

TEST_CASE("shards together are all orgs, each once, and about as many in each") {
  std::vector<OrgAddress> orgs;
  for (int number = 0; number < 200; ++number)
    orgs.push_back(*parse_org("org-" + std::to_string(number) + ".okta.com"));
  std::multiset<std::string> seen;
  for (std::size_t number = 1; number <= 4; ++number) {
    const auto part = selected({{}, Shard{number, 4}}, orgs);
    REQUIRE(part.has_value());
    CHECK(part->size() > 25);
    CHECK(part->size() < 75);
    for (const std::string& host : hosts_of(*part)) seen.insert(host);
  }
  const std::vector<std::string> all = hosts_of(orgs);
  CHECK(seen == std::multiset<std::string>(all.begin(), all.end()));
}

TEST_CASE("--only fits hosts, with their port or without, in any case") {
  const auto orgs =
      orgs_of({"acme.okta.com", "acme.oktapreview.com", "http://127.0.0.1:8080", "id.acme.example:8443"});
  struct Row {
    std::vector<std::string> only;
    std::vector<std::string> taken;
  };
  const Row rows[] = {
      {{}, {"acme.okta.com", "acme.oktapreview.com", "127.0.0.1:8080", "id.acme.example:8443"}},
      {{"*"}, {"acme.okta.com", "acme.oktapreview.com", "127.0.0.1:8080", "id.acme.example:8443"}},
      {{"acme.okta.com"}, {"acme.okta.com"}},
      {{"ACME.Okta*"}, {"acme.okta.com", "acme.oktapreview.com"}},
      {{"*.oktapreview.com"}, {"acme.oktapreview.com"}},
      {{"127.0.0.1"}, {"127.0.0.1:8080"}},
      {{"127.0.0.1:8080"}, {"127.0.0.1:8080"}},
      {{"id.*", "*preview*"}, {"acme.oktapreview.com", "id.acme.example:8443"}},
  };
  for (const Row& row : rows) {
    const auto taken = selected({row.only, {}}, orgs);
    REQUIRE(taken.has_value());
    CHECK(hosts_of(*taken) == row.taken);
  }
}

TEST_CASE("each glob of --only must fit some org, whatever the shard") {
  const auto orgs = orgs_of({"acme.okta.com", "beta.okta.com"});
  for (const char* glob : {"acme", "okta.com", "acme.okta.com:443", "https://acme.okta.com", ""}) {
    CAPTURE(glob);
    const auto taken = selected({{"beta*", glob}, {}}, orgs);
    REQUIRE_FALSE(taken.has_value());
    CHECK(taken.error().trouble == Trouble::usage);
  }
  const std::size_t elsewhere = shard_of(orgs[0], 4) % 4 + 1;
  const auto none = selected({{"acme*"}, Shard{elsewhere, 4}}, orgs);
  REQUIRE(none.has_value());
  CHECK(none->empty());
}

TEST_CASE("a glob that can't be one is told before anything is read") {
  CHECK(check_only("*.okta.com").has_value());
  const auto broken = check_only("acme[a-");
  REQUIRE_FALSE(broken.has_value());
  CHECK(broken.error().trouble == Trouble::usage);
  CHECK(broken.error().message.find("--only: \"acme[a-\"") == 0);
}

}  // namespace
}  // namespace zonepin
