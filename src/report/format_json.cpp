#include "report/formats.h"
#include "report/item_json.h"

namespace zonepin {

// An item a line: a diff of two reports, and grep, work as people expect.
std::string json_report(const Report& report) {
  JsonWriter json;
  json.open_object().key("format_version").text(kReportVersion);
  write_run_members(json, report);
  json.newline().key("orgs").open_array();
  for (const ReportOrg& org : report.orgs) {
    json.newline();
    write_org(json, org);
  }
  json.close_array().newline().key("rules").open_array();
  for (const ReportRule& rule : report.rules) {
    json.newline().open_object().key("id").text(rule.id).key("title").text(rule.title);
    json.key("help").text(rule.help).key("level").text(to_string(rule.level)).close_object();
  }
  json.close_array().newline().key("items").open_array();
  for (const ReportOrg& org : report.orgs) {
    const std::vector<std::string> fingerprints = fingerprints_of(org);
    for (std::size_t at = 0; at < org.items.size(); ++at) {
      json.newline().open_object();
      write_item_members(json, org, org.items[at], fingerprints[at]);
      json.close_object();
    }
  }
  json.close_array().newline().key("summary");
  write_counts(json, total_counts(report));
  json.close_object().end_line();
  return json.take();
}

}  // namespace zonepin
