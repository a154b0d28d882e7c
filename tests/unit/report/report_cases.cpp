#include "unit/report/report_cases.h"

#include <stdexcept>
#include <tuple>
#include <utility>

#include "plan/reach.h"

namespace zonepin {

namespace {

Instant instant(const char* text) {
  return *parse_instant(text);
}

Zone zone(std::string id, std::string name, std::vector<Gateway> gateways) {
  return {std::move(id), std::move(name), "IP", "ACTIVE", "POLICY", false, std::move(gateways)};
}

const Zone kCorp = zone("nzocorp0000000000001", "corp", {{"CIDR", "203.0.113.0/24"}});
const Zone kRunners =
    zone("nzorunners0000000002", "ci-runners", {{"CIDR", "198.51.100.0/25"}, {"CIDR", "2001:db8:1::/48"}});
const Zone kVpc = zone("nzovpc00000000000003", "data-vpc", {{"RANGE", "192.0.2.10-192.0.2.77"}});

NetworkCondition only(std::vector<std::string> ids) {
  return canonical({"ZONE", std::move(ids), {}});
}
NetworkCondition all_but(std::vector<std::string> ids) {
  return canonical({"ZONE", {}, std::move(ids)});
}

TokenState state(std::string id, std::string name, std::optional<NetworkCondition> network) {
  return {std::move(id), std::move(name), "00uowner000000000001", "Okta API", std::move(network)};
}

Change live_change(Status status, std::string id, std::string name,
                   std::optional<NetworkCondition> network = anywhere()) {
  Change change;
  change.status = status;
  change.id = id;
  change.name = name;
  change.before = state(std::move(id), std::move(name), std::move(network));
  if (status != Status::unmanaged) change.source = SourceRef{"manifests/acme.yaml", 12};
  return change;
}

Change replaced(std::string id, std::string name, std::optional<NetworkCondition> before,
                NetworkCondition after) {
  Change change = live_change(Status::replace, std::move(id), std::move(name), std::move(before));
  change.after = change.before;
  change.after->network = std::move(after);
  change.before_sha256 = sha256_of(*change.before);
  return change;
}

Change revoked(std::string id, std::string name, std::string reason, std::optional<Instant> last_used) {
  Change change = live_change(Status::revoke, std::move(id), std::move(name));
  change.reason = std::move(reason);
  change.last_used = last_used;
  change.before_sha256 = sha256_of(*change.before);
  return change;
}

Change absent(Status status, std::string id, std::string name, std::string note) {
  Change change;
  change.status = status;
  change.id = std::move(id);
  change.name = std::move(name);
  change.source = SourceRef{"manifests/acme.yaml", 31};
  change.note = std::move(note);
  return change;
}

OrgPlan org_of(std::string host) {
  OrgPlan org;
  org.url = "https://" + host;
  org.host = std::move(host);
  for (const Zone& each : {kCorp, kRunners, kVpc}) org.zones.emplace(each.id, each);
  return org;
}

// What make_plan does.
void work_out_reach(OrgPlan& org) {
  std::vector<Zone> zones;
  for (const auto& entry : org.zones) zones.push_back(entry.second);
  ReachBook book(zones);
  const std::size_t limit = list_limit(org.changes.size());
  for (Change& change : org.changes) {
    if (change.status != Status::replace) continue;
    std::tie(change.effect, change.reach) =
        book.change_of(change.before->network, change.after->network, limit);
  }
}

Plan plan_of(std::vector<OrgPlan> orgs) {
  for (OrgPlan& org : orgs) work_out_reach(org);
  Plan plan;
  plan.created_at = case_now();
  plan.expires_at = case_now() + std::chrono::hours(24 * 7);
  plan.orgs = std::move(orgs);
  return plan;
}

void add_unchanged(OrgPlan& org, std::size_t count) {
  for (std::size_t at = 0; at < count; ++at) {
    org.changes.push_back(live_change(Status::unchanged, "00Tsteady" + std::to_string(at),
                                      "steady-" + std::to_string(at), only({kCorp.id})));
  }
}

Guard allow_revoke(bool lifted, std::vector<std::string> ids) {
  return {"allow-revoke", std::move(ids), lifted, "--allow-revoke",
          "a revoked token can't be brought back (1 revoke)"};
}

Finding finding(std::string rule, std::string severity, std::string token_id, std::string message) {
  return {std::move(rule),
          std::move(severity),
          std::move(token_id),
          std::move(message),
          SourceRef{"manifests/acme.yaml", 44},
          {}};
}

OrgPlan everyday_org() {
  OrgPlan org = org_of("acme.okta.com");
  org.changes.push_back(
      replaced("00Tloosen00000000001", "partner-sync", only({kCorp.id}), only({kCorp.id, kVpc.id})));
  org.changes.push_back(replaced("00Ttighten0000000002", "ci-deployer", anywhere(), only({kRunners.id})));
  org.changes.push_back(replaced("00Tagent000000000003", "AD agent", std::nullopt, only({kCorp.id})));
  org.changes.push_back(revoked("00Trevoke00000000004", "old-backup", "SEC-123, replaced by a service app",
                                instant("2026-10-02T03:04:05Z")));
  add_unchanged(org, 9);
  org.changes.push_back(absent(Status::missing, "", "ci-deploer", "did you mean \"ci-deployer\"?"));
  org.changes.push_back(absent(Status::gone, "00Tgone00000000000005", "", ""));
  org.changes.push_back(live_change(Status::unmanaged, "00Tunmanaged00000006", "scratch"));
  org.changes.push_back(
      live_change(Status::unmanaged, "00Tunmanaged00000007", "someone's laptop", only({kCorp.id})));
  org.findings = {
      finding("ack-ended", "warning", "00Tagent000000000003",
              "the ack of agent-token for 00Tagent000000000003 ended at 2026-11-01T00:00:00Z"),
      finding("missing", "note", "", "declared, but no such token is live; did you mean \"ci-deployer\"?"),
      finding("unmanaged", "note", "00Tunmanaged00000006", "live, but no manifest mentions it"),
      finding("unmanaged", "note", "00Tunmanaged00000007", "live, but no manifest mentions it")};
  org.guards = {allow_revoke(true, {"00Trevoke00000000004"}),
                {"agent-token",
                 {"00Tagent000000000003"},
                 false,
                 "--ack agent-token:00Tagent000000000003, or an entry in acks:",
                 "its clientName is not \"Okta API\": it may belong to an agent that Okta manages, and "
                 "writing it can cut that "
                 "agent off"}};
  return org;
}

OrgPlan quiet_org(std::string host) {
  OrgPlan org = org_of(std::move(host));
  add_unchanged(org, 3);
  return org;
}

// What one token costs that can't be decided: only itself.
OrgPlan undecided_org() {
  OrgPlan org = org_of("acme.okta.com");
  org.changes.push_back(live_change(Status::ambiguous, "00Ttwin000000000001", "backup"));
  org.changes.push_back(live_change(Status::ambiguous, "00Ttwin000000000002", "backup"));
  org.changes.push_back(live_change(Status::conflict, "00Tclaimed0000000003", "etl"));
  org.changes.back().note =
      "claimed by several entries: manifests/a.yaml:3, manifests/b.yaml:9; keep one of them";
  org.changes.push_back(live_change(Status::waiting, "00Twaiting0000000004", "old-sync"));
  org.changes.back().note = "to be revoked from 2026-12-20 on";
  org.changes.push_back(live_change(Status::ignored, "00Tignored0000000005", "Okta AD Agent"));
  org.changes.push_back(
      absent(Status::missing, "", "ci", "no user of this org has the login \"ci@acme.example\""));
  Finding twins =
      finding("ambiguous", "error", "",
              "2 live tokens match \"backup\". None is written: name one by its id, or add `owner:`");
  twins.details = {
      "00Ttwin000000000001 (owner 00uowner000000000001, created 2026-01-02T03:04:05Z, last used about "
      "2026-11-01T03:04:05Z)",
      "00Ttwin000000000002 (owner 00uowner000000000002, created 2026-05-06T03:04:05Z, last used "
      "unknown)"};
  org.findings = {
      twins, finding("conflict", "error", "00Tclaimed0000000003", "not written: " + org.changes[2].note),
      finding("shadowed", "warning", "00Tclaimed0000000003",
              "the entry at manifests/c.yaml:5 has no say: the one by id at manifests/a.yaml:3 decides"),
      finding("missing", "error", "", "declared, but no such token is live")};
  org.missing_fails = true;
  return org;
}

OrgPlan conditions_org() {
  OrgPlan org = org_of("acme.okta.com");
  Zone closed = zone("nzoclosed00000000004", "closed", {{"CIDR", "100.64.0.0/10"}});
  closed.status = "INACTIVE";
  Zone twin = zone("nzotwin0000000000005", "corp", {{"CIDR", "203.0.113.0/24"}});
  for (const Zone& each : {closed, twin}) org.zones.emplace(each.id, each);
  const std::vector<std::pair<std::optional<NetworkCondition>, NetworkCondition>> pairs = {
      {anywhere(), only({kCorp.id, kRunners.id, kVpc.id})},
      {std::nullopt, all_but({kRunners.id})},
      {all_but({kRunners.id}), all_but({kRunners.id, kVpc.id})},
      {only({kRunners.id}), only({kVpc.id})},
      {only({"nzounknown0000000009"}), anywhere()},
      {only({closed.id}), only({twin.id})},
      {only({"ALL_ZONES"}), all_but({"ALL_IP_ZONES"})},
      {NetworkCondition{"ON_NETWORK", {}, {}}, only({kRunners.id})},
      {NetworkCondition{"ZONE", {}, {}}, only({kRunners.id})},
      {NetworkCondition{"ZONE", {kVpc.id}, {kRunners.id}}, only({kVpc.id})},
  };
  for (std::size_t at = 0; at < pairs.size(); ++at) {
    org.changes.push_back(replaced("00Tcase" + std::to_string(at), "case-" + std::to_string(at),
                                   pairs[at].first, pairs[at].second));
  }
  return org;
}

OrgPlan many_org() {
  OrgPlan org = org_of("acme.okta.com");
  for (int at = 0; at < 25; ++at) {
    const std::string number = std::to_string(at);
    org.changes.push_back(revoked("00Trevoke" + number, "tmp-" + number, "temporary", std::nullopt));
    org.changes.push_back(live_change(Status::unmanaged, "00Tloose" + number, "loose-" + number));
    org.changes.push_back(absent(Status::missing, "", "lost-" + number, ""));
    org.findings.push_back(
        finding("unmanaged", "error", "00Tloose" + number, "live, but no manifest mentions it"));
  }
  std::vector<std::string> ids;
  for (const Change& change : org.changes) {
    if (change.status == Status::revoke) ids.push_back(change.id);
  }
  org.guards = {allow_revoke(false, ids)};
  org.unmanaged_fails = true;
  return org;
}

OrgPlan hostile_org() {
  const std::string evil = hostile_text();
  OrgPlan org = org_of("acme.okta.com");
  org.zones.at(kCorp.id).name = evil;
  org.zones.at(kRunners.id).status = evil;
  org.zones.at(kVpc.id).name.clear();
  const NetworkCondition strange = {evil, {evil}, {kCorp.id}};
  org.changes.push_back(
      replaced("00Treplace0000000001", evil, strange, only({kCorp.id, kRunners.id, kVpc.id})));
  org.changes.push_back(revoked("00Trevoke00000000002", evil, evil, case_now() + std::chrono::hours(2)));
  for (const Status status : {Status::conflict, Status::waiting, Status::unmanaged}) {
    org.changes.push_back(live_change(status, "00T" + std::string(to_string(status)), evil, strange));
    org.changes.back().note = evil;
  }
  org.changes.push_back(absent(Status::missing, evil, evil, evil));
  for (Change& change : org.changes) {
    if (change.source) change.source->file = evil;
  }
  Finding one = {evil, evil, evil, evil, SourceRef{evil, 1}, {evil, ""}};
  org.findings = {one, finding("unmanaged", "note", "00Tunmanaged", evil)};
  org.guards = {{evil, {"00Treplace0000000001", evil}, false, evil, evil},
                {evil, {"00Trevoke00000000002"}, true, evil, evil}};
  org.terms.acks = {{evil, evil, case_now(), evil, {}}};
  return org;
}

OrgReport report_of(OrgPlan plan, int exit_code) {
  OrgReport report;
  report.outcome.host = plan.host;
  for (std::size_t at = 0; at < plan.changes.size(); ++at) {
    if (is_action(plan.changes[at].status))
      report.outcome.actions.push_back({at, Fate::done, "", "req" + std::to_string(at)});
  }
  report.outcome.confirmed = true;
  const std::size_t writes = report.outcome.actions.size();
  report.outcome.rate = {writes, writes, Milliseconds(writes * 150), Milliseconds(0)};
  report.plan = std::move(plan);
  report.exit_code = exit_code;
  return report;
}

OrgReport mixed_report() {
  OrgReport report = report_of(conditions_org(), 6);
  auto& actions = report.outcome.actions;
  actions[1] = {1, Fate::already_done, "", ""};
  actions[2] = {2, Fate::gone, "", ""};
  actions[3] = {
      3, Fate::failed,
      "acme.okta.com answered 403 E0000006: You do not have permission to perform the requested action",
      "Zreq3"};
  actions[4] = {4, Fate::unknown, "the connection broke before an answer came (3 tries)", "Zreq4"};
  for (std::size_t at = 5; at < actions.size(); ++at) actions[at] = {at, Fate::not_reached, "", ""};
  actions[5].message = "the phase before it failed";
  report.outcome.rate = {412, 415, Milliseconds(72'360), Milliseconds(58'140)};
  report.outcome.confirmed = false;
  return report;
}

OrgReport early_report() {
  OrgReport report = report_of(everyday_org(), 8);
  for (ActionOutcome& action : report.outcome.actions) action = {action.change, Fate::not_reached, "", ""};
  report.outcome.confirmed = false;
  report.outcome.rate = {};
  report.outcome.ended_early =
      Error{Trouble::unfinished, "acme.okta.com is read-only (E0000010)", "run it again later"};
  return report;
}

OrgReport hostile_report() {
  OrgReport report = report_of(hostile_org(), 6);
  for (ActionOutcome& action : report.outcome.actions)
    action = {action.change, Fate::failed, hostile_text(), hostile_text()};
  report.outcome.ended_early = Error{Trouble::failure, hostile_text(), hostile_text()};
  return report;
}

}  // namespace

Instant case_now() {
  return instant("2026-11-23T03:04:05Z");
}

std::string hostile_text() {
  return "\x1b[2J\x1b]0;owned\x07"
         "a\nb\r\tc \xe2\x80\xae"
         "evil\xe2\x80\xac \xc2\x9b"
         "31m \" \\ \xff\xfe `x` <b> ::error:: " +
         std::string(10'000, 'x');
}

std::vector<PlanCase> plan_cases() {
  Plan saved = plan_of({everyday_org()});
  saved.created_at -= std::chrono::hours(50);
  saved.expires_at = *saved.expires_at - std::chrono::hours(50);
  OrgPlan blocked = everyday_org();
  blocked.host = "zeta.oktapreview.com";
  blocked.url = "https://zeta.oktapreview.com";
  blocked.zones.at(kCorp.id).gateways.clear();
  return {{"everyday", plan_of({everyday_org()})},
          {"empty", plan_of({quiet_org("acme.okta.com")})},
          {"no-org", plan_of({})},
          {"undecided", plan_of({undecided_org()})},
          {"several-orgs", plan_of({undecided_org(), quiet_org("beta.okta.com"), std::move(blocked)})},
          {"conditions", plan_of({conditions_org()})},
          {"hostile", plan_of({hostile_org()})},
          {"many", plan_of({many_org()})},
          {"saved", std::move(saved)}};
}

Plan plan_case(std::string_view name) {
  for (PlanCase& each : plan_cases()) {
    if (each.name == name) return std::move(each.plan);
  }
  throw std::out_of_range("no such plan case");
}

Plan big_plan(std::size_t count) {
  OrgPlan org = org_of("acme.okta.com");
  Guard guard{"agent-token", {}, false, "--ack", "an agent's"};
  for (std::size_t at = 0; at < count; ++at) {
    const std::string id = "00Tbig" + std::to_string(at);
    org.changes.push_back(at % 4 == 0
                              ? revoked(id, "token-" + id, "temporary", std::nullopt)
                              : replaced(id, "token-" + id, anywhere(), only({kCorp.id, kRunners.id})));
    guard.token_ids.push_back(id);
    org.findings.push_back(finding("shadowed", "warning", id, "has no say"));
  }
  org.guards = {guard};
  return plan_of({std::move(org)});
}

std::vector<OutcomeCase> outcome_cases() {
  return {{"all-done", {report_of(everyday_org(), 0)}},
          {"mixed", {mixed_report()}},
          {"nothing", {report_of(quiet_org("acme.okta.com"), 0)}},
          {"no-org", {}},
          {"several-orgs", {mixed_report(), report_of(quiet_org("beta.okta.com"), 0)}},
          {"ended-early", {early_report()}},
          {"hostile", {hostile_report()}}};
}

Live live_case() {
  Live live;
  live.host = "acme.okta.com";
  live.url = "https://acme.okta.com";
  live.zones = {kRunners, kCorp, kVpc};
  live.zones[1].gateways = {{"CIDR", "198.51.100.0/24"}, {"RANGE", "203.0.113.1-203.0.113.9"}};
  Zone dynamic{"nzodynamic0000000004", "tor", "DYNAMIC", "ACTIVE", "BLOCKLIST", false, {}};
  live.zones.push_back(dynamic);
  live.users.add("ci@acme.example", "00uowner000000000001");
  live.users.add("nobody@acme.example", "");
  const auto add = [&](std::string id, std::string name, std::optional<NetworkCondition> network) {
    Token token;
    token.id = std::move(id);
    token.name = std::move(name);
    token.user_id = "00uowner000000000001";
    token.client_name = "Okta API";
    token.created = "2025-11-02T14:47:13.000Z";
    token.expires_at = "2026-12-20T03:04:05.000Z";
    token.last_updated = "2026-01-02T03:04:05.000Z";
    token.token_window = "P30D";
    token.network = std::move(network);
    live.tokens.push_back(std::move(token));
  };
  add("00Tabc00000000000003", "ci-deployer", only({kRunners.id, kCorp.id}));
  add("00Tabc00000000000001", "old-backup", std::nullopt);
  add("00Tabc00000000000002", "partner-sync with quite a long name that goes on", all_but({kCorp.id}));
  live.tokens[1].expires_at = std::nullopt;
  live.tokens[2].user_id = "00uowner000000000009";
  return live;
}

Live hostile_live() {
  const std::string evil = hostile_text();
  Live live = live_case();
  live.host = evil;
  live.taken_at = case_now() - std::chrono::hours(30);
  Token& token = live.tokens[0];
  token.name = evil;
  for (auto* field : {&token.user_id, &token.client_name, &token.created, &token.expires_at,
                      &token.last_updated, &token.token_window}) {
    *field = evil;
  }
  token.network = NetworkCondition{evil, {evil, kCorp.id}, {evil}};
  Zone& zone = live.zones[1];
  for (auto* field : {&zone.name, &zone.type, &zone.status, &zone.usage}) *field = evil;
  zone.gateways = {{evil, evil}};
  return live;
}

}  // namespace zonepin
