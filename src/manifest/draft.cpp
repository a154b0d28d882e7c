#include "manifest/draft.h"

#include <algorithm>
#include <utility>

namespace zonepin {

namespace {

void forget(Place& place) {
  place = Place{};
}

void forget_places(DesiredNetwork& network) {
  forget(network.place);
  for (ZoneRef& zone : network.include) forget(zone.place);
  for (ZoneRef& zone : network.exclude) forget(zone.place);
}

void forget_places(std::optional<DesiredNetwork>& network) {
  if (network) forget_places(*network);
}

void forget_places(TokenMatch& match) {
  forget(match.place);
  forget(match.owner_place);
  for (TokenMatch& excluded : match.excluded) forget_places(excluded);
}

void forget_places(std::optional<TokenMatch>& match) {
  if (match) forget_places(*match);
}

void forget_places(DesiredToken& token) {
  forget(token.place);
  forget(token.owner_place);
  forget_places(token.network);
}

void forget_places(Rule& rule) {
  forget(rule.place);
  forget_places(rule.match);
  forget_places(rule.network);
  forget_places(rule.scope);
}

}  // namespace

Document document_of(const Draft& draft) {
  Document document;
  document.org = draft.org;
  for (const auto& pin : draft.zones) document.zones.push_back(pin.part);
  for (const auto& token : draft.tokens) document.tokens.push_back(token.part);
  for (const auto& rule : draft.rules) document.rules.push_back(rule.part);
  return document;
}

Document without_places(Document document) {
  for (Place* place : {&document.org_place, &document.unmanaged_place, &document.missing_place,
                       &document.min_tokens_place, &document.limits_place, &document.place}) {
    forget(*place);
  }
  forget_places(document.scope);
  if (document.self) forget(document.self->place);
  for (ZonePin& pin : document.zones) forget(pin.place);
  for (DesiredToken& token : document.tokens) forget_places(token);
  for (Rule& rule : document.rules) forget_places(rule);
  forget_places(document.default_network);
  for (Ack& ack : document.acks) forget(ack.place);
  for (Waiver& waiver : document.waivers) {
    forget(waiver.place);
    forget_places(waiver.match);
  }
  return document;
}

}  // namespace zonepin
