// The result of `check` for programs: schemas/check.schema.json.
#include <nlohmann/json.hpp>

#include "report/check_report.h"

namespace zonepin {

namespace {

using CheckJson = nlohmann::ordered_json;

constexpr std::string_view kCheckFormatVersion = "1.0";

CheckJson text_or_null(const std::string& text) {
  return text.empty() ? CheckJson(nullptr) : CheckJson(text);
}

CheckJson source_or_null(const std::optional<SourceRef>& source) {
  if (!source) return nullptr;
  return {{"file", source->file}, {"line", source->line}};
}

CheckJson profile_json(const CheckProfile& profile) {
  CheckJson levels = CheckJson::object();
  for (std::size_t at = 0; at < kCheckRules; ++at)
    levels[std::string(to_string(static_cast<CheckRule>(at)))] = to_string(profile.levels[at]);
  return {{"name", profile.name},
          {"levels", std::move(levels)},
          {"bounds",
           {{"idle", format_duration(profile.bounds.idle)},
            {"old", format_duration(profile.bounds.old)},
            {"expiring", format_duration(profile.bounds.expiring)},
            {"widest_ipv4", profile.bounds.widest_ipv4},
            {"widest_ipv6", profile.bounds.widest_ipv6}}}};
}

std::string_view state_word(CheckState state) {
  switch (state) {
    case CheckState::fail: return "fail";
    case CheckState::waived: return "waived";
    case CheckState::not_reviewed: return "not_reviewed";
  }
  return "fail";
}

CheckJson accepted_json(const std::optional<Acceptance>& accepted) {
  if (!accepted) return nullptr;
  return {{"until", format_instant(accepted->until)},
          {"reason", accepted->reason},
          {"source", source_or_null(accepted->source)}};
}

CheckJson finding_json(const CheckFinding& finding) {
  return {{"rule", to_string(finding.rule)},
          {"level", to_string(finding.level)},
          {"state", state_word(finding.state)},
          {"subject", text_or_null(finding.subject)},
          {"name", text_or_null(finding.name)},
          {"message", finding.message},
          {"details", finding.details},
          {"accepted", accepted_json(finding.accepted)},
          {"source", source_or_null(finding.source)}};
}

CheckJson summary_json(const std::vector<const OrgCheck*>& orgs) {
  CheckJson summary = {{"tokens", 0}, {"fail", 0}, {"not_reviewed", 0}, {"waived", 0}, {"pass", 0}};
  for (const OrgCheck* org : orgs) {
    summary["tokens"] = summary["tokens"].get<std::size_t>() + org->tokens.size();
    for (const CheckVerdict verdict :
         {CheckVerdict::fail, CheckVerdict::not_reviewed, CheckVerdict::waived, CheckVerdict::pass}) {
      CheckJson& member = summary[std::string(to_string(verdict))];
      member = member.get<std::size_t>() + count(*org, verdict);
    }
  }
  return summary;
}

CheckJson principal_json(const Principal& principal) {
  return {{"kind", principal.kind},
          {"user_id", text_or_null(principal.user_id)},
          {"login", text_or_null(principal.login)},
          {"client_id", text_or_null(principal.client_id)}};
}

CheckJson checked_org_json(const CheckedOrg& org) {
  CheckJson not_run = CheckJson::array();
  for (const RuleNotRun& rule : org.check.not_run)
    not_run.push_back({{"rule", to_string(rule.rule)}, {"why", rule.why}});
  CheckJson findings = CheckJson::array();
  for (const CheckFinding& finding : org.check.findings) findings.push_back(finding_json(finding));
  return {
      {"org", org.check.host},
      {"url", org.check.url},
      {"exit_code", org.exit_code},
      {"read_at", format_instant(org.read_at)},
      {"principal", principal_json(org.principal)},
      {"taken_at", org.check.taken_at ? CheckJson(format_instant(*org.check.taken_at)) : CheckJson(nullptr)},
      {"not_reviewed", text_or_null(org.check.not_reviewed)},
      {"not_run", std::move(not_run)},
      {"findings", std::move(findings)},
      {"summary", summary_json({&org.check})},
      {"error", nullptr}};
}

CheckJson unread_org_json(const UnreadOrg& org) {
  return {{"org", org.host},
          {"url", org.url},
          {"exit_code", org.exit_code},
          {"read_at", nullptr},
          {"principal", nullptr},
          {"taken_at", nullptr},
          {"not_reviewed", "the org could not be read"},
          {"not_run", CheckJson::array()},
          {"findings", CheckJson::array()},
          {"summary", summary_json({})},
          {"error", {{"message", org.message}, {"mend", org.mend}}}};
}

CheckJson checked_token_json(const CheckedOrg& org, const CheckedToken& token) {
  CheckJson findings = CheckJson::array();
  for (const CheckFinding& finding : token.findings) findings.push_back(finding_json(finding));
  return {{"org", org.check.host},
          {"token_id", token.id},
          {"name", token.name},
          {"owner", text_or_null(token.owner)},
          {"verdict", to_string(token.verdict)},
          {"sha256", token.sha256},
          {"read_at", format_instant(org.read_at)},
          {"source", source_or_null(token.source)},
          {"findings", std::move(findings)}};
}

CheckJson check_rules_json() {
  CheckJson rules = CheckJson::array();
  for (std::size_t at = 0; at < kCheckRules; ++at) {
    const auto rule = static_cast<CheckRule>(at);
    const CheckRuleText& text = text_of(rule);
    rules.push_back({{"id", to_string(rule)},
                     {"title", text.title},
                     {"meaning", text.meaning},
                     {"mend", text.mend},
                     {"reference", text_or_null(std::string(text.reference))}});
  }
  return rules;
}

}  // namespace

std::string check_json(const CheckRun& run) {
  CheckJson orgs = CheckJson::array();
  CheckJson results = CheckJson::array();
  std::vector<const OrgCheck*> checks;
  for (const CheckedOrg& org : run.orgs) {
    orgs.push_back(checked_org_json(org));
    checks.push_back(&org.check);
    for (const CheckedToken& token : org.check.tokens) results.push_back(checked_token_json(org, token));
  }
  for (const UnreadOrg& org : run.unread) orgs.push_back(unread_org_json(org));
  const CheckJson document = {{"format_version", kCheckFormatVersion},
                              {"at", format_instant(run.at)},
                              {"source_revision", text_or_null(run.source_revision)},
                              {"exit_code", run.exit_code},
                              {"profile", profile_json(run.profile)},
                              {"summary", summary_json(checks)},
                              {"orgs", std::move(orgs)},
                              {"results", std::move(results)},
                              {"rules", check_rules_json()}};
  return document.dump(2, ' ', true, CheckJson::error_handler_t::replace) + "\n";
}

}  // namespace zonepin
