#include "plan/zone_book.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace zonepin {

const std::vector<ZonePin>& ZoneBook::no_pins() {
  static const std::vector<ZonePin> none;
  return none;
}

ZoneBook::ZoneBook(const std::vector<Zone>& zones, const std::vector<ZonePin>& pins) {
  for (const ZonePin& pin : pins) {
    if (pin.id) pins_.emplace(pin.name, &pin);
  }
  for (const Zone& zone : zones) {
    by_id_.emplace(zone.id, &zone);
    by_name_.emplace(zone.name, &zone);
    if (is_usable(zone)) usable_names_.emplace_back(zone.name);
  }
  std::sort(usable_names_.begin(),
            usable_names_.end());  // of two that are equally near, always the same is suggested
}

const Zone* ZoneBook::by_id(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

const Zone* ZoneBook::by_name(std::string_view name) const {
  const auto [first, last] = by_name_.equal_range(name);
  return first == last || std::next(first) != last ? nullptr : first->second;
}

std::optional<std::string> ZoneBook::resolve_member(const ZoneRef& member, Diagnostics& diagnostics,
                                                    std::string& broken_pin) const {
  const auto refuse = [&](std::string summary, std::string detail) {
    diagnostics.push_back({Severity::error, std::move(summary), std::move(detail), member.place});
    return std::nullopt;
  };
  if (is_reserved_zone(member.text)) return member.text;

  const Zone* zone = by_id(member.text);
  const auto pin = pins_.find(member.text);
  const bool pinned = zone == nullptr && pin != pins_.end();
  if (pinned) zone = by_id(*pin->second->id);
  if (zone == nullptr) {
    const auto [first, last] = by_name_.equal_range(member.text);
    if (first == last) {
      std::string detail = did_you_mean(member.text, usable_names_);
      if (detail.empty()) detail = "`zonepin list zones` shows the zones of this org";
      return refuse("this org has no network zone " + in_quotes(member.text), std::move(detail));
    }
    if (std::next(first) != last) {
      std::vector<std::string> ids;
      for (auto it = first; it != last; ++it) ids.push_back(escape(it->second->id));
      std::sort(ids.begin(), ids.end());
      return refuse("several network zones are named " + in_quotes(member.text),
                    "write the id instead: " + join(ids, ", "));
    }
    zone = first->second;
    if (pinned) {
      broken_pin = "network zone " + in_quotes(zone->name) + " is pinned to " + escape(*pin->second->id) +
                   ", which is not live any more: the live zone of this name is another one, " +
                   escape(zone->id) + "; correct the pin when that is what it should mean";
      return std::nullopt;
    }
  }
  if (!is_usable(*zone)) {
    std::string detail = "a token can use only ACTIVE zones of type IP and usage POLICY";
    const std::string instead = did_you_mean(zone->name, usable_names_);
    if (!instead.empty()) detail += "; " + instead;
    return refuse(
        "network zone " + in_quotes(zone->name) + " (" + escape(zone->id) + ") " + why_unusable(*zone),
        std::move(detail));
  }
  return zone->id;
}

ResolvedNetwork ZoneBook::resolve(const DesiredNetwork& network, Diagnostics& diagnostics) const {
  ResolvedNetwork resolved;
  NetworkCondition condition{network.connection, {}, {}};
  bool whole = true;
  const auto resolve_list = [&](const std::vector<ZoneRef>& members, std::vector<std::string>& ids) {
    for (const ZoneRef& member : members) {
      if (auto id = resolve_member(member, diagnostics, resolved.broken_pin)) {
        ids.push_back(std::move(*id));
      } else {
        whole = false;
      }
    }
  };
  resolve_list(network.include, condition.include);
  resolve_list(network.exclude, condition.exclude);
  if (whole) resolved.condition = canonical(std::move(condition));
  return resolved;
}

}  // namespace zonepin
