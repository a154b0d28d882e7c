// PUT of a token: only its network condition is meant to change (FACTS 1.2 to 1.4).
#include <algorithm>

#include "base/text.h"
#include "sim/exchange.h"
#include "sim/json.h"
#include "sim/reply.h"

namespace zonepin::sim {

namespace {

// What a body asks for, before anybody looks whether it may.
struct TokenUpdate {
  std::optional<std::string> name;
  std::optional<std::string> user_id;
  std::optional<Network> network;
  bool has_empty_list = false;
};

// None (E0000003) when a member has a type that it can't have.
bool read_text(const Json& object, const char* name, std::optional<std::string>& into) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return true;
  if (!found->is_string()) return false;
  into = found->get<std::string>();
  return true;
}

bool read_zone_list(const Json& network, const char* name, std::vector<std::string>& into, bool& is_empty) {
  const auto found = network.find(name);
  if (found == network.end() || found->is_null()) return true;
  if (!found->is_array()) return false;
  for (const Json& member : *found) {
    if (!member.is_string()) return false;
    into.push_back(member.get<std::string>());
  }
  is_empty = is_empty || into.empty();
  return true;
}

std::optional<TokenUpdate> read_update(const std::string& body) {
  const auto json = parse_json(body);
  if (!json || !json->is_object()) return std::nullopt;
  TokenUpdate update;
  std::optional<std::string> created;
  std::optional<std::string> client_name;  // read-only: its type is looked at, its value is not
  if (!read_text(*json, "name", update.name) || !read_text(*json, "userId", update.user_id) ||
      !read_text(*json, "created", created) || !read_text(*json, "clientName", client_name)) {
    return std::nullopt;
  }
  if (created && !parse_instant(*created)) return std::nullopt;
  const auto network = json->find("network");
  if (network == json->end() || network->is_null()) return update;
  if (!network->is_object()) return std::nullopt;
  Network asked;
  std::optional<std::string> connection;
  if (!read_text(*network, "connection", connection) ||
      !read_zone_list(*network, "include", asked.include, update.has_empty_list) ||
      !read_zone_list(*network, "exclude", asked.exclude, update.has_empty_list)) {
    return std::nullopt;
  }
  asked.connection = connection.value_or("");
  update.network = std::move(asked);
  return update;
}

bool is_usable_zone(const Zone& zone, SystemZones choice) {
  if (zone.type != "IP" || zone.status != "ACTIVE" || zone.usage != "POLICY") return false;
  return !zone.system || choice == SystemZones::accepted;
}

std::string why_not_member(const State& state, const std::string& member) {
  const Choices& choices = state.settings.choices;
  const bool accepts_words = choices.reserved_words == ReservedWords::accepted;
  if (accepts_words && (member == "ALL_ZONES" || member == "ALL_IP_ZONES")) return {};
  const auto zone = state.zones.find(member);
  if (zone == state.zones.end()) return "network: The zone " + member + " does not exist.";
  if (is_usable_zone(zone->second, choices.system_zones)) return {};
  return "network: The zone " + member + " is not an active IP zone for policies.";
}

std::vector<std::string> why_not_network(const State& state, const TokenUpdate& update) {
  const Network& network = *update.network;
  if (network.connection.empty()) return {"network.connection: The field cannot be left blank"};
  if (network.connection != "ANYWHERE" && network.connection != "ZONE") {
    return {"network.connection: The value must be one of ANYWHERE, ZONE."};
  }
  if (update.has_empty_list && state.settings.choices.empty_list == EmptyList::refused) {
    return {"network: A list of zones must not be empty."};
  }
  const bool has_lists = !network.include.empty() || !network.exclude.empty();
  if (network.connection == "ANYWHERE") {
    if (has_lists) return {"network: Zones need the connection ZONE."};
    return {};
  }
  if (network.include.empty() == network.exclude.empty()) {
    return {"network: Either include or exclude network zones when the connection is ZONE."};
  }
  std::vector<std::string> causes;
  for (const std::string& member : network.include.empty() ? network.exclude : network.include) {
    std::string cause = why_not_member(state, member);
    if (!cause.empty()) causes.push_back(std::move(cause));
  }
  return causes;
}

// Why the members beside `network` are refused; empty when they are not.
std::vector<std::string> why_not_identity(const State& state, const Token& token, const TokenUpdate& update) {
  const Choices& choices = state.settings.choices;
  std::vector<std::string> causes;
  if (choices.partial_put == PartialPut::refused) {
    if (!update.name) causes.emplace_back("name: The field cannot be left blank");
    if (!update.user_id) causes.emplace_back("userId: The field cannot be left blank");
  }
  if (update.name && update.name->empty()) causes.emplace_back("name: The field cannot be left blank");
  if (choices.rename == Rename::refused && update.name && *update.name != token.name) {
    causes.emplace_back("name: The field is read-only.");
  }
  if (choices.owner_change == OwnerChange::refused && update.user_id && *update.user_id != token.user_id) {
    causes.emplace_back("userId: The field is read-only.");
  }
  return causes;
}

void change_network(Token& token, const TokenUpdate& update, OmittedNetwork choice) {
  if (update.network) {
    token.network = update.network;
    return;
  }
  switch (choice) {
    case OmittedNetwork::cleared: token.network = Network{"ANYWHERE", {}, {}}; return;
    case OmittedNetwork::kept:
    case OmittedNetwork::refused: return;
  }
}

void carry_out(Exchange& exchange, Token& token, const TokenUpdate& update) {
  const Choices& choices = exchange.state.settings.choices;
  const Token before = token;
  change_network(token, update, choices.omitted_network);
  if (choices.rename == Rename::applied && update.name) token.name = *update.name;
  if (choices.owner_change == OwnerChange::applied && update.user_id) token.user_id = *update.user_id;
  const bool is_idle = token == before;
  if (is_idle && choices.idle_put == IdlePut::leaves_last_updated) return;
  token.last_updated = floor_to_second(exchange.now);
}

}  // namespace

HttpResponse put_token(Exchange& exchange) {
  State& state = exchange.state;
  const Choices& choices = state.settings.choices;
  Token* token = find_token(exchange);
  if (token == nullptr) return answer_not_found(state, exchange.route.id, kTokenKind);
  if (choices.agent_put == AgentPut::refused && token->client_name != kPersonsClient) {
    return answer_error(state, "E0000006");
  }
  const std::optional<TokenUpdate> update = read_update(exchange.request.body);
  if (!update) return answer_error(state, "E0000003");
  const std::vector<std::string> identity = why_not_identity(state, *token, *update);
  if (!identity.empty())
    return answer_invalid(state, identity.front().substr(0, identity.front().find(':')), identity);
  if (!update->network && choices.omitted_network == OmittedNetwork::refused) {
    return answer_invalid(state, "network", {"network: The field cannot be left blank"});
  }
  if (update->network) {
    const std::vector<std::string> network = why_not_network(state, *update);
    if (!network.empty()) return answer_invalid(state, "network", network);
  }
  carry_out(exchange, *token, *update);
  return answer_json(token_text(*token, state.settings, exchange.request.base_url));
}

}  // namespace zonepin::sim
