// A message for Slack, as the payload of an incoming webhook or of chat.postMessage: a headline, the orgs
// that need somebody, the findings that matter most. About ten lines however many orgs there are.
#include <algorithm>

#include "base/text.h"
#include "report/formats.h"
#include "report/json_writer.h"
#include "report/said.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kHeaderCharacters = 140;  // Slack takes 150 of a header, 3,000 of a section
constexpr std::size_t kSlackItemBytes = 220;
constexpr std::size_t kMaxSlackOrgs = 4;
constexpr std::size_t kMaxSlackItems = 5;

// & < > start entities, links and mentions; everything else that Slack's markup acts upon stands in code,
// which a backtick would end.
std::string slack_code(std::string_view shown) {
  std::string out = "`";
  for (const char c : shown) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '`': out += '\''; break;
      default: out += c; break;
    }
  }
  return out + "`";
}

struct WeighedOrg {
  const ReportOrg* org;
  std::size_t errors;
  std::size_t warnings;
};

// The ones with the most errors first, then warnings; those that need nobody are left out.
std::vector<WeighedOrg> worst_orgs(const Report& report) {
  std::vector<WeighedOrg> orgs;
  for (const ReportOrg& org : report.orgs) {
    const std::size_t errors = count_attention(org, ItemLevel::error);
    const std::size_t warnings = count_attention(org, ItemLevel::warning);
    if (org.exit_code != 0 || errors + warnings != 0) orgs.push_back({&org, errors, warnings});
  }
  std::stable_sort(orgs.begin(), orgs.end(), [](const WeighedOrg& a, const WeighedOrg& b) {
    return a.errors != b.errors ? a.errors > b.errors : a.warnings > b.warnings;
  });
  return orgs;
}

std::string org_lines(const Report& report) {
  std::string text;
  const std::vector<WeighedOrg> orgs = worst_orgs(report);
  for (std::size_t at = 0; at < orgs.size() && at < kMaxSlackOrgs; ++at) {
    const ReportOrg& org = *orgs[at].org;
    text += slack_code(shown_host(org)) + ": " + counts_text(org.counts) + " (exit code " +
            std::to_string(org.exit_code) + ")\n";
  }
  if (orgs.size() > kMaxSlackOrgs)
    text += "and " + plural(orgs.size() - kMaxSlackOrgs, "more org") + " with something to do\n";
  if (orgs.empty()) text += "Nothing needs anybody.\n";
  return text;
}

std::string item_lines(const Report& report) {
  std::string text;
  std::size_t shown = 0;
  std::size_t all = 0;
  for (const ItemLevel level : {ItemLevel::error, ItemLevel::warning}) {
    for (const ReportOrg& org : report.orgs) {
      for (const ReportItem& item : org.items) {
        if (item.level != level || !needs_attention(item.state)) continue;
        ++all;
        if (shown == kMaxSlackItems) continue;
        ++shown;
        const std::size_t rule = rule_index(report, item.rule);
        const std::string title =
            rule < report.rules.size() ? message_text(report.rules[rule].title) : std::string(item.rule);
        const std::string host = report.orgs.size() > 1 ? shown_lead(org) : std::string();
        text += "• " + title + " " + slack_code(message_text(host + shown_item(item, kSlackItemBytes), 300)) +
                "\n";
      }
    }
  }
  if (all > shown) text += "and " + plural(all - shown, "more finding") + "\n";
  return text;
}

void write_section(JsonWriter& json, const std::string& lines) {
  if (lines.empty()) return;
  json.newline().open_object().key("type").text("section").key("text").open_object();
  json.key("type").text("mrkdwn").key("verbatim").boolean(true);
  json.key("text").text(std::string_view(lines).substr(0, lines.size() - 1)).close_object().close_object();
}

}  // namespace

std::string slack_report(const Report& report) {
  const std::string headline = message_text(headline_of(report), kHeaderCharacters);
  JsonWriter json;
  json.open_object().key("text").text(headline).key("blocks").open_array();
  json.newline().open_object().key("type").text("header").key("text").open_object();
  json.key("type").text("plain_text").key("text").text(headline).key("emoji").boolean(false);
  json.close_object().close_object();
  write_section(json, org_lines(report));
  write_section(json, item_lines(report));
  std::string context = format_seconds(report.at) + ", exit code " + std::to_string(report.exit_code);
  if (!report.source_revision.empty()) context += ", revision " + shown_name(report.source_revision, 60);
  if (!report.digest.empty()) context += ", digest " + report.digest.substr(0, 12);
  json.newline().open_object().key("type").text("context").key("elements").open_array().open_object();
  json.key("type").text("plain_text").key("text").text(context).key("emoji").boolean(false);
  json.close_object().close_array().close_object();
  json.close_array().close_object().end_line();
  return json.take();
}

}  // namespace zonepin
