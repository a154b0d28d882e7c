#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "report/check_report.h"
#include "report/item_text.h"
#include "report/page.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr ItemLimits kCheckLimits = {20, 6};

// "3 errors", "1 warning, 2 accepted"
std::string extent_of(const std::vector<const ReportItem*>& items) {
  std::map<ItemLevel, std::size_t> levels;
  std::size_t accepted = 0;
  std::size_t unknown = 0;
  for (const ReportItem* item : items) {
    if (item->state == ItemState::waived) {
      ++accepted;
    } else if (item->state == ItemState::not_reviewed || item->state == ItemState::broken) {
      ++unknown;
    } else {
      ++levels[item->level];
    }
  }
  std::vector<std::string> parts;
  for (const auto& [level, count] : levels) parts.push_back(plural(count, to_string(level)));
  if (unknown > 0) parts.push_back(std::to_string(unknown) + " not reviewed");
  if (accepted > 0) parts.push_back(std::to_string(accepted) + " accepted");
  return join(parts, ", ");
}

void append_rule(Page& page, const ReportRule& rule, const std::vector<const ReportItem*>& items) {
  page.gap();
  Words heading = words_of(rule.title, Ink::strong);
  append_words(heading, "(" + rule.id + "):");
  append_words(heading, extent_of(items));
  page.line(0, heading, kBlockIndent);
  append_items(page, items, kCheckLimits);
}

// What fails the run comes first.
int weight_of(const ReportItem& item) {
  if (item.state == ItemState::waived) return 2;
  if (item.level != ItemLevel::error) return 3;
  return item.state == ItemState::fail ? 0 : 1;
}

void append_summary(Page& page, const std::string& lead, const std::string& counts, std::string_view remark) {
  Words summary = words_of(lead, Ink::strong);
  attach(summary, ":");
  append_words(summary, counts + ".", Ink::strong);
  append_words(summary, message_text(remark), Ink::bad);
  page.line(0, summary, kBlockIndent);
}

// The summary stands last, where somebody looks first who has a long list before them.
void append_org(Page& page, const Report& report, const ReportOrg& org) {
  const std::string host = escape_cut(org.host, kNameColumns);
  page.gap();
  std::size_t tokens = 0;
  for (const ReportCount& part : org.counts) tokens += part.count;
  page.line(0, words_of(org.error ? host : host + ": " + plural(tokens, "live token"), Ink::strong),
            kBlockIndent);
  std::vector<std::pair<const ReportRule*, std::vector<const ReportItem*>>> groups;
  for (const ReportRule& rule : report.rules) {
    std::vector<const ReportItem*> items;
    for (const ReportItem& item : org.items) {
      // Of tokens that were not looked at the summary says how many.
      const bool is_told = item.rule == rule.id && item.state != ItemState::pass &&
                           (item.rule != "not-reviewed" || item.token_id.empty());
      if (is_told) items.push_back(&item);
    }
    if (!items.empty()) groups.emplace_back(&rule, std::move(items));
  }
  // An org's items come in the order of their weight, so the first of each rule is its heaviest.
  std::stable_sort(groups.begin(), groups.end(), [](const auto& one, const auto& other) {
    return weight_of(*one.second.front()) < weight_of(*other.second.front());
  });
  for (const auto& group : groups) append_rule(page, *group.first, group.second);
  page.gap();
  append_summary(page, "Check of " + host, org.error ? "not read" : counts_text(org.counts),
                 org.error ? std::string_view() : org.remark);
}

}  // namespace

std::string check_text(const CheckRun& run, const Style& style) {
  const Report report = report_of_check(run);
  Page page(style);
  for (const ReportOrg& org : report.orgs) append_org(page, report, org);
  if (report.orgs.empty()) page.line(0, words_of("Nothing to check: no org is concerned."), kBlockIndent);
  page.gap();
  if (!run.orgs.empty()) {
    for (const RuleNotRun& rule : run.orgs.front().check.not_run) {
      page.line(
          0, words_of("Not looked at: " + std::string(to_string(rule.rule)) + ", because " + rule.why + "."),
          kBlockIndent);
    }
  }
  page.line(0, words_of("Profile " + escape_cut(run.profile.name, kNameColumns) + "."), kBlockIndent);
  if (report.orgs.size() > 1) {
    append_summary(page, "Check of " + plural(report.orgs.size(), "org"), counts_text(total_counts(report)),
                   run.unread.empty() ? "" : plural(run.unread.size(), "org") + " could not be read.");
  }
  return page.take();
}

}  // namespace zonepin
