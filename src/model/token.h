// An API token as Okta lists it (FACTS 1.1). Absent and null are the same; only `id` is certain.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/network_condition.h"

namespace zonepin {

// What Okta calls tokens that people made; all others belong to agents and are protected (FACTS 7).
inline constexpr std::string_view kOrdinaryClient = "Okta API";

struct Token {
  std::string id;
  std::string name;
  std::optional<std::string> user_id;
  std::optional<std::string> client_name;
  std::optional<std::string> created;       // As Okta wrote it: echoed in a PUT to the letter.
  std::optional<std::string> expires_at;    // Moves with every use: never compared.
  std::optional<std::string> last_updated;  // Moves with every write: never compared.
  std::optional<std::string> token_window;
  std::optional<NetworkCondition> network;  // Absent is compared as ANYWHERE (an assumption, FACTS 1.3).

  bool operator==(const Token&) const = default;
};

// [A-Za-z0-9]{1,64} and not `current`: fit to stand in a path.
bool is_token_id(std::string_view text);

// About when the token was last used: expiresAt - tokenWindow (FACTS 7). None when that can't be told.
std::optional<Instant> last_use_of(const Token& token);

// The condition that counts: an absent one is ANYWHERE.
NetworkCondition effective_network(const Token& token);

struct Gateway {
  std::string type;   // CIDR or RANGE
  std::string value;  // 203.0.113.0/24, or 203.0.113.1-203.0.113.9

  bool operator==(const Gateway&) const = default;
};

// A network zone (FACTS 3.2). zonepin reads zones and never writes them.
struct Zone {
  std::string id;
  std::string name;
  std::string type;    // IP, DYNAMIC, DYNAMIC_V2, or what Okta says next
  std::string status;  // ACTIVE, INACTIVE
  std::string usage;   // POLICY, BLOCKLIST
  bool system = false;
  std::vector<Gateway> gateways;

  bool operator==(const Zone&) const = default;
};

// Whether a token's condition may name it: ACTIVE, type IP, usage POLICY (FACTS 3.4).
bool is_usable(const Zone& zone);

// Why not, for a message: "is INACTIVE", "is of type DYNAMIC", "is a BLOCKLIST zone"; empty when it is
// usable.
std::string why_unusable(const Zone& zone);

// 00u and 17 letters or digits (FACTS 1.1).
bool is_user_id(std::string_view text);

// The users of an org as far as somebody asked for them. Logins are told apart by case: that is how they are
// compared.
struct Users {
  std::map<std::string, std::string> ids;     // login -> user id; "": nobody has this login
  std::map<std::string, std::string> logins;  // user id -> login

  void add(const std::string& login, const std::string& id);
  // Empty: not known.
  std::string_view login_of(const std::optional<std::string>& user_id) const;
  bool operator==(const Users&) const = default;
};

struct User {
  std::string id;
  std::string login;  // empty: not known

  bool operator==(const User&) const = default;
};

// What one org has right now, as far as it was read.
struct Live {
  std::string host;           // authority, as reports name the org
  std::string url;            // scheme and authority: where it is reached
  std::vector<Token> tokens;  // ids are unique
  std::vector<Zone> zones;    // ids are unique
  Users users;                // those that were asked for
  std::optional<User> self;   // whose SSWS token reads this; none: no such token, or not known
  std::string self_unknown;   // why Okta does not tell whose token it is; empty: it does, or none is in use
  std::optional<Instant> taken_at;  // of a snapshot; none: read just now

  bool operator==(const Live&) const = default;
};

}  // namespace zonepin
