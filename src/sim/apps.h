// Service apps, and what the authorization server remembers of them: values, parts of State.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "sim/network.h"

namespace zonepin::sim {

struct AppKey {
  std::string kid;  // empty: the key has none
  std::string pem;  // the public key

  bool operator==(const AppKey&) const = default;
};

struct App {
  std::string client_id;
  std::string name;
  std::string status = "ACTIVE";     // or INACTIVE
  std::vector<std::string> scopes;   // granted by an admin
  std::string role = "SUPER_ADMIN";  // one of kRoles: an app needs an admin role as well
  std::string dpop = "optional";     // one of kDpopModes
  std::vector<AppKey> keys;
  std::optional<Network> network;  // from where it may ask for tokens; none: from anywhere

  bool operator==(const App&) const = default;
};

// required: "Require DPoP header in token requests"; optional: an access token is bound when a proof comes
// with the request.
inline constexpr std::string_view kDpopModes[] = {"optional", "required"};

struct AccessToken {
  std::string client_id;
  std::vector<std::string> scopes;
  Instant ends{};
  std::string thumbprint;  // of the DPoP key that it is bound to; empty: a bearer token

  bool operator==(const AccessToken&) const = default;
};

// What may be used only once, for as long as it would be taken.
class UsedOnce {
 public:
  // Whether `what` is new. It is kept until `ends`.
  bool take(const std::string& what, Instant ends, Instant now);

  bool operator==(const UsedOnce&) const = default;

 private:
  std::map<std::string, Instant> ends_;
  std::size_t next_sweep_ = 0;  // size at which what has ended is thrown out
};

struct OAuthMemory {
  std::map<std::string, AccessToken, std::less<>> access_tokens;  // by value
  UsedOnce assertions;                                            // `client_id jti`
  UsedOnce proofs;                                                // `thumbprint jti`

  bool operator==(const OAuthMemory&) const = default;
};

}  // namespace zonepin::sim
