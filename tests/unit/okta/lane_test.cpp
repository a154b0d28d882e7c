// Which calls are made again, and how a lane of calls waits, stops and runs out of time.
#include "okta/lane.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "okta/retry.h"

namespace zonepin::okta {
namespace {

constexpr Milliseconds kStart{1'000};
const Instant kWall{Milliseconds{1'767'323'045'000}};

const std::string kReadOnly = R"({"errorCode":"E0000010","errorSummary":"Service is in read only mode"})";

struct RetryRow {
  int status;  // 0: the fault below
  TransportFault fault;
  Verdict read;
  Verdict write;
};

TEST_CASE("the table of retries") {
  constexpr auto kOver = Verdict::hand_over;
  constexpr auto kAgain = Verdict::try_again;
  constexpr auto kWait = Verdict::wait_window;
  constexpr auto kNoFault = TransportFault::lost;
  const RetryRow rows[] = {
      {200, kNoFault, kOver, kOver},
      {204, kNoFault, kOver, kOver},
      {302, kNoFault, kOver, kOver},
      {400, kNoFault, kOver, kOver},
      {401, kNoFault, kOver, kOver},
      {403, kNoFault, kOver, kOver},
      {404, kNoFault, kOver, kOver},
      {408, kNoFault, kOver, kOver},
      {429, kNoFault, kWait, kWait},
      {500, kNoFault, kAgain, kOver},
      {501, kNoFault, kOver, kOver},
      {502, kNoFault, kAgain, kOver},
      {503, kNoFault, kAgain, kOver},
      {504, kNoFault, kAgain, kOver},
      {0, TransportFault::resolve, kAgain, kAgain},
      {0, TransportFault::refused, kAgain, kAgain},
      {0, TransportFault::tls, kOver, kOver},
      {0, TransportFault::proxy, kOver, kOver},
      {0, TransportFault::timeout, kAgain, kOver},
      {0, TransportFault::lost, kAgain, kOver},
      {0, TransportFault::too_large, kOver, kOver},
      {0, TransportFault::cancelled, kOver, kOver},
  };
  for (const RetryRow& row : rows) {
    CAPTURE(row.status);
    CAPTURE(static_cast<int>(row.fault));
    const HttpResponse response{row.status, {}, "{}"};
    const TransportError error{row.fault, "x"};
    const auto verdict = [&](Operation operation, Attempts attempts) {
      return decide(operation, row.status == 0 ? nullptr : &response, row.status == 0 ? &error : nullptr, {},
                    attempts, 12345)
          .verdict;
    };
    const Attempts first = row.status == 429 ? Attempts{0, 1} : Attempts{1, 0};
    for (const auto read : {Operation::list_tokens, Operation::get_token, Operation::list_zones,
                            Operation::get_user, Operation::get_current_user}) {
      CHECK(verdict(read, first) == row.read);
    }
    for (const auto write : {Operation::replace_token, Operation::revoke_token, Operation::revoke_current})
      CHECK(verdict(write, first) == row.write);
    CHECK(verdict(Operation::get_token, {kMaxAttempts, kMaxRateWaits + 1}) == kOver);
    CHECK(verdict(Operation::replace_token, {kMaxAttempts, kMaxRateWaits + 1}) == kOver);
  }
  const HttpResponse read_only{503, {}, kReadOnly};
  CHECK(decide(Operation::list_tokens, &read_only, nullptr, {}, {1, 0}, 1).verdict == kOver);
  const HttpResponse concurrency{429, {}, ""};
  RateHeaders zero;
  zero.limit = 0;
  zero.remaining = 0;
  const Decision decision = decide(Operation::replace_token, &concurrency, nullptr, zero, {0, 1}, 0);
  CHECK(decision.verdict == kAgain);  // the window has room: the call waits by itself
  CHECK(decision.delay >= kMinWindowWait);
}

TEST_CASE("backoff is full jitter under a doubling ceiling") {
  for (int attempt = 1; attempt <= 40; ++attempt) {
    const Milliseconds ceiling = std::min(kMaxBackoff, kFirstBackoff * (1 << std::min(attempt - 1, 10)));
    CHECK(backoff(attempt, 0) == Milliseconds(0));
    CHECK(backoff(attempt, static_cast<std::uint64_t>(ceiling.count())) == ceiling);
    CHECK(backoff(attempt, static_cast<std::uint64_t>(ceiling.count()) + 1) == Milliseconds(0));
    CHECK(backoff(attempt, ~std::uint64_t{0}) <= ceiling);
  }
}

HttpResponse status(int code, HttpHeaders headers = {}, std::string body = "{}") {
  return {code, std::move(headers), std::move(body)};
}

Call get(const std::string& id) {
  return {Operation::get_token, id, {}, {}};
}
Call put(const std::string& id) {
  return {Operation::replace_token, id, "{}", {}};
}

// A lane with a governor that does not hold it up, once it was told that there is no pace.
struct Track {
  Governor governor{PacePolicy{100, 4}};
  Lane lane;
  Milliseconds now = kStart;

  explicit Track(std::optional<Milliseconds> deadline = std::nullopt) : lane(governor, 7, deadline) {
    for (const auto bucket : {Bucket::reads, Bucket::puts, Bucket::users})
      governor.answered(governor.started(bucket, now), 200, {}, now);
  }
  // Lets time pass up to the next wake-up and gives what is sent then.
  std::vector<Sending> next() {
    auto sendings = lane.poll(now);
    if (sendings.empty() && lane.wake_at()) {
      now = std::max(now, *lane.wake_at());
      sendings = lane.poll(now);
    }
    return sendings;
  }
};

TEST_CASE("a read is tried again, with a word on why, and a bounded number of times") {
  Track track;
  track.lane.submit(get("00T1"));
  std::vector<Milliseconds> times;
  int sent = 0;
  for (;;) {
    const auto sendings = track.next();
    if (sendings.empty()) break;
    REQUIRE(sendings.size() == 1);
    ++sent;
    times.push_back(track.now);
    const auto retry_for = header(sendings[0].request.headers, "X-Okta-Retry-For");
    const auto retry_count = header(sendings[0].request.headers, "X-Okta-Retry-Count");
    CHECK(retry_for.has_value() == (sent > 1));
    if (sent > 1) CHECK(*retry_for == "Req" + std::to_string(sent - 1));
    if (sent > 1) CHECK(*retry_count == std::to_string(sent - 1));
    track.now += Milliseconds(50);
    track.lane.answered(sendings[0].id, status(502, {{"X-Okta-Request-Id", "Req" + std::to_string(sent)}}),
                        kWall, track.now);
  }
  CHECK(sent == kMaxAttempts);
  const auto ended = track.lane.take_ended();
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].response->status == 502);
  CHECK(track.lane.idle());
  CHECK(track.governor.in_flight() == 0);
  const auto events = track.lane.take_events();
  CHECK(std::count_if(events.begin(), events.end(), [](const Event& event) {
          return event.kind == Event::Kind::retrying;
        }) == kMaxAttempts - 1);
  // A backoff is no wait for the rate limit, and not told as one.
  CHECK(std::none_of(events.begin(), events.end(),
                     [](const Event& event) { return event.kind == Event::Kind::waiting; }));
}

TEST_CASE("a write whose fate is unknown is handed over, one that never left is tried again") {
  Track track;
  track.lane.submit(put("00T1"));
  auto sendings = track.next();
  track.lane.lost(sendings.at(0).id, {TransportFault::refused, "nobody there"}, track.now);
  CHECK(track.lane.take_ended().empty());
  sendings = track.next();
  REQUIRE(sendings.size() == 1);
  track.lane.lost(sendings[0].id, {TransportFault::lost, "gone"}, track.now);
  const auto ended = track.lane.take_ended();
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].error->fault == TransportFault::lost);
  CHECK_FALSE(ended[0].response.has_value());
}

TEST_CASE("what waits goes on in the order in which it came") {
  Track track;
  for (int number = 1; number <= 3; ++number) track.lane.submit(get("00T" + std::to_string(number)));
  track.lane.submit(put("00T4"));
  track.lane.submit(get("00T5"));
  auto sendings = track.lane.poll(track.now);
  REQUIRE(sendings.size() == 4);
  CHECK(sendings[3].request.method == HttpMethod::put);
  CHECK(track.lane.poll(track.now).empty());
  CHECK_FALSE(track.lane.wake_at().has_value());  // only an answer makes room
  track.lane.answered(sendings[1].id, status(500), kWall, track.now);
  track.now += kMaxBackoff;
  // The second, tried again, goes before the fifth, which came later.
  sendings = track.lane.poll(track.now);
  REQUIRE(sendings.size() == 1);
  CHECK(sendings[0].request.target == "/api/v1/api-tokens/00T2");
}

TEST_CASE("a 429 holds up its bucket, is told as a wait, and the call goes on after it") {
  Track track;
  track.lane.submit(get("00T1"));
  const auto first = track.next();
  track.lane.answered(first.at(0).id, status(429, {{"Retry-After", "9"}}), kWall, track.now);
  track.lane.submit(get("00T2"));
  CHECK(track.lane.poll(track.now).empty());
  CHECK((track.lane.wake_at() == kStart + std::chrono::seconds(9)));
  track.lane.submit({Operation::get_user, "ann", {}, {}});
  CHECK(track.lane.poll(track.now).size() == 1);  // another bucket
  const auto events = track.lane.take_events();
  const auto waiting = std::find_if(events.begin(), events.end(),
                                    [](const Event& event) { return event.kind == Event::Kind::waiting; });
  REQUIRE(waiting != events.end());
  CHECK(waiting->reason == "rate limit");
  CHECK((waiting->length == std::chrono::seconds(9)));
  track.lane.poll(track.now + Milliseconds(1));
  CHECK(track.lane.take_events().empty());  // told once
  const auto again = track.lane.poll(kStart + std::chrono::seconds(9));
  REQUIRE(again.size() == 1);  // half of the width, and the user is still on its way
  CHECK(again[0].request.target == "/api/v1/api-tokens/00T1");
}

TEST_CASE("what was sent is counted, and for how long a used-up window kept something waiting") {
  Track track;
  track.lane.submit(put("00T1"));
  track.lane.submit(get("00T2"));
  const auto first = track.next();
  REQUIRE(first.size() == 2);
  track.now += Milliseconds(300);
  track.lane.answered(first[0].id, status(429, {{"Retry-After", "9"}}), kWall, track.now);
  track.lane.answered(first[1].id, status(200), kWall, track.now);
  CHECK(track.lane.tally().held == Milliseconds(0));
  const auto again = track.next();
  REQUIRE(again.size() == 1);
  CHECK((track.lane.tally().held == std::chrono::seconds(9)));
  track.now += Milliseconds(200);
  track.lane.answered(again[0].id, status(200), kWall, track.now);
  track.lane.submit(put("00T3"));
  const auto never = track.next();
  track.now += Milliseconds(50);
  track.lane.lost(never.at(0).id, {TransportFault::refused, "x"}, track.now);  // it never left
  track.lane.stop();
  track.lane.poll(track.now);
  const Tally& tally = track.lane.tally();
  CHECK(tally.requests == 3);
  CHECK(tally.writes == 2);
  CHECK(tally.first_write == kStart);
  CHECK((tally.last_write == kStart + Milliseconds(300) + std::chrono::seconds(9) + Milliseconds(200)));
  CHECK((tally.held == std::chrono::seconds(9)));
}

TEST_CASE("nothing starts after the deadline, and no wait goes beyond it") {
  const Milliseconds deadline = kStart + std::chrono::seconds(5);
  {
    Track track(deadline);
    track.lane.submit(get("00T1"));
    track.lane.submit(get("00T2"), deadline);
    track.lane.submit(get("00T3"), deadline - Milliseconds(1));
    CHECK(track.lane.poll(track.now).size() == 1);
    auto ended = track.lane.take_ended();
    REQUIRE(ended.size() == 1);  // its time would come too late
    CHECK(ended[0].call.key == "00T2");
    CHECK(track.lane.ran_out_of_time());
    CHECK((track.lane.wake_at() == deadline - Milliseconds(1)));
    CHECK(track.lane.poll(deadline).empty());
    ended = track.lane.take_ended();
    REQUIRE(ended.size() == 1);
    CHECK_FALSE(ended[0].response.has_value());
    CHECK_FALSE(ended[0].error.has_value());
    CHECK_FALSE(track.lane.idle());  // the first is still on its way
  }
  Track track(deadline);
  track.lane.submit(get("00T1"));
  const auto sent = track.next();
  track.lane.answered(sent.at(0).id, status(429, {{"Retry-After", "9"}}), kWall, track.now);
  track.lane.poll(track.now);
  const auto ended = track.lane.take_ended();
  REQUIRE(ended.size() == 1);
  CHECK(track.lane.ran_out_of_time());
  CHECK(track.lane.idle());
}

TEST_CASE("after a stop nothing is sent, and what comes back is handed over as it is") {
  Track track;
  for (int number = 1; number <= 6; ++number) track.lane.submit(get("00T" + std::to_string(number)));
  const auto sent = track.lane.poll(track.now);
  REQUIRE(sent.size() == 4);
  track.lane.stop();
  track.lane.answered(sent[0].id, status(503), kWall, track.now);
  track.lane.answered(sent[1].id, status(429, {{"Retry-After", "9"}}), kWall, track.now);
  track.lane.lost(sent[2].id, {TransportFault::timeout, "late"}, track.now);
  track.lane.withheld(sent[3].id, {Trouble::unauthorised, "no key", {}});
  CHECK(track.lane.poll(track.now).empty());
  const auto ended = track.lane.take_ended();
  REQUIRE(ended.size() == 6);
  CHECK(ended[0].response->status == 503);
  CHECK(ended[1].response->status == 429);
  CHECK(ended[2].error->fault == TransportFault::timeout);
  CHECK(ended[3].withheld->message == "no key");
  CHECK(track.lane.idle());
  CHECK_FALSE(track.lane.ran_out_of_time());
  CHECK(track.governor.in_flight() == 0);
}

TEST_CASE("a refusal that a fresh authorization mends is no attempt, but bounded") {
  Track track;
  track.lane.submit(put("00T1"));
  for (int round = 0; round < kMaxRenewals; ++round) {
    const auto sent = track.next();
    REQUIRE(sent.size() == 1);
    CHECK(track.lane.refused_for_now(sent[0].id, status(401), kWall, track.now));
  }
  const auto sent = track.next();
  REQUIRE(sent.size() == 1);
  CHECK_FALSE(track.lane.refused_for_now(sent[0].id, status(401), kWall, track.now));
  track.lane.answered(sent[0].id, status(401), kWall, track.now);
  CHECK(track.lane.take_ended().size() == 1);
}

// Twenty thousand owners to look up: each answer must not cost a walk over all that wait.
TEST_CASE("a long queue costs no more per call than a short one") {
  Track track;
  constexpr int kMany = 50'000;
  for (int number = 0; number < kMany; ++number)
    track.lane.submit({Operation::get_user, "u" + std::to_string(number), {}, {}});
  int answered = 0;
  for (;;) {
    const auto sent = track.lane.poll(track.now);
    if (sent.empty()) break;
    for (const Sending& sending : sent) track.lane.answered(sending.id, status(200), kWall, track.now);
    answered += static_cast<int>(sent.size());
    track.lane.take_events();
  }
  CHECK(answered == kMany);
  CHECK(track.lane.take_ended().size() == static_cast<std::size_t>(kMany));
}

}  // namespace
}  // namespace zonepin::okta
