#include "report/formats.h"
#include "report/item_json.h"

namespace zonepin {

// What an apply did to a token is a result; everything else that is said is an item. The events of an apply
// on its way ({"type": "event", …}) come before these lines, from whom it happens to.
std::string jsonl_report(const Report& report) {
  JsonWriter json;
  for (const ReportOrg& org : report.orgs) {
    const std::vector<std::string> fingerprints = fingerprints_of(org);
    for (std::size_t at = 0; at < org.items.size(); ++at) {
      const ReportItem& item = org.items[at];
      const bool is_result = report.kind == ReportKind::apply && !item.token_id.empty();
      json.open_object().key("type").text(is_result ? "result" : "item");
      write_item_members(json, org, item, fingerprints[at]);
      json.close_object().end_line();
    }
  }
  json.open_object().key("type").text("summary").key("format_version").text(kReportVersion);
  write_run_members(json, report);
  json.key("orgs").open_array();
  for (const ReportOrg& org : report.orgs) write_org(json, org);
  json.close_array().key("counts");
  write_counts(json, total_counts(report));
  json.close_object().end_line();
  return json.take();
}

}  // namespace zonepin
