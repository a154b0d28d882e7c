// Any report in words. Plans and outcomes have a richer text of their own (plan_text.h, outcome_report.h).
#include "base/text.h"
#include "report/formats.h"
#include "report/item_text.h"
#include "report/page.h"
#include "report/said.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr ItemLimits kReportLimits = {100, 24};

void append_group(Page& page, const ItemGroup& group) {
  page.gap();
  Words heading = words_of(message_text(group.rule->title), Ink::strong);
  append_words(heading, "(" + std::to_string(group.items.size()) + ")", Ink::strong);
  attach(heading, ":");
  page.line(0, heading, kBlockIndent);
  append_items(page, group.items, kReportLimits);
}

void append_counts(Page& page, const std::string& lead, const std::vector<ReportCount>& counts,
                   std::string_view remark) {
  page.gap();
  Words words = words_of(lead, Ink::strong);
  attach(words, ":");
  append_words(words, counts_text(counts) + ".", Ink::strong);
  append_words(words, message_text(remark), Ink::bad);
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
