// SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). One run for all orgs; GitHub's code scanning
// tells alerts apart by partialFingerprints, so that they outlive renamed tokens and moved lines.
#include "base/text.h"
#include "report/formats.h"
#include "report/json_writer.h"
#include "report/said.h"
#include "report/words.h"

namespace zonepin {

namespace {

// What a viewer shows of one result; the details beyond it are counted.
constexpr std::size_t kSarifMessageBytes = 2'000;

// What is in order is no result: viewers show every result as something to do.
bool is_sarif_result(const ReportItem& item) {
  return item.state != ItemState::pass && item.state != ItemState::done;
}

void write_sarif_text(JsonWriter& json, std::string_view text) {
  json.open_object().key("text").text(text).close_object();
}

void write_sarif_rule(JsonWriter& json, const ReportRule& rule) {
  json.open_object().key("id").text(rule.id);
  const std::string title = message_text(rule.title);
  const std::string help = rule.help.empty() ? title + "." : message_text(rule.help);
  json.key("shortDescription");
  write_sarif_text(json, title);
  json.key("fullDescription");
  write_sarif_text(json, help);
  json.key("help");
  write_sarif_text(json, help);
  json.key("defaultConfiguration").open_object().key("level").text(to_string(rule.level)).close_object();
  json.key("properties").open_object().key("tags").open_array().text("security").text("okta").close_array();
  json.close_object().close_object();
}

void write_sarif_driver(JsonWriter& json, const Report& report) {
  json.key("tool").open_object().key("driver").open_object().key("name").text("zonepin");
  json.key("version").text(ZONEPIN_VERSION).key("semanticVersion").text(ZONEPIN_VERSION);
  json.key("rules").open_array();
  for (const ReportRule& rule : report.rules) {
    json.newline();
    write_sarif_rule(json, rule);
  }
  json.close_array().close_object().close_object();
}

// Whether the run did what it was asked to; what it found does not matter here.
void write_sarif_invocation(JsonWriter& json, const Report& report) {
  bool successful = true;
  for (const ReportOrg& org : report.orgs) successful = successful && !org.error;
  json.key("invocations").open_array().open_object();
  json.key("executionSuccessful").boolean(successful).key("exitCode").number(report.exit_code);
  json.key("endTimeUtc").text(format_instant(report.at));
  json.key("toolExecutionNotifications").open_array();
  for (const ReportOrg& org : report.orgs) {
    if (!org.error) continue;
    json.open_object().key("level").text("error").key("message");
    write_sarif_text(json, shown_lead(org) + message_text(org.error->message, kSarifMessageBytes));
    json.close_object();
  }
  json.close_array().close_object().close_array();
}

void write_sarif_location(JsonWriter& json, const SourceRef& place, const ReportOrg& org,
                          const ReportItem& item) {
  json.key("locations").open_array().open_object().key("physicalLocation").open_object();
  json.key("artifactLocation").open_object().key("uri").text(uri_of_path(place.file));
  if (place.file.empty() || place.file.front() != '/') json.key("uriBaseId").text("%SRCROOT%");
  json.close_object().key("region").open_object().key("startLine").number(place.line);
  if (item.column != 0) json.key("startColumn").number(item.column);
  json.close_object().close_object();
  if (!item.token_id.empty()) {
    json.key("logicalLocations").open_array().open_object();
    json.key("name").text(shown_name(item.name.empty() ? item.token_id : item.name));
    json.key("fullyQualifiedName").text(shown_host(org) + "/" + shown_name(item.token_id));
    json.key("kind").text("resource").close_object().close_array();
  }
  json.close_object().close_array();
}

void write_sarif_standing(JsonWriter& json, const ReportItem& item) {
  if (item.state == ItemState::waived) {
    json.key("suppressions").open_array().open_object().key("kind").text("external");
    json.key("status").text("accepted").key("justification").text(message_text(item.accepted));
    json.close_object().close_array();
  }
  if (item.novelty != Novelty::none)
    json.key("baselineState").text(item.novelty == Novelty::fresh ? "new" : "unchanged");
}

void write_sarif_result(JsonWriter& json, const Report& report, std::size_t org_at, const ReportItem& item,
                        const SourceRef& place, const std::string& fingerprint) {
  const ReportOrg& org = report.orgs[org_at];
  json.newline().open_object().key("ruleId").text(item.rule);
  if (const std::size_t rule = rule_index(report, item.rule); rule < report.rules.size())
    json.key("ruleIndex").number(static_cast<std::int64_t>(rule));
  json.key("level").text(to_string(item.level)).key("message");
  write_sarif_text(json, shown_lead(org) + shown_item(item, kSarifMessageBytes));
  write_sarif_location(json, place, org, item);
  // The first is the one that GitHub goes by; its form is a hash and a number.
  json.key("partialFingerprints").open_object();
  json.key("primaryLocationLineHash").text(fingerprint.substr(0, 16) + ":1");
  json.key("zonepin/v1").text(fingerprint).close_object();
  write_sarif_standing(json, item);
  json.key("properties").open_object().key("org").text(shown_host(org));
  json.key("state").text(to_string(item.state)).close_object().close_object();
}

}  // namespace

std::string sarif_report(const Report& report) {
  JsonWriter json;
  json.open_object().key("$schema").text("https://json.schemastore.org/sarif-2.1.0.json");
  json.key("version").text("2.1.0").key("runs").open_array().open_object();
  write_sarif_driver(json, report);
  json.newline().key("automationDetails").open_object();
  json.key("id").text("zonepin/" + std::string(to_string(report.kind)) + "/").close_object();
  json.key("originalUriBaseIds").open_object().key("%SRCROOT%").open_object().key("description");
  write_sarif_text(json, "The folder that zonepin ran in: the root of the repository.");
  json.close_object().close_object();
  json.key("columnKind").text("unicodeCodePoints");
  json.newline();
  write_sarif_invocation(json, report);
  if (!report.source_revision.empty() || !report.digest.empty()) {
    json.key("properties").open_object().key("digest").text_or_null(report.digest);
    json.key("sourceRevision").text_or_null(shown_name(report.source_revision)).close_object();
  }
  json.newline().key("results").open_array();
  const Anchors anchors(report);
  for (std::size_t at = 0; at < report.orgs.size(); ++at) {
    const ReportOrg& org = report.orgs[at];
    const std::vector<std::string> fingerprints = fingerprints_of(org);
    for (std::size_t index = 0; index < org.items.size(); ++index) {
      const ReportItem& item = org.items[index];
      if (!is_sarif_result(item)) continue;
      write_sarif_result(json, report, at, item, anchors.of(at, item), fingerprints[index]);
    }
  }
  json.close_array().close_object().close_array().close_object().end_line();
  return json.take();
}

}  // namespace zonepin
