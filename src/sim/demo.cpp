#include <algorithm>

#include "sim/generate.h"
#include "sim/zone_kit.h"

namespace zonepin::sim {

namespace {

// Ids that stay what they are, so that manifests may name them: `00Tdemo0000000000001`.
std::string demo_id(std::string_view prefix, int number) {
  constexpr std::size_t kIdLength = 20;
  const std::string digits = std::to_string(number);
  std::string id = std::string(prefix) + "demo";
  id.append(kIdLength - id.size() - digits.size(), '0');
  return id + digits;
}

struct DemoUser {
  std::string_view login;
  std::string_view first_name;
  std::string_view last_name;
  std::string_view role;
  std::string_view status;
};

constexpr DemoUser kDemoUsers[] = {
    {"platform-bot@acme.example", "Platform", "Bot", "SUPER_ADMIN", "ACTIVE"},
    {"ci@acme.example", "CI", "Runner", "ORG_ADMIN", "ACTIVE"},
    {"ana.data@acme.example", "Ana", "Data", "ORG_ADMIN", "ACTIVE"},
    {"sam.security@acme.example", "Sam", "Security", "SUPER_ADMIN", "ACTIVE"},
    {"helpdesk@acme.example", "Help", "Desk", "READ_ONLY_ADMIN", "ACTIVE"},
    {"kim.contractor@acme.example", "Kim", "Contractor", "ORG_ADMIN", "DEPROVISIONED"},
};

constexpr std::string_view kCorp = "corp-offices";
constexpr std::string_view kRunners = "ci-runners";
constexpr std::string_view kData = "data-vpc";

struct DemoToken {
  std::string_view name;
  std::size_t owner;  // index into kDemoUsers
  int age_days;
  int idle_days;                            // since the last use; equal to age_days: never used
  std::vector<std::string_view> include{};  // zone names; none in both lists: ANYWHERE
  std::vector<std::string_view> exclude{};
};

const std::vector<DemoToken>& demo_tokens() {
  static const std::vector<DemoToken> tokens = {
      {"zonepin-ci", 0, 120, 0},
      {"ci-deployer", 1, 400, 0},
      {"terraform-prod", 1, 310, 1, {kRunners}},
      {"etl-nightly", 2, 200, 1},
      {"etl-orders", 2, 190, 2, {kData, kCorp}},
      {"siem-forwarder", 3, 90, 0, {}, {kCorp}},
      {"hr-sync", 2, 365, 3, {kCorp}},
      {"hr-sync", 3, 20, 9},
      {"old-backup", 3, 700, 24},
      {"helpdesk-bot", 4, 60, 4},
      {"contractor-script", 5, 150, 13},
      {"ad-agent-dc01", 0, 500, 0},
      {"laptop-test", 3, 12, 12},
      {"partner-portal", 3, 45, 1, {kCorp, kRunners}},
  };
  return tokens;
}

Instant days_before(Instant now, int days) {
  return subtract(floor_to_second(now), Duration{0, days, 0});
}

void add_zone(State& state, Zone zone) {
  const std::string id = zone.id;
  state.zones.emplace(id, std::move(zone));
}

void add_demo_zones(State& state, Instant now) {
  const Instant created = days_before(now, 800);
  for (Zone& zone : system_zones(state, created)) add_zone(state, std::move(zone));
  add_zone(state,
           ip_zone(demo_id("nzo", 1), std::string(kCorp), {"192.0.2.0/24", "2001:db8:1::/48"}, created));
  add_zone(state, ip_zone(demo_id("nzo", 2), std::string(kRunners),
                          {"203.0.113.0/25", "203.0.113.200-203.0.113.210"}, created));
  add_zone(state,
           ip_zone(demo_id("nzo", 3), std::string(kData), {"198.51.100.0/24", "2001:db8:2::/48"}, created));
  Zone vpn = ip_zone(demo_id("nzo", 4), "old-vpn", {"198.51.100.240/28"}, created);
  vpn.status = "INACTIVE";
  add_zone(state, std::move(vpn));
  add_zone(state, country_zone(demo_id("nzo", 5), "partner-countries", "DE", created));
  Zone attackers = ip_zone(demo_id("nzo", 6), "known-attackers", {"203.0.113.250-203.0.113.255"}, created);
  attackers.usage = "BLOCKLIST";
  add_zone(state, std::move(attackers));
}

std::vector<std::string> zone_ids(const State& state, const std::vector<std::string_view>& names) {
  std::vector<std::string> ids;
  for (const std::string_view name : names) {
    for (const auto& [id, zone] : state.zones) {
      if (zone.name == name) ids.push_back(id);
    }
  }
  return ids;
}

Token demo_token(State& state, const DemoToken& row, int number, Instant now) {
  Token token;
  token.id = demo_id("00T", number);
  token.name = row.name;
  token.user_id = demo_id("00u", static_cast<int>(row.owner) + 1);
  const bool is_anywhere = row.include.empty() && row.exclude.empty();
  token.network =
      Network{is_anywhere ? "ANYWHERE" : "ZONE", zone_ids(state, row.include), zone_ids(state, row.exclude)};
  if (row.name == "ad-agent-dc01") {  // as agents' tokens are thought to look: nobody has recorded one
    token.client_name = "Okta AD Agent";
    token.network.reset();
  }
  token.created = days_before(now, row.age_days);
  token.last_updated = token.created;
  token.expires_at = next_expiry(token, days_before(now, row.idle_days));
  token.secret = make_secret(state);
  return token;
}

}  // namespace

State demo_org(Instant now) {
  State state;
  int number = 0;
  for (const DemoUser& row : kDemoUsers) {
    User user{demo_id("00u", ++number), std::string(row.login),      std::string(row.status),
              std::string(row.role),    std::string(row.first_name), std::string(row.last_name),
              days_before(now, 800)};
    state.users.emplace(user.id, std::move(user));
  }
  add_demo_zones(state, now);
  number = 0;
  for (const DemoToken& row : demo_tokens()) {
    Token token = demo_token(state, row, ++number, now);
    state.tokens.emplace(token.id, std::move(token));
  }
  return state;
}

}  // namespace zonepin::sim
