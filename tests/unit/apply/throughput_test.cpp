// How long 1,000 replaces take on a simulated clock, held against what can't be avoided: the latency of each
// call, and the windows of the rate limit.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "engine_kit.h"
#include "okta/reader.h"
#include "sim/org.h"

namespace zonepin {

namespace {

constexpr std::int64_t kReplaces = 1'000;
constexpr Milliseconds kLatency{1'000};
constexpr Milliseconds kWindow{60'000};

std::int64_t ceil_of(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

// `latency` x ceil(n / parallelism): nobody is faster with so many requests at a time.
Milliseconds latency_bound(std::int64_t calls, std::size_t parallelism) {
  return kLatency * ceil_of(calls, static_cast<std::int64_t>(parallelism));
}

// When Okta puts the Date of an answer into it: in time between a request and its answer.
enum class Dated { at_arrival, at_answer };

struct Pace {
  std::size_t parallelism = 8;
  int budget = 50;
  int limit = 600;
  Dated dated = Dated::at_answer;
};

sim::State state_of_org(const Pace& pace, Instant now) {
  sim::State state;
  for (auto& item : state.settings.rate_limits) item.second = pace.limit;
  state.settings.enforce_network = false;
  sim::User owner;
  owner.id = "00u1";
  owner.login = "owner@example.com";
  state.users.emplace(owner.id, owner);
  sim::Zone zone;
  zone.id = "nzocorp";
  zone.name = "corp";
  zone.gateways.emplace().push_back({"CIDR", "192.0.2.0/24"});
  state.zones.emplace(zone.id, zone);
  for (std::int64_t number = 0; number <= kReplaces; ++number) {
    sim::Token token;
    token.id = "00T" + std::to_string(100'000 + number);
    token.name = "t" + std::to_string(number);
    token.user_id = owner.id;
    token.created = token.last_updated = now - Milliseconds(86'400'000LL * 90);
    token.expires_at = now + Milliseconds(86'400'000LL * 20);
    if (number == kReplaces) token.secret = "S3CRET";
    state.tokens.emplace(token.id, token);
  }
  return state;
}

// An org behind a rate limit, and a run against it as the command does it: the lists, the plan, the writes,
// all with one governor.
class PacedRun {
 public:
  explicit PacedRun(const Pace& pace)
      : pace_(pace),
        org_(state_of_org(pace, fakes_.clock.now())),
        governor_({pace.budget, pace.parallelism}) {
    fakes_.clock.advance(Milliseconds(730));  // headers have whole seconds: the worst is not to be hidden
    fakes_.network.server = [this](const Arrival& arrival) { return answer(arrival); };
  }

  // The first `count` requests after the lists are refused, as if others had used up the window.
  int refusals = 0;
  std::size_t sent = 0;
  std::size_t refused = 0;
  std::size_t most_in_a_window = 0;
  std::int64_t read = 0;
  Milliseconds took{0};
  OrgOutcome outcome;

  void run() {
    TransportOptions options;
    options.max_connections = std::max<std::size_t>(pace_.parallelism, 4);  // as the command does
    auto transport = fakes_.network.open(options);
    okta::Doors doors{fakes_.clock, fakes_.interrupt, fakes_.log, **transport, nullptr};
    fakes_.log.level = LogLevel::off;
    const Milliseconds began = fakes_.clock.steady();
    okta::FixedAuthorizer authorizer("SSWS", Secret("S3CRET"));
    okta::Reader reader(kAcme, okta::ReadWants{}, governor_, 1, {});
    okta::drive({{&reader, kAcme, &authorizer, &governor_, 1, {}, {}}}, doors);
    auto reading = reader.take();
    REQUIRE(reading);
    read = static_cast<std::int64_t>(sent);
    const OrgPlan plan = plan_of(reading->live);
    const Binding binding = bind_plan(plan, reading->live);
    ApplyPolicy policy;
    policy.parallelism = pace_.parallelism;
    Engine engine(plan, binding, reading->live, kAcme, policy, governor_, 2, {});
    okta::drive({{&engine, kAcme, &authorizer, &governor_, 2, {}, {}}}, doors);
    outcome = engine.take();
    took = fakes_.clock.steady() - began;
  }

 private:
  OrgPlan plan_of(const Live& live) const {
    Desired desired;
    for (const Token& token : live.tokens) {
      if (token.name == "t" + std::to_string(kReplaces)) continue;
      DesiredToken entry;
      entry.id = token.id;
      entry.network = DesiredNetwork{"ZONE", {{"corp", {}}}, {}, {}};
      desired.tokens.push_back(entry);
    }
    return make_plan(desired, live, {}, Instant{Milliseconds{1'767'323'045'000}}, {}).plan;
  }

  FakeAnswer answer(const Arrival& arrival) {
    ++sent;
    sim::SimRequest request = sim::sim_request(arrival.request, "192.0.2.1", "https://acme.okta.com");
    request.headers.push_back({"Authorization", arrival.authorization});
    HttpResponse response = org_.handle(request, arrival.at);
    const bool write = arrival.request.method == HttpMethod::put;
    if (write && refusals > 0) {
      --refusals;
      response.status = 429;
      response.body = R"({"errorCode":"E0000047","errorSummary":"too many","errorCauses":[]})";
      response.headers.push_back({"Retry-After", "1"});
    }
    if (response.status == 429) ++refused;
    for (const auto& item : org_.state().rate_windows)
      most_in_a_window = std::max(most_in_a_window, static_cast<std::size_t>(item.second.used));
    if (pace_.dated == Dated::at_answer) {
      for (HttpHeader& line : response.headers) {
        if (line.name == "Date") line.value = format_http_date(arrival.at + kLatency);
      }
    }
    return {std::move(response), kLatency};
  }

  Pace pace_;
  FakeWorld fakes_;
  sim::Org org_;
  okta::Governor governor_;
};

}  // namespace

TEST_CASE("throughput: without a rate limit, within a tenth of what the latency allows") {
  for (const std::size_t parallelism : {3U, 8U, 32U, 64U}) {
    CAPTURE(parallelism);
    PacedRun run({parallelism, 50, 1'000'000});
    run.run();
    CHECK(count(run.outcome, Fate::done) == kReplaces);
    CHECK(run.outcome.rate.writing <= latency_bound(kReplaces, parallelism) * 11 / 10);
  }
}

// Our share of a window is used up before it ends, and what is left waits for the next one. So with s
// requests a window, reading included, all but the last ceil(all / s) - 1 windows last to their ends: that
// time can't be saved, and the rest takes what its latency takes. A Date as old as the request costs its
// latency in each wait, for nobody can tell how old it is.
TEST_CASE("throughput: with 600 requests a minute, within 3 % of what the windows allow") {
  struct Row {
    int budget;
    std::size_t parallelism;
    Dated dated;
  };
  const Row rows[] = {{50, 8, Dated::at_answer},  {50, 32, Dated::at_answer},  {50, 64, Dated::at_answer},
                      {100, 8, Dated::at_answer}, {100, 32, Dated::at_answer}, {100, 64, Dated::at_answer},
                      {50, 8, Dated::at_arrival}, {100, 64, Dated::at_arrival}};
  for (const Row& row : rows) {
    CAPTURE(row.budget);
    CAPTURE(row.parallelism);
    PacedRun run({row.parallelism, row.budget, 600, row.dated});
    run.run();
    CHECK(count(run.outcome, Fate::done) == kReplaces);
    CHECK(run.refused == 0);
    const std::int64_t share = 600 * row.budget / 100;
    CHECK(run.most_in_a_window <= static_cast<std::size_t>(share));
    const std::int64_t all = kReplaces + run.read;
    const std::int64_t waits = ceil_of(all, share) - 1;
    const Milliseconds dead = row.dated == Dated::at_arrival ? kLatency * waits : Milliseconds(0);
    const Milliseconds windows = kWindow * waits + latency_bound(all - waits * share, row.parallelism) + dead;
    CHECK(run.took <= std::max(latency_bound(kReplaces, row.parallelism), windows) * 103 / 100);
  }
}

TEST_CASE("throughput: a burst of 429 costs little, and is no reason to be slow for long") {
  for (const int limit : {600, 1'000'000}) {
    CAPTURE(limit);
    PacedRun run({8, 50, limit});
    run.refusals = 6;
    run.run();
    CHECK(count(run.outcome, Fate::done) == kReplaces);
    CHECK(run.refused == 6);
    const Milliseconds bound =
        limit == 600 ? 3 * kWindow + latency_bound(1'008 - 900, 8) : latency_bound(kReplaces, 8);
    CHECK(run.took <= bound * (limit == 600 ? 103 : 110) / 100);
  }
}

}  // namespace zonepin
