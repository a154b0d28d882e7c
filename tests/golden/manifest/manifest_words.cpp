#include "golden/manifest/manifest_words.h"

#include "base/text.h"
#include "base/time.h"

namespace zonepin {

namespace {

std::string at(const Place& place) {
  return " @" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::string zones_in_words(std::string_view name, const std::vector<ZoneRef>& zones) {
  std::string words;
  for (const ZoneRef& zone : zones) words += " " + in_quotes(zone.text) + at(zone.place);
  return zones.empty() ? words : " " + std::string(name) + words;
}

std::string network_in_words(const DesiredNetwork& network) {
  return " network" + at(network.place) + " " + network.connection +
         zones_in_words("include", network.include) + zones_in_words("exclude", network.exclude);
}

std::string duration_in_words(const Duration& duration) {
  return std::to_string(duration.months) + " months " + std::to_string(duration.days) + " days " +
         std::to_string(duration.seconds) + " seconds";
}

std::string match_in_words(std::string_view name, const TokenMatch& match) {
  std::string words = " " + std::string(name) + at(match.place);
  if (match.name) words += " name " + in_quotes(*match.name);
  if (match.owner) words += " owner " + in_quotes(*match.owner) + at(match.owner_place);
  if (match.client) words += " client " + in_quotes(*match.client);
  if (match.connection) words += " connection " + *match.connection;
  if (match.idle) words += " idle " + duration_in_words(*match.idle);
  if (match.age) words += " age " + duration_in_words(*match.age);
  for (const TokenMatch& excluded : match.excluded) words += match_in_words("not", excluded);
  return words;
}

template <typename Entry>
std::string wanted_in_words(const Entry& entry) {
  std::string words;
  if (entry.network) words += "\n   " + network_in_words(*entry.network);
  if (entry.revoked) {
    words += "\n    revoked: " + in_quotes(entry.revoked->reason);
    if (entry.revoked->not_before) words += " not before " + format_instant(*entry.revoked->not_before);
  }
  if (entry.ignore) words += "\n    ignored";
  return words;
}

std::string who_in_words(const std::string& id, const std::string& name, const std::string& owner) {
  std::string words;
  if (!id.empty()) words += " id " + in_quotes(id);
  if (!name.empty()) words += " name " + in_quotes(name);
  if (!owner.empty()) words += " owner " + in_quotes(owner);
  return words;
}

std::string token_in_words(const DesiredToken& token) {
  std::string words = "  token" + at(token.place) + who_in_words(token.id, token.name, token.owner);
  if (!token.owner.empty()) words += at(token.owner_place);
  return words + wanted_in_words(token) + "\n";
}

std::string rule_in_words(const Rule& rule) {
  std::string words = "  rule" + at(rule.place) + match_in_words("match", rule.match);
  if (rule.min) words += " min " + std::to_string(*rule.min);
  if (rule.max) words += " max " + std::to_string(*rule.max);
  return words + wanted_in_words(rule) + "\n";
}

std::string list_in_words(std::string_view name, const std::vector<std::string>& texts) {
  return texts.empty() ? "" : " " + std::string(name) + " " + join(texts, ",");
}

std::string pin_in_words(const ZonePin& pin) {
  std::string words = "  zone" + at(pin.place) + " " + in_quotes(pin.name);
  if (pin.id) words += " id " + *pin.id;
  words += list_in_words("within", pin.within) + list_in_words("covers", pin.covers);
  return words + (pin.quarantine ? " quarantine\n" : "\n");
}

std::string limits_in_words(const Limits& limits) {
  std::string words;
  if (limits.revoke) words += " revoke " + std::to_string(*limits.revoke);
  if (limits.update_pct) words += " update_pct " + std::to_string(*limits.update_pct);
  return words.empty() ? words : " limits" + words;
}

std::string ack_in_words(const Ack& ack) {
  return "  ack" + at(ack.place) + " " + ack.guard + " for " + ack.token_id + " until " +
         (ack.until ? format_instant(*ack.until) : "ever") + ": " + in_quotes(ack.reason) + "\n";
}

std::string waiver_in_words(const Waiver& waiver) {
  return "  waiver" + at(waiver.place) + " of " + waiver.rule + match_in_words("match", waiver.match) +
         " until " + format_instant(waiver.until) + ": " + in_quotes(waiver.reason) + "\n";
}

// What a document says besides its lists.
std::string settings_in_words(const Document& document) {
  std::string words;
  if (document.scope) words += " " + match_in_words("scope", *document.scope) + "\n";
  if (document.self) {
    const Self& self = *document.self;
    words += "  self" + at(self.place) + who_in_words(self.id, self.name, self.owner) +
             list_in_words("egress", self.egress) + "\n";
  }
  if (document.min_tokens) words += "  at least " + plural(*document.min_tokens, "token") + "\n";
  const std::string limits = limits_in_words(document.limits);
  return words + (limits.empty() ? "" : " " + limits + "\n");
}

}  // namespace

std::string in_words(const Document& document) {
  std::string words = "document" + at(document.place);
  words += document.org ? " org " + in_quotes(*document.org) + at(document.org_place) : " without org";
  if (document.unmanaged) words += " unmanaged " + std::string(to_string(*document.unmanaged));
  if (document.missing) words += " missing " + std::string(to_string(*document.missing));
  words += "\n" + settings_in_words(document);
  for (const ZonePin& pin : document.zones) words += pin_in_words(pin);
  for (const DesiredToken& token : document.tokens) words += token_in_words(token);
  for (const Rule& rule : document.rules) words += rule_in_words(rule);
  if (document.default_network) words += "  default" + network_in_words(*document.default_network) + "\n";
  for (const Ack& ack : document.acks) words += ack_in_words(ack);
  for (const Waiver& waiver : document.waivers) words += waiver_in_words(waiver);
  return words;
}

std::string in_words(const OrgEntry& org) {
  std::string words = "org" + at(org.place) + " " + in_quotes(org.label) + " host " + in_quotes(org.host) +
                      at(org.host_place);
  if (org.org_id) words += " org_id " + *org.org_id;
  if (org.client_id) words += " client_id " + *org.client_id;
  return words + limits_in_words(org.limits) + "\n";
}

}  // namespace zonepin
