#include "sim/generate.h"

#include <algorithm>
#include <iterator>

#include "base/ensure.h"
#include "sim/mix.h"
#include "sim/zone_kit.h"

namespace zonepin::sim {

namespace {

constexpr std::string_view kTeams[] = {"ci",  "etl", "data", "hr",   "siem",    "billing", "crm",
                                       "ops", "sre", "iam",  "mail", "partner", "audit",   "web"};
constexpr std::string_view kJobs[] = {"deployer", "sync",  "backup", "report", "export", "import",
                                      "monitor",  "agent", "runner", "bot",    "poller", "cleanup"};
constexpr std::string_view kAgents[] = {"Okta AD Agent", "Okta LDAP Agent", "Okta RADIUS Agent"};
constexpr std::string_view kRolesOfOwners[] = {"SUPER_ADMIN", "ORG_ADMIN", "ORG_ADMIN", "READ_ONLY_ADMIN"};
constexpr std::size_t kTokensPerOwner = 5;
constexpr int kMaxIdleDays = 29;  // a day before it lapses

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(mixed(seed)) {}

  // 0 to sides - 1
  std::size_t roll(std::size_t sides) { return static_cast<std::size_t>(mixed(seed_ + count_++) % sides); }
  int roll_days(int sides) { return static_cast<int>(roll(static_cast<std::size_t>(sides))); }
  bool percent(std::size_t chance) { return roll(100) < chance; }

  template <class List>
  const auto& pick(const List& list) {
    return list[roll(std::size(list))];
  }

 private:
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
};

Instant before(Instant now, int days) {
  return subtract(floor_to_second(now), Duration{0, days, 0});
}

std::string numbered(std::string_view word, std::size_t number) {
  return std::string(word) + "-" + std::to_string(number);
}

Zone generated_zone(State& state, std::size_t number, Dice& dice, Instant now) {
  const std::string id = make_id(state, "nzo");
  const std::string name = numbered(dice.pick(kTeams), number) + "-zone";
  const Instant created = before(now, 1 + dice.roll_days(900));
  if (number % 10 == 7) return country_zone(id, name, "DE", created);
  const std::string high = std::to_string(number / 256);
  const std::string low = std::to_string(number % 256);
  Zone zone = ip_zone(
      id, name, {"10." + high + "." + low + ".0/24", "2001:db8:" + std::to_string(number % 10000) + "::/48"},
      created);
  if (number % 10 == 3) zone.status = "INACTIVE";
  if (number % 10 == 5) zone.usage = "BLOCKLIST";
  return zone;
}

// Returns the ids that tokens may use.
std::vector<std::string> add_zones(State& state, const OrgSize& size, Dice& dice, Instant now) {
  std::vector<Zone> zones = system_zones(state, before(now, 1000));
  for (std::size_t number = zones.size(); number < size.zones; ++number) {
    zones.push_back(generated_zone(state, number, dice, now));
  }
  std::vector<std::string> usable;
  for (Zone& zone : zones) {
    const std::string id = zone.id;
    if (zone.type == "IP" && zone.status == "ACTIVE" && zone.usage == "POLICY") usable.push_back(id);
    state.zones.emplace(id, std::move(zone));
  }
  return usable;
}

std::vector<std::string> add_users(State& state, const OrgSize& size, Dice& dice, Instant now) {
  std::vector<std::string> ids;
  for (std::size_t number = 0; number <= size.tokens / kTokensPerOwner; ++number) {
    User user;
    user.id = make_id(state, "00u");
    const std::string team(dice.pick(kTeams));
    user.login = numbered(team, number) + "@" + team + ".acme.example";
    user.first_name = team;
    user.last_name = "Owner " + std::to_string(number);
    user.created = before(now, 1000);
    if (number != 0) user.role = dice.pick(kRolesOfOwners);
    if (number != 0 && dice.percent(4)) user.status = "DEPROVISIONED";
    ids.push_back(user.id);
    state.users.emplace(user.id, std::move(user));
  }
  return ids;
}

std::optional<Network> generated_network(const std::vector<std::string>& zones, Dice& dice) {
  if (dice.percent(3)) return std::nullopt;
  if (dice.percent(35)) return Network{"ANYWHERE", {}, {}};
  if (dice.percent(3)) return Network{"ZONE", {"ALL_IP_ZONES"}, {}};
  std::vector<std::string> members;
  for (std::size_t count = 1 + dice.roll(3); count > 0; --count) {
    const std::string& zone = dice.pick(zones);
    if (std::find(members.begin(), members.end(), zone) == members.end()) members.push_back(zone);
  }
  if (dice.percent(10)) return Network{"ZONE", {}, std::move(members)};
  return Network{"ZONE", std::move(members), {}};
}

}  // namespace

State generated_org(const OrgSize& size, Instant now) {
  ensure(size.zones >= 3 && size.zones <= kMaxGeneratedZones, "generated_org: 3 to 5000 zones");
  ensure(size.tokens <= kMaxGeneratedTokens, "generated_org: at most a million tokens");
  State state;
  state.settings.seed = size.seed;
  Dice dice(size.seed);
  const std::vector<std::string> zones = add_zones(state, size, dice, now);
  const std::vector<std::string> owners = add_users(state, size, dice, now);
  // The first name is nobody else's, so two tokens have none to share.
  const std::size_t repeated = size.tokens > 2 ? std::min(size.repeated_names, size.tokens / 2) : 0;
  std::vector<std::string> names;
  for (std::size_t number = 0; number < size.tokens; ++number) {
    const bool is_first = number == 0;
    Token token;
    token.id = make_id(state, "00T");
    token.name = std::string(dice.pick(kTeams)) + "-" + numbered(dice.pick(kJobs), number);
    if (is_first) token.name = "zonepin-ci";
    if (number >= size.tokens - repeated) token.name = names.at(1 + number - (size.tokens - repeated));
    names.push_back(token.name);
    token.user_id = is_first ? owners.front() : dice.pick(owners);
    token.network = is_first ? Network{"ANYWHERE", {}, {}} : generated_network(zones, dice);
    if (!is_first && dice.percent(5)) token.client_name = dice.pick(kAgents);
    const int age = 1 + dice.roll_days(900);
    const int idle = std::min(age, dice.percent(80) ? dice.roll_days(3) : dice.roll_days(kMaxIdleDays));
    token.created = before(now, age);
    token.last_updated = token.created;
    token.expires_at = next_expiry(token, before(now, idle));
    token.secret = make_secret(state);
    state.tokens.emplace(token.id, std::move(token));
  }
  return state;
}

}  // namespace zonepin::sim
