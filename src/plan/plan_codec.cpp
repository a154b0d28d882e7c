#include "plan/plan_codec.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/digest.h"
#include "base/json_text.h"
#include "base/text.h"
#include "model/address_set.h"

namespace zonepin {

namespace {

using Json = nlohmann::json;

// No document of ours nests deeper than about 8; dump() and destructors recurse.
constexpr std::size_t kMaxDepth = 32;

std::string canonical_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// --- values to JSON
// ------------------------------------------------------------------------------------------------

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
  if (change.effect) json["effect"] = to_string(*change.effect);
  if (change.reach) json["reach"] = json_of(*change.reach);
  if (!change.reason.empty()) json["reason"] = change.reason;
  if (change.status == Status::revoke) {
    json["last_used"] = change.last_used ? Json(format_instant(*change.last_used)) : Json(nullptr);
  }
  if (!change.note.empty()) json["note"] = change.note;
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

Json json_of(const Finding& finding, const std::string& host) {
  return {{"org", host},
          {"rule", finding.rule},
          {"severity", finding.severity},
          {"token_id", finding.token_id.empty() ? Json(nullptr) : Json(finding.token_id)},
          {"message", finding.message},
          {"details", finding.details},
          {"source", json_of(finding.source)}};
}

Json json_of(const Summary& summary) {
  Json json = {{"live", summary.live}, {"actions", summary.actions()}};
  for (int at = 0; at <= static_cast<int>(Status::waiting); ++at) {
    const auto status = static_cast<Status>(at);
    json[std::string(to_string(status))] = summary.count(status);
  }
  return json;
}

Json digest_material(const OrgPlan& org) {
  Json actions = Json::array();
  for (const Change& change : org.changes) {
    if (!is_action(change.status)) continue;
    Json action = {{"action", to_string(change.status)},
                   {"before", json_of(change.before)},
                   {"after", json_of(change.after)}};
    if (change.last_used) action["last_used"] = format_instant(*change.last_used);
    actions.push_back(std::move(action));
  }
  Json zones = Json::object();
  for (const auto& [id, zone] : zones_relied_on(org)) zones[id] = json_of(zone);
  return {{"org", org.url}, {"actions", std::move(actions)}, {"zones", std::move(zones)}};
}

// `zones` at the top holds each id once, as the first org has it. An org whose zone of that id is another
// one, or that has none (null) although one of its conditions names it, says so in its own `zones`.
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

Json document_of(const Plan& plan) {
  Json json = {{"format_version", kPlanFormatVersion},
               {"created_at", format_instant(plan.created_at)},
               {"expires_at", plan.expires_at ? Json(format_instant(*plan.expires_at)) : Json(nullptr)},
               {"digest", digest_of(plan)},
               {"summary", json_of(summary_of(plan))}};
  Json orgs = Json::array();
  Json changes = Json::array();
  Json guards = Json::array();
  Json findings = Json::array();
  SharedZones zones(plan);
  for (const OrgPlan& org : plan.orgs) {
    Json acks = Json::array();
    for (const Ack& ack : org.acks) acks.push_back(json_of(ack));
    orgs.push_back({{"host", org.host},
                    {"url", org.url},
                    {"acks", std::move(acks)},
                    {"summary", json_of(summary_of(org))},
                    {"blocked", is_blocked(org)},
                    {"unmanaged_fails", org.unmanaged_fails},
                    {"missing_fails", org.missing_fails},
                    {"missing_counts", org.missing_counts},
                    {"zone_ids", ids_of(org.zones)},
                    {"zones", zones.own_of(org)}});
    for (const Change& change : org.changes) changes.push_back(json_of(change, org.host));
    for (const Guard& guard : org.guards) guards.push_back(json_of(guard, org.host));
    for (const Finding& finding : org.findings) findings.push_back(json_of(finding, org.host));
  }
  json["orgs"] = std::move(orgs);
  json["resource_changes"] = std::move(changes);
  json["guards"] = std::move(guards);
  json["findings"] = std::move(findings);
  json["zones"] = zones.take();
  return json;
}

// --- JSON to values; anything unexpected throws and becomes one error
// ---------------------------------------------

struct Malformed {
  std::string why;
};

std::string text_of(const Json& json) {
  return json.is_null() ? std::string() : json.get<std::string>();
}

std::optional<std::string> optional_text(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || found->is_null()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<Instant> optional_instant(const Json& json, const char* key) {
  const auto text = optional_text(json, key);
  if (!text) return std::nullopt;
  const auto instant = parse_instant(*text);
  if (!instant) throw Malformed{std::string(key) + " is no instant"};
  return instant;
}

std::optional<SourceRef> source_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return SourceRef{json.at("file").get<std::string>(), json.at("line").get<std::uint32_t>()};
}

NetworkCondition network_from(const Json& json) {
  NetworkCondition network;
  network.connection = json.at("connection").get<std::string>();
  if (json.contains("include")) network.include = json.at("include").get<std::vector<std::string>>();
  if (json.contains("exclude")) network.exclude = json.at("exclude").get<std::vector<std::string>>();
  return canonical(std::move(network));
}

std::optional<TokenState> state_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  TokenState state;
  state.id = json.at("id").get<std::string>();
  state.name = json.at("name").get<std::string>();
  state.user_id = optional_text(json, "userId");
  state.client_name = optional_text(json, "clientName");
  if (json.contains("network")) state.network = network_from(json.at("network"));
  if (!is_token_id(state.id)) throw Malformed{"a token id that can't be one"};
  return state;
}

Zone zone_from(const std::string& id, const Json& json) {
  Zone zone{id,
            json.at("name").get<std::string>(),
            json.at("type").get<std::string>(),
            json.at("status").get<std::string>(),
            json.at("usage").get<std::string>(),
            json.at("system").get<bool>(),
            {}};
  for (const Json& gateway : json.at("gateways")) {
    zone.gateways.push_back({gateway.at("type").get<std::string>(), gateway.at("value").get<std::string>()});
  }
  return zone;
}

std::vector<std::string> cidrs_from(const Json& json) {
  auto cidrs = json.get<std::vector<std::string>>();
  for (const std::string& text : cidrs) {
    const auto cidr = parse_cidr(text);
    if (!cidr || cidr_text(base_of(*cidr)) != text) throw Malformed{"a CIDR that is none"};
  }
  return cidrs;
}

AddressList list_from(const Json& json, const std::string& side) {
  AddressList list;
  list.cidrs = cidrs_from(json.at(side));
  list.count = json.at(side + "_count").get<std::string>();
  list.more = json.at(side + "_more").get<std::size_t>();
  const auto all_but = json.find(side + "_all_but");
  if (all_but != json.end()) list.all_but = cidrs_from(*all_but);
  if (list.count.empty() || list.count.find_first_not_of("0123456789") != std::string::npos) {
    throw Malformed{"a count that is none"};
  }
  return list;
}

void check_action(const Change& change) {
  if (!change.before || change.before->id != change.id) throw Malformed{"an action without its `before`"};
  if (change.status == Status::replace) {
    TokenState expected = *change.before;
    if (!change.after || !change.after->network || !is_writable(*change.after->network)) {
      throw Malformed{"a REPLACE without a condition that can be written"};
    }
    expected.network = change.after->network;
    if (expected != *change.after) throw Malformed{"a REPLACE that changes more than the network condition"};
  }
  if (sha256_of(*change.before) != change.before_sha256)
    throw Malformed{"a before_sha256 that is not that of `before`"};
}

Change change_from(const Json& json) {
  Change change;
  const auto status = parse_status(json.at("status").get<std::string>());
  if (!status) throw Malformed{"an unknown status"};
  change.status = *status;
  change.id = text_of(json.at("id"));
  change.name = text_of(json.at("name"));
  change.source = source_from(json.at("source"));
  const Json& states = json.at("change");
  change.before = state_from(states.at("before"));
  if (change.status == Status::replace) change.after = state_from(states.at("after"));
  change.before_sha256 = optional_text(json, "before_sha256").value_or("");
  if (const auto effect = optional_text(json, "effect")) {
    change.effect = parse_effect(*effect);
    if (!change.effect) throw Malformed{"an unknown effect"};
  }
  if (const auto reach = json.find("reach"); reach != json.end()) {
    change.reach = ReachChange{list_from(*reach, "lost"), list_from(*reach, "gained"),
                               reach->at("unknown").get<std::vector<std::string>>(),
                               reach->at("assumed").get<std::vector<std::string>>()};
  }
  change.reason = optional_text(json, "reason").value_or("");
  change.last_used = optional_instant(json, "last_used");
  change.note = optional_text(json, "note").value_or("");
  if (is_action(change.status)) check_action(change);
  return change;
}

OrgPlan& org_named(Plan& plan, const Json& json) {
  const std::string host = json.at("org").get<std::string>();
  for (OrgPlan& org : plan.orgs) {
    if (org.host == host) return org;
  }
  throw Malformed{"a member of an org that the plan does not list"};
}

void take_zones(OrgPlan& org, const Json& entry, const Json& shared) {
  const Json& own = entry.at("zones");
  for (const Json& member : entry.at("zone_ids")) {
    const std::string id = member.get<std::string>();
    org.zones.emplace(id, zone_from(id, own.contains(id) ? own.at(id) : shared.at(id)));
  }
}

Plan plan_from(const Json& json) {
  Plan plan;
  const auto created = optional_instant(json, "created_at");
  if (!created) throw Malformed{"no created_at"};
  plan.created_at = *created;
  plan.expires_at = optional_instant(json, "expires_at");
  for (const Json& entry : json.at("orgs")) {
    OrgPlan org;
    org.host = entry.at("host").get<std::string>();
    org.url = entry.at("url").get<std::string>();
    for (const Json& ack : entry.at("acks")) {
      org.acks.push_back({ack.at("guard").get<std::string>(),
                          ack.at("token").get<std::string>(),
                          optional_instant(ack, "until"),
                          text_of(ack.at("reason")),
                          {}});
    }
    org.unmanaged_fails = entry.at("unmanaged_fails").get<bool>();
    org.missing_fails = entry.at("missing_fails").get<bool>();
    org.missing_counts = entry.at("missing_counts").get<bool>();
    plan.orgs.push_back(std::move(org));
  }
  for (const Json& entry : json.at("resource_changes"))
    org_named(plan, entry).changes.push_back(change_from(entry));
  for (const Json& entry : json.at("guards")) {
    org_named(plan, entry)
        .guards.push_back({entry.at("name").get<std::string>(),
                           entry.at("token_ids").get<std::vector<std::string>>(),
                           entry.at("lifted").get<bool>(), entry.at("lift").get<std::string>(),
                           entry.at("message").get<std::string>()});
  }
  for (const Json& entry : json.at("findings")) {
    org_named(plan, entry)
        .findings.push_back({entry.at("rule").get<std::string>(), entry.at("severity").get<std::string>(),
                             text_of(entry.at("token_id")), entry.at("message").get<std::string>(),
                             source_from(entry.at("source")),
                             entry.at("details").get<std::vector<std::string>>()});
  }
  for (std::size_t at = 0; at < plan.orgs.size(); ++at) {
    take_zones(plan.orgs[at], json.at("orgs").at(at), json.at("zones"));
  }
  return plan;
}

void check_envelope(Json& json) {
  if (!json.is_object() || !json.contains("format_version") || !json.contains("resource_changes")) {
    throw Malformed{"it is no zonepin plan"};
  }
  const std::string version = text_of(json.at("format_version"));
  if (version.substr(0, 2) != kPlanFormatVersion.substr(0, 2)) {
    throw Malformed{"its format version is " + in_quotes(version) + ", this zonepin reads " +
                    std::string(kPlanFormatVersion)};
  }
  if (!json.contains("checksum")) throw Malformed{"it has no checksum"};
  const std::string checksum = text_of(json.at("checksum"));
  json.erase("checksum");
  if (sha256(canonical_text(json)) != checksum) {
    throw Malformed{"it was changed after it was made (the checksum differs)"};
  }
}

}  // namespace

std::string sha256_of(const TokenState& state) {
  return sha256(canonical_text(json_of(state)));
}

std::string digest_of(const Plan& plan) {
  Json orgs = Json::array();
  for (const OrgPlan& org : plan.orgs) orgs.push_back(digest_material(org));
  return sha256(canonical_text(orgs));
}

std::string encode_plan(const Plan& plan) {
  Json json = document_of(plan);
  json["checksum"] = sha256(canonical_text(json));
  // ASCII only: plain JSON lets marks that reverse the writing and C1 controls through to a terminal.
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

Result<Plan> decode_plan(std::string_view text, const std::string& path) {
  const auto refuse = [&](const std::string& why) {
    return fail(Trouble::usage, escape(path) + " can't be used as a plan: " + why,
                "make it again with `zonepin plan --out FILE`");
  };
  // The parser takes a NUL for the end and leaves what follows unread.
  if (text.find('\0') != std::string_view::npos) return refuse("it holds a NUL character");
  if (nests_deeper_than(text, kMaxDepth)) return refuse("it nests too deeply");
  try {
    Json json = Json::parse(text);
    check_envelope(json);
    Plan plan = plan_from(json);
    if (digest_of(plan) != text_of(json.at("digest"))) return refuse("its digest is not that of its actions");
    return plan;
  } catch (const Malformed& malformed) {
    return refuse(malformed.why);
  } catch (const Json::parse_error& error) {
    return refuse("it is no whole JSON text (broken at byte " + std::to_string(error.byte) + ")");
  } catch (const Json::exception&) {
    return refuse("a member is missing or of the wrong type");
  }
}

}  // namespace zonepin
