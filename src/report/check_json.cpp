// The result of `check` for programs: schemas/check.schema.json. A result, an org and a rule have a line
// each.
#include <array>

#include "base/time.h"
#include "report/check_report.h"
#include "report/json_writer.h"

namespace zonepin {

namespace {

constexpr std::string_view kCheckFormatVersion = "1.0";

std::string_view state_word(CheckState state) {
  switch (state) {
    case CheckState::fail: return "fail";
    case CheckState::waived: return "waived";
    case CheckState::not_reviewed: return "not_reviewed";
  }
  return "fail";
}

constexpr std::array<CheckVerdict, 4> kVerdicts = {CheckVerdict::fail, CheckVerdict::not_reviewed,
                                                   CheckVerdict::waived, CheckVerdict::pass};

std::int64_t number_of(std::size_t count) {
  return static_cast<std::int64_t>(count);
}

class CheckDocument {
 public:
  explicit CheckDocument(const CheckRun& run) : run_(run) {}

  std::string whole() {
    json_.open_object();
    json_.newline().key("format_version").text(kCheckFormatVersion);
    json_.newline().key("at").text(format_instant(run_.at));
    json_.newline().key("source_revision").text_or_null(run_.source_revision);
    json_.newline().key("exit_code").number(run_.exit_code);
    add_profile();
    std::vector<const OrgCheck*> checks;
    for (const CheckedOrg& org : run_.orgs) checks.push_back(&org.check);
    json_.newline().key("summary");
    add_summary(checks);
    json_.newline().key("orgs").open_array();
    for (const CheckedOrg& org : run_.orgs) add_org(org);
    for (const UnreadOrg& org : run_.unread) add_unread(org);
    json_.close_array().newline().key("results").open_array();
    for (const CheckedOrg& org : run_.orgs) {
      for (const CheckedToken& token : org.check.tokens) add_result(org, token);
    }
    json_.close_array();
    add_rules();
    json_.close_object().end_line();
    return json_.take();
  }

 private:
  void add_profile() {
    const CheckProfile& profile = run_.profile;
    json_.newline().key("profile").open_object().key("name").text(profile.name);
    json_.key("levels").open_object();
    for (std::size_t at = 0; at < kCheckRules; ++at)
      json_.key(to_string(static_cast<CheckRule>(at))).text(to_string(profile.levels[at]));
    json_.close_object().key("bounds").open_object();
    json_.key("idle").text(format_duration(profile.bounds.idle));
    json_.key("old").text(format_duration(profile.bounds.old));
    json_.key("expiring").text(format_duration(profile.bounds.expiring));
    json_.key("widest_ipv4").number(number_of(profile.bounds.widest_ipv4));
    json_.key("widest_ipv6").number(number_of(profile.bounds.widest_ipv6));
    json_.close_object().close_object();
  }

  void add_summary(const std::vector<const OrgCheck*>& orgs) {
    std::size_t tokens = 0;
    std::array<std::size_t, kVerdicts.size()> counts{};
    for (const OrgCheck* org : orgs) {
      tokens += org->tokens.size();
      for (std::size_t at = 0; at < kVerdicts.size(); ++at) counts[at] += count(*org, kVerdicts[at]);
    }
    json_.open_object().key("tokens").number(number_of(tokens));
    for (std::size_t at = 0; at < kVerdicts.size(); ++at)
      json_.key(to_string(kVerdicts[at])).number(number_of(counts[at]));
    json_.close_object();
  }

  void add_source(const std::optional<SourceRef>& source) {
    json_.key("source");
    if (source) {
      json_.open_object().key("file").text(source->file).key("line").number(source->line).close_object();
    } else {
      json_.null();
    }
  }

  void add_finding(const CheckFinding& finding) {
    json_.open_object().key("rule").text(to_string(finding.rule)).key("level").text(to_string(finding.level));
    json_.key("state").text(state_word(finding.state));
    json_.key("subject").text_or_null(finding.subject).key("name").text_or_null(finding.name);
    json_.key("message").text(finding.message).key("details").open_array();
    for (const std::string& detail : finding.details) json_.text(detail);
    json_.close_array().key("accepted");
    if (finding.accepted) {
      json_.open_object().key("until").text(format_instant(finding.accepted->until));
      json_.key("reason").text(finding.accepted->reason);
      add_source(finding.accepted->source);
      json_.close_object();
    } else {
      json_.null();
    }
    add_source(finding.source);
    json_.close_object();
  }

  void add_findings(const std::vector<CheckFinding>& findings) {
    json_.key("findings").open_array();
    for (const CheckFinding& finding : findings) add_finding(finding);
    json_.close_array();
  }

  void add_org(const CheckedOrg& org) {
    json_.newline().open_object().key("org").text(org.check.host).key("url").text(org.check.url);
    json_.key("exit_code").number(org.exit_code).key("read_at").text(format_instant(org.read_at));
    json_.key("principal").open_object().key("kind").text(org.principal.kind);
    json_.key("user_id").text_or_null(org.principal.user_id);
    json_.key("login").text_or_null(org.principal.login);
    json_.key("client_id").text_or_null(org.principal.client_id).close_object();
    json_.key("taken_at")
        .text_or_null(org.check.taken_at ? format_instant(*org.check.taken_at) : std::string());
    json_.key("not_reviewed").text_or_null(org.check.not_reviewed).key("not_run").open_array();
    for (const RuleNotRun& rule : org.check.not_run)
      json_.open_object().key("rule").text(to_string(rule.rule)).key("why").text(rule.why).close_object();
    json_.close_array();
    add_findings(org.check.findings);
    json_.key("summary");
    add_summary({&org.check});
    json_.key("error").null().close_object();
  }

  void add_unread(const UnreadOrg& org) {
    json_.newline().open_object().key("org").text(org.host).key("url").text(org.url);
    json_.key("exit_code").number(org.exit_code).key("read_at").null().key("principal").null();
    json_.key("taken_at").null().key("not_reviewed").text("the org could not be read");
    json_.key("not_run").open_array().close_array().key("findings").open_array().close_array();
    json_.key("summary");
    add_summary({});
    json_.key("error").open_object().key("message").text(org.message).key("mend").text(org.mend);
    json_.close_object().close_object();
  }

  void add_result(const CheckedOrg& org, const CheckedToken& token) {
    json_.newline().open_object().key("org").text(org.check.host).key("token_id").text(token.id);
    json_.key("name").text(token.name).key("owner").text_or_null(token.owner);
    json_.key("verdict").text(to_string(token.verdict)).key("sha256").text(token.sha256);
    json_.key("read_at").text(format_instant(org.read_at));
    add_source(token.source);
    add_findings(token.findings);
    json_.close_object();
  }

  void add_rules() {
    json_.newline().key("rules").open_array();
    for (std::size_t at = 0; at < kCheckRules; ++at) {
      const auto rule = static_cast<CheckRule>(at);
      const CheckRuleText& text = text_of(rule);
      json_.newline().open_object().key("id").text(to_string(rule)).key("title").text(text.title);
      json_.key("meaning").text(text.meaning).key("mend").text(text.mend);
      json_.key("reference").text_or_null(text.reference).close_object();
    }
    json_.close_array();
  }

  const CheckRun& run_;
  JsonWriter json_;
};

}  // namespace

std::string check_json(const CheckRun& run) {
  return CheckDocument(run).whole();
}

}  // namespace zonepin
