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

std::string token_in_words(const DesiredToken& token) {
  std::string words = "  token" + at(token.place);
  if (!token.id.empty()) words += " id " + in_quotes(token.id);
  if (!token.name.empty()) words += " name " + in_quotes(token.name);
  if (!token.owner.empty()) words += " owner " + in_quotes(token.owner) + at(token.owner_place);
  if (token.network) {
    words += "\n    network" + at(token.network->place) + " " + token.network->connection;
    words +=
        zones_in_words("include", token.network->include) + zones_in_words("exclude", token.network->exclude);
  }
  if (token.revoked) words += "\n    revoked: " + in_quotes(token.revoked->reason);
  return words + "\n";
}

std::string ack_in_words(const Ack& ack) {
  return "  ack" + at(ack.place) + " " + ack.guard + " for " + ack.token_id + " until " +
         (ack.until ? format_instant(*ack.until) : "ever") + ": " + in_quotes(ack.reason) + "\n";
}

}  // namespace

std::string in_words(const Document& document) {
  std::string words = "document" + at(document.place);
  words += document.org ? " org " + in_quotes(*document.org) + at(document.org_place) : " without org";
  if (document.unmanaged) words += " unmanaged " + std::string(to_string(*document.unmanaged));
  if (document.missing) words += " missing " + std::string(to_string(*document.missing));
  words += "\n";
  for (const DesiredToken& token : document.tokens) words += token_in_words(token);
  for (const Ack& ack : document.acks) words += ack_in_words(ack);
  return words;
}

}  // namespace zonepin
