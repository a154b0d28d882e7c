// Who calls: by the scheme of the Authorization header. SSWS tokens (FACTS 6.1, 7) are here, access tokens in
// oauth_access.cpp.
#include <algorithm>

#include "base/text.h"
#include "sim/address.h"
#include "sim/exchange.h"
#include "sim/reply.h"

namespace zonepin::sim {

namespace {

constexpr std::string_view kSchemes[] = {"SSWS", "Bearer", "DPoP"};

struct Authorization {
  std::string_view scheme;  // one of kSchemes; empty: none of them
  std::string_view value;
};

Authorization authorization_of(const SimRequest& request) {
  const std::string_view line = trim(header(request.headers, "Authorization").value_or(""));
  for (const std::string_view scheme : kSchemes) {
    const bool fits = starts_with_ignoring_case(line, scheme) && line.substr(scheme.size(), 1) == " ";
    if (fits) return {scheme, trim(line.substr(scheme.size()))};
  }
  return {};
}

// The index is a short cut that may be behind the state: a hit is checked, a miss looks everywhere.
Token* token_with_secret(State& state, std::string_view secret, SecretIndex& index) {
  if (secret.empty()) return nullptr;
  const auto hint = index.find(secret);
  if (hint != index.end()) {
    const auto token = state.tokens.find(hint->second);
    if (token != state.tokens.end() && token->second.secret == secret) return &token->second;
    index.erase(hint);
  }
  for (auto& [id, token] : state.tokens) {
    if (token.secret != secret) continue;
    index.emplace(secret, id);
    return &token;
  }
  return nullptr;
}

bool zone_admits(const State& state, const std::string& member, const Address& caller) {
  if (member == "ALL_ZONES" || member == "ALL_IP_ZONES") {
    return std::any_of(state.zones.begin(), state.zones.end(), [&](const auto& item) {
      const Zone& zone = item.second;
      return zone.status == "ACTIVE" && zone.usage == "POLICY" && holds(zone, caller);
    });
  }
  const auto zone = state.zones.find(member);
  return zone != state.zones.end() && zone->second.status == "ACTIVE" && holds(zone->second, caller);
}

bool owner_is_useless(const User& owner) {
  return owner.status == "DEPROVISIONED" || owner.status == "SUSPENDED";
}

std::string_view outside_network_code(OutsideNetwork choice) {
  switch (choice) {
    case OutsideNetwork::e0000011_401: return "E0000011";
    case OutsideNetwork::e0000006_403: return "E0000006";
  }
  return "E0000011";
}

tl::expected<Principal, HttpResponse> authenticate_token(State& state, const SimRequest& request,
                                                         std::string_view secret, SecretIndex& index,
                                                         Instant now) {
  const auto refuse = [&](std::string_view code) {
    return tl::unexpected<HttpResponse>(answer_error(state, code));
  };
  Token* token = token_with_secret(state, secret, index);
  if (token == nullptr || is_lapsed(*token, now)) return refuse("E0000011");
  const auto owner = state.users.find(token->user_id);
  if (owner == state.users.end() || owner_is_useless(owner->second)) return refuse("E0000011");
  const Settings& settings = state.settings;
  if (settings.enforce_network && !admits(state, token->network, request.caller)) {
    return refuse(outside_network_code(settings.choices.outside_network));
  }
  if (token->expires_at) {
    const std::optional<Instant> expiry = next_expiry(*token, now);
    if (expiry) token->expires_at = expiry;
  }
  return Principal{token->id, token->user_id, owner->second.role};
}

}  // namespace

// An absent network counts as ANYWHERE, a connection that nobody knows too (FACTS 1.3).
bool admits(const State& state, const std::optional<Network>& network, const std::string& caller) {
  if (!network || network->connection != "ZONE") return true;
  const std::optional<Address> address = parse_address(caller);
  if (!address) return false;
  const auto in_some = [&](const std::vector<std::string>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const std::string& member) { return zone_admits(state, member, *address); });
  };
  if (!network->include.empty() && !in_some(network->include)) return false;
  return !in_some(network->exclude);
}

bool Principal::may_read() const {
  return role != "NONE";
}

bool Principal::may_write() const {
  return role == "SUPER_ADMIN" || role == "ORG_ADMIN";
}

tl::expected<Principal, HttpResponse> authenticate(State& state, const SimRequest& request,
                                                   const Route& route, SecretIndex& index, Instant now) {
  const Authorization authorization = authorization_of(request);
  const std::string_view value = authorization.value;
  const bool is_app = authorization.scheme == "Bearer" || authorization.scheme == "DPoP";
  return is_app ? authenticate_app(state, request, route, authorization.scheme, value, now)
                : authenticate_token(state, request, value, index, now);
}

void spend_proof(State& state, const SimRequest& request, const Route& route, Instant now) {
  const Authorization authorization = authorization_of(request);
  if (authorization.scheme != "DPoP") return;
  (void)authenticate_app(state, request, route, authorization.scheme, authorization.value, now);
}

std::string principal_id(State& state, const SimRequest& request, SecretIndex& index, Instant now) {
  const Authorization authorization = authorization_of(request);
  if (authorization.scheme == "SSWS") {
    const Token* token = token_with_secret(state, authorization.value, index);
    return token == nullptr ? std::string() : token->id;
  }
  const AccessToken* token = live_access_token(state, authorization.value, now);
  return token == nullptr ? std::string() : token->client_id;
}

}  // namespace zonepin::sim
