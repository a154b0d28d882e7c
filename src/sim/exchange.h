// One request while it is being answered, and the operations that answer it. Inside of this room only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/http.h"
#include "base/time.h"
#include "sim/org.h"
#include "sim/routes.h"
#include "sim/state.h"

namespace zonepin::sim {

// On whose behalf a request comes: an SSWS token or a service app.
struct Principal {
  std::string token_id;               // the SSWS token; empty: an app
  std::string user_id;                // its owner; empty: an app
  std::string role;                   // of kRoles
  std::vector<std::string> scopes{};  // an app's, as its access token has them

  bool is_app() const { return token_id.empty(); }
  bool may_read() const;
  bool may_write() const;
};

struct Exchange {
  State& state;
  const SimRequest& request;
  const Route& route;
  Instant now;
  Principal principal;
};

// auth.cpp: who calls, or the answer that refuses it. A use moves an SSWS token's expiresAt.
using SecretIndex = std::map<std::string, std::string, std::less<>>;
tl::expected<Principal, HttpResponse> authenticate(State& state, const SimRequest& request,
                                                   const Route& route, SecretIndex& index, Instant now);
// Of a request that is turned away unread: its DPoP proof counts as used all the same (FACTS 6.3).
void spend_proof(State& state, const SimRequest& request, const Route& route, Instant now);
// Whose windows count the request beside the org's: a token's or an app's id; empty when nobody's.
std::string principal_id(State& state, const SimRequest& request, SecretIndex& index, Instant now);
bool admits(const State& state, const std::optional<Network>& network, const std::string& caller);

// oauth_access.cpp: the same for an access token; scheme is `Bearer` or `DPoP`.
tl::expected<Principal, HttpResponse> authenticate_app(State& state, const SimRequest& request,
                                                       const Route& route, std::string_view scheme,
                                                       std::string_view value, Instant now);
const AccessToken* live_access_token(const State& state, std::string_view value, Instant now);
// The answer to an app whose access token lacks the scope; none when it has it.
std::optional<HttpResponse> refuse_scope(Exchange& exchange);

// oauth_token.cpp: POST /oauth2/v1/token.
HttpResponse issue_access_token(State& state, const SimRequest& request, Instant now);

// oauth_assertion.cpp: the app that a token request speaks for, or why it is no such app (invalid_client).
tl::expected<const App*, std::string> authenticate_client(State& state, const Form& form,
                                                          const std::string& token_url, Instant now);

// rate.cpp: counts one request in its window.
struct RateReading {
  int limit = 0;
  int remaining = 0;
  Instant reset{};  // a whole second; from then on a new window may open
  bool exceeded = false;
};
// `principal` as principal_id() says. The window with the least left speaks in the reading.
RateReading count_request(State& state, std::string_view rate_class, const std::string& principal,
                          Instant now);
// Too many requests at once: limit and remaining are 0, reset is a suggestion only.
RateReading concurrency_reading(Instant now);

// tokens.cpp
HttpResponse list_tokens(Exchange& exchange);
HttpResponse get_token(Exchange& exchange);
HttpResponse put_token(Exchange& exchange);  // token_put.cpp
HttpResponse revoke_token(Exchange& exchange);
Token* find_token(Exchange& exchange);  // by the route's id; nullptr when there is none that is live

// zones.cpp, zone_write.cpp
HttpResponse list_zones(Exchange& exchange);
HttpResponse get_zone(Exchange& exchange);
HttpResponse create_zone(Exchange& exchange);
HttpResponse put_zone(Exchange& exchange);
HttpResponse delete_zone(Exchange& exchange);
HttpResponse activate_zone(Exchange& exchange);
HttpResponse deactivate_zone(Exchange& exchange);
HttpResponse zone_not_found(Exchange& exchange);

// users.cpp
HttpResponse get_user(Exchange& exchange);

}  // namespace zonepin::sim
