// How fast an org is asked: the headers, and the governor against a server that counts.
#include "okta/pace.h"

#include <doctest/doctest.h>

#include "window_server.h"

namespace zonepin::okta {
namespace {

constexpr std::chrono::seconds kMinute{60};

const Instant kNoon = *parse_instant("2026-01-02T12:00:00Z");

struct HeaderRow {
  const char* name;
  HttpHeaders headers;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> remaining;
  std::optional<Milliseconds> until_reset;
  std::optional<Milliseconds> retry_after;
};

HttpHeaders rate(const char* limit, const char* remaining, const std::string& reset,
                 const std::string& date = {}) {
  HttpHeaders headers = {
      {"x-rate-limit-limit", limit}, {"X-RATE-LIMIT-REMAINING", remaining}, {"X-Rate-Limit-Reset", reset}};
  if (!date.empty()) headers.push_back({"Date", date});
  return headers;
}

TEST_CASE("the wait is Reset - Date + 1 s, and headers that make no sense are none") {
  const auto at = [](int seconds) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(kNoon.time_since_epoch()).count() +
                          seconds);
  };
  const std::string date = format_http_date(kNoon);
  const std::string skewed = format_http_date(kNoon + std::chrono::minutes(20));
  const auto s = [](int seconds) { return std::optional<Milliseconds>(std::chrono::seconds(seconds)); };
  const std::optional<Milliseconds> none;
  const HeaderRow rows[] = {
      {"as documented", rate("600", "599", at(42), date), 600, 599, s(43), none},
      {"no Date: by our clock", rate("600", "599", at(42)), 600, 599, s(43), none},
      {"a Date that is none", rate("600", "599", at(42), "yesterday"), 600, 599, s(43), none},
      {"our clock is 20 minutes off", rate("600", "599", at(1242), skewed), 600, 599, s(43), none},
      {"the window has just ended", rate("600", "599", at(0), date), 600, 599, s(1), none},
      {"it ended some seconds ago", rate("600", "599", at(-4), date), 600, 599, s(1), none},
      {"it ended long ago", rate("600", "599", at(-6), date), 600, 599, none, none},
      {"a long window is capped", rate("600", "599", at(3600), date), 600, 599, s(300), none},
      {"a reset far off", rate("600", "599", at(3601), date), 600, 599, none, none},
      {"milliseconds", rate("600", "599", at(42) + "000", date), 600, 599, none, none},
      {"zero", rate("0", "0", "0", date), 0, 0, none, none},
      {"negative", rate("-1", "-5", "-9", date), std::nullopt, std::nullopt, none, none},
      {"words", rate("many", "some", "soon", date), std::nullopt, std::nullopt, none, none},
      {"fractions", rate("600.5", "1e3", at(42) + ".5", date), std::nullopt, std::nullopt, none, none},
      {"beyond 64 bits",
       rate("99999999999999999999", "18446744073709551616", "99999999999999999999999", date), std::nullopt,
       std::nullopt, none, none},
      {"white space around", rate(" 600\t", " 599", " " + at(42) + " ", date), 600, 599, s(43), none},
      {"empty", rate("", "", "", date), std::nullopt, std::nullopt, none, none},
      {"none at all", {}, std::nullopt, std::nullopt, none, none},
      {"Retry-After", {{"Retry-After", "7"}}, std::nullopt, std::nullopt, none, s(7)},
      {"Retry-After of nothing", {{"Retry-After", "0"}}, std::nullopt, std::nullopt, none, s(1)},
      {"Retry-After of a day", {{"Retry-After", "86400"}}, std::nullopt, std::nullopt, none, s(300)},
      {"Retry-After as a date is left alone",
       {{"Retry-After", date}},
       std::nullopt,
       std::nullopt,
       none,
       none},
  };
  for (const HeaderRow& row : rows) {
    CAPTURE(row.name);
    const RateHeaders read = rate_headers(row.headers, kNoon);
    CHECK(read.limit == row.limit);
    CHECK(read.remaining == row.remaining);
    CHECK((read.until_reset == row.until_reset));
    CHECK((read.retry_after == row.retry_after));
    CHECK(read.concurrency() == (row.limit == 0 && row.remaining == 0));
  }
}

// The same numbers for the same seed on every machine.
struct Dice {
  std::uint64_t state;
  std::int64_t below(std::int64_t limit) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::int64_t>((state >> 33) % static_cast<std::uint64_t>(limit));
  }
};

void submit_puts(Lane& lane, int count) {
  for (int number = 0; number < count; ++number) {
    lane.submit({Operation::replace_token, "00T" + std::to_string(number), "{}", {}});
  }
}

std::size_t count_status(const std::vector<Ended>& ended, int status) {
  return static_cast<std::size_t>(std::count_if(ended.begin(), ended.end(), [&](const Ended& each) {
    return each.response && each.response->status == status;
  }));
}

struct PaceRow {
  std::int64_t limit;
  int budget_percent;
  std::size_t parallelism;
  int latency_ms;
};

TEST_CASE("600 writes take what the budget allows, and meet no 429") {
  const PaceRow rows[] = {{100, 50, 8, 100},  {100, 100, 8, 100}, {100, 50, 8, 1'100}, {100, 50, 1, 100},
                          {100, 25, 16, 300}, {40, 50, 8, 20},    {1'200, 50, 8, 100}, {7, 90, 8, 50}};
  for (const PaceRow& row : rows) {
    CAPTURE(row.limit);
    CAPTURE(row.budget_percent);
    CAPTURE(row.latency_ms);
    WindowServer server(row.limit, kMinute);
    Dice dice{17};
    const auto delay = [&] { return Milliseconds(row.latency_ms / 4 + dice.below(row.latency_ms / 2 + 1)); };
    Race race([&](const std::string& client, const HttpRequest&,
                  Milliseconds now) { return server.answer(client, now); },
              delay, delay);
    Lane& lane = race.add("we", {row.budget_percent, row.parallelism});
    const int writes = row.limit == 7 ? 60 : 600;
    submit_puts(lane, writes);
    const Milliseconds began = race.now();
    const Milliseconds took = race.run(began + std::chrono::hours(24)) - began;
    CHECK(count_status(lane.take_ended(), 200) == static_cast<std::size_t>(writes));
    CHECK(server.refused() == 0);
    const std::int64_t share = std::max<std::int64_t>(1, row.limit * row.budget_percent / 100);
    CHECK(server.most_of("we") <= share);
    CHECK(race.most_in_flight <= row.parallelism);
    const std::int64_t full_windows = (writes - 1) / share;  // that have to end before the last one begins
    const double window_bound = static_cast<double>(full_windows) * 61'000;
    const double latency_bound =
        static_cast<double>(writes) * row.latency_ms / static_cast<double>(row.parallelism);
    const double last_window = latency_bound * static_cast<double>(share) / writes + row.latency_ms;
    CHECK(static_cast<double>(took.count()) <= 1.03 * std::max(window_bound, latency_bound) + last_window);
  }
}

// Half of each window goes to somebody else, in bursts at any moment.
TEST_CASE("beside another client that takes half, there is at most one 429 a window") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    WindowServer server(100, kMinute);
    Dice dice{seed};
    const auto delay = [&] { return Milliseconds(20 + dice.below(400)); };
    Race race([&](const std::string& client, const HttpRequest&,
                  Milliseconds now) { return server.answer(client, now); },
              delay, delay);
    const std::int64_t burst = 1 + dice.below(10);
    race.others_every = Milliseconds(burst * 1'200);  // 50 in 60 s
    race.others = [&](Milliseconds now) {
      for (std::int64_t each = 0; each < burst; ++each) server.take_for_others(now);
    };
    Lane& lane = race.add("we", {50, 8});
    submit_puts(lane, 600);
    const Milliseconds began = race.now();
    const Milliseconds took = race.run(began + std::chrono::hours(2)) - began;
    CHECK(count_status(lane.take_ended(), 200) == 600);
    CHECK(server.most_of("we") <= 50);
    CHECK(server.most_refused_in_a_window() <= 1);
    CHECK(took <= std::chrono::minutes(15));
  }
}

TEST_CASE("two runs on one org share its windows, and neither starves") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    WindowServer server(100, kMinute);
    Dice dice{seed};
    const auto delay = [&] { return Milliseconds(20 + dice.below(300)); };
    Race race([&](const std::string& client, const HttpRequest&,
                  Milliseconds now) { return server.answer(client, now); },
              delay, delay);
    Lane& one = race.add("one", {50, 8});
    Lane& two = race.add("two", {50, 8});
    submit_puts(one, 300);
    submit_puts(two, 300);
    const Milliseconds began = race.now();
    const Milliseconds took = race.run(began + std::chrono::hours(2)) - began;
    CHECK(count_status(one.take_ended(), 200) == 300);
    CHECK(count_status(two.take_ended(), 200) == 300);
    CHECK(server.most_of("one") <= 50);
    CHECK(server.most_of("two") <= 50);
    CHECK(server.most_refused_in_a_window() <= 1);
    // 300 writes at 50 a window: five windows to wait for.
    CHECK(took <= std::chrono::seconds(5 * 61 + 30));
  }
}

TEST_CASE("reads and PUTs that count in one bucket are paced as one, also across windows") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    WindowServer server(60, kMinute);
    Dice dice{seed};
    const auto delay = [&] { return Milliseconds(10 + dice.below(900)); };
    Race race([&](const std::string& client, const HttpRequest&,
                  Milliseconds now) { return server.answer(client, now); },
              delay, delay);
    Lane& lane = race.add("we", {50, 8});
    for (int number = 0; number < 200; ++number) {
      const bool write = dice.below(3) != 0;
      lane.submit({write ? Operation::replace_token : Operation::revoke_token,
                   "00T" + std::to_string(number),
                   "{}",
                   {}});
    }
    race.run(race.now() + std::chrono::hours(2));
    CHECK(count_status(lane.take_ended(), 200) == 200);
    CHECK(server.most_of("we") <= 30);
    CHECK(server.refused() == 0);
  }
}

TEST_CASE("answers without Date, and a clock that is wrong, end in waiting and not in failing") {
  for (const int skew_s : {-3'000, -40, 0, 25, 50, 3'000}) {
    CAPTURE(skew_s);
    WindowServer server(20, kMinute);
    const auto delay = [] { return Milliseconds(100); };
    Race race(
        [&](const std::string& client, const HttpRequest&, Milliseconds now) {
          HttpResponse response = server.answer(client, now);
          response.headers.erase(response.headers.begin());
          return response;
        },
        delay, delay);
    race.skew = std::chrono::seconds(skew_s);
    Lane& lane = race.add("we", {100, 8});
    submit_puts(lane, 100);
    race.run(race.now() + std::chrono::hours(2));
    CHECK(count_status(lane.take_ended(), 200) == 100);
  }
}

TEST_CASE("without rate headers there is no pace, and one answer without them forgets nothing") {
  const auto delay = [] { return Milliseconds(100); };
  Race free(
      [](const std::string&, const HttpRequest&, Milliseconds) {
        return HttpResponse{200, {}, "{}"};
      },
      delay, delay);
  Lane& lane = free.add("we", {50, 8});
  submit_puts(lane, 800);
  const Milliseconds began = free.now();
  CHECK(free.run(began + std::chrono::hours(1)) - began <= std::chrono::seconds(21));

  WindowServer server(100, kMinute);
  int count = 0;
  Race mixed(
      [&](const std::string& client, const HttpRequest&, Milliseconds now) {
        HttpResponse response = server.answer(client, now);
        if (++count % 3 == 0) response.headers.clear();
        return response;
      },
      delay, delay);
  Lane& other = mixed.add("we", {50, 8});
  submit_puts(other, 300);
  mixed.run(mixed.now() + std::chrono::hours(2));
  CHECK(count_status(other.take_ended(), 200) == 300);
  CHECK(server.most_of("we") <= 50);
}

RateHeaders told(std::int64_t limit, std::int64_t remaining, std::int64_t reset, int left_s) {
  RateHeaders rate;
  rate.limit = limit;
  rate.remaining = remaining;
  rate.reset = reset;
  rate.until_reset = std::chrono::seconds(left_s + 1);
  return rate;
}

TEST_CASE("concurrency goes down after a 429, and up again one by one") {
  Governor governor({50, 8});
  Milliseconds now{0};
  const auto once = [&](int status, const RateHeaders& rate) {
    governor.answered(governor.started(Bucket::reads, now), status, rate, now);
  };
  once(200, told(100'000, 99'000, 60, 60));
  const RateHeaders concurrency{0, 0, 60, std::chrono::seconds(61), std::nullopt};
  once(429, concurrency);
  CHECK(governor.width() == 4);
  CHECK((governor.may_start(Bucket::reads, now) == now));  // the window has room
  once(429, concurrency);
  once(429, concurrency);
  once(429, concurrency);
  CHECK(governor.width() == 1);
  const Ticket flying = governor.started(Bucket::reads, now);
  CHECK_FALSE(governor.may_start(Bucket::puts, now).has_value());
  governor.lost(flying);
  CHECK(governor.in_flight() == 0);
  for (int answers = 1; answers <= 140; ++answers) {
    once(200, told(100'000, 90'000, 60, 60));
    REQUIRE(governor.width() == 1 + static_cast<std::size_t>(answers / 20));
  }
  for (int answers = 0; answers < 100; ++answers) once(200, told(100'000, 90'000, 60, 60));
  CHECK(governor.width() == 8);
}

TEST_CASE("concurrency goes down once for all that were refused together") {
  Governor governor({50, 8});
  const Milliseconds now{0};
  const RateHeaders fine = told(100'000, 99'000, 60, 60);
  const RateHeaders concurrency{0, 0, 60, std::chrono::seconds(61), std::nullopt};
  governor.answered(governor.started(Bucket::puts, now), 200, fine, now);
  std::vector<Ticket> together;
  for (int each = 0; each < 8; ++each) together.push_back(governor.started(Bucket::puts, now));
  for (int each = 0; each < 6; ++each)
    governor.answered(together.at(static_cast<std::size_t>(each)), 429, concurrency, now);
  CHECK(governor.width() == 4);
  const Ticket later = governor.started(Bucket::puts, now);
  governor.answered(together[6], 429, concurrency, now);
  CHECK(governor.width() == 4);
  governor.answered(later, 429, concurrency, now);
  CHECK(governor.width() == 2);
  governor.answered(together[7], 429, concurrency, now);
  CHECK(governor.width() == 2);
}

TEST_CASE("of what the answers say of one window's end, the earliest is right") {
  Governor governor({100, 8});
  const Ticket first = governor.started(Bucket::puts, Milliseconds(0));
  const Ticket second = governor.started(Bucket::puts, Milliseconds(0));
  governor.answered(first, 200, told(100, 1, 60, 60), Milliseconds(900));  // its Date leaves out 900 ms
  CHECK((governor.may_start(Bucket::puts, Milliseconds(950)) == Milliseconds(61'900)));
  governor.answered(second, 200, told(100, 0, 60, 59), Milliseconds(1'050));
  CHECK((governor.may_start(Bucket::puts, Milliseconds(1'100)) == Milliseconds(61'050)));
}

TEST_CASE("few requests are in flight before the first answer") {
  Governor governor({50, 8});
  const Milliseconds now{5'000};
  const Ticket first = governor.started(Bucket::reads, now);
  CHECK((governor.may_start(Bucket::reads, now) == now));
  governor.started(Bucket::reads, now);
  CHECK_FALSE(governor.may_start(Bucket::reads, now).has_value());
  CHECK((governor.may_start(Bucket::users, now) == now));  // another bucket
  governor.answered(first, 200, told(100, 97, 60, 60), now);
  CHECK((governor.may_start(Bucket::reads, now) == now));
  CHECK((governor.may_start(Bucket::puts, now) == now));
}

TEST_CASE("nothing starts while nothing remains, whoever used it up") {
  Governor governor({100, 8});
  const Milliseconds now{0};
  const Ticket first = governor.started(Bucket::reads, now);
  const Ticket second = governor.started(Bucket::reads, now);
  governor.answered(first, 200, told(100, 1, 60, 60), now);
  // The one in flight may take the last.
  CHECK((governor.may_start(Bucket::reads, now) == Milliseconds(61'000)));
  governor.answered(second, 200, told(100, 3, 60, 60), now);  // an older count, answered later
  CHECK((governor.may_start(Bucket::reads, now) == now));
  governor.answered(governor.started(Bucket::puts, now), 200, told(100, 0, 60, 60), now);
  CHECK((governor.may_start(Bucket::puts, now) == Milliseconds(61'000)));
  CHECK((governor.may_start(Bucket::puts, Milliseconds(61'000)) == Milliseconds(61'000)));
}

TEST_CASE("requests on the way from one window into the next count in both") {
  Governor governor({50, 8});
  std::vector<Ticket> late;
  governor.answered(governor.started(Bucket::puts, Milliseconds(0)), 200, told(10, 9, 60, 60),
                    Milliseconds(0));
  for (int number = 0; number < 4; ++number)
    late.push_back(governor.started(Bucket::puts, Milliseconds(50'000)));
  const Milliseconds next{61'000};
  CHECK((governor.may_start(Bucket::puts, Milliseconds(60'999)) == next));
  const Ticket first = governor.started(Bucket::puts, next);
  // Four of the last window may land in this one: with the one just started, its share of five is used.
  CHECK((governor.may_start(Bucket::puts, next) != next));
  for (const Ticket& ticket : late)
    governor.answered(ticket, 200, told(10, 5, 60, 0), next + Milliseconds(10));  // they did not
  governor.answered(first, 200, told(10, 9, 121, 60), next + Milliseconds(20));
  CHECK((governor.may_start(Bucket::puts, next + Milliseconds(30)) ==
         next + Milliseconds(20) + Milliseconds(61'000)));
}

TEST_CASE("a window that goes on although we took it for ended is the same window") {
  Governor governor({50, 8});
  for (int number = 0; number < 5; ++number) {
    governor.answered(governor.started(Bucket::puts, Milliseconds(0)), 200, told(10, 9 - number, 100, 20),
                      Milliseconds(0));
  }
  const Milliseconds early{21'000};  // a wrong Date made us come back too soon
  CHECK((governor.may_start(Bucket::puts, early) == early));
  governor.answered(governor.started(Bucket::puts, early), 200, told(10, 4, 100, 30), early);
  CHECK((governor.may_start(Bucket::puts, early) == early + Milliseconds(31'000)));
}

TEST_CASE("a refused bucket waits as long as Okta says, and others go on") {
  Governor governor({50, 8});
  const Milliseconds now{0};
  RateHeaders retry;
  retry.retry_after = std::chrono::seconds(7);
  governor.answered(governor.started(Bucket::users, now), 429, retry, now);
  CHECK((governor.may_start(Bucket::users, now) == Milliseconds(7'000)));
  CHECK((governor.may_start(Bucket::reads, now) == now));
  governor.answered(governor.started(Bucket::reads, now), 429, told(10, 0, 60, 30), now);
  CHECK((governor.may_start(Bucket::reads, now) == Milliseconds(31'000)));
  CHECK((governor.may_start(Bucket::puts, now) == Milliseconds(31'000)));  // may well be the same bucket
}

}  // namespace
}  // namespace zonepin::okta
