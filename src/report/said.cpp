#include "report/said.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "report/words.h"

namespace zonepin {

namespace {

// Where nothing else is known: the default of every command that reads manifests.
constexpr std::string_view kDefaultManifests = "manifests";

bool may_stand_in_uri(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~' || c == '/';
}

}  // namespace

std::string shown_name(std::string_view name, std::size_t columns) {
  return escape_cut(name, columns);
}

std::string shown_host(const ReportOrg& org) {
  return org.host.empty() ? "this run" : shown_name(org.host, 255);
}

std::string shown_lead(const ReportOrg& org) {
  return org.host.empty() ? std::string() : shown_host(org) + ": ";
}

std::string shown_subject(const ReportItem& item) {
  std::string text;
  if (!item.name.empty()) text = in_quotes(item.name, kNameColumns);
  if (!item.token_id.empty()) text += (text.empty() ? "" : " ") + shown_name(item.token_id, 64);
  return text;
}

std::string shown_detail(const ReportItem& item, std::string_view label) {
  for (const ItemDetail& detail : item.details) {
    if (detail.label == label) return message_text(detail.text);
  }
  return {};
}

std::string shown_marks(const ReportItem& item) {
  std::vector<std::string> marks;
  if (item.novelty != Novelty::none) marks.emplace_back(to_string(item.novelty));
  switch (item.state) {
    case ItemState::waived: marks.emplace_back("waived"); break;
    case ItemState::not_reviewed: marks.emplace_back("not reviewed"); break;
    case ItemState::not_reached: marks.emplace_back("not reached"); break;
    case ItemState::unknown: marks.emplace_back("unknown"); break;
    case ItemState::fail:
    case ItemState::broken:
    case ItemState::pending:
    case ItemState::told:
    case ItemState::done:
    case ItemState::pass: break;
  }
  return join(marks, ", ");
}

std::string shown_item(const ReportItem& item, std::size_t bytes) {
  std::string text = shown_subject(item);
  if (const std::string marks = shown_marks(item); !marks.empty())
    text += (text.empty() ? "(" : " (") + marks + ")";
  if (!item.message.empty()) text += (text.empty() ? "" : ": ") + message_text(item.message);
  if (!item.accepted.empty()) text += "; " + message_text(item.accepted);
  // What does not fit any more is counted: a cut in the middle of a list of addresses would read as another.
  std::size_t left_out = 0;
  std::string_view last;
  for (const ItemDetail& detail : item.details) {
    const std::string lead = detail.label == last ? ", " : "; " + shown_name(detail.label) + " ";
    last = detail.label;
    const std::string more = lead + message_text(detail.text);
    if (text.size() + more.size() > bytes) {
      ++left_out;
    } else {
      text += more;
    }
  }
  if (left_out != 0) text += "; and " + plural(left_out, "more detail");
  return text;
}

std::size_t details_left_out(const ReportItem& item, std::size_t shown) {
  if (shown >= item.details.size()) return 0;
  const std::size_t left = item.details.size() - shown;
  const std::string_view last = item.details.back().text;
  std::size_t counted = 0;
  const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), counted);
  const std::string_view behind = last.substr(static_cast<std::size_t>(end - last.data()));
  const bool only_counts = error == std::errc() && (behind == " more" || behind.starts_with(" more "));
  return only_counts ? left - 1 + counted : left;
}

Anchors::Anchors(const Report& report) {
  SourceRef fallback{std::string(kDefaultManifests), 1};
  bool found_any = false;
  for (const ReportOrg& org : report.orgs) {
    const auto first = std::find_if(org.items.begin(), org.items.end(),
                                    [](const ReportItem& item) { return item.place.has_value(); });
    of_orgs_.push_back(first == org.items.end() ? SourceRef{} : SourceRef{first->place->file, 1});
    if (found_any || first == org.items.end()) continue;
    fallback.file = first->place->file;
    found_any = true;
  }
  for (SourceRef& place : of_orgs_) {
    if (place.line == 0) place = fallback;
  }
}

SourceRef Anchors::of(std::size_t org, const ReportItem& item) const {
  if (!item.place) return of_orgs_.at(org);
  return {item.place->file, std::max<std::uint32_t>(item.place->line, 1)};
}

std::string_view plain_path(std::string_view path) {
  while (path.substr(0, 2) == "./" && path.size() > 2) path.remove_prefix(2);
  return path;
}

std::string uri_of_path(std::string_view path) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  path = plain_path(path);
  std::string uri = !path.empty() && path.front() == '/' ? "file://" : "";
  for (const char c : path) {
    if (may_stand_in_uri(c)) {
      uri += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    uri += '%';
    uri += kHexDigits[byte >> 4U];
    uri += kHexDigits[byte & 0xFU];
  }
  return uri;
}

std::string headline_of(const Report& report) {
  std::string text =
      "zonepin " + std::string(to_string(report.kind)) + ": " + counts_text(total_counts(report));
  if (report.kind == ReportKind::failure || report.kind == ReportKind::validate) return text;
  if (report.orgs.empty()) return "zonepin " + std::string(to_string(report.kind)) + ": no org is concerned";
  return text + " in " +
         (report.orgs.size() == 1 ? shown_host(report.orgs.front()) : plural(report.orgs.size(), "org"));
}

std::vector<ItemGroup> groups_of(const Report& report, const ReportOrg& org) {
  std::vector<ItemGroup> groups(report.rules.size());
  for (std::size_t at = 0; at < groups.size(); ++at) groups[at].rule = &report.rules[at];
  std::size_t last = 0;
  for (const ReportItem& item : org.items) {
    if (item.state == ItemState::pass) continue;
    // Items of one rule mostly follow each other.
    if (last >= groups.size() || groups[last].rule->id != item.rule) last = rule_index(report, item.rule);
    if (last < groups.size()) groups[last].items.push_back(&item);
  }
  // What wants somebody stands before what is only good to know.
  std::stable_partition(groups.begin(), groups.end(), [](const ItemGroup& group) {
    return std::any_of(group.items.begin(), group.items.end(),
                       [](const ReportItem* item) { return needs_attention(item->state); });
  });
  groups.erase(std::remove_if(groups.begin(), groups.end(),
                              [](const ItemGroup& group) { return group.items.empty(); }),
               groups.end());
  return groups;
}

}  // namespace zonepin
