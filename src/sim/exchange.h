// One request while it is being answered, and the operations that answer it. Inside of this room only.
#pragma once

#include <map>
#include <string>
#include <tl/expected.hpp>

#include "base/http.h"
#include "base/time.h"
#include "sim/org.h"
#include "sim/routes.h"
#include "sim/state.h"

namespace zonepin::sim {

// On whose behalf a request comes. OAuth clients will be a second kind: operations ask may_read() and
// may_write(), not the role.
struct Principal {
  std::string token_id;  // the SSWS token
  std::string user_id;   // its owner
  std::string role;      // of kRoles

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

// auth.cpp: who calls, or the answer that refuses it. A use moves the token's expiresAt.
using SecretIndex = std::map<std::string, std::string, std::less<>>;
tl::expected<Principal, HttpResponse> authenticate(State& state, const SimRequest& request,
                                                   SecretIndex& index, Instant now);

// rate.cpp: counts one request in its window.
struct RateReading {
  int limit = 0;
  int remaining = 0;
  Instant reset{};  // a whole second; from then on a new window may open
  bool exceeded = false;
};
RateReading count_request(State& state, std::string_view rate_class, Instant now);

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
