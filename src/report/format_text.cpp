// Any report in words. Plans and outcomes have a richer text of their own (plan_text.h, outcome_report.h).
#include <algorithm>

#include "base/text.h"
#include "report/formats.h"
#include "report/page.h"
#include "report/said.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxOfRule = 100;
constexpr std::size_t kMaxDetails = 24;

Ink ink_of(const ReportItem& item) {
  if (!needs_attention(item.state)) return Ink::plain;
  if (item.state == ItemState::waived) return Ink::faint;
  switch (item.level) {
    case ItemLevel::error: return Ink::bad;
    case ItemLevel::warning: return Ink::attention;
    case ItemLevel::note: return Ink::plain;
  }
  return Ink::plain;
}

std::string_view sign_of(const ReportItem& item) {
  switch (item.state) {
    case ItemState::fail:
    case ItemState::broken: return item.level == ItemLevel::note ? "?" : "!";
    case ItemState::unknown:
    case ItemState::not_reviewed: return "?";
    case ItemState::pending: return "~";
    case ItemState::not_reached: return ".";
    case ItemState::waived:
    case ItemState::told: return "o";
    case ItemState::done: return "+";
    case ItemState::pass: return "=";
  }
  return "?";
}

void append_item(Page& page, const ReportItem& item) {
  Words words = {{std::string(sign_of(item)), ink_of(item)}};
  for (Word& word : token_words(item.name, item.token_id, page)) {
    if (!item.name.empty() || !item.token_id.empty()) words.push_back(std::move(word));
  }
  if (const std::string marks = shown_marks(item); !marks.empty()) append_words(words, "(" + marks + ")");
  const bool named = words.size() > 1;
  if (!named) append_words(words, message_text(item.message));
  page.line(kBlockIndent, words, kFieldIndent);
  if (item.place) page.field("source", place_words(*item.place));
  if (named && !item.message.empty())
    page.line(kFieldIndent, words_of(message_text(item.message)), kFieldIndent);
  if (!item.accepted.empty()) page.field("accepted", words_of(message_text(item.accepted)));
  const std::size_t shown = std::min(item.details.size(), kMaxDetails);
  for (std::size_t at = 0; at < shown; ++at) {
    const ItemDetail& detail = item.details[at];
    const bool repeated = at != 0 && item.details[at - 1].label == detail.label;
    page.field(repeated ? "" : escape_cut(detail.label, 20), words_of(message_text(detail.text)));
  }
  if (const std::size_t left = details_left_out(item, shown); left > 0)
    page.field("", words_of("and " + std::to_string(left) + " more"));
}

void append_group(Page& page, const ItemGroup& group) {
  page.gap();
  Words heading = words_of(shown_text(group.rule->title), Ink::strong);
  append_words(heading, "(" + std::to_string(group.items.size()) + ")", Ink::strong);
  attach(heading, ":");
  page.line(0, heading, kBlockIndent);
  const std::size_t shown = std::min(group.items.size(), kMaxOfRule);
  for (std::size_t at = 0; at < shown; ++at) append_item(page, *group.items[at]);
  if (shown < group.items.size()) {
    page.line(
        kBlockIndent,
        words_of("and " + std::to_string(group.items.size() - shown) + " more, --format json has them all"),
        kFieldIndent);
  }
}

void append_counts(Page& page, const std::string& lead, const std::vector<ReportCount>& counts,
                   std::string_view remark) {
  page.gap();
  Words words = words_of(lead, Ink::strong);
  attach(words, ":");
  append_words(words, counts_text(counts) + ".", Ink::strong);
  append_words(words, shown_text(remark), Ink::bad);
  page.line(0, words, kBlockIndent);
}

}  // namespace

std::string text_report(const Report& report, const Style& style) {
  Page page(style);
  for (const ReportOrg& org : report.orgs) {
    page.gap();
    page.line(0, {{shown_host(org), Ink::strong}}, kBlockIndent);
    for (const ItemGroup& group : groups_of(report, org)) append_group(page, group);
    append_counts(page, std::string(title_of(report.kind)) + " of " + shown_host(org), org.counts,
                  org.remark);
  }
  if (report.orgs.empty()) page.line(0, words_of("Nothing to do: no org is concerned."), kBlockIndent);
  if (report.orgs.size() > 1)
    append_counts(page, "Total of " + plural(report.orgs.size(), "org"), total_counts(report), {});
  return page.take();
}

}  // namespace zonepin
