// Which requests go wrong, and what becomes of the answer.
#include "sim/faults.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "unit/sim/kit.h"

namespace zonepin::sim {

namespace {

std::vector<FaultRule> rules(std::string_view text) {
  const Result<std::vector<FaultRule>> parsed_rules = parse_faults(text);
  const std::string why = parsed_rules ? std::string() : parsed_rules.error().message;
  REQUIRE_MESSAGE(parsed_rules, why);
  return *parsed_rules;
}

// One letter per request: `.` for none, else the number of the status.
std::string hits(FaultSchedule& schedule, const char* method, const char* target, int requests) {
  std::string text;
  for (int i = 0; i < requests; ++i) {
    const auto fault = schedule.next(method, target);
    text += fault ? std::to_string(fault->status % 10) : ".";
  }
  return text;
}

TEST_CASE("paths: the start of one, or a pattern of the whole") {
  struct Row {
    const char* pattern;
    const char* path;
    bool fits;
  };
  const Row rows[] = {
      {"/", "/api/v1/zones", true},
      {"/api/v1/api-tokens", "/api/v1/api-tokens/00T1", true},
      {"/api/v1/api-tokens", "/api/v1/zones", false},
      {"/api/v1/api-tokens/*", "/api/v1/api-tokens/00T1", true},
      {"/api/v1/api-tokens/*", "/api/v1/api-tokens", false},
      {"/api/v1/zones*", "/api/v1/zones", true},
      {"*/00T?", "/api/v1/api-tokens/00T1", true},
      {"*/00T?", "/api/v1/api-tokens/00T12", false},
      {"*a*b*", "/aab/", true},
      {"*a*b", "/aab/", false},
      {"?", "", false},
      {"*", "", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    CAPTURE(row.path);
    CHECK(fits_path(row.pattern, row.path) == row.fits);
  }
}

TEST_CASE("a rule acts on some of the requests that fit it, counted from 1") {
  FaultSchedule schedule(rules(R"([
    {"method": "PUT", "path": "/api/v1/api-tokens", "from": 2, "count": 2, "action": "status", "status": 503},
    {"path": "/api/v1/zones", "from": 3, "count": 0, "action": "status", "status": 504}
  ])"));
  CHECK(hits(schedule, "PUT", "/api/v1/api-tokens/00T1", 5) == ".33..");
  CHECK(hits(schedule, "GET", "/api/v1/api-tokens/00T1", 5) == ".....");
  CHECK(hits(schedule, "GET", "/api/v1/zones?limit=1", 6) == "..4444");
}

TEST_CASE("of several rules the first acts, and all count") {
  FaultSchedule schedule(rules(R"([
    {"from": 2, "action": "status", "status": 501},
    {"from": 2, "count": 2, "action": "status", "status": 502}
  ])"));
  CHECK(hits(schedule, "GET", "/x", 4) == ".12.");
}

TEST_CASE("a percentage is scattered, about right, and the same in every run") {
  const char* const text = R"([{"count": 0, "percent": 20, "action": "status", "status": 500}])";
  FaultSchedule first(rules(text));
  FaultSchedule second(rules(text));
  const std::string hit = hits(first, "GET", "/x", 2000);
  CHECK(hits(second, "GET", "/x", 2000) == hit);
  const auto count = std::count(hit.begin(), hit.end(), '0');
  CHECK(count > 300);
  CHECK(count < 500);
}

TEST_CASE("schedules that can't be used say where") {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"[", "not well-formed JSON (line 1)"},
      {"{}", "they must be an array of rules"},
      {"[1]", "rule 1: must be an object"},
      {"[{}]", "rule 1.action: \"\" is none of delay, status"},
      {R"([{"action": "delay"}, {"action": "stall"}])", "rule 2.action: \"stall\" is none of"},
      {R"([{"action": "delay", "dealy_ms": 5}])", "unknown field \"dealy_ms\", did you mean \"delay_ms\"?"},
      {R"([{"action": "drop_after", "status": 500}])", "unknown field \"status\""},
      {R"([{"action": "drop_after", "carried_out": false}])", "unknown field \"carried_out\""},
      {R"([{"action": "delay", "from": 0}])", "rule 1.from: counts from 1"},
      {R"([{"action": "status", "status": 99}])", "rule 1.status: must be between 200 and 599"},
      {R"([{"action": "status", "errorCode": "E1"}])", "\"E1\" is none that the simulator knows"},
      {R"([{"action": "status", "headers": {"A": "x\r\nB: y"}}])", "\"A\" must be one line of text"},
      {R"([{"action": "wrong_length", "offset": 0}])", "must be a whole number that is not 0"},
      {R"([{"action": "delay", "delay_ms": 3600001}])", "at most an hour"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto result = parse_faults(row.text);
    REQUIRE_FALSE(result);
    CHECK(result.error().trouble == Trouble::usage);
    CHECK_MESSAGE(result.error().message.find(row.message) != std::string::npos, result.error().message);
  }
}

TEST_CASE("what an action leaves of an answer, and whether the org carries the request out") {
  const HttpResponse plain{200, {{"Content-Type", "application/json"}, {"Retry-After", "9"}}, "{\"id\":1}"};
  const auto one = [](const char* text) { return rules(std::string("[") + text + "]").front(); };
  const FaultRule status = one(R"({"action": "status", "body": "<h1>", "headers": {"retry-after": "1"}})");
  CHECK(status.effect == FaultEffect::none);
  CHECK(faulty_answer(status, plain) ==
        HttpResponse{500, {{"Content-Type", "text/html"}, {"retry-after", "1"}}, "<h1>"});
  const FaultRule late = one(R"({"action": "status", "errorCode": "E0000009", "carried_out": true})");
  CHECK(late.effect == FaultEffect::carried_out);
  CHECK(faulty_answer(late, plain) == plain);  // the org made that error
  const FaultRule redirect = one(R"({"action": "redirect", "location": "https://acme-admin.okta.com/"})");
  CHECK(faulty_answer(redirect, plain) ==
        HttpResponse{302, {{"Location", "https://acme-admin.okta.com/"}}, ""});
  const HttpResponse garbage = faulty_answer(one(R"({"action": "garbage"})"), plain);
  CHECK(garbage.status == 200);
  CHECK(garbage.body != plain.body);
  CHECK(one(R"({"action": "drop_before"})").effect == FaultEffect::none);
  CHECK(one(R"({"action": "drop_after"})").effect == FaultEffect::carried_out);
}

TEST_CASE("an echo repeats what it was sent, wherever a client may show it") {
  const FaultRule rule = rules(R"([{"action": "echo", "status": 403}])").front();
  CHECK(rule.effect == FaultEffect::none);
  const HttpResponse answer =
      echo_of(rule, {{"Authorization", "SSWS 00secret"}, {"DPoP", "ey.J"}}, "a=b\xff");
  CHECK(answer.status == 403);
  CHECK(header(answer.headers, "X-Okta-Request-Id") == "SSWS 00secret");
  for (const char* part :
       {"Authorization: SSWS 00secret", "DPoP: ey.J", "a=b", "errorSummary", "error_description"}) {
    CHECK(answer.body.find(part) != std::string::npos);
  }
  CHECK_FALSE(parse_faults(R"([{"action": "echo", "status": 600}])"));
}

TEST_CASE("what goes over the wire instead of a whole answer") {
  const HttpResponse plain{200, {{"Content-Type", "application/json"}}, "{\"id\":1}"};
  const auto raw = [&](const char* text) {
    return raw_answer(rules(std::string("[") + text + "]").front(), plain);
  };
  const std::string head =
      "HTTP/1.1 200 Simulated\r\nContent-Type: application/json\r\nConnection: close\r\n";
  CHECK_FALSE(raw(R"({"action": "delay"})"));
  CHECK_FALSE(raw(R"({"action": "status"})"));
  CHECK_FALSE(raw(R"({"action": "redirect"})"));
  CHECK_FALSE(raw(R"({"action": "garbage"})"));
  CHECK(raw(R"({"action": "drop_before"})") == RawAnswer{});
  CHECK(raw(R"({"action": "drop_after"})") == RawAnswer{});
  CHECK(raw(R"({"action": "truncate", "bytes": 3})")->bytes == head + "Content-Length: 8\r\n\r\n{\"i");
  CHECK(raw(R"({"action": "wrong_length", "offset": -2})")->bytes ==
        head + "Content-Length: 6\r\n\r\n{\"id\":1}");
  CHECK(raw(R"({"action": "trickle", "bytes": 2, "pause_ms": 7})") ==
        RawAnswer{head + "Content-Length: 8\r\n\r\n{\"id\":1}", 2, Milliseconds(7)});
}

}  // namespace

}  // namespace zonepin::sim
