#include "report/export_report.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace zonepin {

std::string export_text(const ExportReport::Org& org) {
  std::string text = org.host + ": ";
  if (org.tokens == 0) return text + "nothing to export of " + plural(org.live, "live token");
  text += plural(org.tokens, "token") + " exported";
  if (!org.file.empty()) text += " to " + escape(org.file);
  std::vector<std::string> parts;
  if (org.by_rule != 0) parts.push_back(std::to_string(org.by_rule) + " by rules");
  if (org.by_name != 0) parts.push_back(std::to_string(org.by_name) + " by name");
  if (org.by_id != 0) parts.push_back(std::to_string(org.by_id) + " by id");
  text += ": " + join(parts, ", ");
  if (org.ignored != 0)
    text += "; " + std::to_string(org.ignored) + " with ignore: true, the comment beside each says why";
  return text;
}

std::string export_json(const ExportReport& report) {
  using Json = nlohmann::ordered_json;
  const auto text_or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  Json json;
  json["format_version"] = "1.0";
  json["orgs"] = Json::array();
  for (const ExportReport::Org& org : report.orgs) {
    json["orgs"].push_back({{"org", org.host},
                            {"file", text_or_null(org.file)},
                            {"live", org.live},
                            {"tokens", org.tokens},
                            {"by_name", org.by_name},
                            {"by_id", org.by_id},
                            {"by_rule", org.by_rule},
                            {"ignored", org.ignored}});
  }
  json["manifest"] = text_or_null(report.manifest);
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace zonepin
