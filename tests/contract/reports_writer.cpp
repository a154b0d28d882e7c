// Writes reports in every format into a folder, for reports_check.py:
//   reports-writer FOLDER      CASE.FORMAT
// The names in them are crafted against each format; hostile_names() is what the checker looks for.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "report/build_report.h"
#include "report/format.h"
#include "unit/report/report_cases.h"

namespace zonepin {
namespace {

std::vector<std::string> hostile_names() {
  return {"\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link",
          "<script>alert(1)</script><img src=x onerror=alert(1)>",
          "\"><svg/onload=alert(1)>' onmouseover='x",
          "[click](http://evil.example) ![x](http://evil.example/x.png) <http://evil.example>",
          "| a | b |\n|---|---|\n| c | d |",
          "```\n# heading\n```` `code` ``` ~~~",
          "@octocat @here <!channel> <@U123> #1 GH-12 octo/repo#3 :tada: $x^2$ ~~gone~~ **bold** _it_",
          "http://evil.example www.evil.example mail@evil.example 0123456789abcdef0123456789abcdef01234567",
          "::error::forged %0A::add-mask::secret%0D\n::stop-commands::x\r::warning file=a::b",
          "##[error]forged ##vso[task.setvariable variable=x]y ##teamcity[testFailed]",
          "<![CDATA[ x ]]> ]]> &amp; &lt; &#x3c; <?xml?> <!-- c --> -->",
          "\x01\x08\x0b\x0c\x1f\x7f control \xef\xbf\xbe \xef\xbf\xbf \xef\xb7\x90",
          "\xe2\x80\xaegnp.exe\xe2\x80\xac \xe2\x81\xa6iso\xe2\x81\xa9 \xe2\x80\x8bzero\xef\xbb\xbf "
          "\xf3\xa0\x81\x81tag",
          "\xff\xfe\xc3\x28\xed\xa0\x80\xf4\x90\x80\x80 no utf-8",
          "</details></summary></code></li></style><!--<script>",
          "{\"type\":\"summary\"}\n{\"type\":\"event\"}\\u0022 \\",
          "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe4\xbd\xa0\xe5\xa5\xbd caf\xc3\xa9 "
          "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
          std::string(65'536, 'L')};
}

// Each name as that of a token in every part of a plan, and as that of everything else.
Plan crafted_plan() {
  Plan plan = plan_case("everyday");
  OrgPlan& org = plan.orgs.front();
  org.changes.clear();
  org.findings.clear();
  org.guards.clear();
  const std::vector<std::string> names = hostile_names();
  for (std::size_t at = 0; at < names.size(); ++at) {
    const std::string& name = names[at];
    for (const Status status : {Status::replace, Status::revoke, Status::missing, Status::conflict,
                                Status::ambiguous, Status::unmanaged, Status::waiting, Status::unchanged}) {
      Change change;
      change.status = status;
      change.name = name;
      change.note = name;
      change.reason = name;
      if (status != Status::missing) change.id = "00T" + std::to_string(at) + std::string(to_string(status));
      if (status != Status::unmanaged) change.source = SourceRef{name, 3};
      if (status != Status::missing)
        change.before = TokenState{change.id, name, name, name, NetworkCondition{name, {name}, {name}}};
      if (status == Status::replace) {
        change.after = change.before;
        change.effect = Effect::unknown;
        change.reach = ReachChange{};
        change.reach->unknown = {name};
        change.reach->lost = {{name}, 0, std::nullopt, "7"};
      }
      org.changes.push_back(std::move(change));
    }
    org.findings.push_back(
        {name, name, "00T" + std::to_string(at) + "replace", name, SourceRef{name, 1}, {name}});
    org.guards.push_back({name, {"00T" + std::to_string(at) + "revoke"}, at % 2 == 0, name, name});
  }
  org.findings.push_back({"unmanaged", "note", "", "", {}, {}});
  plan.unread.push_back({names[3], names[3], names[3], names[6], 1});
  return plan;
}

std::vector<OrgReport> crafted_outcome() {
  OrgReport report;
  report.plan = crafted_plan().orgs.front();
  report.outcome.host = report.plan.host;
  report.exit_code = 6;
  const std::vector<std::string> names = hostile_names();
  for (std::size_t at = 0; at < report.plan.changes.size(); ++at) {
    if (!is_action(report.plan.changes[at].status)) continue;
    const std::string& name = names[at % names.size()];
    report.outcome.actions.push_back({at, static_cast<Fate>(at % 6), name, name});
  }
  report.outcome.ended_early = Error{Trouble::failure, names[8] + names[1], names[3]};
  return {report};
}

// Forty orgs in one nightly run, some of them not read.
Plan fleet() {
  Plan plan;
  for (int at = 0; at < 38; ++at) {
    Plan one = plan_case(at % 3 == 0 ? "everyday" : "empty");
    one.orgs.front().host = "org-" + std::to_string(at + 10) + ".okta.com";
    one.orgs.front().exit_code = at % 3 == 0 ? 2 : 0;
    plan.orgs.push_back(std::move(one.orgs.front()));
  }
  plan.unread = {{"org-48.okta.com", "https://org-48.okta.com", "401", "renew it", 7},
                 {"org-49.okta.com", "https://org-49.okta.com", "no answer", "", 1}};
  return plan;
}

// A finding of every state, as `check` and a later drift make them.
Report every_state() {
  Report report;
  report.kind = ReportKind::check;
  report.at = case_now();
  report.exit_code = 9;
  report.rules = {{"token-anywhere", "Token usable from anywhere", "Pin it to a zone.", ItemLevel::error}};
  ReportOrg org;
  org.host = "acme.okta.com";
  org.exit_code = 9;
  for (int at = 0; at <= static_cast<int>(ItemState::pass); ++at) {
    ReportItem item;
    item.rule = "token-anywhere";
    item.state = static_cast<ItemState>(at);
    item.level = static_cast<ItemLevel>(at % 3);
    item.token_id = "00Tstate" + std::to_string(at);
    item.name = std::string(to_string(item.state));
    item.message = "can be used from anywhere";
    if (item.state == ItemState::waived) item.accepted = "accepted until 2027-01-31: SEC-482";
    item.novelty = static_cast<Novelty>(at % 3);
    org.items.push_back(std::move(item));
  }
  org.counts = {{"failed", 1}, {"passed", 1}};
  report.orgs = {org};
  return report;
}

Report failure() {
  const std::vector<std::string> names = hostile_names();
  Diagnostics diagnostics;
  for (const std::string& name : names)
    diagnostics.push_back({Severity::error, name, name, Place{0, 2, 3, 1}});
  return report_of_failure(diagnostics, {{"manifests/bad name %.yaml", "x\ny\n"}},
                           {{Trouble::usage, names[1], names[8]}}, {case_now(), 3, names[6]});
}

std::vector<std::pair<std::string, Report>> reports() {
  const RunFacts run{case_now(), 2, "4f0c2d1"};
  std::vector<std::pair<std::string, Report>> all = {
      {"drift-everyday", report_of_plan(plan_case("everyday"), PlanView::drift, run)},
      {"drift-fleet", report_of_plan(fleet(), PlanView::drift, run)},
      {"plan-crafted", report_of_plan(crafted_plan(), PlanView::plan, run)},
      {"drift-crafted", report_of_plan(crafted_plan(), PlanView::drift, run)},
      {"apply-crafted", report_of_outcome(crafted_outcome(), "d1", run)},
      {"plan-big", report_of_plan(big_plan(3'000), PlanView::plan, run)},
      {"check-states", every_state()},
      {"failure-crafted", failure()}};
  for (const PlanCase& each : plan_cases())
    all.push_back({"plan-" + std::string(each.name), report_of_plan(each.plan, PlanView::plan, run)});
  for (const OutcomeCase& each : outcome_cases())
    all.push_back({"apply-" + std::string(each.name), report_of_outcome(each.orgs, "d1", run)});
  return all;
}

int write_all(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (const auto& [name, report] : reports()) {
    for (const std::string& format : format_names()) {
      std::ofstream out(folder / (name + "." + format), std::ios::binary);
      out << render(*parse_format(format), report, {false, 100});
      if (!out.good()) return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace zonepin

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "reports-writer FOLDER\n";
    return 3;
  }
  return zonepin::write_all(argv[1]);
}
