#include "report/format.h"

#include <array>

#include "base/ensure.h"
#include "report/formats.h"

namespace zonepin {

namespace {

struct FormatRow {
  Format format;
  std::string_view name;
  std::string (*render)(const Report&);  // none: text, which has a style
};

constexpr std::array<FormatRow, 10> kFormats = {{{Format::text, "text", nullptr},
                                                 {Format::json, "json", json_report},
                                                 {Format::jsonl, "jsonl", jsonl_report},
                                                 {Format::markdown, "markdown", markdown_report},
                                                 {Format::html, "html", html_report},
                                                 {Format::sarif, "sarif", sarif_report},
                                                 {Format::junit, "junit", junit_report},
                                                 {Format::github, "github", github_report},
                                                 {Format::codequality, "codequality", codequality_report},
                                                 {Format::slack, "slack", slack_report}}};

const FormatRow& row_of(Format format) {
  const auto at = static_cast<std::size_t>(format);
  ensure(at < kFormats.size() && kFormats[at].format == format, "the table of formats is in their order");
  return kFormats[at];
}

}  // namespace

std::string_view to_string(Format format) {
  return row_of(format).name;
}

std::optional<Format> parse_format(std::string_view name) {
  for (const FormatRow& row : kFormats) {
    if (row.name == name) return row.format;
  }
  return std::nullopt;
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const FormatRow& row : kFormats) names.emplace_back(row.name);
  return names;
}

std::string render(Format format, const Report& report, const Style& style) {
  const FormatRow& row = row_of(format);
  return row.render == nullptr ? text_report(report, style) : row.render(report);
}

}  // namespace zonepin
