#include "report/item_json.h"

#include "base/text.h"

namespace zonepin {

namespace {

void write_details(JsonWriter& json, const std::vector<ItemDetail>& details) {
  json.open_array();
  for (const ItemDetail& detail : details)
    json.open_object().key("label").text(detail.label).key("text").text(detail.text).close_object();
  json.close_array();
}

void write_place(JsonWriter& json, const ReportItem& item) {
  if (!item.place) {
    json.null();
    return;
  }
  json.open_object().key("file").text(item.place->file).key("line").number(item.place->line);
  json.key("column");
  if (item.column == 0) {
    json.null();
  } else {
    json.number(item.column);
  }
  json.close_object();
}

}  // namespace

void write_item_members(JsonWriter& json, const ReportOrg& org, const ReportItem& item,
                        std::string_view fingerprint) {
  json.key("org").text_or_null(org.host).key("rule").text(item.rule);
  json.key("level").text(to_string(item.level)).key("state").text(to_string(item.state));
  json.key("token_id").text_or_null(item.token_id).key("name").text_or_null(item.name);
  json.key("owner").text_or_null(item.owner).key("subject").text_or_null(item.subject);
  json.key("message").text(escape_message(item.message));
  json.key("details");
  write_details(json, item.details);
  json.key("accepted").text_or_null(item.accepted).key("novelty").text_or_null(to_string(item.novelty));
  json.key("source");
  write_place(json, item);
  json.key("fingerprint").text(fingerprint);
}

void write_counts(JsonWriter& json, const std::vector<ReportCount>& counts) {
  json.open_object();
  for (const ReportCount& part : counts) json.key(part.words).number(static_cast<std::int64_t>(part.count));
  json.close_object();
}

void write_org(JsonWriter& json, const ReportOrg& org) {
  json.open_object().key("host").text_or_null(org.host).key("exit_code").number(org.exit_code);
  json.key("error");
  if (org.error) {
    json.open_object().key("message").text(org.error->message).key("mend").text(org.error->mend);
    json.close_object();
  } else {
    json.null();
  }
  json.key("counts");
  write_counts(json, org.counts);
  json.close_object();
}

void write_run_members(JsonWriter& json, const Report& report) {
  json.key("kind").text(to_string(report.kind)).key("at").text(format_instant(report.at));
  json.key("digest").text_or_null(report.digest);
  json.key("source_revision").text_or_null(report.source_revision);
  json.key("exit_code").number(report.exit_code);
}

}  // namespace zonepin
