// A small org to ask things of, and words to ask with.
#pragma once

#include <string>
#include <string_view>

#include "base/http.h"
#include "base/time.h"
#include "sim/org.h"
#include "sim/state.h"

namespace zonepin::sim {

inline constexpr std::string_view kBase = "https://acme.okta.example";
inline constexpr std::string_view kAdminSecret = "00admin";  // token 00Tadmin, ANYWHERE, super admin

Instant at(std::string_view text);  // an RFC 3339 date
Instant noon();  // 2026-03-01T12:00:00.250Z: when things happen unless a test says otherwise
State parsed(std::string_view json);  // fails the test when it can't be read
State small_state();                  // kit.cpp holds its text
Org small_org();

struct Call {
  std::string method = "GET";
  std::string target;
  std::string body{};
  std::string secret = std::string(kAdminSecret);
  std::string caller = "192.0.2.7";
  Instant now = noon();
  std::string content_type = "application/json";
  int in_flight = 0;
};

HttpResponse ask(Org& org, const Call& call);

// `STATUS errorCode`, or only the status when the body is no error.
std::string verdict(const HttpResponse& response);
std::string verdict(Org& org, const Call& call);

Call get(std::string target);
Call put(std::string target, std::string body);
Call del(std::string target);

// The body of a token PUT that leaves name, owner and the rest of a token as they are.
std::string put_body(const Org& org, const std::string& token_id, const std::string& network);

const Token& token(const Org& org, const std::string& id);

}  // namespace zonepin::sim
