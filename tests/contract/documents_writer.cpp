// Writes one document of every kind and case into a folder, for documents_check.py:
//   documents-writer FOLDER      plan-CASE.json, outcome-CASE.json, snapshot-CASE.json
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "okta/snapshot.h"
#include "plan/binding.h"
#include "plan/plan_codec.h"
#include "report/outcome_report.h"
#include "unit/report/report_cases.h"

namespace zonepin {
namespace {

bool write(const std::filesystem::path& folder, const std::string& name, const std::string& text) {
  std::ofstream out(folder / (name + ".json"), std::ios::binary);
  out << text;
  return out.good();
}

// The hostile case holds what no plan can: ids that are none, guards and severities that do not exist. Names
// stay hostile.
Plan possible(Plan plan) {
  constexpr std::string_view kId = "00Tpossible000000001";
  for (OrgPlan& org : plan.orgs) {
    for (Change& change : org.changes) {
      if (!change.id.empty() && !is_token_id(change.id)) change.id = kId;
    }
    for (Guard& guard : org.guards) {
      if (!is_guard_name(guard.name) && guard.name != "allow-revoke") guard.name = "agent-token";
      for (std::string& id : guard.token_ids) {
        if (!is_token_id(id)) id = kId;
      }
    }
    for (Finding& finding : org.findings) {
      if (!finding.token_id.empty() && !is_token_id(finding.token_id)) finding.token_id = kId;
      if (finding.severity != "warning" && finding.severity != "note") finding.severity = "error";
    }
  }
  return plan;
}

bool write_plans(const std::filesystem::path& folder) {
  bool good = true;
  for (const PlanCase& each : plan_cases()) {
    const Plan plan = possible(each.plan);
    good = write(folder, "plan-" + std::string(each.name), encode_plan(plan)) && good;
    good =
        write(folder, "plan-" + std::string(each.name) + "-reverse", encode_plan(reverse_of(plan))) && good;
  }
  return good;
}

bool write_outcomes(const std::filesystem::path& folder) {
  bool good = true;
  for (const OutcomeCase& each : outcome_cases()) {
    Plan plan;
    for (const OrgReport& org : each.orgs) plan.orgs.push_back(org.plan);
    good =
        write(folder, "outcome-" + std::string(each.name), outcome_json(each.orgs, digest_of(plan))) && good;
  }
  return good;
}

bool write_snapshots(const std::filesystem::path& folder) {
  const auto org = parse_org("acme.okta.com");
  if (!org) return false;
  okta::Reading reading;
  const auto empty = okta::encode_snapshot(reading, *org, case_now());
  reading.token_pages = {
      R"([{"id":"00Tabc00000000000001","name":"ci","userId":"00uowner000000000001","clientName":"Okta API",
           "tokenWindow":"P30D","network":{"connection":"ZONE","include":["nzocorp0000000000001"]},
           "expiresAt":"2026-12-20T03:04:05.000Z","created":"2025-11-02T14:47:13.000Z",
           "lastUpdated":"2026-01-02T03:04:05.000Z","_links":{"self":{"href":"https://acme.okta.com/x"}}}])",
      R"([{"id":"00Tabc00000000000002","name":null,"network":null,"next":{"year":[1,2]}}])"};
  reading.zone_pages = {
      R"([{"type":"IP","id":"nzocorp0000000000001","name":"corp","status":"ACTIVE","usage":"POLICY","system":false,
           "gateways":[{"type":"CIDR","value":"203.0.113.0/24"}],"proxies":null},
          {"type":"DYNAMIC_V2","id":"nzotor00000000000002","name":"tor","status":"ACTIVE","usage":"BLOCKLIST",
           "system":true,"asns":{"include":[],"exclude":[]}},
          {"type":"IP","id":"nzoold00000000000003","name":"old","gateways":null}])"};
  reading.live.users.add("ci@acme.example", "00uowner000000000001");
  reading.live.users.add("nobody@acme.example", "");
  const auto full = okta::encode_snapshot(reading, *org, case_now());
  return empty && full && write(folder, "snapshot-empty", *empty) && write(folder, "snapshot-full", *full);
}

int run(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: documents-writer FOLDER\n";
    return 3;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  if (write_plans(folder) && write_outcomes(folder) && write_snapshots(folder)) return 0;
  std::cerr << "a document could not be made or written\n";
  return 1;
}

}  // namespace
}  // namespace zonepin

int main(int argc, char** argv) {
  return zonepin::run(argc, argv);
}
