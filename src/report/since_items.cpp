#include "report/since_items.h"

#include <utility>

#include "base/text.h"
#include "report/since_words.h"

namespace zonepin {

void add_events(const OrgPlan& plan, Instant now, std::vector<ReportItem>& items) {
  if (!plan.since) return;
  const ZoneNames zones(plan.since->zones);
  const Page page(Style{false, kMaxPageWidth});
  for (const TokenEvent& event : plan.since->events) {
    const EventWords told = words_of_event(event, zones, now, page);
    ReportItem item;
    item.rule = "token-" + std::string(to_string(event.happening));
    // It is no judgement on what is declared: those are findings of their own.
    const bool warns = is_worth_a_warning(event);
    item.level = warns ? ItemLevel::warning : ItemLevel::note;
    item.state = warns ? ItemState::fail : ItemState::told;
    item.token_id = event.token_id;
    item.name = event.name;
    item.owner = event.user_id.value_or("");
    item.message = text_of(told.message);
    for (const EventField& field : told.fields) item.details.push_back({field.label, text_of(field.words)});
    item.novelty = Novelty::fresh;
    items.push_back(std::move(item));
  }
}

void add_since(const OrgPlan& plan, ReportOrg& org) {
  org.counts.push_back({"new since the baseline", count_novelty(plan).fresh});
  std::string remark = "Compared with " + minute_text(plan.since->taken_at) + ".";
  org.remark += (org.remark.empty() ? "" : " ") + remark;
}

}  // namespace zonepin
