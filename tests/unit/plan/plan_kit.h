// Small worlds to plan in: tokens, zones and entries in one line each.
#pragma once

#include <string>
#include <vector>

#include "model/desired.h"
#include "model/token.h"
#include "plan/make_plan.h"

namespace zonepin {

inline const Instant kNow{Milliseconds{1'767'323'045'000}};  // 2026-01-02T03:04:05Z

inline std::string token_id(int number) {
  std::string digits = std::to_string(number);
  return "00T" + std::string(17 - digits.size(), 'a') + digits;
}

inline Token token(int number, const std::string& name, std::optional<NetworkCondition> network = anywhere(),
                   const std::string& owner = "00u00000000000000001") {
  Token made;
  made.id = token_id(number);
  made.name = name;
  made.user_id = owner;
  made.client_name = std::string(kOrdinaryClient);
  made.created = "2025-11-02T14:47:13.000Z";
  made.expires_at = "2026-01-20T00:00:00.000Z";
  made.token_window = "P30D";
  made.network = std::move(network);
  return made;
}

inline Zone zone(const std::string& id, const std::string& name, const std::string& type = "IP",
                 const std::string& status = "ACTIVE", const std::string& usage = "POLICY") {
  return Zone{id, name, type, status, usage, false, {{"CIDR", "203.0.113.0/24"}}};
}

inline Zone zone_with(const std::string& id, const std::string& name,
                      const std::vector<std::string>& gateways) {
  Zone made = zone(id, name);
  made.gateways.clear();
  for (const std::string& value : gateways) {
    made.gateways.push_back({value.find('-') == std::string::npos ? "CIDR" : "RANGE", value});
  }
  return made;
}

inline NetworkCondition only_from(std::vector<std::string> zones) {
  return canonical({std::string(kZone), std::move(zones), {}});
}

inline NetworkCondition not_from(std::vector<std::string> zones) {
  return canonical({std::string(kZone), {}, std::move(zones)});
}

// An org with the zones corp, ci and data.
inline Live live_with(std::vector<Token> tokens) {
  Live live;
  live.host = "acme.okta.com";
  live.url = "https://acme.okta.com";
  live.tokens = std::move(tokens);
  live.zones = {zone_with("nzoci", "ci", {"198.51.100.0/24"}), zone("nzocorp", "corp"),
                zone_with("nzodata", "data", {"192.0.2.0/24"})};
  return live;
}

inline DesiredNetwork network_of(const std::string& connection, const std::vector<std::string>& include,
                                 const std::vector<std::string>& exclude, std::uint32_t line) {
  DesiredNetwork network;
  network.connection = connection;
  network.place = {0, line, 5, 1};
  std::uint32_t column = 10;
  for (const std::string& name : include) network.include.push_back({name, {0, line, column++, 1}});
  for (const std::string& name : exclude) network.exclude.push_back({name, {0, line, column++, 1}});
  return network;
}

// Entries stand one per line of manifests/a.yaml.
inline DesiredToken entry_at(std::uint32_t line) {
  DesiredToken entry;
  entry.place = {0, line, 3, 1};
  return entry;
}

inline DesiredToken named(std::uint32_t line, const std::string& name,
                          const std::vector<std::string>& include, const std::string& owner = {}) {
  DesiredToken entry = entry_at(line);
  entry.name = name;
  entry.owner = owner;
  entry.network = network_of(include.empty() ? "ANYWHERE" : "ZONE", include, {}, line);
  return entry;
}

inline DesiredToken by_id(std::uint32_t line, int number, const std::vector<std::string>& include) {
  DesiredToken entry = named(line, {}, include);
  entry.id = token_id(number);
  return entry;
}

inline DesiredToken revoked(DesiredToken entry, const std::string& reason = "SEC-123") {
  entry.network.reset();
  entry.revoked = Revocation{reason};
  return entry;
}

inline Desired desired_of(std::vector<DesiredToken> tokens) {
  Desired desired;
  desired.tokens = std::move(tokens);
  return desired;
}

inline const Sources& sources() {
  static const Sources kSources = {{"manifests/a.yaml", ""}, {"manifests/b.yaml", ""}};
  return kSources;
}

inline Planning planning_of(const Desired& desired, const Live& live, const PlanPolicy& policy = {}) {
  return make_plan(desired, live, policy, kNow, sources());
}

inline OrgPlan plan_for(const Desired& desired, const Live& live, const PlanPolicy& policy = {}) {
  return planning_of(desired, live, policy).plan;
}

inline const Change* change_of(const OrgPlan& plan, const std::string& id) {
  for (const Change& change : plan.changes) {
    if (change.id == id) return &change;
  }
  return nullptr;
}

inline const Finding* finding_of(const OrgPlan& plan, const std::string& rule) {
  for (const Finding& finding : plan.findings) {
    if (finding.rule == rule) return &finding;
  }
  return nullptr;
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace zonepin
