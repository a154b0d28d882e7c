// How the engine goes about many actions: phases, bounds, what ends a run, and what is told of it.
#include "apply/engine.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "engine_kit.h"
#include "plan/guards.h"

namespace zonepin {
namespace {

TEST_CASE("a PUT carries the whole token as it is live, and the request id comes back") {
  Workshop shop({"a1"});
  const OrgOutcome outcome = shop.run();
  REQUIRE(shop.fakes.network.arrivals.size() == 1);
  CHECK(
      shop.fakes.network.arrivals[0].request.body ==
      R"({"name":"a1","userId":"00u1","clientName":"Okta API","created":"2025-11-02T14:47:13.000Z","network":{"connection":"ZONE","include":["nzocorp"]}})");
  CHECK(outcome.actions[0].request_id == "Shown");
  CHECK(outcome.host == "acme.okta.com");
}

TEST_CASE("the rate that was seen counts what was sent, from the first write to the last answer") {
  Workshop shop({"a1", "a2", "a3", "l4"});
  shop.policy.parallelism = 2;
  shop.script["a2"] = of({Workshop::lost()});
  const OrgOutcome outcome = shop.run();
  CHECK(count(outcome, Fate::done) == 4);
  CHECK(outcome.rate.writes == 5);
  CHECK(outcome.rate.requests == 6);  // one look
  CHECK(outcome.rate.waited == Milliseconds(0));
  CHECK(outcome.rate.writing >= 3 * shop.latency);
  CHECK(outcome.rate.writing < std::chrono::seconds(10));
  CHECK(writes_per_second(outcome.rate) > 0);
  Workshop idle({"a1"});
  idle.live().tokens[0].network = Workshop::corp();
  const OrgOutcome nothing = idle.run();
  CHECK(nothing.rate == RateSeen{});
  CHECK(writes_per_second(nothing.rate) == 0);
}

TEST_CASE("no request lasts beyond the end of the run and its grace") {
  Workshop shop({"a1", "a2"});
  shop.latency = std::chrono::seconds(20);
  shop.deadline = shop.fakes.clock.steady() + std::chrono::seconds(3);
  const Milliseconds began = shop.fakes.clock.steady();
  const OrgOutcome outcome = shop.run();
  CHECK((shop.fakes.clock.steady() - began <= std::chrono::seconds(3) + okta::kGrace));
  REQUIRE(outcome.ended_early.has_value());
  CHECK(outcome.ended_early->trouble == Trouble::unfinished);
  CHECK(count(outcome, Fate::unknown) == 2);
}

TEST_CASE("what is done or gone already is not touched") {
  Workshop shop({"a1", "a2", "r3", "a4"});
  shop.live().tokens[0].network = Workshop::corp();
  shop.live().tokens[1].network = Workshop::corp();
  shop.live().tokens.erase(shop.live().tokens.begin() + 2);
  const OrgOutcome outcome = shop.run();
  CHECK(shop.action(outcome, "a1").fate == Fate::already_done);
  CHECK(shop.action(outcome, "a2").fate == Fate::already_done);
  CHECK(shop.action(outcome, "r3").fate == Fate::gone);
  CHECK(shop.action(outcome, "a4").fate == Fate::done);
  CHECK(shop.fakes.network.arrivals.size() == 1);
  Workshop nothing({"a1"});
  nothing.live().tokens.clear();
  CHECK(nothing.run().actions[0].fate == Fate::gone);
  CHECK(nothing.fakes.network.arrivals.empty());
}

struct StopRow {
  const char* name;
  HttpResponse answer;
  Trouble trouble;
};

TEST_CASE("some refusals end the run at once") {
  const StopRow rows[] = {
      {"401", Workshop::refusal(401, "E0000011"), Trouble::unauthorised},
      {"read-only", Workshop::refusal(503, "E0000010"), Trouble::unfinished},
      {"a rate limit without end", HttpResponse{429, {{"Retry-After", "1"}}, ""}, Trouble::unfinished}};
  for (const StopRow& row : rows) {
    CAPTURE(row.name);
    Workshop shop({"a1", "a2", "a3", "a4"});
    shop.policy.parallelism = 1;
    shop.policy.max_failures = 1;  // the cause is named, not the number of failures
    shop.script["a2"] = Answers(20, FakeAnswer{row.answer, Milliseconds(100)});
    const OrgOutcome outcome = shop.run();
    CHECK(shop.action(outcome, "a1").fate == Fate::done);
    CHECK(shop.action(outcome, "a2").fate == Fate::failed);
    CHECK(shop.action(outcome, "a3").fate == Fate::not_reached);
    CHECK(shop.action(outcome, "a4").fate == Fate::not_reached);
    REQUIRE(outcome.ended_early.has_value());
    CHECK(outcome.ended_early->trouble == row.trouble);
    CHECK(shop.sent_for("a3").empty());
  }
}

TEST_CASE("one failure does not stop its phase, as many as allowed do") {
  std::vector<std::string> names;
  for (int number = 10; number < 30; ++number) names.push_back("a" + std::to_string(number));
  for (const std::size_t allowed : {1U, 3U, 10U, 21U}) {
    CAPTURE(allowed);
    Workshop shop(names);
    shop.policy = {2, allowed};
    for (const std::string& name : names) shop.script[name] = of({Workshop::refusal(400, "E0000001")});
    const OrgOutcome outcome = shop.run();
    CHECK(outcome.ended_early.has_value() == (allowed <= 20));
    if (allowed > 20) CHECK(failures(outcome) == 20);
    if (allowed <= 20) CHECK(failures(outcome) >= allowed);
    if (allowed <= 20) CHECK(failures(outcome) <= allowed + 1);  // what was in flight
    CHECK(count(outcome, Fate::not_reached) == 20 - failures(outcome));
    CHECK(shop.fakes.network.arrivals.size() == failures(outcome));
  }
}

TEST_CASE("a failed phase stops the revokes, and the others go on") {
  Workshop shop({"l1", "a2", "r3", "r4"});
  shop.script["l1"] = of({Workshop::refusal(400, "E0000001")});
  const OrgOutcome outcome = shop.run();
  CHECK(shop.action(outcome, "l1").fate == Fate::failed);
  CHECK(shop.action(outcome, "a2").fate == Fate::done);
  CHECK(shop.action(outcome, "r3").fate == Fate::not_reached);
  CHECK(shop.action(outcome, "r3").message == "not revoked, because an action before it failed");
  CHECK(shop.sent_for("r4").empty());
  CHECK_FALSE(outcome.ended_early.has_value());

  Workshop fine({"r1", "r2", "r3"});  // a revoke that fails does not stop the others
  fine.policy.parallelism = 1;
  fine.script["r1"] = of({Workshop::refusal(403, "E0000006")});
  const OrgOutcome all = fine.run();
  CHECK(count(all, Fate::done) == 2);
}

TEST_CASE("the run's own token is written after all the rest, and not at all when something failed") {
  const auto mark = [](Workshop& shop) { mark_own(shop.plan, {Workshop::id_of("a1")}); };
  Workshop shop({"a1", "a2", "r3"});
  mark(shop);
  std::vector<std::string> order;
  shop.on_arrival = [&](const Arrival& arrival) { order.push_back(arrival.request.target.substr(19)); };
  const OrgOutcome outcome = shop.run();
  CHECK(count(outcome, Fate::done) == 3);
  CHECK(order == std::vector<std::string>{"00Ta2", "00Tr3", "00Ta1"});

  Workshop failing({"a1", "r2", "r3"});
  mark(failing);
  failing.script["r3"] = of({Workshop::refusal(400, "E0000001")});
  const OrgOutcome some = failing.run();
  CHECK(failing.action(some, "r2").fate == Fate::done);
  CHECK(failing.action(some, "a1").fate == Fate::not_reached);
  CHECK(failing.action(some, "a1").message == "not replaced, because an action before it failed");
  CHECK(failing.sent_for("a1").empty());
}

// What is in flight at any moment, by token and by phase.
struct Watch {
  std::multiset<std::string> in_flight;
  std::size_t most = 0;
  bool twice = false;
  bool mixed = false;
};

TEST_CASE("phases never overlap, no token has two requests, and parallelism is a bound") {
  for (const std::size_t parallelism : {1U, 2U, 5U, 8U}) {
    CAPTURE(parallelism);
    std::vector<std::string> names;
    for (int number = 10; number < 22; ++number) {
      names.push_back("l" + std::to_string(number));
      names.push_back("a" + std::to_string(number));
      names.push_back("r" + std::to_string(number));
    }
    Workshop shop(names);
    shop.policy.parallelism = parallelism;
    for (const std::string& name : names) {
      if (name.back() % 3 == 0) shop.script[name] = of({Workshop::lost(), shop.before(name)});
      if (name.back() % 3 == 1) shop.script[name] = of({HttpResponse{429, {{"Retry-After", "1"}}, ""}});
    }
    struct Flight {
      std::string target;
      Instant ends;
    };
    std::vector<Flight> flights;
    Watch watch;
    shop.on_arrival = [&](const Arrival& arrival) {
      std::erase_if(flights, [&](const Flight& flight) { return flight.ends <= arrival.at; });
      for (const Flight& flight : flights) {
        if (flight.target == arrival.request.target) watch.twice = true;
        if (flight.target[22] != arrival.request.target[22]) watch.mixed = true;
      }
      flights.push_back({arrival.request.target, arrival.at + Milliseconds(100)});
      watch.most = std::max(watch.most, flights.size());
    };
    const OrgOutcome outcome = shop.run();
    CHECK(count(outcome, Fate::done) == names.size());
    CHECK_FALSE(watch.twice);
    CHECK_FALSE(watch.mixed);
    CHECK(watch.most <= parallelism);
    // Looser conditions first, revokes last.
    std::string order;
    for (const Arrival& arrival : shop.fakes.network.arrivals) {
      const char phase = arrival.request.target[22];
      if (order.empty() || order.back() != phase) order += phase;
    }
    CHECK(order == "lar");
  }
}

TEST_CASE("a run of many takes no longer than its latency allows") {
  std::vector<std::string> names;
  for (int number = 1000; number < 2000; ++number) names.push_back("a" + std::to_string(number));
  Workshop shop(names);
  shop.fakes.log.level = LogLevel::off;
  shop.latency = Milliseconds(1'000);
  const Milliseconds began = shop.fakes.clock.steady();
  const OrgOutcome outcome = shop.run();
  CHECK(count(outcome, Fate::done) == 1000);
  CHECK(shop.fakes.clock.steady() - began <= Milliseconds(137'500));  // 125 rounds of 8, and a tenth
}

TEST_CASE("an interrupt at any moment leaves an honest outcome, and sends nothing more") {
  for (int at_ms = 0; at_ms <= 3'000; at_ms += 50) {
    CAPTURE(at_ms);
    Workshop shop({"l1", "a2", "a3", "a4", "r5", "r6"});
    shop.policy.parallelism = 2;
    shop.script["a2"] = of({Workshop::lost(), shop.before("a2"), Workshop::lost(), shop.after("a2")});
    shop.script["a3"] = of({HttpResponse{429, {{"Retry-After", "1"}}, ""}});
    shop.script["r5"] = of({Workshop::refusal(500, "E"), Workshop::gone()});
    const Milliseconds moment = shop.fakes.clock.steady() + Milliseconds(at_ms);
    shop.fakes.interrupt.request_at(moment);
    bool late = false;
    shop.on_arrival = [&](const Arrival&) { late = late || shop.fakes.clock.steady() > moment; };
    const OrgOutcome outcome = shop.run();
    CHECK_FALSE(late);
    std::size_t unsent = 0;
    for (const ActionOutcome& action : outcome.actions) {
      const std::string& name = shop.plan.changes[action.change].name;
      const std::string sent = shop.sent_for(name);
      if (action.fate == Fate::not_reached) ++unsent;
      // A call that was refused with 429 was sent, and had no effect.
      if (action.fate == Fate::not_reached) CHECK((sent.empty() || name == "a3"));
      if (sent.empty()) CHECK(action.fate == Fate::not_reached);
      if (action.fate == Fate::unknown) CHECK_FALSE(action.message.empty());
    }
    const bool whole = count(outcome, Fate::done) == 6;
    CHECK((whole || outcome.ended_early.has_value()));
    if (outcome.ended_early) CHECK(outcome.ended_early->trouble == Trouble::interrupted);
    if (whole) CHECK(unsent == 0);
  }
}

TEST_CASE("an interrupt does not wait for ever for what is in flight") {
  Workshop shop({"a1", "a2"});
  shop.latency = Milliseconds(50'000);
  shop.fakes.interrupt.request_at(shop.fakes.clock.steady() + Milliseconds(10));
  const Milliseconds began = shop.fakes.clock.steady();
  const OrgOutcome outcome = shop.run();
  CHECK(shop.fakes.clock.steady() - began <= Milliseconds(10) + okta::kGrace);
  CHECK(count(outcome, Fate::unknown) == 2);
  CHECK(outcome.ended_early->trouble == Trouble::interrupted);
}

TEST_CASE("an interrupt after the last action is none of this org") {
  Workshop shop({"a1"});
  okta::Governor governor({100, 8});
  const Binding nothing;
  Engine engine(shop.plan, nothing, shop.live(), kAcme, {}, governor, 1, std::nullopt);
  CHECK(engine.finished());
  engine.interrupt();
  CHECK_FALSE(engine.take().ended_early.has_value());
}

TEST_CASE("the deadline ends a run, and what was looked at is not unknown") {
  Workshop shop({"a1", "a2", "a3"});
  shop.policy.parallelism = 1;
  shop.deadline = shop.fakes.clock.steady() + Milliseconds(150);
  const OrgOutcome outcome = shop.run();
  CHECK(shop.action(outcome, "a1").fate == Fate::done);
  CHECK(shop.action(outcome, "a2").fate == Fate::done);  // it was on its way
  CHECK(shop.action(outcome, "a3").fate == Fate::not_reached);
  REQUIRE(outcome.ended_early.has_value());
  CHECK(outcome.ended_early->trouble == Trouble::unfinished);

  // A write that the look found not carried out, and for which no time is left, was not carried out.
  for (int deadline_ms = 100; deadline_ms < 3'000; deadline_ms += 100) {
    CAPTURE(deadline_ms);
    Workshop slow({"a1"});
    slow.deadline = slow.fakes.clock.steady() + Milliseconds(deadline_ms);
    slow.script["a1"] = of({Workshop::lost(), slow.before("a1"), Workshop::lost(), slow.before("a1"),
                            Workshop::lost(), slow.before("a1")});
    const ActionOutcome action = slow.run().actions.at(0);
    const std::string sent = slow.sent_for("a1");
    const bool looked_last = sent.size() >= 3 && sent.substr(sent.size() - 3) == "GET";
    CHECK(sent.substr(0, 3) == "PUT");
    CHECK(action.fate == (looked_last ? Fate::failed : Fate::unknown));
  }
}

class NoAuthorizer : public okta::Authorizer {
 public:
  Result<Secret> authorize(HttpRequest&) override {
    return fail(Trouble::unauthorised, "the key is gone", "put it back");
  }
};

TEST_CASE("without an authorization nothing is reached, and the reason is the authorizer's") {
  Workshop shop({"a1", "a2"});
  shop.fakes.network.server = [](const Arrival&) { return FakeAnswer{}; };
  auto transport = shop.fakes.network.open({});
  okta::Governor governor({100, 8});
  const Binding binding = bind_plan(shop.plan, shop.live());
  Engine engine(shop.plan, binding, shop.live(), kAcme, {}, governor, 5, std::nullopt);
  NoAuthorizer authorizer;
  okta::Doors doors{shop.fakes.clock, shop.fakes.interrupt, shop.fakes.log, **transport, {}};
  okta::drive({{&engine, kAcme, &authorizer, &governor, 5, std::nullopt}}, doors);
  const OrgOutcome outcome = engine.take();
  CHECK(count(outcome, Fate::not_reached) == 2);
  REQUIRE(outcome.ended_early.has_value());
  CHECK(outcome.ended_early->message == "the key is gone");
  CHECK(shop.fakes.network.arrivals.empty());
}

TEST_CASE("the list at the end settles what was unknown, and takes nothing on trust") {
  struct Row {
    const char* token;
    Fate told;
    std::function<void(Token&)> change;  // none: the token is not in the list
    Fate expected;
  };
  const auto as_wanted = [](Token& token) {
    token.network = token.name[0] == 'l' ? anywhere() : Workshop::corp();
  };
  const auto as_before = [](Token&) {};
  const Row rows[] = {
      {"a1", Fate::done, as_wanted, Fate::done},
      {"a1", Fate::done, as_before, Fate::failed},
      {"a1", Fate::done, nullptr, Fate::failed},
      {"l1", Fate::done, [](Token& token) { token.network.reset(); }, Fate::done},
      {"a1", Fate::unknown, as_wanted, Fate::done},
      {"a1", Fate::unknown, as_before, Fate::failed},
      {"a1", Fate::unknown, nullptr, Fate::gone},
      {"a1", Fate::failed, as_before, Fate::failed},
      {"a1", Fate::not_reached, as_before, Fate::not_reached},
      {"r1", Fate::done, nullptr, Fate::done},
      {"r1", Fate::done, as_before, Fate::failed},
      {"r1", Fate::unknown, nullptr, Fate::done},
      {"r1", Fate::unknown, as_before, Fate::failed},
  };
  for (const Row& row : rows) {
    Workshop shop({row.token});
    CAPTURE(row.token);
    CAPTURE(to_string(row.told));
    OrgOutcome outcome;
    outcome.actions.push_back({0, row.told, row.told == Fate::done ? "" : "why", ""});
    Live live = shop.live();
    if (row.change) row.change(live.tokens[0]);
    if (!row.change) live.tokens.clear();
    confirm(shop.plan, live, outcome);
    CHECK(to_string(outcome.actions[0].fate) == to_string(row.expected));
    CHECK(outcome.confirmed);
    if (row.expected == Fate::failed) CHECK_FALSE(outcome.actions[0].message.empty());
  }
}

}  // namespace
}  // namespace zonepin
