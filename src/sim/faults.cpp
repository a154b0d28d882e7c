#include "sim/faults.h"

#include <algorithm>

#include "base/text.h"
#include "sim/json.h"
#include "sim/mix.h"

namespace zonepin::sim {

namespace {

bool rule_fits(const FaultRule& rule, std::string_view method, std::string_view path) {
  return (rule.method.empty() || rule.method == method) && fits_path(rule.path, path);
}

// `ordinal` counts from 1. Scattered, but the same in every run.
bool rule_acts(const FaultRule& rule, std::uint64_t ordinal) {
  if (ordinal < rule.from) return false;
  if (rule.count != 0 && ordinal - rule.from >= rule.count) return false;
  return rule.percent >= 100 || static_cast<int>(mixed(ordinal) % 100) < rule.percent;
}

void replace_header(HttpHeaders& headers, const HttpHeader& wanted) {
  const auto same_name = [&](const HttpHeader& line) {
    return lowercase(line.name) == lowercase(wanted.name);
  };
  headers.erase(std::remove_if(headers.begin(), headers.end(), same_name), headers.end());
  headers.push_back(wanted);
}

std::string head_of(const HttpResponse& answer, std::size_t announced) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " Simulated\r\n";
  for (const HttpHeader& line : answer.headers) text += line.name + ": " + line.value + "\r\n";
  return text + "Connection: close\r\nContent-Length: " + std::to_string(announced) + "\r\n\r\n";
}

std::size_t moved(std::size_t length, std::int64_t offset) {
  const std::int64_t result = static_cast<std::int64_t>(length) + offset;
  return static_cast<std::size_t>(std::max<std::int64_t>(result, 0));
}

}  // namespace

bool fits_path(std::string_view pattern, std::string_view path) {
  if (pattern.find_first_of("*?") == std::string_view::npos) return path.substr(0, pattern.size()) == pattern;
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;  // the last one passed, and what it has swallowed up to
  std::size_t swallowed = 0;
  while (t < path.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      swallowed = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == path[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++swallowed;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::optional<FaultRule> FaultSchedule::next(std::string_view method, std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  const FaultRule* first = nullptr;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!rule_fits(rules_[i], method, path)) continue;
    ++seen_[i];
    if (first == nullptr && rule_acts(rules_[i], seen_[i])) first = &rules_[i];
  }
  if (first == nullptr) return std::nullopt;
  return *first;
}

HttpResponse faulty_answer(const FaultRule& rule, HttpResponse answer) {
  switch (rule.action) {
    case FaultAction::status:
      if (rule.status != 0) answer.status = rule.status;
      if (rule.error_code.empty()) {
        if (rule.status == 0) answer.status = 500;
        answer.headers = {{"Content-Type", rule.body.empty() ? "text/plain" : "text/html"}};
        answer.body = rule.body;
      }
      break;
    case FaultAction::redirect: answer = HttpResponse{302, {{"Location", rule.location}}, {}}; break;
    case FaultAction::garbage: answer.body = rule.body.empty() ? "\x01\xff{\"id\": \"00T" : rule.body; break;
    case FaultAction::delay:
    case FaultAction::drop_before:
    case FaultAction::drop_after:
    case FaultAction::truncate:
    case FaultAction::wrong_length:
    case FaultAction::trickle:
    case FaultAction::echo: break;
  }
  for (const HttpHeader& line : rule.headers) replace_header(answer.headers, line);
  return answer;
}

std::optional<RawAnswer> raw_answer(const FaultRule& rule, const HttpResponse& answer) {
  const std::string& body = answer.body;
  switch (rule.action) {
    case FaultAction::drop_before:
    case FaultAction::drop_after: return RawAnswer{};
    case FaultAction::truncate: return RawAnswer{head_of(answer, body.size()) + body.substr(0, rule.bytes)};
    case FaultAction::wrong_length: return RawAnswer{head_of(answer, moved(body.size(), rule.offset)) + body};
    case FaultAction::trickle: return RawAnswer{head_of(answer, body.size()) + body, rule.bytes, rule.pause};
    case FaultAction::delay:
    case FaultAction::status:
    case FaultAction::redirect:
    case FaultAction::garbage:
    case FaultAction::echo: break;
  }
  return std::nullopt;
}

HttpResponse echo_of(const FaultRule& rule, const HttpHeaders& headers, std::string_view body) {
  std::string said;
  for (const HttpHeader& line : headers) said += line.name + ": " + line.value + "; ";
  said += body;
  const std::string_view authorization = header(headers, "Authorization").value_or("none");
  const Json json = {{"errorCode", "E0000001"},
                     {"errorSummary", said},
                     {"errorLink", "E0000001"},
                     {"errorId", authorization},
                     {"errorCauses", {{{"errorSummary", said}}}},
                     {"error", "invalid_request"},
                     {"error_description", said}};
  return {rule.status,
          {{"Content-Type", "application/json"}, {"X-Okta-Request-Id", std::string(authorization)}},
          json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

}  // namespace zonepin::sim
