// The org authorization server's one endpoint here: client_credentials for service apps (FACTS 6.2, 6.3).
#include <algorithm>

#include "base/text.h"
#include "sim/dpop.h"
#include "sim/exchange.h"
#include "sim/json.h"
#include "sim/reply.h"

namespace zonepin::sim {

namespace {

constexpr std::chrono::hours kAccessTokenLife{1};  // fixed

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

bool holds_word(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<HttpResponse> refuse_scopes(const State& state, const App& app,
                                          const std::vector<std::string>& scopes) {
  if (scopes.empty()) {
    return answer_oauth_error(
        400, "invalid_scope",
        "The authorization server resource does not have any configured default scopes, "
        "'scope' must be provided.");
  }
  const bool all = std::all_of(scopes.begin(), scopes.end(),
                               [&](const std::string& scope) { return holds_word(app.scopes, scope); });
  if (all) return std::nullopt;
  switch (state.settings.choices.ungranted_scope) {
    case UngrantedScope::invalid_scope: break;
    case UngrantedScope::consent_required:
      return answer_oauth_error(400, "consent_required", "You are not allowed any of the requested scopes.");
  }
  return answer_oauth_error(400, "invalid_scope",
                            "One or more scopes are not configured for the authorization server resource.");
}

void drop_ended(std::map<std::string, AccessToken, std::less<>>& tokens, Instant now) {
  for (auto item = tokens.begin(); item != tokens.end();) {
    item = item->second.ends <= now ? tokens.erase(item) : std::next(item);
  }
}

HttpResponse hand_out(State& state, const App& app, std::vector<std::string> scopes, std::string thumbprint,
                      Instant now) {
  drop_ended(state.oauth.access_tokens, now);
  const std::string value = make_access_token(state);
  Json body;
  body["token_type"] = thumbprint.empty() ? "Bearer" : "DPoP";
  body["expires_in"] = std::chrono::seconds(kAccessTokenLife).count();
  body["access_token"] = value;
  body["scope"] = join(scopes, " ");
  state.oauth.access_tokens[value] =
      AccessToken{app.client_id, std::move(scopes), now + kAccessTokenLife, std::move(thumbprint)};
  HttpResponse response = answer_json(body.dump());
  response.headers.push_back({"Cache-Control", "no-cache, no-store"});
  return response;
}

bool is_form(const SimRequest& request) {
  const std::string_view type = header(request.headers, "Content-Type").value_or("");
  return lowercase(trim(type.substr(0, type.find(';')))) == "application/x-www-form-urlencoded";
}

}  // namespace

HttpResponse issue_access_token(State& state, const SimRequest& request, Instant now) {
  if (!is_form(request)) {
    return answer_oauth_error(400, "invalid_request",
                              "Accept and/or Content-Type headers likely do not match supported values.");
  }
  const Form form = parse_form(request.body);
  if (form_value(form, "grant_type") != "client_credentials") {
    return answer_oauth_error(400, "unsupported_grant_type",
                              "The authorization grant type is not supported by the authorization server.");
  }
  const std::string url = request.base_url + "/oauth2/v1/token";
  const auto app = authenticate_client(state, form, url, now);
  if (!app) return answer_oauth_error(401, "invalid_client", app.error());
  if (state.settings.enforce_network && !admits(state, (*app)->network, request.caller)) {
    return answer_oauth_error(403, "access_denied",
                              "The request is made from outside the client's permitted network zones.");
  }
  std::string thumbprint;
  if ((*app)->dpop == "required" || header(request.headers, "DPoP")) {
    auto proof = check_proof(state, request, ProofDemand{url, {}, NonceRule::required}, now);
    if (!proof) {
      HttpResponse refusal = answer_oauth_error(400, proof.error().error, proof.error().description);
      if (proof.error().error == "use_dpop_nonce") {
        refusal.headers.push_back({"DPoP-Nonce", current_nonce(state, now)});
      }
      return refusal;
    }
    thumbprint = std::move(*proof);
  }
  std::vector<std::string> scopes = words_in(form_value(form, "scope").value_or(""));
  std::optional<HttpResponse> refusal = refuse_scopes(state, **app, scopes);
  if (refusal) return std::move(*refusal);
  const bool is_bound = !thumbprint.empty();
  HttpResponse response = hand_out(state, **app, std::move(scopes), std::move(thumbprint), now);
  // The next one, before the client's is too old.
  if (is_bound) response.headers.push_back({"DPoP-Nonce", current_nonce(state, now)});
  return response;
}

}  // namespace zonepin::sim
