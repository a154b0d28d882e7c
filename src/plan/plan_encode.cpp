#include "plan/plan_codec.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/text.h"
#include "plan/plan_json.h"

namespace zonepin {

namespace {

using Json = PlanJson;

Json json_of(const NetworkCondition& network) {
  Json json = {{"connection", network.connection}};
  if (!network.include.empty()) json["include"] = network.include;
  if (!network.exclude.empty()) json["exclude"] = network.exclude;
  return json;
}

Json json_of(const TokenState& state) {
  Json json = {{"id", state.id}, {"name", state.name}};
  if (state.user_id) json["userId"] = *state.user_id;
  if (state.client_name) json["clientName"] = *state.client_name;
  if (state.network) json["network"] = json_of(*state.network);
  return json;
}

Json json_of(const std::optional<TokenState>& state) {
  return state ? json_of(*state) : Json(nullptr);
}

Json json_of(const std::optional<SourceRef>& source) {
  if (!source) return nullptr;
  return {{"file", source->file}, {"line", source->line}};
}

Json json_of(const Zone& zone) {
  Json gateways = Json::array();
  for (const Gateway& gateway : zone.gateways)
    gateways.push_back({{"type", gateway.type}, {"value", gateway.value}});
  return {{"name", zone.name},   {"type", zone.type},     {"status", zone.status},
          {"usage", zone.usage}, {"system", zone.system}, {"gateways", std::move(gateways)}};
}

// One side of a reach: its members start with `side`.
void add_list(Json& json, const std::string& side, const AddressList& list) {
  json[side] = list.cidrs;
  json[side + "_count"] = list.count;
  json[side + "_more"] = list.more;
  if (list.all_but) json[side + "_all_but"] = *list.all_but;
}

Json json_of(const ReachChange& reach) {
  Json json = {{"unknown", reach.unknown}, {"assumed", reach.assumed}};
  add_list(json, "lost", reach.lost);
  add_list(json, "gained", reach.gained);
  return json;
}

std::string_view action_word(Status status) {
  if (status == Status::replace) return "update";
  if (status == Status::revoke) return "delete";
  return "no-op";
}

Json json_of(const Change& change, const std::string& host) {
  Json json = {{"org", host},
               {"type", "okta_api_token"},
               {"address", change.id.empty() ? Json(nullptr) : Json("okta_api_token." + change.id)},
               {"id", change.id.empty() ? Json(nullptr) : Json(change.id)},
               {"name", change.name.empty() && !change.before ? Json(nullptr) : Json(change.name)},
               {"source", json_of(change.source)},
               {"status", to_string(change.status)}};
  json["change"] = {{"actions", {action_word(change.status)}},
                    {"before", json_of(change.before)},
                    {"after", change.status == Status::replace     ? json_of(change.after)
                              : change.status == Status::unchanged ? json_of(change.before)
                                                                   : Json(nullptr)}};
  if (!change.before_sha256.empty()) json["before_sha256"] = change.before_sha256;
  if (change.decided_by) json["decided_by"] = to_string(*change.decided_by);
  if (change.own) json["own"] = true;
  if (change.cause) json["cause"] = to_string(*change.cause);
  if (change.effect) json["effect"] = to_string(*change.effect);
  if (change.reach) json["reach"] = json_of(*change.reach);
  if (!change.reason.empty()) json["reason"] = change.reason;
  if (change.status == Status::revoke) {
    json["last_used"] = change.last_used ? Json(format_instant(*change.last_used)) : Json(nullptr);
  }
  if (!change.note.empty()) json["note"] = change.note;
  if (change.novelty != Novelty::none) json["novelty"] = to_string(change.novelty);
  return json;
}

Json json_of(const TokenEvent& event, const std::string& host) {
  const auto network = [](const std::optional<NetworkCondition>& condition) {
    return condition ? json_of(*condition) : Json(nullptr);
  };
  Json json = {{"org", host},
               {"event", to_string(event.happening)},
               {"token_id", event.token_id},
               {"name", event.name},
               {"user_id", event.user_id ? Json(*event.user_id) : Json(nullptr)},
               {"before", network(event.before)},
               {"after", network(event.after)}};
  if (event.happening == Happening::renamed) json["was_named"] = event.was_named;
  if (event.created) json["created"] = format_instant(*event.created);
  if (!event.counterpart.empty()) json["counterpart"] = event.counterpart;
  if (event.vanishing) {
    json["vanishing"] = to_string(*event.vanishing);
    json["window_end"] = event.window_end ? Json(format_instant(*event.window_end)) : Json(nullptr);
    json["as_declared"] = event.as_declared;
  }
  if (event.effect) json["effect"] = to_string(*event.effect);
  if (event.reach) json["reach"] = json_of(*event.reach);
  if (!event.zone_ids.empty()) json["zone_ids"] = event.zone_ids;
  return json;
}

Json json_of(const Guard& guard, const std::string& host) {
  return {{"org", host},
          {"name", guard.name},
          {"token_ids", guard.token_ids},
          {"lifted", guard.lifted},
          {"lift", guard.lift},
          {"message", guard.message}};
}

Json json_of(const Ack& ack) {
  return {{"guard", ack.guard},
          {"token", ack.token_id},
          {"until", ack.until ? Json(format_instant(*ack.until)) : Json(nullptr)},
          {"reason", ack.reason}};
}

Json optional_json(const std::optional<std::size_t>& number) {
  return number ? Json(*number) : Json(nullptr);
}

Json json_of(const Terms& terms) {
  Json self = nullptr;
  if (terms.self) {
    self = {{"id", terms.self->id},
            {"name", terms.self->name},
            {"owner", terms.self->owner},
            {"egress", terms.self->egress}};
  }
  Json acks = Json::array();
  for (const Ack& ack : terms.acks) acks.push_back(json_of(ack));
  return {{"acks", std::move(acks)},
          {"limits",
           {{"revoke", optional_json(terms.limits.revoke)},
            {"update_pct", optional_json(terms.limits.update_pct)}}},
          {"min_tokens", optional_json(terms.min_tokens)},
          {"self", std::move(self)},
          {"quarantine", terms.quarantine}};
}

Json json_of(const Finding& finding, const std::string& host) {
  Json json = {{"org", host},
               {"rule", finding.rule},
               {"severity", finding.severity},
               {"token_id", finding.token_id.empty() ? Json(nullptr) : Json(finding.token_id)},
               {"message", finding.message},
               {"details", finding.details},
               {"source", json_of(finding.source)}};
  if (!finding.subject.empty()) json["subject"] = finding.subject;
  if (finding.novelty != Novelty::none) json["novelty"] = to_string(finding.novelty);
  return json;
}

Json json_of(const Summary& summary) {
  Json json = {{"live", summary.live}, {"actions", summary.actions()}};
  for (int at = 0; at <= static_cast<int>(Status::waiting); ++at) {
    const auto status = static_cast<Status>(at);
    json[std::string(to_string(status))] = summary.count(status);
  }
  return json;
}

// What a digest is made of, as canonical text. Each action is made and forgotten: of many, a tree of them all
// costs several times their text.
std::string digest_material(const OrgPlan& org) {
  std::string text = "{\"actions\":[";
  bool first = true;
  for (const Change& change : org.changes) {
    if (!is_action(change.status)) continue;
    Json action = {{"action", to_string(change.status)},
                   {"before", json_of(change.before)},
                   {"after", json_of(change.after)}};
    if (change.last_used) action["last_used"] = format_instant(*change.last_used);
    if (!first) text += ',';
    first = false;
    text += canonical_text(action);
  }
  Json zones = Json::object();
  for (const auto& [id, zone] : zones_relied_on(org)) zones[id] = json_of(zone);
  return text + "],\"org\":" + canonical_text(org.url) + ",\"zones\":" + canonical_text(zones) + "}";
}

// `zones` at the top holds each id once, as the first org has it. An org whose zone of that id is another
// one says so in its own `zones`; one that has none of that id leaves it out of its `zone_ids`.
class SharedZones {
 public:
  explicit SharedZones(const Plan& plan) {
    for (const OrgPlan& org : plan.orgs) {
      for (const auto& [id, zone] : org.zones) {
        if (!shared_.contains(id)) shared_[id] = json_of(zone);
      }
    }
  }

  Json own_of(const OrgPlan& org) const {
    Json own = Json::object();
    for (const auto& [id, zone] : org.zones) {
      Json json = json_of(zone);
      if (shared_.at(id) != json) own[id] = std::move(json);
    }
    return own;
  }

  Json take() { return std::move(shared_); }

 private:
  Json shared_ = Json::object();
};

Json ids_of(const std::map<std::string, Zone>& zones) {
  Json ids = Json::array();
  for (const auto& entry : zones) ids.push_back(entry.first);
  return ids;
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json json_of(const Since& since) {
  Json zones = Json::object();
  for (const auto& [id, zone] : since.zones) zones[id] = json_of(zone);
  return {
      {"taken_at", format_instant(since.taken_at)}, {"live", since.then_live}, {"zones", std::move(zones)}};
}

Json json_of(const OrgPlan& org, Json own_zones) {
  Json json = {{"host", org.host},
               {"url", org.url},
               {"org_id", text_or_null(org.org_id)},
               {"client_id", text_or_null(org.client_id)},
               {"exit_code", org.exit_code},
               {"error", nullptr},
               {"terms", json_of(org.terms)},
               {"summary", json_of(summary_of(org))},
               {"blocked", is_blocked(org)},
               {"unmanaged_fails", org.unmanaged_fails},
               {"missing_fails", org.missing_fails},
               {"missing_counts", org.missing_counts},
               {"zone_ids", ids_of(org.zones)},
               {"zones", std::move(own_zones)}};
  if (org.since) json["baseline"] = json_of(*org.since);
  return json;
}

// With every member that other orgs have, so that a reader need not ask first.
Json json_of(const UnreadOrg& org) {
  OrgPlan nothing;
  nothing.host = org.host;
  nothing.url = org.url;
  nothing.exit_code = org.exit_code;
  Json json = json_of(nothing, Json::object());
  json["error"] = {{"message", org.message}, {"mend", org.mend}};
  return json;
}

// A document on its way, twice: canonical, for the checksum, and as it is written. Members must come in the
// order of their names, which are ours.
class DocumentText {
 public:
  void member(const std::string& name, const Json& value) {
    start(name);
    add(value, "  ");
  }

  void open_list(const std::string& name) {
    start(name);
    canonical_ += '[';
    written_ += '[';
    elements_ = 0;
  }
  void element(const Json& value) {
    if (elements_++ != 0) {
      canonical_ += ',';
      written_ += ',';
    }
    written_ += "\n    ";
    add(value, "    ");
  }
  void close_list() {
    canonical_ += ']';
    written_ += elements_ == 0 ? "]" : "\n  ]";
  }

  // `checksum` stands before all other members.
  std::string take() {
    const std::string checksum = sha256("{" + canonical_ + "}");
    return "{\n  \"checksum\": \"" + checksum + "\"" + written_ + "\n}\n";
  }

 private:
  void start(const std::string& name) {
    if (!canonical_.empty()) canonical_ += ',';
    canonical_ += '"' + name + "\":";
    written_ += ",\n  \"" + name + "\": ";
  }

  void add(const Json& value, std::string_view indent) {
    canonical_ += canonical_text(value);
    // ASCII only: plain JSON lets marks that reverse the writing and C1 controls through to a terminal.
    // Within strings no line ends.
    for (const char c : value.dump(2, ' ', true, Json::error_handler_t::replace)) {
      written_ += c;
      if (c == '\n') written_ += indent;
    }
  }

  std::string canonical_;
  std::string written_;
  std::size_t elements_ = 0;
};

// Nothing where no org was compared with a baseline.
void add_events(const Plan& plan, DocumentText& text) {
  const bool compared = std::any_of(plan.orgs.begin(), plan.orgs.end(),
                                    [](const OrgPlan& org) { return org.since.has_value(); });
  if (!compared) return;
  text.open_list("events");
  for (const OrgPlan& org : plan.orgs) {
    if (!org.since) continue;
    for (const TokenEvent& event : org.since->events) text.element(json_of(event, org.host));
  }
  text.close_list();
}

}  // namespace

std::string sha256_of(const TokenState& state) {
  return sha256(canonical_text(json_of(state)));
}

std::string digest_of(const Plan& plan) {
  std::string text = "[";
  for (const OrgPlan& org : plan.orgs) text += (text.size() == 1 ? "" : ",") + digest_material(org);
  return sha256(text + "]");
}

std::string encode_plan(const Plan& plan) {
  SharedZones zones(plan);
  DocumentText text;
  text.member("created_at", format_instant(plan.created_at));
  text.member("digest", digest_of(plan));
  add_events(plan, text);
  text.member("expires_at", plan.expires_at ? Json(format_instant(*plan.expires_at)) : Json(nullptr));
  text.open_list("findings");
  for (const OrgPlan& org : plan.orgs) {
    for (const Finding& finding : org.findings) text.element(json_of(finding, org.host));
  }
  text.close_list();
  text.member("format_version", kPlanFormatVersion);
  text.open_list("guards");
  for (const OrgPlan& org : plan.orgs) {
    for (const Guard& guard : org.guards) text.element(json_of(guard, org.host));
  }
  text.close_list();
  text.open_list("orgs");
  for (const OrgPlan& org : plan.orgs) text.element(json_of(org, zones.own_of(org)));
  for (const UnreadOrg& org : plan.unread) text.element(json_of(org));
  text.close_list();
  text.open_list("resource_changes");
  for (const OrgPlan& org : plan.orgs) {
    for (const Change& change : org.changes) text.element(json_of(change, org.host));
  }
  text.close_list();
  text.member("summary", json_of(summary_of(plan)));
  text.member("zones", zones.take());
  return text.take();
}

}  // namespace zonepin
