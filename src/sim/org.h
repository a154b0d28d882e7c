// A simulated Okta org: (request, time) -> response, and nothing else. No clock, no socket, no randomness:
// the server (server.h) and an in-process transport put the same questions to it. Answers have the shapes,
// key order and dates of FACTS; what nobody knows is a named choice (choices.h). Left out: blocklist zones as
// a wall before the org, the user list, custom roles.
#pragma once

#include <map>
#include <string>

#include "base/http.h"
#include "base/time.h"
#include "sim/state.h"

namespace zonepin::sim {

struct RateReading;  // exchange.h
struct Route;        // routes.h

struct SimRequest {
  std::string method;  // any: one that Okta does not know is answered as Okta does
  std::string target;  // path and query, from "/"
  HttpHeaders headers;
  std::string body;
  std::string caller;    // the caller's IP address, as text
  std::string base_url;  // scheme://host[:port] as it was called: links in answers start with it
  int in_flight = 0;     // other requests that were being answered when it came in
};

SimRequest sim_request(const HttpRequest& request, std::string caller, std::string base_url);

class Org {
 public:
  explicit Org(State state) : state_(std::move(state)) {}

  // Every answer carries Date, X-Okta-Request-Id and X-Rate-Limit-*.
  HttpResponse handle(const SimRequest& request, Instant now);

  // An error of Okta's that has no cause in the request; error_code as is_known_error() takes it. Counts in
  // no window.
  HttpResponse fail_with(std::string_view error_code, Instant now);

  const State& state() const { return state_; }
  // For whoever plays the other people of the org: what is changed here was changed behind the client's back.
  State& state() { return state_; }

 private:
  RateReading count(const SimRequest& request, const Route& route, Instant now);
  HttpResponse answer(const SimRequest& request, const Route& route, Instant now);

  State state_;
  std::map<std::string, std::string, std::less<>>
      token_of_secret_;  // a cache: checked on each use, never trusted
};

bool is_known_error(std::string_view error_code);  // one of FACTS 4

}  // namespace zonepin::sim
