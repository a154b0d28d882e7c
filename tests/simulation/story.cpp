#include "story.h"

#include <algorithm>
#include <array>
#include <utility>

#include "dice.h"

namespace zonepin::simulation {

namespace {

constexpr std::array<std::pair<MishapKind, std::string_view>, 24> kMishapKinds = {
    {{MishapKind::lost_before, "lost before"},
     {MishapKind::lost_after, "lost after"},
     {MishapKind::late, "late"},
     {MishapKind::slow, "slow"},
     {MishapKind::twice, "twice"},
     {MishapKind::cut, "cut"},
     {MishapKind::no_connection, "no connection"},
     {MishapKind::throttled, "throttled"},
     {MishapKind::crowded, "crowded"},
     {MishapKind::bare_throttle, "bare throttle"},
     {MishapKind::odd_headers, "odd headers"},
     {MishapKind::failed_before, "failed before"},
     {MishapKind::failed_after, "failed after"},
     {MishapKind::read_only, "read only"},
     {MishapKind::unauthorised, "unauthorised"},
     {MishapKind::they_change, "they change"},
     {MishapKind::they_revoke, "they revoke"},
     {MishapKind::they_create, "they create"},
     {MishapKind::they_rename, "they rename"},
     {MishapKind::they_use, "they use"},
     {MishapKind::they_rename_zone, "they rename a zone"},
     {MishapKind::they_widen_zone, "they widen a zone"},
     {MishapKind::interrupted, "interrupted"},
     {MishapKind::killed, "killed"}}};

std::string numbered(std::string_view front, std::size_t number) {
  return std::string(front) + std::to_string(100 + number);
}

std::vector<std::string> some_zones(Dice& dice, std::size_t zones) {
  std::vector<std::string> chosen;
  for (std::size_t count = 1 + dice.below(2); count > 0; --count)
    chosen.push_back(numbered("nzozone000000000", dice.below(zones)));
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

std::optional<sim::Network> some_network(Dice& dice, std::size_t zones) {
  switch (dice.below(5)) {
    case 0: return std::nullopt;
    case 1: return sim::Network{"ANYWHERE", {}, {}};
    case 2: return sim::Network{"ON_NETWORK", {}, {}};
    case 3: return sim::Network{"ZONE", {}, some_zones(dice, zones)};
    default: return sim::Network{"ZONE", some_zones(dice, zones), {}};
  }
}

void add_zones(Dice& dice, sim::State& state) {
  const std::size_t zones = 1 + dice.below(4);
  for (std::size_t at = 0; at < zones; ++at) {
    sim::Zone zone;
    zone.id = numbered("nzozone000000000", at);
    zone.name = numbered("zone ", at);
    // The caller stands in the first one, and nobody changes that.
    const std::string cidr = at == 0 ? "203.0.113.0/24" : "10." + std::to_string(at) + ".0.0/16";
    zone.gateways = std::vector<sim::Gateway>{{"CIDR", cidr}};
    state.zones[zone.id] = zone;
  }
}

sim::State some_org(Dice& dice) {
  constexpr auto kDay = std::chrono::hours(24);
  sim::State state;
  state.settings.rate_limits = {{"/api/v1", static_cast<int>(8 + dice.below(200))},
                                {"/api/v1/users/{id}", 100}};
  state.settings.token_page_size = dice.one_in(2) ? static_cast<int>(1 + dice.below(5)) : 0;
  state.settings.choices.list_order = dice.one_in(2) ? sim::ListOrder::reversed : sim::ListOrder::as_sent;
  for (std::size_t owner = 0; owner < 3; ++owner) {
    sim::User user;
    user.id = numbered("00uowner000000000", owner);
    user.login = numbered("owner", owner) + "@acme.example";
    state.users[user.id] = user;
  }
  add_zones(dice, state);
  const std::size_t tokens = 1 + dice.below(14);
  for (std::size_t at = 0; at < tokens; ++at) {
    sim::Token token;
    token.id = numbered("00Ttoken000000000", at);
    token.name = numbered(dice.one_in(3) ? "etl " : "job ", dice.below(tokens + 2));  // some names twice
    token.user_id = numbered("00uowner000000000", dice.below(3));
    if (dice.one_in(5)) token.client_name = "Okta AD Agent";
    token.network = some_network(dice, state.zones.size());
    token.created = beginning() - 10 * kDay;
    token.last_updated = token.created;
    token.expires_at = beginning() + 20 * kDay;
    state.tokens[token.id] = token;
  }
  sim::Token own;
  own.id = kOwnToken;
  own.name = "zonepin";
  own.user_id = numbered("00uowner000000000", 0);
  own.secret = kSecret;
  own.created = beginning() - kDay;
  own.expires_at = beginning() + 29 * kDay;
  state.tokens[own.id] = own;
  return state;
}

Wish some_wish(Dice& dice, std::size_t zones) {
  Wish wish;
  if (dice.one_in(4)) {
    wish.what = Wish::What::revoke;
  } else if (dice.one_in(8)) {
    wish.what = Wish::What::ignore;
  } else if (dice.one_in(3)) {
    wish.connection = "ANYWHERE";
  } else {
    wish.connection = "ZONE";
    (dice.one_in(3) ? wish.exclude : wish.include) = some_zones(dice, zones);
    wish.names_zones = dice.one_in(2);
  }
  return wish;
}

void add_wishes(Dice& dice, Story& story) {
  const sim::State& state = story.state;
  for (const auto& [id, token] : state.tokens) {
    if (id == kOwnToken) {
      if (!dice.one_in(4)) continue;
      Wish wish;  // still from where it calls
      wish.id = id;
      wish.connection = "ZONE";
      wish.include = {state.zones.begin()->first};
      story.entries.push_back(wish);
      continue;
    }
    if (dice.one_in(3)) continue;
    Wish wish = some_wish(dice, state.zones.size());
    if (dice.one_in(2)) {
      wish.id = id;
    } else {
      wish.name = token.name;
      if (dice.one_in(2)) wish.owner = state.users.at(token.user_id).login;
    }
    const bool is_twice = std::any_of(story.entries.begin(), story.entries.end(), [&](const Wish& other) {
      return wish.id.empty() && other.name == wish.name && other.owner == wish.owner;
    });
    if (!is_twice) story.entries.push_back(wish);
  }
  while (dice.one_in(3) && story.rules.size() < 3) {
    Wish rule = some_wish(dice, state.zones.size());
    rule.name = dice.one_in(2) ? "etl " : "job ";
    story.rules.push_back(rule);
  }
}

void add_mishaps(Dice& dice, Story& story) {
  if (dice.one_in(8)) return;  // everything goes well
  const std::size_t count = 1 + dice.below(dice.one_in(4) ? 24 : 8);
  for (std::size_t at = 0; at < count; ++at) {
    Mishap mishap;
    mishap.kind = kMishapKinds[dice.below(kMishapKinds.size())].first;
    const bool ends_run = mishap.kind == MishapKind::unauthorised || mishap.kind == MishapKind::read_only;
    if (ends_run && dice.one_in(2)) mishap.kind = MishapKind::lost_after;
    mishap.when = 1 + dice.below(80);
    mishap.much = 1 + dice.below(90);
    if (mishap.kind == MishapKind::interrupted) mishap.when = dice.below(dice.one_in(2) ? 2'000 : 90'000);
    if (mishap.kind == MishapKind::killed) {
      mishap.when = 1 + dice.below(150);
      mishap.much = dice.below(3) * dice.below(400);
    }
    story.mishaps.push_back(mishap);
  }
}

std::string quoted_list(const Story& story, const Wish& wish, const std::vector<std::string>& zones) {
  std::string text = "[";
  for (const std::string& id : zones) {
    if (text.size() > 1) text += ", ";
    text += "\"" + (wish.names_zones ? story.state.zones.at(id).name : id) + "\"";
  }
  return text + "]";
}

std::string wanted_text(const Story& story, const Wish& wish) {
  switch (wish.what) {
    case Wish::What::revoke: return "    state: revoked\n    reason: SEC-1\n";
    case Wish::What::ignore: return "    ignore: true\n";
    case Wish::What::network: break;
  }
  std::string text = "    network: { connection: " + wish.connection;
  if (!wish.include.empty()) text += ", include: " + quoted_list(story, wish, wish.include);
  if (!wish.exclude.empty()) text += ", exclude: " + quoted_list(story, wish, wish.exclude);
  return text + " }\n";
}

}  // namespace

std::string_view to_string(MishapKind kind) {
  for (const auto& [each, word] : kMishapKinds) {
    if (each == kind) return word;
  }
  return "";
}

bool is_of_others(MishapKind kind) {
  return kind >= MishapKind::they_change && kind <= MishapKind::they_widen_zone;
}

std::string to_string(const Mishap& mishap) {
  return std::string(to_string(mishap.kind)) + ", when " + std::to_string(mishap.when) + ", much " +
         std::to_string(mishap.much);
}

Instant beginning() {
  return Instant(Milliseconds(1'767'323'045'000));
}

Story story_of(std::uint64_t seed) {
  Dice dice(seed);
  Story story;
  story.seed = seed;
  story.state = some_org(dice);
  add_wishes(dice, story);
  constexpr std::array<Step, 8> kSteps = {
      Step::apply,           Step::apply, Step::apply, Step::plan_then_apply,
      Step::plan_then_apply, Step::plan,  Step::drift, Step::list};
  for (std::size_t count = 1 + dice.below(3); count > 0; --count)
    story.steps.push_back(kSteps[dice.below(kSteps.size())]);
  if (dice.one_in(10)) story.steps.push_back(Step::snapshot);
  add_mishaps(dice, story);
  story.parallelism = 1 + dice.below(8);
  constexpr std::array<int, 3> kBudgets = {10, 50, 100};
  story.budget_percent = kBudgets[dice.below(kBudgets.size())];
  story.max_failures = dice.one_in(3) ? 1 + dice.below(3) : 10;
  story.recheck = dice.one_in(4);
  story.journal = !dice.one_in(4);
  story.allow_revoke = !dice.one_in(8);
  if (dice.one_in(8)) story.timeout = Milliseconds(static_cast<std::int64_t>(500 + dice.below(120'000)));
  story.latency = Milliseconds(static_cast<std::int64_t>(1 + dice.below(400)));
  return story;
}

std::string manifest_of(const Story& story, bool turned) {
  std::string text = "apiVersion: zonepin/v1\nkind: ApiTokens\n";
  std::vector<const Wish*> entries;
  for (const Wish& wish : story.entries) entries.push_back(&wish);
  if (turned) std::reverse(entries.begin(), entries.end());
  if (!entries.empty()) text += "tokens:\n";
  for (const Wish* wish : entries) {
    text += wish->id.empty() ? "  - name: \"" + wish->name + "\"\n" : "  - id: " + wish->id + "\n";
    if (!wish->owner.empty()) text += "    owner: " + wish->owner + "\n";
    text += wanted_text(story, *wish);
  }
  if (!story.rules.empty()) text += "rules:\n";
  for (const Wish& rule : story.rules) {
    text += "  - match: { name: \"" + rule.name + "*\" }\n" + wanted_text(story, rule);
  }
  return text;
}

}  // namespace zonepin::simulation
