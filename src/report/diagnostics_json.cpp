#include "report/diagnostics_json.h"

#include "report/json_form.h"

namespace zonepin {

namespace {

OrderedJson range_json(const Place& place, const Sources& sources) {
  if (!place.known() || place.source >= sources.size()) return nullptr;
  return {{"filename", sources[place.source].path},
          {"start", {{"line", place.line}, {"column", place.column}}}};
}

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
  }
  return "error";
}

std::string diagnostics_document(OrderedJson diagnostics) {
  OrderedJson json = {{"format_version", kReportFormatVersion}};
  json["diagnostics"] = std::move(diagnostics);
  return json_document(json);
}

}  // namespace

std::string diagnostics_json(const Diagnostics& diagnostics, const Sources& sources) {
  OrderedJson list = OrderedJson::array();
  for (const Diagnostic& diagnostic : diagnostics) {
    list.push_back({{"severity", severity_word(diagnostic.severity)},
                    {"summary", diagnostic.summary},
                    {"detail", diagnostic.detail},
                    {"range", range_json(diagnostic.place, sources)}});
  }
  return diagnostics_document(std::move(list));
}

std::string error_json(const Error& error) {
  OrderedJson list = OrderedJson::array();
  list.push_back(
      {{"severity", "error"}, {"summary", error.message}, {"detail", error.mend}, {"range", nullptr}});
  return diagnostics_document(std::move(list));
}

}  // namespace zonepin
