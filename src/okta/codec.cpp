#include "okta/codec.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "base/ensure.h"
#include "base/json_text.h"
#include "base/text.h"
#include "okta/codec_json.h"

namespace zonepin::okta {

namespace {

using Json = nlohmann::ordered_json;

// Okta's resources nest about six levels; dump() and the tree's destructor recurse.
constexpr std::size_t kMaxDepth = 64;

constexpr std::array<const char*, 10> kTenFields = {"id",          "name",      "_link",       "clientName",
                                                    "created",     "expiresAt", "lastUpdated", "network",
                                                    "tokenWindow", "userId"};

Json parse(std::string_view body, const Json::parser_callback_t& look = nullptr) {
  // The parser takes a NUL for the end and leaves what follows unread.
  if (body.find('\0') != std::string_view::npos) throw Malformed{"it is no JSON"};
  if (nests_deeper_than(body, kMaxDepth))
    throw Malformed{"it nests more than " + std::to_string(kMaxDepth) + " levels"};
  try {
    return Json::parse(body, look);
  } catch (const Json::exception&) {
    throw Malformed{body.empty() ? "it is empty" : "it is no JSON"};
  }
}

void check_array(const Json& json) {
  if (!json.is_array()) throw Malformed{"it is no JSON array"};
}

Json parse_array(std::string_view body) {
  Json json = parse(body);
  check_array(json);
  return json;
}

// Every element of a list as soon as it is parsed, and then it is dropped: a tree of the whole list takes
// several times the memory of what is made from it.
template <class Value, class Make>
std::vector<Value> each_of(std::string_view body, Make make) {
  using Event = Json::parse_event_t;
  std::vector<Value> values;
  std::optional<Malformed> first_wrong;  // told only of what is JSON to its end
  bool is_list = true;
  const Json rest = parse(body, [&](int depth, Event event, Json& parsed) {
    if (depth == 0 && event == Event::object_start) is_list = false;
    const bool ended = event == Event::object_end || event == Event::array_end || event == Event::value;
    if (!is_list || depth != 1 || !ended) return true;
    try {
      if (!first_wrong) values.push_back(make(parsed));
    } catch (Malformed& malformed) {
      first_wrong = std::move(malformed);
    }
    return false;
  });
  check_array(rest);
  if (first_wrong) throw Malformed{*first_wrong};
  return values;
}

// A member that may be absent or null; anything but a string in its place is an error that names it.
std::optional<std::string> text_member(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return std::nullopt;
  if (!found->is_string()) throw Malformed{std::string("its member `") + key + "` is no text"};
  return found->get<std::string>();
}

std::vector<std::string> list_member(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  if (!found->is_array()) throw Malformed{std::string("`") + key + "` of a network condition is no list"};
  std::vector<std::string> members;
  for (const Json& member : *found) {
    if (!member.is_string())
      throw Malformed{std::string("`") + key + "` of a network condition holds more than text"};
    members.push_back(member.get<std::string>());
  }
  return members;
}

std::optional<NetworkCondition> network_member(const Json& object) {
  const auto found = object.find("network");
  if (found == object.end() || found->is_null()) return std::nullopt;
  if (!found->is_object()) throw Malformed{"its member `network` is no object"};
  NetworkCondition network;
  network.connection = text_member(*found, "connection").value_or("");
  network.include = list_member(*found, "include");
  network.exclude = list_member(*found, "exclude");
  if (network == NetworkCondition{}) return std::nullopt;
  return canonical(std::move(network));
}

Token token_from(const Json& json) {
  if (!json.is_object()) throw Malformed{"a token is no object"};
  Token token;
  token.id = text_member(json, "id").value_or("");
  if (token.id.empty()) throw Malformed{"a token has no id"};
  if (!is_token_id(token.id))
    throw Malformed{"a token has the id " + in_quotes(token.id) + ", which can't be one"};
  try {
    token.name = text_member(json, "name").value_or("");
    token.user_id = text_member(json, "userId");
    token.client_name = text_member(json, "clientName");
    token.created = text_member(json, "created");
    token.expires_at = text_member(json, "expiresAt");
    token.last_updated = text_member(json, "lastUpdated");
    token.token_window = text_member(json, "tokenWindow");
    token.network = network_member(json);
  } catch (const Malformed& malformed) {
    throw Malformed{"token " + token.id + ": " + malformed.why};
  }
  return token;
}

Zone zone_from(const Json& json) {
  if (!json.is_object()) throw Malformed{"a zone is no object"};
  Zone zone;
  zone.id = text_member(json, "id").value_or("");
  if (zone.id.empty()) throw Malformed{"a zone has no id"};
  zone.name = text_member(json, "name").value_or("");
  zone.type = text_member(json, "type").value_or("");
  zone.status = text_member(json, "status").value_or("");
  zone.usage = text_member(json, "usage").value_or("");
  const auto system = json.find("system");
  zone.system = system != json.end() && system->is_boolean() && system->get<bool>();
  const auto gateways = json.find("gateways");
  if (gateways == json.end() || gateways->is_null()) return zone;
  if (!gateways->is_array()) throw Malformed{"zone " + in_quotes(zone.id) + ": `gateways` is no list"};
  for (const Json& gateway : *gateways) {
    if (!gateway.is_object()) throw Malformed{"zone " + in_quotes(zone.id) + ": a gateway is no object"};
    zone.gateways.push_back(
        {text_member(gateway, "type").value_or(""), text_member(gateway, "value").value_or("")});
  }
  return zone;
}

Json ten_fields(const Json& json) {
  if (!json.is_object()) throw Malformed{"a token is no object"};
  Json out = Json::object();
  for (const char* field : kTenFields) {
    out[field] = json.contains(field) ? json.at(field) : Json(nullptr);
    const bool other_name =
        std::string_view(field) == "_link" && out[field].is_null() && json.contains("_links");
    if (other_name) out[field] = json.at("_links");
  }
  return out;
}

// Every element of the pages in Okta's order; one that moved between pages while they were read only the
// first time.
template <class Visit>
void for_each_once(const std::vector<std::string>& pages, Visit visit) {
  std::set<std::string> seen;
  for (const std::string& page : pages) {
    for (Json& json : parse_array(page)) {
      const auto id = json.is_object() ? text_member(json, "id") : std::nullopt;
      if (!id || seen.insert(*id).second) visit(json);
    }
  }
}

std::string indented(const Json& json) {
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

template <class Work>
auto guarded(std::string_view what, Work work) -> Result<decltype(work())> {
  try {
    return work();
  } catch (const Malformed& malformed) {
    return fail(Trouble::failure, "Okta's answer (" + std::string(what) + ") can't be read: " + malformed.why,
                "is this an Okta org? A proxy may have answered in its place");
  } catch (const Json::exception&) {
    return fail(Trouble::failure,
                "Okta's answer (" + std::string(what) + ") can't be read: a member has the wrong type");
  }
}

bool same_but_for_time(Token a, const Token& b) {
  a.expires_at = b.expires_at;
  a.last_updated = b.last_updated;
  return a == b;
}

// Sorts all by id and keeps one of each, as long as `same` says that they are.
template <class Value, class Same>
Result<std::vector<Value>> unite(std::vector<Value> all, std::string_view what, Same same) {
  std::stable_sort(all.begin(), all.end(), [](const Value& a, const Value& b) { return a.id < b.id; });
  std::size_t kept = 0;
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (kept > 0 && all[kept - 1].id == all[at].id) {
      if (!same(all[kept - 1], all[at])) {
        return fail(Trouble::failure,
                    "Okta listed " + std::string(what) + " " + in_quotes(all[at].id) +
                        " twice, and not the same: it changed while it was read",
                    "run it again; if it stays so, ask Okta's support");
      }
      --kept;  // The later page is the fresher one.
    }
    if (kept != at) all[kept] = std::move(all[at]);
    ++kept;
  }
  all.resize(kept);
  return all;
}

}  // namespace

std::vector<Token> tokens_from(const Json& list) {
  check_array(list);
  std::vector<Token> tokens;
  tokens.reserve(list.size());
  for (const Json& json : list) tokens.push_back(token_from(json));
  return tokens;
}

std::vector<Zone> zones_from(const Json& list) {
  check_array(list);
  std::vector<Zone> zones;
  zones.reserve(list.size());
  for (const Json& json : list) zones.push_back(zone_from(json));
  return zones;
}

Result<std::vector<Token>> decode_tokens(std::string_view body) {
  return guarded("the token list", [&] { return each_of<Token>(body, token_from); });
}

Result<Token> decode_token(std::string_view body) {
  return guarded("a token", [&] { return token_from(parse(body)); });
}

Result<std::vector<Zone>> decode_zones(std::string_view body) {
  return guarded("the zone list", [&] { return each_of<Zone>(body, zone_from); });
}

Result<User> decode_user(std::string_view body) {
  return guarded("a user", [&] {
    const Json json = parse(body);
    if (!json.is_object()) throw Malformed{"it is no object"};
    User user;
    user.id = text_member(json, "id").value_or("");
    if (user.id.empty()) throw Malformed{"it has no id"};
    user.status = text_member(json, "status").value_or("");
    const auto profile = json.find("profile");
    if (profile != json.end() && profile->is_object())
      user.login = text_member(*profile, "login").value_or("");
    return user;
  });
}

Result<std::string> decode_org_id(std::string_view body) {
  return guarded("an org", [&] {
    const Json json = parse(body);
    if (!json.is_object()) throw Malformed{"it is no object"};
    auto id = text_member(json, "id");
    if (!id || id->empty()) throw Malformed{"it has no id"};
    return std::move(*id);
  });
}

std::string encode_update(const Token& live, const NetworkCondition& network) {
  ensure(is_writable(network), "only ANYWHERE, or ZONE with one list, is ever written");
  Json json = Json::object();
  if (!live.name.empty()) json["name"] = live.name;  // Okta sent none: an empty one would be a new name
  if (live.user_id) json["userId"] = *live.user_id;
  if (live.client_name) json["clientName"] = *live.client_name;
  if (live.created) json["created"] = *live.created;
  json["network"] = {{"connection", network.connection}};
  if (!network.include.empty()) json["network"]["include"] = network.include;
  if (!network.exclude.empty()) json["network"]["exclude"] = network.exclude;
  return json.dump();
}

Result<std::vector<Token>> unite_tokens(std::vector<Token> listed) {
  return unite(std::move(listed), "token", same_but_for_time);
}

Result<std::vector<Zone>> unite_zones(std::vector<Zone> listed) {
  return unite(std::move(listed), "zone", [](const Zone& a, const Zone& b) { return a == b; });
}

Result<std::string> project_tokens(const std::vector<std::string>& pages) {
  return guarded("the token list", [&] {
    Json all = Json::array();
    for_each_once(pages, [&](Json& json) { all.push_back(ten_fields(json)); });
    return indented(all);
  });
}

Result<std::string> project_token(std::string_view body) {
  return guarded("a token", [&] { return indented(ten_fields(parse(body))); });
}

Result<std::string> concatenate(const std::vector<std::string>& pages) {
  return guarded("a list", [&] {
    Json all = Json::array();
    for_each_once(pages, [&](Json& json) { all.push_back(std::move(json)); });
    return indented(all);
  });
}

}  // namespace zonepin::okta
