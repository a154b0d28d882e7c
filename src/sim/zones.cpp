// Zones: reading and lifecycle (FACTS 3).
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "sim/exchange.h"
#include "sim/reply.h"

namespace zonepin::sim {

namespace {

Zone* find_zone(Exchange& exchange) {
  const auto found = exchange.state.zones.find(exchange.route.id);
  return found == exchange.state.zones.end() ? nullptr : &found->second;
}

// How many zones a page takes; none when `limit` is no number or too large for the choice.
std::optional<int> zone_page_size(const Exchange& exchange) {
  const Settings& settings = exchange.state.settings;
  const std::optional<std::string_view> limit = exchange.route.parameter("limit");
  if (!limit || limit->empty()) return settings.zone_page_size;
  int size = 0;
  const auto [end, error] = std::from_chars(limit->data(), limit->data() + limit->size(), size);
  if (error != std::errc{} || end != limit->data() + limit->size()) return std::nullopt;
  if (size <= 0) return settings.zone_page_size;  // the published default is -1
  if (size <= kMaxZonePage) return size;
  switch (settings.choices.large_limit) {
    case LargeLimit::capped: return kMaxZonePage;
    case LargeLimit::refused: return std::nullopt;
  }
  return std::nullopt;
}

HttpResponse answer_zone_in_use(Exchange& exchange) {
  return answer_invalid(
      exchange.state, "zone",
      {"The zone is used by the network restriction of an API token. Remove it from the token first."});
}

bool is_in_use(const Exchange& exchange, const Zone& zone) {
  return !tokens_using(exchange.state, zone.id, exchange.now).empty();
}

HttpResponse set_status(Exchange& exchange, std::string_view status) {
  Zone* zone = find_zone(exchange);
  if (zone == nullptr) return zone_not_found(exchange);
  if (status != "ACTIVE" && is_in_use(exchange, *zone)) return answer_zone_in_use(exchange);
  zone->status = status;
  zone->last_updated = floor_to_second(exchange.now);
  return answer_json(zone_text(*zone, exchange.request.base_url));
}

}  // namespace

HttpResponse zone_not_found(Exchange& exchange) {
  return answer_not_found(exchange.state, exchange.route.id, "NetworkZone");
}

HttpResponse list_zones(Exchange& exchange) {
  const std::map<std::string, Zone>& zones = exchange.state.zones;
  const std::string& base_url = exchange.request.base_url;
  if (exchange.route.parameter("filter")) return answer_error(exchange.state, "E0000094");
  const std::optional<int> page_size = zone_page_size(exchange);
  if (!page_size) return answer_invalid(exchange.state, "limit", {"limit: The value is not valid."});
  auto place = zones.begin();
  if (const auto after = exchange.route.parameter("after")) place = zones.upper_bound(std::string(*after));
  std::string body = "[";
  std::string last;
  for (int count = 0; place != zones.end() && count < *page_size; ++place, ++count) {
    if (count != 0) body += ',';
    body += zone_text(place->second, base_url);
    last = place->first;
  }
  body += ']';
  HttpResponse response = answer_json(std::move(body));
  const bool more = place != zones.end();
  const std::string next =
      more ? "after=" + percent_encode(last) + "&limit=" + std::to_string(*page_size) : std::string();
  add_links(response, base_url, exchange.request.target, exchange.route.path, next);
  return response;
}

HttpResponse get_zone(Exchange& exchange) {
  const Zone* zone = find_zone(exchange);
  if (zone == nullptr) return zone_not_found(exchange);
  return answer_json(zone_text(*zone, exchange.request.base_url));
}

HttpResponse delete_zone(Exchange& exchange) {
  const Zone* zone = find_zone(exchange);
  if (zone == nullptr) return zone_not_found(exchange);
  if (zone->system) return answer_invalid(exchange.state, "zone", {"System zones cannot be deleted"});
  if (is_in_use(exchange, *zone)) return answer_zone_in_use(exchange);
  if (zone->status == "ACTIVE")
    return answer_invalid(exchange.state, "zone", {"Active zones cannot be deleted"});
  exchange.state.zones.erase(exchange.route.id);
  return answer_nothing();
}

HttpResponse activate_zone(Exchange& exchange) {
  return set_status(exchange, "ACTIVE");
}

HttpResponse deactivate_zone(Exchange& exchange) {
  return set_status(exchange, "INACTIVE");
}

}  // namespace zonepin::sim
