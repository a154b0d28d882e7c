#include "adopt/order.h"

#include <algorithm>

#include "adopt/wording.h"
#include "base/text.h"
#include "manifest/scalar_text.h"

namespace zonepin {

namespace {

const Token* live_token(const Live& live, const std::string& id) {
  const auto found = std::find_if(live.tokens.begin(), live.tokens.end(),
                                  [&](const Token& token) { return token.id == id; });
  return found == live.tokens.end() ? nullptr : &*found;
}

std::string who_it_is(const Live& live, const std::string& id) {
  const Token* token = live_token(live, id);
  if (token == nullptr) return "not live when this was written";
  std::string text = in_quotes(token->name);
  if (token->user_id) text += ", owner " + escape(*token->user_id);
  if (token->client_name && *token->client_name != kOrdinaryClient)
    text += ", client " + in_quotes(*token->client_name);
  return text;
}

DesiredNetwork fence_of(const std::string& zone) {
  DesiredNetwork network;
  network.connection = kZone;
  network.include.push_back({zone, {}});
  return network;
}

}  // namespace

Desired desired_of(const Order& order) {
  Desired desired;
  desired.unmanaged = Treatment::ignore;  // the order says nothing of the others
  for (const std::string& id : order.ids) {
    DesiredToken entry;
    entry.id = id;
    if (order.zone_id) {
      entry.network = fence_of(*order.zone_id);
    } else {
      entry.revoked = Revocation{order.reason, {}};
    }
    desired.tokens.push_back(std::move(entry));
  }
  return desired;
}

Draft draft_of(const Order& order, const Live& live, const std::string& org) {
  Draft draft;
  draft.org = org;
  draft.notes.push_back((order.zone_id ? "Fenced" : "Revoked") +
                        std::string(" by hand; this keeps it so. Put it beside the other manifests of ") +
                        escape(live.host) + ".");
  if (order.zone_id && !order.reason.empty()) draft.notes.push_back("Why: " + escape(order.reason));
  std::string zone_text;
  if (order.zone_id) {
    const NetworkWord word = Wording(live.zones).network({std::string(kZone), {*order.zone_id}, {}});
    zone_text = word.network ? word.network->include.front().text : *order.zone_id;
    const auto zone = std::find_if(live.zones.begin(), live.zones.end(),
                                   [&](const Zone& one) { return one.id == *order.zone_id; });
    if (zone != live.zones.end() && is_writable_text(zone->name)) {
      Noted<ZonePin> pin;
      pin.part.name = zone->name;
      // By its name alone where that says which: other documents may pin it, too.
      if (zone_text != zone->name) pin.part.id = zone->id;
      pin.part.quarantine = true;
      pin.notes.emplace_back(
          "What stands in it is not let out again without an ack of the guard quarantined.");
      draft.zones.push_back(std::move(pin));
    }
  }
  for (const std::string& id : order.ids) {
    Noted<DesiredToken> entry;
    entry.part.id = id;
    entry.notes.push_back(who_it_is(live, id));
    if (order.zone_id) {
      entry.part.network = fence_of(zone_text);
    } else {
      entry.part.revoked = Revocation{order.reason, {}};
    }
    draft.tokens.push_back(std::move(entry));
  }
  return draft;
}

}  // namespace zonepin
