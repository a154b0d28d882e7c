// private_key_jwt at the token endpoint (RFC 7523, FACTS 6.2): which app speaks, proved by its signature.
#include <algorithm>

#include "sim/exchange.h"
#include "sim/jwt.h"
#include "sim/public_key.h"

namespace zonepin::sim {

namespace {

constexpr std::string_view kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr std::chrono::hours kLongestAssertion{1};

using ClientRefusal = tl::unexpected<std::string>;

ClientRefusal no_client(const char* why) {
  return ClientRefusal(why);
}

// With several keys the assertion says which; a single one needs no naming.
const AppKey* key_named(const App& app, const std::string& kid) {
  if (kid.empty()) return app.keys.size() == 1 ? &app.keys.front() : nullptr;
  const auto found =
      std::find_if(app.keys.begin(), app.keys.end(), [&](const AppKey& key) { return key.kid == kid; });
  return found == app.keys.end() ? nullptr : &*found;
}

bool names_audience(const Json& claims, const std::string& url) {
  const auto audience = claims.find("aud");
  if (audience == claims.end()) return false;
  if (audience->is_string()) return audience->get<std::string>() == url;
  return audience->is_array() && std::find(audience->begin(), audience->end(), Json(url)) != audience->end();
}

const App* app_of(const State& state, const Form& form, const Jwt& assertion) {
  const std::string subject = claim_text(assertion.claims, "sub");
  const std::string client_id(form_value(form, "client_id").value_or(subject));
  const auto app = state.apps.find(client_id);
  return app == state.apps.end() || app->second.status != "ACTIVE" ? nullptr : &app->second;
}

// What is wrong with the assertion's times; nullptr when nothing is.
const char* wrong_time(const Json& claims, Instant now) {
  const std::optional<Instant> ends = claim_instant(claims, "exp");
  if (!ends) return "The client_assertion token must contain a valid 'exp' claim.";
  if (*ends <= now) return "The client_assertion token is expired.";
  if (*ends > now + kLongestAssertion) {
    return "The client_assertion token has an expiration too far into the future.";
  }
  if (!claims.contains("iat")) return nullptr;
  const std::optional<Instant> issued = claim_instant(claims, "iat");
  if (!issued || *issued > now) return "The client_assertion token was issued in the future.";
  return nullptr;
}

}  // namespace

tl::expected<const App*, std::string> authenticate_client(State& state, const Form& form,
                                                          const std::string& token_url, Instant now) {
  const auto text = form_value(form, "client_assertion");
  const auto type = form_value(form, "client_assertion_type");
  if (!text && !type) {
    return no_client(
        "Client Credentials requests to the Org Authorization Server must use the private_key_jwt "
        "token_endpoint_auth_method.");
  }
  if (type != kAssertionType) return no_client("The client_assertion_type is invalid.");
  const std::optional<Jwt> assertion = parse_jwt(text.value_or(""));
  if (!assertion) return no_client("The client_assertion token is malformed.");
  const App* app = app_of(state, form, *assertion);
  if (app == nullptr) return no_client("Invalid value for 'client_id' parameter.");
  const AppKey* key = key_named(*app, claim_text(assertion->header, "kid"));
  if (key == nullptr) return no_client("The client_assertion JWT kid is invalid.");
  const std::optional<PublicKey> public_key = PublicKey::from_pem(key->pem);
  const std::string algorithm = claim_text(assertion->header, "alg");
  if (!public_key || !public_key->verifies(algorithm, assertion->signed_text, assertion->signature)) {
    return no_client("The client_assertion signature is invalid.");
  }
  const Json& claims = assertion->claims;
  if (claim_text(claims, "iss") != app->client_id || claim_text(claims, "sub") != app->client_id) {
    return no_client("The issuer and subject claims for client_assertion must be the client_id.");
  }
  if (!names_audience(claims, token_url)) {
    return no_client("The audience claim for client_assertion must be the endpoint invoked for the request.");
  }
  if (const char* why = wrong_time(claims, now)) return no_client(why);
  const std::string id = claim_text(claims, "jti");
  const Instant ends = *claim_instant(claims, "exp");
  if (!id.empty() && !state.oauth.assertions.take(app->client_id + " " + id, ends, now)) {
    return no_client("The client_assertion token has already been used.");
  }
  return app;
}

}  // namespace zonepin::sim
