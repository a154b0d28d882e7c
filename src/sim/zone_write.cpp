// POST and PUT of zones: a body becomes a zone or the reasons why not (FACTS 3.1, 3.2, 3.4).
#include <algorithm>

#include "base/text.h"
#include "sim/address.h"
#include "sim/exchange.h"
#include "sim/json.h"
#include "sim/reply.h"

namespace zonepin::sim {

namespace {

constexpr std::size_t kMaxZoneName = 128;

// How many gateways a zone may have.
std::size_t most_gateways(const Zone& zone) {
  if (zone.system) return 5000;
  return zone.usage == "BLOCKLIST" ? 1000 : 150;
}

// Empty when it is missing or no string.
std::string text_member(const Json& json, const char* name) {
  if (!json.is_object()) return {};
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Reads one zone body; `causes` collects what is wrong with it.
class ZoneBody {
 public:
  ZoneBody(const Json& json, std::vector<std::string>& causes) : json_(json), causes_(causes) {}

  void into(Zone& zone) {
    take_text("name", zone.name);
    if (zone.name.empty()) causes_.emplace_back("name: The field cannot be left blank");
    if (zone.name.size() > kMaxZoneName) causes_.emplace_back("name: The field is too long");
    take_word("usage", zone.usage, {"POLICY", "BLOCKLIST"});
    take_word("status", zone.status, {"ACTIVE", "INACTIVE"});
    if (zone.type != "IP") {
      zone.details = details(zone.type);
      return;
    }
    zone.gateways = gateways("gateways");
    zone.proxies = gateways("proxies");
    if (zone.gateways && zone.gateways->size() > most_gateways(zone)) {
      causes_.emplace_back("gateways: The zone has too many entries.");
    }
    if (!zone.gateways && !zone.proxies && !zone.system) {
      causes_.emplace_back("gateways: Either gateways or proxies are required.");
    }
  }

 private:
  void take_text(const char* name, std::string& into) {
    const auto found = json_.find(name);
    if (found == json_.end() || found->is_null()) return;
    if (found->is_string()) {
      into = found->get<std::string>();
    } else {
      causes_.push_back(std::string(name) + ": The value must be a string.");
    }
  }

  void take_word(const char* name, std::string& into, const std::vector<std::string_view>& allowed) {
    take_text(name, into);
    if (std::find(allowed.begin(), allowed.end(), into) != allowed.end()) return;
    causes_.push_back(std::string(name) + ": The value is not valid.");
  }

  std::optional<std::vector<Gateway>> gateways(const std::string& name) {
    const auto found = json_.find(name);
    if (found == json_.end() || found->is_null()) return std::nullopt;
    std::vector<Gateway> list;
    if (!found->is_array()) causes_.push_back(name + ": The value must be an array.");
    for (const Json& item : *found) {
      Gateway gateway{text_member(item, "type"), text_member(item, "value")};
      if (!parse_range(gateway.type, gateway.value)) {
        causes_.push_back(name + ": " + gateway.value + " is not a valid " + gateway.type + ".");
      }
      gateway.value = normalised_gateway(gateway.type, gateway.value);
      list.push_back(std::move(gateway));
    }
    return list;
  }

  // The members of the other types, in Okta's order; what is missing gets the value that Okta gives it.
  std::string details(const std::string& type) {
    const auto given = [&](const char* name, const Json& otherwise) {
      const auto found = json_.find(name);
      return found == json_.end() || found->is_null() ? otherwise : *found;
    };
    const Json nothing = {{"include", Json::array()}, {"exclude", Json::array()}};
    Json json = Json::object();
    if (type == "DYNAMIC") {
      json["locations"] = given("locations", nullptr);
      json["proxyType"] = given("proxyType", "");
      if (json_.contains("asns")) json["asns"] = json_["asns"];
    } else {
      json["locations"] = given("locations", nothing);
      json["ipServiceCategories"] = given("ipServiceCategories", nothing);
      json["asns"] = given("asns", nothing);
    }
    return json.dump();
  }

  const Json& json_;
  std::vector<std::string>& causes_;
};

bool is_zone_name_taken(const State& state, const Zone& zone) {
  return std::any_of(state.zones.begin(), state.zones.end(), [&](const auto& item) {
    return item.first != zone.id && item.second.name == zone.name;
  });
}

std::string field_of(const std::vector<std::string>& causes) {
  const std::string& first = causes.front();
  const std::size_t colon = first.find(':');
  return colon == std::string::npos ? "zone" : first.substr(0, colon);
}

}  // namespace

HttpResponse create_zone(Exchange& exchange) {
  State& state = exchange.state;
  const auto json = parse_json(exchange.request.body);
  if (!json || !json->is_object()) return answer_error(state, "E0000003");
  Zone zone;
  zone.type = text_member(*json, "type");
  if (zone.type != "IP" && zone.type != "DYNAMIC" && zone.type != "DYNAMIC_V2") {
    return answer_invalid(state, "type", {"type: The value is not valid."});
  }
  std::vector<std::string> causes;
  ZoneBody(*json, causes).into(zone);
  if (causes.empty() && is_zone_name_taken(state, zone))
    causes.emplace_back("name: The name is used already.");
  if (!causes.empty()) return answer_invalid(state, field_of(causes), causes);
  zone.status = "ACTIVE";
  zone.created = floor_to_second(exchange.now);
  zone.last_updated = zone.created;
  zone.id = make_id(state, "nzo");
  const std::string text = zone_text(zone, exchange.request.base_url);
  state.zones.emplace(zone.id, std::move(zone));
  return answer_json(text);
}

HttpResponse put_zone(Exchange& exchange) {
  State& state = exchange.state;
  const auto found = state.zones.find(exchange.route.id);
  if (found == state.zones.end()) return zone_not_found(exchange);
  const auto json = parse_json(exchange.request.body);
  if (!json || !json->is_object()) return answer_error(state, "E0000003");
  Zone zone = found->second;
  zone.name.clear();
  std::vector<std::string> causes;
  if (text_member(*json, "type") != zone.type)
    causes.emplace_back("type: The type of a zone can't be changed.");
  ZoneBody(*json, causes).into(zone);
  if (causes.empty() && is_zone_name_taken(state, zone))
    causes.emplace_back("name: The name is used already.");
  const bool stays_usable = zone.status == "ACTIVE" && zone.usage == "POLICY";
  if (!stays_usable && !tokens_using(state, zone.id, exchange.now).empty()) {
    causes.emplace_back("zone: The zone is used by the network restriction of an API token.");
  }
  if (!causes.empty()) return answer_invalid(state, field_of(causes), causes);
  Zone shown = zone;
  zone.last_updated = floor_to_second(exchange.now);
  switch (state.settings.choices.zone_put_answer) {
    case ZonePutAnswer::stale_last_updated: break;
    case ZonePutAnswer::fresh_last_updated: shown.last_updated = zone.last_updated; break;
  }
  found->second = std::move(zone);
  return answer_json(zone_text(shown, exchange.request.base_url));
}

}  // namespace zonepin::sim
