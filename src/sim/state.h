// Everything that a simulated org knows, as a value: copied, compared, kept in a file and read again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sim/apps.h"
#include "sim/choices.h"
#include "sim/network.h"

namespace zonepin::sim {

// A token of SSWS. None means: the member is absent in answers.
struct Token {
  std::string id;
  std::string name;
  std::string user_id;
  std::optional<std::string> client_name = "Okta API";
  std::optional<std::string> token_window = "P30D";
  std::optional<Network> network;
  std::optional<Instant> expires_at;  // none: never lapses
  Instant created{};
  Instant last_updated{};
  std::string secret;  // empty: nobody can call with it

  bool operator==(const Token&) const = default;
};

struct Gateway {
  std::string type;  // CIDR, RANGE
  std::string value;

  bool operator==(const Gateway&) const = default;
};

struct Zone {
  std::string id;
  std::string name;
  std::string type = "IP";  // IP, DYNAMIC, DYNAMIC_V2
  std::string status = "ACTIVE";
  std::string usage = "POLICY";
  bool system = false;
  Instant created{};
  Instant last_updated{};
  std::optional<std::vector<Gateway>> gateways;  // type IP only; none: null in answers
  std::optional<std::vector<Gateway>> proxies;
  // The other types' own members (locations, asns, …): the text of a JSON object, given back as it is.
  std::string details = "{}";

  bool operator==(const Zone&) const = default;
};

struct User {
  std::string id;
  std::string login;
  std::string status = "ACTIVE";
  std::string role = "SUPER_ADMIN";  // one of kRoles
  std::string first_name;
  std::string last_name;
  Instant created{};

  bool operator==(const User&) const = default;
};

// SUPER_ADMIN and ORG_ADMIN may write (which role is the least is open, FACTS 10 h), READ_ONLY_ADMIN may
// read, NONE only see itself.
inline constexpr std::string_view kRoles[] = {"SUPER_ADMIN", "ORG_ADMIN", "READ_ONLY_ADMIN", "NONE"};
inline constexpr std::string_view kUserStatuses[] = {"ACTIVE",    "PROVISIONED",  "STAGED",
                                                     "RECOVERY",  "LOCKED_OUT",   "PASSWORD_EXPIRED",
                                                     "SUSPENDED", "DEPROVISIONED"};

// The path classes that have a window of their own (FACTS 5).
inline constexpr std::string_view kRateClasses[] = {"/api/v1", "/api/v1/users/{id}", "/oauth2/v1/token"};

struct Settings {
  std::map<std::string, int> rate_limits = {{"/api/v1", 600},
                                            {"/api/v1/users/{id}", 1000},
                                            {"/oauth2/v1/token", 240}};  // requests per window, at least 1
  int rate_window_seconds = 60;
  int principal_percent = 100;      // of a window that one token or app may use; 100: all of it
  int max_concurrent = 0;           // requests at once; 0: any number
  int dpop_nonce_seconds = 86'400;  // how long a nonce is the newest one
  int token_page_size = 0;          // 0: the whole list in one answer, as Okta does today
  int zone_page_size = kDefaultZonePage;
  bool enforce_network = true;
  std::uint64_t seed = 1;  // of ids, error ids and request ids
  Choices choices;

  bool operator==(const Settings&) const = default;
};

// One window of one path class: it opens with a request and is not aligned to the clock's minutes.
struct RateWindow {
  Instant opened{};
  int used = 0;

  bool operator==(const RateWindow&) const = default;
};

struct State {
  std::map<std::string, Token> tokens;  // by id; lists are answered in this order
  std::map<std::string, Zone> zones;    // by id
  std::map<std::string, User> users;    // by id
  std::map<std::string, App> apps;      // by client id
  Settings settings;
  std::map<std::string, RateWindow> rate_windows;  // by path class
  std::uint64_t counter = 0;                       // of the ids made so far
  // Not kept in a file: they end with the process.
  std::map<std::string, RateWindow> principal_windows;  // by path class, a space, and the principal's id
  OAuthMemory oauth;

  bool operator==(const State&) const = default;
};

// How large a state file may be.
inline constexpr std::size_t kMaxStateBytes = std::size_t{256} << 20;

// Reads what to_json() writes and what people write by hand: everything but an id may be left out where a
// default makes sense, dates may be `now`, `now-P3D`, `now+PT1H` (docs/simulator.md). An unknown field, a
// wrong type or an id that stands twice is an error that names the place (Trouble::usage).
Result<State> parse_state(std::string_view text, Instant now);
std::string to_json(const State& state);  // indented, ends with a newline

// --- what several operations ask
// -----------------------------------------------------------------------------------

// Lapsed, or its time is up at this instant.
bool is_lapsed(const Token& token, Instant now);

// `now` plus tokenWindow; none when the token has no window or one that can't be read.
std::optional<Instant> next_expiry(const Token& token, Instant now);

// The ids of the live tokens whose condition names the zone.
std::vector<std::string> tokens_using(const State& state, std::string_view zone_id, Instant now);

// The token that a person starting the simulator can call with: the one named `zonepin-ci`, else the first
// that has a secret, an active owner with the right to write, and is not lapsed; none when there is none.
const Token* token_to_use(const State& state, Instant now);

Instant floor_to_second(Instant instant);

// Okta's shape: 20 characters that start with `prefix` ("00T", "nzo", "00u"). Counts state.counter up.
std::string make_id(State& state, std::string_view prefix);
std::string org_id_of(const State& state);  // of the org itself: the same for the same seed
std::string make_error_id(State& state);    // "oae" and 22 characters
std::string make_request_id(State& state);  // 27 characters
std::string make_secret(State& state);      // an SSWS token's value: "00" and 40 characters
std::string make_access_token(State& state);
std::string nonce_of_period(const State& state,
                            std::int64_t period);  // the same for the same seed and period

}  // namespace zonepin::sim
