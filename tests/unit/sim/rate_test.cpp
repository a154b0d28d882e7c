// Windows of the rate limit (FACTS 5).
#include <doctest/doctest.h>

#include "unit/sim/kit.h"

namespace zonepin::sim {

namespace {

Org limited(int limit) {
  State state = small_state();
  for (auto& item : state.settings.rate_limits) item.second = limit;
  return Org(std::move(state));
}

// `STATUS limit/remaining reset`, reset in seconds after noon.
std::string reading(Org& org, const std::string& target, int ms_after_noon) {
  Call call = get(target);
  call.now = noon() + Milliseconds(ms_after_noon);
  const HttpResponse response = ask(org, call);
  const auto value = [&](const char* name) {
    return std::string(header(response.headers, name).value_or("none"));
  };
  const auto second = std::chrono::floor<std::chrono::seconds>(noon()).time_since_epoch().count();
  const long long reset = std::stoll(value("X-Rate-Limit-Reset")) - second;
  return verdict(response) + " " + value("X-Rate-Limit-Limit") + "/" + value("X-Rate-Limit-Remaining") + " " +
         std::to_string(reset);
}

TEST_CASE("a window opens with its first request, shuts when it is used up, and ends at Reset") {
  const std::string target = "/api/v1/api-tokens";
  Org org = limited(2);
  CHECK(reading(org, target, 0) == "200 2/1 60");
  CHECK(reading(org, target, 30'000) == "200 2/0 60");
  CHECK(reading(org, target, 30'001) == "429 E0000047 2/0 60");
  CHECK(reading(org, target, 59'749) ==
        "429 E0000047 2/0 60");  // noon() is at 250 ms: the last instant before Reset
  CHECK(reading(org, target, 59'750) == "200 2/1 120");
  CHECK(reading(org, target, 200'000) == "200 2/1 260");  // not aligned to minutes
}

TEST_CASE("path classes have windows of their own") {
  Org org = limited(1);
  CHECK(reading(org, "/api/v1/zones", 0) == "200 1/0 60");
  CHECK(reading(org, "/api/v1/users/me", 0) == "200 1/0 60");
  CHECK(reading(org, "/api/v1/api-tokens", 0) == "429 E0000047 1/0 60");
  CHECK(reading(org, "/api/v1/users/ada", 0) == "429 E0000047 1/0 60");
}

TEST_CASE("a request over the limit does nothing, not even count as a use") {
  Org org = limited(1);
  CHECK(reading(org, "/api/v1/zones", 0) == "200 1/0 60");
  const State before = org.state();
  CHECK(verdict(org, del("/api/v1/api-tokens/00Tzone")) == "429 E0000047");
  CHECK(org.state().tokens == before.tokens);
}

TEST_CASE("a window of a file from the future does not stay shut") {
  Org org = limited(1);
  org.state().rate_windows["/api/v1"] = RateWindow{noon() + std::chrono::hours(24), 1};
  CHECK(reading(org, "/api/v1/zones", 0) == "200 1/0 60");
}

TEST_CASE("a principal with its own share: the rest stays for the others") {
  Org org = limited(4);
  org.state().settings.principal_percent = 50;
  CHECK(reading(org, "/api/v1/zones", 0) == "200 2/1 60");
  CHECK(reading(org, "/api/v1/zones", 0) == "200 2/0 60");
  CHECK(reading(org, "/api/v1/zones", 0) == "429 E0000047 2/0 60");
  Call other = get("/api/v1/zones");
  other.secret = "00reader";
  CHECK(verdict(org, other) == "200");
  CHECK(verdict(org, other) == "200");
  other.secret = "00zone";  // has used nothing yet, but the org's window is used up
  CHECK(verdict(org, other) == "429 E0000047");
  CHECK(reading(org, "/api/v1/zones", 60'000) == "200 2/1 120");
}

TEST_CASE("a share is at least one request, and requests of nobody count for the org only") {
  Org org = limited(3);
  org.state().settings.principal_percent = 1;
  CHECK(reading(org, "/api/v1/zones", 0) == "200 1/0 60");
  CHECK(reading(org, "/api/v1/zones", 0) == "429 E0000047 1/0 60");
  Call nobody = get("/api/v1/zones");
  nobody.secret = "00wrong";
  CHECK(verdict(org, nobody) == "401 E0000011");
  CHECK(verdict(org, nobody) == "401 E0000011");
  CHECK(verdict(org, nobody) == "429 E0000047");
}

TEST_CASE("too many at once: limit and remaining are 0, no window counts it, and nothing is done") {
  Org org = limited(2);
  org.state().settings.max_concurrent = 3;
  Call call = del("/api/v1/api-tokens/00Tzone");
  call.in_flight = 3;
  const HttpResponse answer = ask(org, call);
  CHECK(verdict(answer) == "429 E0000047");
  CHECK(header(answer.headers, "X-Rate-Limit-Limit") == "0");
  CHECK(header(answer.headers, "X-Rate-Limit-Remaining") == "0");
  CHECK(header(answer.headers, "X-Rate-Limit-Reset"));
  CHECK(org.state().tokens.count("00Tzone") == 1);
  call.in_flight = 2;
  CHECK(verdict(org, call) == "204");
  CHECK(reading(org, "/api/v1/zones", 0) == "200 2/0 60");
}

}  // namespace

}  // namespace zonepin::sim
