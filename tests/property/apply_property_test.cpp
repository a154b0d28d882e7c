// The laws of plan and apply, on random orgs with random wishes and a network that breaks: converges, quiet,
// honest, stays in its garden, interruptible. The org is the simulator's; everything between it and the laws
// is the real code.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "apply/engine.h"
#include "okta/drive.h"
#include "okta/reader.h"
#include "plan/claims.h"
#include "plan/make_plan.h"
#include "plan/plan_codec.h"
#include "sim/org.h"
#include "support/fakes.h"

namespace zonepin {
namespace {

constexpr int kSeeds = 300;
constexpr int kBrokenRounds = 5;  // the network is whole from then on
constexpr int kMostRounds = 8;
const OrgAddress kAddress{{"https", "acme.okta.com", 443}};
const std::string kAdmin = "00Tadmin000000000000";

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_.next() % limit); }
  bool one_in(std::size_t many) { return below(many) == 0; }

 private:
  SeededRandom random_;
};

// --- a random org, and what somebody wants of it
// -----------------------------------------------------------------------------------------

std::string number_text(std::size_t number) {
  return std::to_string(100 + number);
}

std::vector<std::string> some_zones(Dice& dice, std::size_t zones) {
  std::set<std::string> chosen;
  const std::size_t count = 1 + dice.below(2);
  while (chosen.size() < std::min(count, zones)) chosen.insert("nzo" + number_text(dice.below(zones)));
  return {chosen.begin(), chosen.end()};
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

sim::State some_org(Dice& dice, Instant now) {
  sim::State state;
  state.settings.rate_limits = {{"/api/v1", static_cast<int>(8 + dice.below(200))},
                                {"/api/v1/users/{id}", 100}};
  state.settings.token_page_size = dice.one_in(2) ? static_cast<int>(1 + dice.below(5)) : 0;
  state.settings.choices.list_order = dice.one_in(2) ? sim::ListOrder::reversed : sim::ListOrder::as_sent;
  for (std::size_t owner = 0; owner < 3; ++owner) {
    sim::User user;
    user.id = "00uowner000000000" + number_text(owner);
    user.login = "owner" + number_text(owner) + "@acme.example";
    state.users[user.id] = user;
  }
  const std::size_t zones = 1 + dice.below(4);
  for (std::size_t at = 0; at < zones; ++at) {
    sim::Zone zone;
    zone.id = "nzo" + number_text(at);
    zone.name = "zone " + number_text(at);
    zone.gateways = std::vector<sim::Gateway>{{"CIDR", "203.0.113.0/24"}};
    state.zones[zone.id] = zone;
  }
  const std::size_t tokens = 1 + dice.below(14);
  for (std::size_t at = 0; at < tokens; ++at) {
    sim::Token token;
    token.id = "00Ttoken000000000" + number_text(at);
    token.name = "token " + number_text(dice.below(tokens + 2));  // some names twice
    token.user_id = "00uowner000000000" + number_text(dice.below(3));
    if (dice.one_in(5)) token.client_name = "Okta AD Agent";
    token.network = some_network(dice, zones);
    token.created = now - std::chrono::hours(24 * 10);
    token.last_updated = token.created;
    token.expires_at = now + std::chrono::hours(24 * 20);
    state.tokens[token.id] = token;
  }
  sim::Token admin;
  admin.id = kAdmin;
  admin.name = "admin";
  admin.user_id = "00uowner000000000100";
  admin.secret = "S3CRET";
  admin.created = now - std::chrono::hours(24);
  admin.expires_at = now + std::chrono::hours(24 * 29);
  state.tokens[kAdmin] = admin;
  return state;
}

// Never about the token that the run itself uses.
Rule some_rule(Dice& dice, const sim::State& state, std::uint32_t line) {
  const auto owner = [&] { return "owner" + number_text(dice.below(3)) + "@acme.example"; };
  Rule rule;
  rule.place = {0, line, 1, 1};
  rule.match.name = dice.one_in(2) ? "token *" : "token *" + number_text(dice.below(9)).substr(2);
  if (dice.one_in(2))
    rule.match.owner = dice.one_in(2) ? owner() : "owner??[0-" + std::to_string(dice.below(3)) + "]@*";
  if (dice.one_in(3)) {
    rule.match.excluded.emplace_back();
    rule.match.excluded.back().owner = dice.one_in(2) ? owner() : "*2@acme.example";
  }
  if (dice.one_in(4)) {
    rule.ignore = true;
  } else if (dice.one_in(4)) {
    rule.revoked = Revocation{"SEC-2"};
  } else {
    rule.network = DesiredNetwork{"ZONE", {{state.zones.begin()->first, {}}}, {}, {}};
  }
  return rule;
}

Desired some_wishes(Dice& dice, const sim::State& state) {
  Desired desired;
  std::uint32_t line = 1;
  for (const auto& [id, token] : state.tokens) {
    if (id == kAdmin || dice.one_in(4)) continue;
    DesiredToken entry;
    entry.place = {0, line++, 1, 1};
    if (dice.one_in(2)) {
      entry.id = id;
    } else {
      entry.name = token.name;
      if (dice.one_in(2)) entry.owner = state.users.at(token.user_id).login;
    }
    if (dice.one_in(4)) {
      entry.revoked = Revocation{"SEC-1"};
    } else if (dice.one_in(3)) {
      entry.network = DesiredNetwork{"ANYWHERE", {}, {}, {}};
    } else {
      DesiredNetwork network{"ZONE", {}, {}, {}};
      auto& list = dice.one_in(3) ? network.exclude : network.include;
      for (const std::string& zone : some_zones(dice, state.zones.size()))
        list.push_back({dice.one_in(2) ? zone : state.zones.at(zone).name, {}});
      entry.network = std::move(network);
    }
    desired.tokens.push_back(std::move(entry));
  }
  while (dice.one_in(2)) desired.rules.push_back(some_rule(dice, state, line++));
  return desired;
}

// --- a network that breaks, and an auditor on it
// ---------------------------------------------------------------------------------------

class BadNetwork {
 public:
  BadNetwork(sim::Org& org, Dice& dice) : org_(org), dice_(dice) {}

  bool broken = true;
  // The writes that the plan at work allows, by method and id; a write beside them is a violation.
  std::set<std::string> allowed;
  std::vector<std::string> violations;

  void new_run() { state_of_write_.clear(); }

  FakeAnswer answer(const Arrival& arrival) {
    const std::string key = std::string(to_string(arrival.request.method)) + " " + arrival.request.target;
    const bool write = arrival.request.method != HttpMethod::get;
    if (arrival.authorization != "SSWS S3CRET") violations.push_back("another credential: " + key);
    if (write && allowed.count(key) == 0) violations.push_back("a write that is not in the plan: " + key);
    if (write && state_of_write_[arrival.request.target] == Doubt::in_doubt)
      violations.push_back("written again without a look: " + key);
    FakeAnswer given = broken ? break_something(arrival) : FakeAnswer{carry_out(arrival), Milliseconds(50)};
    note_doubt(arrival, write, given);
    return given;
  }

 private:
  enum class Doubt { none, in_doubt };

  HttpResponse carry_out(const Arrival& arrival) {
    HttpRequest request = arrival.request;
    request.headers.push_back({"Authorization", arrival.authorization});
    return org_.handle(sim::sim_request(request, "203.0.113.10", "https://acme.okta.com"), arrival.at);
  }

  FakeAnswer break_something(const Arrival& arrival) {
    const Milliseconds latency(10 + static_cast<std::int64_t>(dice_.below(500)));
    switch (dice_.below(12)) {
      case 0: return {TransportError{TransportFault::lost, "lost on the way there"}, latency};
      case 1:
        carry_out(arrival);
        return {TransportError{TransportFault::lost, "lost on the way back"}, latency};
      case 2:
        return {HttpResponse{500, {}, R"({"errorCode":"E0000009","errorSummary":"Internal Server Error"})"},
                latency};
      case 3: carry_out(arrival); return {HttpResponse{502, {}, "<html>"}, latency};
      case 4:
        return {HttpResponse{429, {{"X-Rate-Limit-Limit", "0"}, {"X-Rate-Limit-Remaining", "0"}}, ""},
                latency};
      case 5: return {TransportError{TransportFault::refused, "nobody there"}, latency};
      case 6: return {carry_out(arrival), std::chrono::seconds(70)};  // longer than anybody waits
      case 7: return {truncated(carry_out(arrival)), latency};
      default: return {carry_out(arrival), latency};
    }
  }

  static HttpResponse truncated(HttpResponse response) {
    response.body.resize(response.body.size() / 2);
    return response;
  }

  // A write is in doubt from a lost answer or a 5xx until a GET was answered.
  void note_doubt(const Arrival& arrival, bool write, const FakeAnswer& given) {
    const auto* response = std::get_if<HttpResponse>(&given.what);
    const auto* error = std::get_if<TransportError>(&given.what);
    const bool timed_out = given.latency > std::chrono::seconds(60);
    auto& doubt = state_of_write_[arrival.request.target];
    if (write && (timed_out || (error != nullptr && !never_sent(error->fault)) ||
                  (response != nullptr && response->status >= 500))) {
      doubt = Doubt::in_doubt;
    }
    if (!write && response != nullptr && response->status == 200 && !timed_out) doubt = Doubt::none;
  }

  sim::Org& org_;
  Dice& dice_;
  std::map<std::string, Doubt> state_of_write_;
};

// --- one seed
// ----------------------------------------------------------------------------------------------------------------------------

std::optional<NetworkCondition> condition_of(const std::optional<sim::Network>& network) {
  if (!network) return std::nullopt;
  return canonical({network->connection, network->include, network->exclude});
}

class OneSeed {
 public:
  explicit OneSeed(std::uint64_t seed)
      : dice_(seed),
        start_(FakeClock().now()),
        org_(some_org(dice_, start_)),
        desired_(some_wishes(dice_, org_.state())),
        network_(org_, dice_) {}

  void run() {
    const auto first = org_.state().tokens;
    bool converged = false;
    for (int round = 0; round < kMostRounds && !converged; ++round) {
      network_.broken = round < kBrokenRounds;
      converged = play_round();
      check_garden(first);
    }
    CHECK(converged);
    for (const std::string& violation : network_.violations) CHECK_MESSAGE(false, violation);
  }

 private:
  // True once there is nothing left to do, on a network that is whole.
  bool play_round() {
    FakeWorld fakes;
    fakes.log.level = LogLevel::off;
    fakes.clock.advance(elapsed_);
    if (network_.broken && dice_.one_in(3)) {
      fakes.interrupt.request_at(fakes.clock.steady() +
                                 Milliseconds(static_cast<std::int64_t>(dice_.below(20'000))));
    }
    fakes.network.server = [this](const Arrival& arrival) { return network_.answer(arrival); };
    network_.allowed.clear();
    network_.new_run();
    auto transport = fakes.network.open({});
    okta::Governor governor({50, 1 + dice_.below(8)});
    const auto reading = read(fakes, **transport, governor);
    bool done = false;
    if (reading) {
      note_unclaimed(reading->live);
      done = apply(fakes, **transport, governor, reading->live) && !network_.broken;
    } else {
      CHECK(network_.broken);
    }
    elapsed_ = fakes.clock.now() - start_ + std::chrono::seconds(1);
    return done;
  }

  Result<okta::Reading> read(FakeWorld& fakes, Transport& transport, okta::Governor& governor) {
    okta::ReadWants wants;
    wants.users = [this](const Live& live) {
      UnknownUsers unknown = unknown_users(desired_, live, start_);
      unknown.logins.insert(unknown.logins.end(), unknown.ids.begin(), unknown.ids.end());
      return unknown.logins;
    };
    okta::Reader reader(kAddress, wants, governor, dice_.below(1'000), std::nullopt);
    drive(fakes, transport, governor, reader);
    return reader.take();
  }

  void drive(FakeWorld& fakes, Transport& transport, okta::Governor& governor, okta::Machine& machine) {
    okta::Doors doors{fakes.clock, fakes.interrupt, fakes.log, transport, {}};
    okta::drive({{&machine, kAddress, &authorizer_, &governor, 1, std::nullopt}}, doors);
    CHECK(governor.in_flight() == 0);
  }

  // True when the plan is empty.
  bool apply(FakeWorld& fakes, Transport& transport, okta::Governor& governor, const Live& live) {
    const Sources sources = {{"manifests/a.yaml", ""}};
    PlanPolicy policy;
    policy.allow_revoke = true;
    for (const std::string_view guard : kGuardNames) policy.acks.push_back({std::string(guard), ""});
    Planning planning = make_plan(desired_, live, policy, fakes.clock.now(), sources);
    REQUIRE(planning.diagnostics.empty());
    // As `apply --plan` would have it.
    const auto saved =
        decode_plan(encode_plan({fakes.clock.now(), std::nullopt, {planning.plan}}), "plan.json");
    REQUIRE(saved.has_value());
    const OrgPlan& plan = saved->orgs.at(0);
    if (summary_of(plan).actions() == 0) return true;
    check_honest_plan(plan);
    const Binding binding = bind_plan(plan, live);
    REQUIRE(binding.problems.empty());
    Engine engine(plan, binding, live, kAddress, {1 + dice_.below(6), 1 + dice_.below(20)}, governor,
                  dice_.below(1'000), std::nullopt);
    drive(fakes, transport, governor, engine);
    check_honest_outcome(plan, engine.take());
    return false;
  }

  // `before` is what is live, and writes are allowed for these tokens only.
  void check_honest_plan(const OrgPlan& plan) {
    for (const Change& change : plan.changes) {
      if (!is_action(change.status)) continue;
      const sim::Token& token = org_.state().tokens.at(change.id);
      CHECK(change.before->name == token.name);
      CHECK(change.before->user_id == token.user_id);
      CHECK(change.before->network == condition_of(token.network));
      network_.allowed.insert(
          (change.status == Status::revoke ? "DELETE /api/v1/api-tokens/" : "PUT /api/v1/api-tokens/") +
          change.id);
    }
  }

  // Nobody else writes: what is said of an action is what is there.
  void check_honest_outcome(const OrgPlan& plan, const OrgOutcome& outcome) {
    for (const ActionOutcome& action : outcome.actions) {
      const Change& change = plan.changes[action.change];
      const auto found = org_.state().tokens.find(change.id);
      const bool is_live = found != org_.state().tokens.end();
      const auto now = is_live ? condition_of(found->second.network) : std::nullopt;
      const bool is_after =
          change.status == Status::revoke ? !is_live : is_live && now == change.after->network;
      const bool is_before = is_live && now == change.before->network;
      CAPTURE(change.id);
      CAPTURE(to_string(action.fate));
      CAPTURE(action.message);
      if (action.fate == Fate::done) CHECK(is_after);
      if (action.fate == Fate::failed || action.fate == Fate::not_reached) CHECK(is_before);
      CHECK(action.fate != Fate::already_done);
      // A revoke whose answer was lost may be met as gone; no other token is.
      if (action.fate == Fate::gone) CHECK((change.status == Status::revoke && is_after));
    }
    if (!network_.broken)
      CHECK(count(outcome, Fate::done) + count(outcome, Fate::gone) == outcome.actions.size());
  }

  // Tokens that no entry decides for, as the plan sees them.
  void note_unclaimed(const Live& live) {
    const Claims claims = claims_of(desired_, live, start_);
    for (std::size_t at = 0; at < live.tokens.size(); ++at) {
      const Claim& claim = claims.tokens[at];
      if (claim.by_id.empty() && claim.by_name.empty() && claim.by_rule.empty())
        unclaimed_.insert(live.tokens[at].id);
    }
  }

  // Nothing but conditions changes, and nothing at all where nothing is claimed.
  void check_garden(const std::map<std::string, sim::Token>& first) {
    for (const auto& [id, before] : first) {
      const auto found = org_.state().tokens.find(id);
      if (unclaimed_.count(id) != 0) REQUIRE(found != org_.state().tokens.end());
      if (found == org_.state().tokens.end()) continue;
      sim::Token now = found->second;
      if (id == kAdmin) now.expires_at = before.expires_at;
      if (unclaimed_.count(id) != 0) {
        CHECK((now == before));
        continue;
      }
      now.network = before.network;
      now.last_updated = before.last_updated;
      CHECK((now == before));
    }
  }

  Dice dice_;
  Instant start_;
  sim::Org org_;
  Desired desired_;
  BadNetwork network_;
  okta::FixedAuthorizer authorizer_{"SSWS", Secret("S3CRET")};
  Milliseconds elapsed_{0};
  std::set<std::string> unclaimed_;
};

TEST_CASE("apply keeps its laws on a network that breaks") {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    OneSeed world(seed);
    world.run();
  }
}

}  // namespace
}  // namespace zonepin
