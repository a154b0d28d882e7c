#include "plan/plan_codec.h"

#include <utility>

#include "base/digest.h"
#include "base/json_text.h"
#include "base/text.h"
#include "model/address_set.h"
#include "plan/plan_json.h"

namespace zonepin {

namespace {

using Json = PlanJson;

// No document of ours nests deeper than about 8; dump() and destructors recurse.
constexpr std::size_t kMaxDepth = 32;

// Anything unexpected is thrown and becomes one error.

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

Novelty novelty_from(const Json& json) {
  const auto word = optional_text(json, "novelty");
  if (!word) return Novelty::none;
  const auto novelty = parse_novelty(*word);
  if (!novelty) throw Malformed{"an unknown novelty"};
  return *novelty;
}

ReachChange reach_from(const Json& json) {
  return {list_from(json, "lost"), list_from(json, "gained"),
          json.at("unknown").get<std::vector<std::string>>(),
          json.at("assumed").get<std::vector<std::string>>()};
}

std::optional<Effect> optional_effect(const Json& json) {
  const auto word = optional_text(json, "effect");
  if (!word) return std::nullopt;
  const auto effect = parse_effect(*word);
  if (!effect) throw Malformed{"an unknown effect"};
  return effect;
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
  if (const auto by = optional_text(json, "decided_by")) {
    change.decided_by = parse_decided_by(*by);
    if (!change.decided_by) throw Malformed{"an unknown decided_by"};
  }
  if (const auto own = json.find("own"); own != json.end()) change.own = own->get<bool>();
  if (const auto cause = optional_text(json, "cause")) {
    change.cause = parse_cause(*cause);
    if (!change.cause) throw Malformed{"an unknown cause"};
  }
  change.effect = optional_effect(json);
  if (const auto reach = json.find("reach"); reach != json.end()) change.reach = reach_from(*reach);
  change.reason = optional_text(json, "reason").value_or("");
  change.last_used = optional_instant(json, "last_used");
  change.note = optional_text(json, "note").value_or("");
  change.novelty = novelty_from(json);
  if (is_action(change.status)) check_action(change);
  return change;
}

TokenEvent event_from(const Json& json) {
  TokenEvent event;
  const auto happening = parse_happening(json.at("event").get<std::string>());
  if (!happening) throw Malformed{"an unknown event"};
  event.happening = *happening;
  event.token_id = json.at("token_id").get<std::string>();
  event.name = json.at("name").get<std::string>();
  event.user_id = optional_text(json, "user_id");
  event.was_named = optional_text(json, "was_named").value_or("");
  event.created = optional_instant(json, "created");
  event.counterpart = optional_text(json, "counterpart").value_or("");
  if (const auto word = optional_text(json, "vanishing")) {
    event.vanishing = parse_vanishing(*word);
    if (!event.vanishing) throw Malformed{"an unknown vanishing"};
    event.as_declared = json.at("as_declared").get<bool>();
  }
  event.window_end = optional_instant(json, "window_end");
  if (const Json& before = json.at("before"); !before.is_null()) event.before = network_from(before);
  if (const Json& after = json.at("after"); !after.is_null()) event.after = network_from(after);
  event.effect = optional_effect(json);
  if (const auto reach = json.find("reach"); reach != json.end()) event.reach = reach_from(*reach);
  if (const auto ids = json.find("zone_ids"); ids != json.end())
    event.zone_ids = ids->get<std::vector<std::string>>();
  return event;
}

Since since_from(const Json& json) {
  Since since;
  const auto taken_at = optional_instant(json, "taken_at");
  if (!taken_at) throw Malformed{"a baseline without taken_at"};
  since.taken_at = *taken_at;
  since.then_live = json.at("live").get<std::size_t>();
  for (const auto& [id, zone] : json.at("zones").items()) since.zones.emplace(id, zone_from(id, zone));
  return since;
}

OrgPlan& org_named(Plan& plan, const Json& json) {
  const std::string host = json.at("org").get<std::string>();
  for (OrgPlan& org : plan.orgs) {
    if (org.host == host) return org;
  }
  throw Malformed{"a member of an org that the plan does not list"};
}

void take_events(Plan& plan, const Json& json) {
  const auto events = json.find("events");
  if (events == json.end()) return;
  for (const Json& entry : *events) {
    OrgPlan& org = org_named(plan, entry);
    if (!org.since) throw Malformed{"an event of an org without a baseline"};
    org.since->events.push_back(event_from(entry));
  }
}

void take_zones(OrgPlan& org, const Json& entry, const Json& shared) {
  const Json& own = entry.at("zones");
  for (const Json& member : entry.at("zone_ids")) {
    const std::string id = member.get<std::string>();
    org.zones.emplace(id, zone_from(id, own.contains(id) ? own.at(id) : shared.at(id)));
  }
}

std::optional<std::size_t> count_from(const Json& json, const char* key) {
  const Json& value = json.at(key);
  if (value.is_null()) return std::nullopt;
  if (!value.is_number_unsigned()) throw Malformed{"a count that is none"};
  return value.get<std::size_t>();
}

std::vector<std::string> egress_from(const Json& json) {
  auto egress = json.get<std::vector<std::string>>();
  for (const std::string& text : egress) {
    if (!parse_cidr(text) && !parse_address(text)) throw Malformed{"an egress address that is none"};
  }
  return egress;
}

Terms terms_from(const Json& json) {
  Terms terms;
  for (const Json& ack : json.at("acks")) {
    terms.acks.push_back({ack.at("guard").get<std::string>(),
                          ack.at("token").get<std::string>(),
                          optional_instant(ack, "until"),
                          text_of(ack.at("reason")),
                          {}});
  }
  terms.limits = {count_from(json.at("limits"), "revoke"), count_from(json.at("limits"), "update_pct")};
  terms.min_tokens = count_from(json, "min_tokens");
  if (const Json& self = json.at("self"); !self.is_null()) {
    terms.self = Self{text_of(self.at("id")),
                      text_of(self.at("name")),
                      text_of(self.at("owner")),
                      egress_from(self.at("egress")),
                      {}};
  }
  terms.quarantine = json.at("quarantine").get<std::vector<std::string>>();
  return terms;
}

OrgPlan org_from(const Json& entry, const Json& shared_zones) {
  OrgPlan org;
  org.host = entry.at("host").get<std::string>();
  org.url = entry.at("url").get<std::string>();
  org.org_id = text_of(entry.at("org_id"));
  org.client_id = text_of(entry.at("client_id"));
  org.exit_code = entry.at("exit_code").get<int>();
  org.terms = terms_from(entry.at("terms"));
  org.unmanaged_fails = entry.at("unmanaged_fails").get<bool>();
  org.missing_fails = entry.at("missing_fails").get<bool>();
  org.missing_counts = entry.at("missing_counts").get<bool>();
  take_zones(org, entry, shared_zones);
  if (const auto baseline = entry.find("baseline"); baseline != entry.end())
    org.since = since_from(*baseline);
  return org;
}

UnreadOrg unread_from(const Json& entry) {
  const Json& error = entry.at("error");
  return {entry.at("host").get<std::string>(), entry.at("url").get<std::string>(),
          error.at("message").get<std::string>(), error.at("mend").get<std::string>(),
          entry.at("exit_code").get<int>()};
}

Plan plan_from(const Json& json) {
  Plan plan;
  const auto created = optional_instant(json, "created_at");
  if (!created) throw Malformed{"no created_at"};
  plan.created_at = *created;
  plan.expires_at = optional_instant(json, "expires_at");
  for (const Json& entry : json.at("orgs")) {
    if (entry.at("error").is_null()) {
      plan.orgs.push_back(org_from(entry, json.at("zones")));
    } else {
      plan.unread.push_back(unread_from(entry));
    }
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
                             entry.at("details").get<std::vector<std::string>>(), novelty_from(entry),
                             entry.value("subject", std::string())});
  }
  take_events(plan, json);
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
