#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "report/check_report.h"
#include "report/page.h"
#include "report/said.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxShownOfRule = 20;
constexpr std::size_t kMaxShownDetails = 6;

Ink ink_of(const ReportItem& item) {
  if (item.state == ItemState::waived) return Ink::faint;
  if (item.level == ItemLevel::note) return Ink::plain;
  return item.level == ItemLevel::error ? Ink::bad : Ink::attention;
}

std::string_view mark_of(const ReportItem& item) {
  if (item.state == ItemState::waived) return "o";
  if (item.state == ItemState::not_reviewed || item.state == ItemState::broken) return "?";
  return item.level == ItemLevel::error ? "!" : "-";
}

void append_item(Page& page, const ReportItem& item) {
  Words words = {{std::string(mark_of(item)), ink_of(item)}};
  const bool named = !item.name.empty() || !item.token_id.empty();
  if (named) {
    for (Word& word : token_words(item.name, item.token_id, page)) words.push_back(std::move(word));
  } else {
    append_words(words, message_text(item.message));
  }
  page.line(kBlockIndent, words, kFieldIndent);
  if (named) page.line(kFieldIndent, words_of(message_text(item.message)), kFieldIndent);
  if (!item.accepted.empty()) page.line(kFieldIndent, words_of(message_text(item.accepted)), kFieldIndent);
  if (item.place) page.field("source", place_words(*item.place));
  if (!item.owner.empty()) page.field("owner", words_of(escape_cut(item.owner, kNameColumns)));
  const std::size_t shown = std::min(item.details.size(), kMaxShownDetails);
  for (std::size_t at = 0; at < shown; ++at) {
    const ItemDetail& detail = item.details[at];
    const bool repeated = at > 0 && item.details[at - 1].label == detail.label;
    page.field(repeated ? std::string() : escape_cut(detail.label, kLabelColumns - 1),
               words_of(message_text(detail.text)));
  }
  if (const std::size_t left = details_left_out(item, shown); left > 0)
    page.field("", words_of("and " + std::to_string(left) + " more"));
}

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
  append_words(heading, rule.id, Ink::faint);
  append_words(heading, "(" + extent_of(items) + ")");
  page.line(0, heading, kBlockIndent);
  const std::size_t shown = std::min(items.size(), kMaxShownOfRule);
  for (std::size_t at = 0; at < shown; ++at) append_item(page, *items[at]);
  if (shown < items.size()) {
    page.line(kBlockIndent,
              words_of("and " + std::to_string(items.size() - shown) + " more (--format json lists all)"),
              kFieldIndent);
  }
}

// What fails the run comes first.
int weight_of(const ReportItem& item) {
  if (item.state == ItemState::waived) return 2;
  if (item.level != ItemLevel::error) return 3;
  return item.state == ItemState::fail ? 0 : 1;
}

void append_org(Page& page, const Report& report, const ReportOrg& org) {
  page.gap();
  Words summary = words_of("Check of " + escape_cut(org.host, kNameColumns), Ink::strong);
  attach(summary, ":");
  if (org.error) {
    append_words(summary, "not read.", Ink::bad);
  } else {
    append_words(summary, counts_text(org.counts), Ink::strong);
    attach(summary, ".");
    append_words(summary, message_text(org.remark), Ink::bad);
  }
  page.line(0, summary, kBlockIndent);
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
}

}  // namespace

std::string check_text(const CheckRun& run, const Style& style) {
  const Report report = report_of_check(run);
  Page page(style);
  if (report.orgs.size() > 1) {
    Words total = words_of("Check of " + plural(report.orgs.size(), "org"), Ink::strong);
    attach(total, ":");
    append_words(total, counts_text(total_counts(report)), Ink::strong);
    attach(total, ".");
    if (!run.unread.empty())
      append_words(total, plural(run.unread.size(), "org") + " could not be read.", Ink::bad);
    page.line(0, total, kBlockIndent);
  }
  for (const ReportOrg& org : report.orgs) append_org(page, report, org);
  if (report.orgs.empty()) page.line(0, words_of("Nothing to check: no org is concerned."), kBlockIndent);
  page.gap();
  page.line(0, words_of("Profile " + escape_cut(run.profile.name, kNameColumns) + "."), kBlockIndent);
  if (!run.orgs.empty()) {
    for (const RuleNotRun& rule : run.orgs.front().check.not_run) {
      page.line(
          0, words_of("Not looked at: " + std::string(to_string(rule.rule)) + ", because " + rule.why + "."),
          kBlockIndent);
    }
  }
  return page.take();
}

}  // namespace zonepin
