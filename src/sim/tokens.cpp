#include "base/text.h"
#include "sim/exchange.h"
#include "sim/reply.h"

namespace zonepin::sim {

namespace {

bool is_agent_token(const Token& token) {
  return token.client_name != kPersonsClient;
}

bool is_in_list(const Exchange& exchange, const Token& token) {
  const State& state = exchange.state;
  const Choices& choices = state.settings.choices;
  if (is_lapsed(token, exchange.now)) return false;
  if (choices.agent_tokens == AgentTokens::hidden && is_agent_token(token)) return false;
  if (choices.deactivated_owner == DeactivatedOwner::listed) return true;
  const auto owner = state.users.find(token.user_id);
  return owner != state.users.end() && owner->second.status != "DEPROVISIONED";
}

}  // namespace

Token* find_token(Exchange& exchange) {
  const auto found = exchange.state.tokens.find(exchange.route.id);
  if (found == exchange.state.tokens.end() || is_lapsed(found->second, exchange.now)) return nullptr;
  return &found->second;
}

HttpResponse list_tokens(Exchange& exchange) {
  const State& state = exchange.state;
  const auto page_size = static_cast<std::size_t>(state.settings.token_page_size);
  const std::string& base_url = exchange.request.base_url;
  auto place = state.tokens.begin();
  if (const auto after = exchange.route.parameter("after"))
    place = state.tokens.upper_bound(std::string(*after));
  std::string body = "[";
  std::string last;
  std::size_t count = 0;
  bool more = false;
  for (; place != state.tokens.end(); ++place) {
    if (!is_in_list(exchange, place->second)) continue;
    more = page_size != 0 && count == page_size;
    if (more) break;
    if (count != 0) body += ',';
    body += token_text(place->second, state.settings, base_url);
    last = place->first;
    ++count;
  }
  body += ']';
  HttpResponse response = answer_json(std::move(body));
  const std::string next =
      more ? "after=" + percent_encode(last) + "&limit=" + std::to_string(page_size) : std::string();
  add_links(response, base_url, exchange.request.target, exchange.route.path, next);
  return response;
}

HttpResponse get_token(Exchange& exchange) {
  const Token* token = find_token(exchange);
  if (token == nullptr) return answer_not_found(exchange.state, exchange.route.id, kTokenKind);
  return answer_json(token_text(*token, exchange.state.settings, exchange.request.base_url));
}

HttpResponse revoke_token(Exchange& exchange) {
  if (exchange.route.id == "current") {
    exchange.state.tokens.erase(exchange.principal.token_id);
    return answer_nothing();
  }
  const Token* token = find_token(exchange);
  if (token == nullptr) return answer_not_found(exchange.state, exchange.route.id, kTokenKind);
  exchange.state.tokens.erase(exchange.route.id);
  return answer_nothing();
}

}  // namespace zonepin::sim
