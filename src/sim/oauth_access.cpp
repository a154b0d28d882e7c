// API calls with an access token: Bearer and DPoP, scopes, and the challenges that refuse them (FACTS 4, 6).
#include <algorithm>

#include "sim/dpop.h"
#include "sim/exchange.h"
#include "sim/reply.h"

namespace zonepin::sim {

namespace {

std::string authority_of(const std::string& base_url) {
  const std::size_t slashes = base_url.find("//");
  return slashes == std::string::npos ? base_url : base_url.substr(slashes + 2);
}

// Recorded with http in it, whatever the org is called with.
HttpHeader challenge(const SimRequest& request, const Route& route, std::string_view scheme,
                     std::string_view error, std::string_view description) {
  const std::string realm = "http://" + authority_of(request.base_url);
  std::string text(scheme);
  if (scheme == "DPoP") text += " algs=\"RS256 RS384 RS512 ES256 ES384 ES512\",";
  text += " authorization_uri=\"" + realm + "/oauth2/v1/authorize\", realm=\"" + realm + "\", scope=\"" +
          required_scope(route.resource, request.method) + "\", error=\"" + std::string(error) +
          "\", error_description=\"" + std::string(description) + "\", resource=\"" + route.path + "\"";
  return {"WWW-Authenticate", text};
}

// A request under DPoP is refused without a body (FACTS 4).
HttpResponse refuse_dpop(const SimRequest& request, const Route& route, int status, std::string_view error,
                         std::string_view description) {
  return {status, {challenge(request, route, "DPoP", error, description)}, {}};
}

bool has_scope(const Exchange& exchange, const std::string& scope) {
  const std::vector<std::string>& scopes = exchange.principal.scopes;
  const auto has = [&](const std::string& name) {
    return std::find(scopes.begin(), scopes.end(), name) != scopes.end();
  };
  if (has(scope)) return true;
  switch (exchange.state.settings.choices.manage_scope) {
    case ManageScope::writes_only: break;
    case ManageScope::reads_too: return has(scope.substr(0, scope.rfind('.')) + ".manage");
  }
  return false;
}

NonceRule api_nonce_rule(const State& state) {
  switch (state.settings.choices.api_nonce) {
    case ApiNonce::not_required: break;
    case ApiNonce::required: return NonceRule::required;
  }
  return NonceRule::not_required;
}

// The answer to a DPoP request whose proof is not what its token is bound to; none when it is.
std::optional<HttpResponse> refuse_proof(State& state, const SimRequest& request, const Route& route,
                                         std::string_view value, const std::string& bound_to, Instant now) {
  const ProofDemand demand{request.base_url + route.path, value, api_nonce_rule(state)};
  const auto proof = check_proof(state, request, demand, now);
  if (!proof && proof.error().error == "use_dpop_nonce") {
    HttpResponse answer = refuse_dpop(request, route, 401, proof.error().error, proof.error().description);
    answer.headers.push_back({"DPoP-Nonce", current_nonce(state, now)});
    return answer;
  }
  if (!proof) return refuse_dpop(request, route, 400, proof.error().error, proof.error().description);
  if (*proof == bound_to) return std::nullopt;
  return refuse_dpop(request, route, 400, "invalid_dpop_proof",
                     "The DPoP proof JWT key does not match the access token.");
}

}  // namespace

const AccessToken* live_access_token(const State& state, std::string_view value, Instant now) {
  const auto token = state.oauth.access_tokens.find(value);
  if (token == state.oauth.access_tokens.end() || token->second.ends <= now) return nullptr;
  return &token->second;
}

tl::expected<Principal, HttpResponse> authenticate_app(State& state, const SimRequest& request,
                                                       const Route& route, std::string_view scheme,
                                                       std::string_view value, Instant now) {
  const AccessToken* token = live_access_token(state, value, now);
  const auto app = token == nullptr ? state.apps.end() : state.apps.find(token->client_id);
  const bool is_good = app != state.apps.end() && app->second.status == "ACTIVE" &&
                       (scheme == "DPoP") == !token->thumbprint.empty();
  if (!is_good) {
    constexpr std::string_view kWhy = "The access token is invalid.";
    if (scheme == "DPoP") {
      return tl::unexpected<HttpResponse>(refuse_dpop(request, route, 401, "invalid_token", kWhy));
    }
    HttpResponse refusal = answer_error(state, "E0000011");
    refusal.headers.push_back(challenge(request, route, scheme, "invalid_token", kWhy));
    return tl::unexpected<HttpResponse>(std::move(refusal));
  }
  if (scheme == "DPoP") {
    auto refusal = refuse_proof(state, request, route, value, token->thumbprint, now);
    if (refusal) return tl::unexpected<HttpResponse>(std::move(*refusal));
  }
  return Principal{{}, {}, app->second.role, token->scopes};
}

std::optional<HttpResponse> refuse_scope(Exchange& exchange) {
  const std::string scope = required_scope(exchange.route.resource, exchange.request.method);
  if (has_scope(exchange, scope)) return std::nullopt;
  HttpResponse refusal = answer_error(exchange.state, "E0000006");
  refusal.headers.push_back(challenge(exchange.request, exchange.route, "Bearer", "insufficient_scope",
                                      "The access token provided does not contain the required scopes."));
  return refusal;
}

}  // namespace zonepin::sim
