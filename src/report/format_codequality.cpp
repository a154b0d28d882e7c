// GitLab's Code Quality: an array of issues, told apart by their fingerprints.
#include "report/formats.h"
#include "report/json_writer.h"
#include "report/said.h"

namespace zonepin {

namespace {

constexpr std::size_t kIssueBytes = 1'000;

std::string_view severity_of(const ReportItem& item) {
  if (item.state == ItemState::waived) return "info";
  switch (item.level) {
    case ItemLevel::error: return "critical";
    case ItemLevel::warning: return item.state == ItemState::pending ? "minor" : "major";
    case ItemLevel::note: return "info";
  }
  return "info";
}

}  // namespace

std::string codequality_report(const Report& report) {
  JsonWriter json;
  json.open_array();
  const Anchors anchors(report);
  for (std::size_t at = 0; at < report.orgs.size(); ++at) {
    const ReportOrg& org = report.orgs[at];
    const std::vector<std::string> fingerprints = fingerprints_of(org);
    for (std::size_t index = 0; index < org.items.size(); ++index) {
      const ReportItem& item = org.items[index];
      if (item.state == ItemState::pass || item.state == ItemState::done) continue;
      const SourceRef place = anchors.of(at, item);
      json.newline().open_object();
      json.key("description").text(shown_lead(org) + shown_item(item, kIssueBytes));
      json.key("check_name").text(item.rule).key("fingerprint").text(fingerprints[index]);
      json.key("severity").text(severity_of(item)).key("location").open_object();
      json.key("path").text(shown_name(plain_path(place.file), 1'000));
      json.key("lines").open_object().key("begin").number(place.line).close_object();
      json.close_object().close_object();
    }
  }
  json.close_array().end_line();
  return json.take();
}

}  // namespace zonepin
