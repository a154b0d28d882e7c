// Workflow commands of GitHub Actions: each line is an annotation at a line of a manifest. GitHub shows ten
// of each level of a step, so that more are not printed but counted.
#include "base/text.h"
#include "report/formats.h"
#include "report/said.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kAnnotationBytes = 1'500;

std::string_view command_of(ItemLevel level) {
  switch (level) {
    case ItemLevel::error: return "error";
    case ItemLevel::warning: return "warning";
    case ItemLevel::note: return "notice";
  }
  return "notice";
}

std::string command_data(std::string_view shown) {
  std::string out;
  for (const char c : shown) {
    switch (c) {
      case '%': out += "%25"; break;
      case '\r': out += "%0D"; break;
      case '\n': out += "%0A"; break;
      default: out += c; break;
    }
  }
  return out;
}

// Of a property: file, line, title.
std::string command_property(std::string_view shown) {
  std::string out;
  for (const char c : command_data(shown)) {
    switch (c) {
      case ':': out += "%3A"; break;
      case ',': out += "%2C"; break;
      default: out += c; break;
    }
  }
  return out;
}

bool is_annotated(const ReportItem& item) {
  return item.state != ItemState::pass && item.state != ItemState::done;
}

std::string annotation(const Report& report, const ReportOrg& org, const ReportItem& item) {
  std::string line = "::" + std::string(command_of(item.level)) + " ";
  if (item.place) {
    line += "file=" + command_property(shown_name(plain_path(item.place->file), 1'000)) +
            ",line=" + std::to_string(item.place->line) + ",";
    if (item.column != 0) line += "col=" + std::to_string(item.column) + ",";
  }
  const std::size_t rule = rule_index(report, item.rule);
  const std::string title = rule < report.rules.size() ? message_text(report.rules[rule].title) : item.rule;
  line += "title=" + command_property("zonepin: " + title) + "::";
  return line + command_data(shown_lead(org) + shown_item(item, kAnnotationBytes)) + "\n";
}

}  // namespace

std::string github_report(const Report& report) {
  std::string out;
  std::size_t left_out = 0;
  for (const ItemLevel level : {ItemLevel::error, ItemLevel::warning, ItemLevel::note}) {
    // The last notice is the summary.
    const std::size_t most = level == ItemLevel::note ? kMaxAnnotations - 1 : kMaxAnnotations;
    std::size_t count = 0;
    for (const ReportOrg& org : report.orgs) {
      for (const ReportItem& item : org.items) {
        if (item.level != level || !is_annotated(item)) continue;
        if (++count > most) {
          ++left_out;
        } else {
          out += annotation(report, org, item);
        }
      }
    }
  }
  std::string summary = headline_of(report) + "; exit code " + std::to_string(report.exit_code);
  if (left_out != 0)
    summary += "; " + plural(left_out, "more finding") + " in the other formats of this report";
  return out + "::notice title=zonepin::" + command_data(summary) + "\n";
}

}  // namespace zonepin
