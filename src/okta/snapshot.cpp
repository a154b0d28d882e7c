#include "okta/snapshot.h"

#include <nlohmann/json.hpp>

#include "base/json_text.h"
#include "base/text.h"
#include "okta/codec.h"
#include "okta/codec_json.h"

namespace zonepin::okta {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxSnapshotDepth = 64;

const Json& required(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end()) throw Malformed{std::string("it has no `") + key + "`"};
  return *found;
}

std::string required_text(const Json& json, const char* key) {
  const Json& member = required(json, key);
  if (!member.is_string()) throw Malformed{std::string("its `") + key + "` is no text"};
  return member.get<std::string>();
}

// A list within, as Okta answered it.
template <class Decode>
auto list_of(const Json& json, const char* key, Decode decode) {
  const Json& member = required(json, key);
  if (!member.is_array()) throw Malformed{std::string("its `") + key + "` is no list"};
  return decode(member);
}

Snapshot envelope_of(const Json& json) {
  if (!json.is_object()) throw Malformed{"it is no JSON object"};
  const std::string version = required_text(json, "format_version");
  if (version.substr(0, 2) != kSnapshotFormatVersion.substr(0, 2)) {
    throw Malformed{"its format version is " + in_quotes(version) + ", this zonepin reads " +
                    std::string(kSnapshotFormatVersion)};
  }
  auto org = parse_org(required_text(json, "org"));
  if (!org) throw Malformed{"its org: " + org.error().message};
  Snapshot snapshot{std::move(*org), {}};
  snapshot.live.host = snapshot.org.authority();
  snapshot.live.url = snapshot.org.url();
  snapshot.live.taken_at = parse_instant(required_text(json, "taken_at"));
  if (!snapshot.live.taken_at) throw Malformed{"its `taken_at` is no instant"};
  const auto users = json.find("users");
  if (users != json.end() && !users->is_null()) {
    if (!users->is_object()) throw Malformed{"its `users` is no mapping of ids to logins"};
    for (const auto& [id, login] : users->items()) {
      if (!login.is_string()) throw Malformed{"a login in `users` is no text"};
      snapshot.live.users.add(login.get<std::string>(), id);
    }
  }
  const auto self = json.find("self");
  if (self != json.end() && !self->is_null()) {
    if (!self->is_object() || !self->contains("id") || !self->at("id").is_string())
      throw Malformed{"its `self` is no user"};
    const auto login = self->find("login");
    snapshot.live.self =
        zonepin::User{self->at("id").get<std::string>(),
                      login != self->end() && login->is_string() ? login->get<std::string>() : std::string()};
  }
  const auto asked = json.find("asked");
  if (asked != json.end() && !asked->is_null()) {
    if (!asked->is_object()) throw Malformed{"its `asked` is no mapping of logins to ids"};
    for (const auto& [login, id] : asked->items()) {
      if (!id.is_string() && !id.is_null()) throw Malformed{"an id in `asked` is neither a text nor null"};
      snapshot.live.users.ids[login] = id.is_null() ? std::string() : id.get<std::string>();
    }
  }
  return snapshot;
}

}  // namespace

Result<std::string> encode_snapshot(const Reading& reading, const OrgAddress& org, Instant taken_at) {
  const auto tokens = concatenate(reading.token_pages);
  if (!tokens) return fail(tokens.error());
  const auto zones = concatenate(reading.zone_pages);
  if (!zones) return fail(zones.error());
  Json json = {
      {"format_version", kSnapshotFormatVersion}, {"org", org.url()}, {"taken_at", format_instant(taken_at)}};
  json["tokens"] = Json::parse(*tokens);
  json["zones"] = Json::parse(*zones);
  json["users"] = Json::object();
  for (const auto& [id, login] : reading.live.users.logins) json["users"][id] = login;
  // What was asked for need not be the login that Okta then tells, and that nobody has it is an answer, too.
  json["asked"] = Json::object();
  for (const auto& [login, id] : reading.live.users.ids)
    json["asked"][login] = id.empty() ? Json(nullptr) : Json(id);
  const auto& self = reading.live.self;
  json["self"] = self ? Json{{"id", self->id}, {"login", self->login}} : Json(nullptr);
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

Result<Snapshot> decode_snapshot(std::string_view text, const std::string& path) {
  const auto refuse = [&](const std::string& why) {
    return fail(Trouble::usage, escape(path) + " can't be used as a snapshot: " + why,
                "take it again with `zonepin snapshot --out FILE`");
  };
  // The parser takes a NUL for the end and leaves what follows unread.
  if (text.find('\0') != std::string_view::npos) return refuse("it holds a NUL character");
  if (nests_deeper_than(text, kMaxSnapshotDepth)) return refuse("it nests too deeply");
  Snapshot snapshot;
  std::vector<Token> tokens;
  std::vector<Zone> zones;
  try {
    const Json json = Json::parse(text);
    snapshot = envelope_of(json);
    tokens = list_of(json, "tokens", tokens_from);
    zones = list_of(json, "zones", zones_from);
  } catch (const Malformed& malformed) {
    return refuse(malformed.why);
  } catch (const Json::parse_error& error) {
    return refuse("it is no whole JSON text (broken at byte " + std::to_string(error.byte) + ")");
  } catch (const Json::exception&) {
    return refuse("a member has the wrong type");
  }
  auto all_tokens = unite_tokens(std::move(tokens));
  if (!all_tokens) return refuse(all_tokens.error().message);
  auto all_zones = unite_zones(std::move(zones));
  if (!all_zones) return refuse(all_zones.error().message);
  snapshot.live.tokens = std::move(*all_tokens);
  snapshot.live.zones = std::move(*all_zones);
  return snapshot;
}

}  // namespace zonepin::okta
