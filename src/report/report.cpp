#include "report/report.h"

#include <algorithm>
#include <map>

#include "base/digest.h"
#include "base/text.h"

namespace zonepin {

std::string_view to_string(ReportKind kind) {
  switch (kind) {
    case ReportKind::plan: return "plan";
    case ReportKind::drift: return "drift";
    case ReportKind::check: return "check";
    case ReportKind::apply: return "apply";
    case ReportKind::validate: return "validate";
    case ReportKind::failure: return "failure";
  }
  return "?";
}

std::string_view title_of(ReportKind kind) {
  switch (kind) {
    case ReportKind::plan: return "Plan";
    case ReportKind::drift: return "Drift";
    case ReportKind::check: return "Check";
    case ReportKind::apply: return "Apply";
    case ReportKind::validate: return "Validation";
    case ReportKind::failure: return "Failure";
  }
  return "?";
}

std::string_view to_string(ItemLevel level) {
  switch (level) {
    case ItemLevel::error: return "error";
    case ItemLevel::warning: return "warning";
    case ItemLevel::note: return "note";
  }
  return "?";
}

std::string_view to_string(ItemState state) {
  switch (state) {
    case ItemState::fail: return "fail";
    case ItemState::unknown: return "unknown";
    case ItemState::broken: return "broken";
    case ItemState::pending: return "pending";
    case ItemState::not_reached: return "not_reached";
    case ItemState::not_reviewed: return "not_reviewed";
    case ItemState::waived: return "waived";
    case ItemState::told: return "told";
    case ItemState::done: return "done";
    case ItemState::pass: return "pass";
  }
  return "?";
}

bool needs_attention(ItemState state) {
  switch (state) {
    case ItemState::fail:
    case ItemState::unknown:
    case ItemState::broken:
    case ItemState::pending:
    case ItemState::not_reached:
    case ItemState::not_reviewed:
    case ItemState::waived: return true;
    case ItemState::told:
    case ItemState::done:
    case ItemState::pass: return false;
  }
  return true;
}

std::vector<ReportCount> total_counts(const Report& report) {
  std::vector<ReportCount> total;
  for (const ReportOrg& org : report.orgs) {
    for (const ReportCount& part : org.counts) {
      const auto same = std::find_if(total.begin(), total.end(),
                                     [&](const ReportCount& c) { return c.words == part.words; });
      if (same == total.end()) {
        total.push_back(part);
      } else {
        same->count += part.count;
      }
    }
  }
  return total;
}

std::string counts_text(const std::vector<ReportCount>& counts) {
  std::string text;
  for (std::size_t at = 0; at < counts.size(); ++at) {
    if (at != 0 && counts[at].count == 0) continue;
    if (!text.empty()) text += ", ";
    const bool one = counts[at].count == 1 && !counts[at].one.empty();
    text += std::to_string(counts[at].count) + " " + (one ? counts[at].one : counts[at].words);
  }
  return text;
}

std::size_t count_attention(const ReportOrg& org, ItemLevel level) {
  return static_cast<std::size_t>(std::count_if(
      org.items.begin(), org.items.end(),
      [&](const ReportItem& item) { return item.level == level && needs_attention(item.state); }));
}

std::size_t count_attention(const Report& report, ItemLevel level) {
  std::size_t total = 0;
  for (const ReportOrg& org : report.orgs) total += count_attention(org, level);
  return total;
}

std::vector<std::string> fingerprints_of(const ReportOrg& org) {
  // A separator that no host, rule or id holds; lengths would do as well, but this can be made again by hand.
  constexpr char kBetween = '\n';
  std::map<std::string, std::size_t> seen;
  std::vector<std::string> fingerprints;
  fingerprints.reserve(org.items.size());
  for (const ReportItem& item : org.items) {
    std::string key = escape(org.host) + kBetween + item.rule + kBetween;
    key += item.token_id.empty() ? "subject " + escape(item.subject) : "token " + escape(item.token_id);
    const std::size_t before = seen[key]++;
    if (before != 0) key += kBetween + std::to_string(before);
    fingerprints.push_back(sha256(key));
  }
  return fingerprints;
}

std::size_t rule_index(const Report& report, std::string_view id) {
  const auto found = std::find_if(report.rules.begin(), report.rules.end(),
                                  [&](const ReportRule& rule) { return rule.id == id; });
  return static_cast<std::size_t>(found - report.rules.begin());
}

}  // namespace zonepin
