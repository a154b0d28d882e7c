// State from JSON text.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "sim/address.h"
#include "sim/fields.h"
#include "sim/json.h"
#include "sim/public_key.h"
#include "sim/state.h"

namespace zonepin::sim {

namespace {

struct StateReader {
  Instant now;
  Complaint complaint;
  State state;

  void tokens(const Json* list);
  void zones(const Json* list);
  void users(const Json* list);
  void apps(const Json* list);
  void settings(const Json* object);
  void rate_windows(const Json* object);
  Token token(Fields& fields);
  Zone zone(Fields& fields);
  User user(Fields& fields);
  App app(Fields& fields);
  AppKey app_key(Fields& fields, const std::string& place);
  std::optional<std::vector<Gateway>> gateways(Fields& fields, const char* name);
};

template <class Thing>
void insert_once(std::map<std::string, Thing>& things, const std::string& id, Thing thing,
                 const std::string& place, Complaint& complaint) {
  if (!things.emplace(id, std::move(thing)).second)
    complaint.say(place, "the id " + in_quotes(id) + " stands twice");
}

// Calls read(fields, place) for each member of a list that may be missing.
template <class Read>
void each_member(const Json* list, const std::string& name, StateReader& reader, const Read& read) {
  if (list == nullptr) return;
  if (!list->is_array()) {
    reader.complaint.say(name, "must be an array");
    return;
  }
  for (std::size_t i = 0; i < list->size() && !reader.complaint.any(); ++i) {
    const std::string place = name + "[" + std::to_string(i) + "]";
    Fields fields((*list)[i], place, reader.now, reader.complaint);
    read(fields, place);
    fields.finish();
  }
}

std::optional<Network> read_network(Fields& owner, Instant now, Complaint& complaint) {
  const Json* value = owner.member("network");
  if (value == nullptr || value->is_null()) return std::nullopt;
  Fields fields(*value, owner.place_of("network"), now, complaint);
  Network network;
  network.connection = fields.required_text("connection");
  network.include = fields.texts("include");
  network.exclude = fields.texts("exclude");
  fields.finish();
  return network;
}

Token StateReader::token(Fields& fields) {
  Token token;
  token.id = fields.required_text("id");
  token.name = fields.required_text("name");
  token.user_id = fields.required_text("userId");
  token.client_name = fields.nullable_text("clientName", token.client_name);
  token.token_window = fields.nullable_text("tokenWindow", token.token_window);
  token.network = read_network(fields, now, complaint);
  token.created = fields.moment("created", subtract(floor_to_second(now), Duration{0, 1, 0}));
  token.last_updated = fields.moment("lastUpdated", token.created);
  token.expires_at = fields.nullable_moment("expiresAt", next_expiry(token, token.created));
  token.secret = fields.text("secret", "");
  if (!token.secret.empty() && token.secret.find_first_of(" \t\r\n") != std::string::npos) {
    fields.wrong("secret", "must not hold white space: it is sent in a header");
  }
  return token;
}

void StateReader::tokens(const Json* list) {
  each_member(list, "tokens", *this, [&](Fields& fields, const std::string& place) {
    Token read = token(fields);
    const std::string id = read.id;
    insert_once(state.tokens, id, std::move(read), place, complaint);
  });
  std::map<std::string_view, std::string_view> owners;
  for (const auto& [id, token] : state.tokens) {
    if (token.secret.empty()) continue;
    const auto [other, fresh] = owners.emplace(token.secret, id);
    if (!fresh)
      complaint.say("tokens", in_quotes(other->second) + " and " + in_quotes(id) + " have one secret");
  }
}

std::optional<std::vector<Gateway>> StateReader::gateways(Fields& fields, const char* name) {
  const Json* list = fields.member(name);
  if (list == nullptr || list->is_null()) return std::nullopt;
  std::vector<Gateway> found;
  each_member(list, fields.place_of(name), *this, [&](Fields& member, const std::string& place) {
    Gateway gateway;
    gateway.type = member.word("type", "", {"CIDR", "RANGE"});
    gateway.value = member.required_text("value");
    if (!parse_range(gateway.type, gateway.value)) {
      complaint.say(place,
                    in_quotes(gateway.value) + " is no " + gateway.type + " of IPv4 or IPv6 addresses");
    }
    found.push_back(std::move(gateway));
  });
  return found;
}

Zone StateReader::zone(Fields& fields) {
  Zone zone;
  zone.type = fields.word("type", zone.type, {"IP", "DYNAMIC", "DYNAMIC_V2"});
  zone.id = fields.required_text("id");
  zone.name = fields.required_text("name");
  zone.status = fields.word("status", zone.status, {"ACTIVE", "INACTIVE"});
  zone.usage = fields.word("usage", zone.usage, {"POLICY", "BLOCKLIST"});
  zone.created = fields.moment("created", subtract(floor_to_second(now), Duration{0, 1, 0}));
  zone.last_updated = fields.moment("lastUpdated", zone.created);
  zone.system = fields.flag("system", false);
  if (zone.type == "IP") {
    zone.gateways = gateways(fields, "gateways");
    zone.proxies = gateways(fields, "proxies");
    return zone;
  }
  Json details = Json::object();
  for (const char* name : {"locations", "proxyType", "ipServiceCategories", "asns"}) {
    const Json* value = fields.member(name);
    if (value != nullptr) details[name] = *value;
  }
  zone.details = details.dump();
  return zone;
}

void StateReader::zones(const Json* list) {
  each_member(list, "zones", *this, [&](Fields& fields, const std::string& place) {
    Zone read = zone(fields);
    const std::string id = read.id;
    insert_once(state.zones, id, std::move(read), place, complaint);
  });
}

User StateReader::user(Fields& fields) {
  User user;
  user.id = fields.required_text("id");
  user.login = fields.required_text("login");
  user.status = fields.word("status", user.status, {std::begin(kUserStatuses), std::end(kUserStatuses)});
  user.role = fields.word("role", user.role, {std::begin(kRoles), std::end(kRoles)});
  user.first_name = fields.text("firstName", "");
  user.last_name = fields.text("lastName", "");
  user.created = fields.moment("created", subtract(floor_to_second(now), Duration{0, 1, 0}));
  return user;
}

void StateReader::users(const Json* list) {
  each_member(list, "users", *this, [&](Fields& fields, const std::string& place) {
    User read = user(fields);
    const std::string id = read.id;
    insert_once(state.users, id, std::move(read), place, complaint);
  });
}

// `pem`, or the members of a JWK, each with `kid`.
AppKey StateReader::app_key(Fields& fields, const std::string& place) {
  AppKey key;
  key.kid = fields.text("kid", "");
  const std::string pem = fields.text("pem", "");
  std::optional<PublicKey> found;
  if (!pem.empty()) {
    found = PublicKey::from_pem(pem);
  } else {
    found = PublicKey::from_jwk(fields.whole().dump());
    for (const char* name : {"kty", "crv", "x", "y", "n", "e", "alg", "use", "status"}) fields.member(name);
  }
  if (found) {
    key.pem = found->pem();
  } else {
    complaint.say(place,
                  "is no public key: RSA of 2048 bits or more, or EC on P-256, P-384 or P-521, as `pem` or "
                  "as the members of a JWK");
  }
  return key;
}

App StateReader::app(Fields& fields) {
  App app;
  app.client_id = fields.required_text("clientId");
  app.name = fields.text("name", app.client_id);
  app.status = fields.word("status", app.status, {"ACTIVE", "INACTIVE"});
  app.scopes = fields.texts("scopes");
  app.role = fields.word("role", app.role, {std::begin(kRoles), std::end(kRoles)});
  app.dpop = fields.word("dpop", app.dpop, {std::begin(kDpopModes), std::end(kDpopModes)});
  app.network = read_network(fields, now, complaint);
  each_member(fields.member("keys"), fields.place_of("keys"), *this,
              [&](Fields& key, const std::string& place) { app.keys.push_back(app_key(key, place)); });
  return app;
}

void StateReader::apps(const Json* list) {
  each_member(list, "apps", *this, [&](Fields& fields, const std::string& place) {
    App read = app(fields);
    const std::string id = read.client_id;
    insert_once(state.apps, id, std::move(read), place, complaint);
  });
}

void StateReader::settings(const Json* object) {
  if (object == nullptr) return;
  Settings& settings = state.settings;
  Fields fields(*object, "settings", now, complaint);
  if (const Json* limits = fields.member("rateLimits")) {
    Fields classes(*limits, "settings.rateLimits", now, complaint);
    for (const std::string_view name : kRateClasses) {
      int& limit = settings.rate_limits[std::string(name)];
      limit = classes.number(name.data(), limit, 1);
    }
    classes.finish();
  }
  settings.rate_window_seconds = fields.number("rateWindowSeconds", settings.rate_window_seconds, 1);
  settings.principal_percent = fields.number("principalPercent", settings.principal_percent, 1);
  settings.max_concurrent = fields.number("maxConcurrent", settings.max_concurrent, 0);
  settings.dpop_nonce_seconds = fields.number("dpopNonceSeconds", settings.dpop_nonce_seconds, 1);
  settings.token_page_size = fields.number("tokenPageSize", settings.token_page_size, 0);
  settings.zone_page_size = fields.number("zonePageSize", settings.zone_page_size, 1);
  settings.enforce_network = fields.flag("enforceNetwork", settings.enforce_network);
  settings.seed = fields.large_number("seed", settings.seed);
  if (const Json* choices = fields.member("choices")) {
    Fields names(*choices, "settings.choices", now, complaint);
    for (const ChoiceWords& words : choice_words()) {
      const std::string current(choice_value(settings.choices, words.name));
      set_choice(settings.choices, words.name, names.word(words.name.data(), current, words.values));
    }
    names.finish();
  }
  fields.finish();
}

void StateReader::rate_windows(const Json* object) {
  if (object == nullptr) return;
  Fields classes(*object, "rateWindows", now, complaint);
  for (const std::string_view name : kRateClasses) {
    const Json* value = classes.member(name.data());
    if (value == nullptr) continue;
    Fields fields(*value, "rateWindows." + std::string(name), now, complaint);
    RateWindow window;
    window.opened = fields.moment("opened", now);
    window.used = fields.number("used", 0, 0);
    fields.finish();
    state.rate_windows[std::string(name)] = window;
  }
  classes.finish();
}

}  // namespace

Result<State> parse_state(std::string_view text, Instant now) {
  const auto document = parse_json(text);
  if (!document) {
    const std::string_view before = text.substr(0, document.error());
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    return fail(Trouble::usage, "the state is not well-formed JSON (line " + std::to_string(line) + ")");
  }
  StateReader reader{now, {}, {}};
  Fields fields(*document, "", now, reader.complaint);
  reader.settings(fields.member("settings"));
  reader.users(fields.member("users"));
  reader.zones(fields.member("zones"));
  reader.tokens(fields.member("tokens"));
  reader.apps(fields.member("apps"));
  reader.rate_windows(fields.member("rateWindows"));
  reader.state.counter = fields.large_number("counter", 0);
  fields.finish();
  if (reader.complaint.any())
    return fail(Trouble::usage, "the state can't be used: " + reader.complaint.text);
  return std::move(reader.state);
}

}  // namespace zonepin::sim
