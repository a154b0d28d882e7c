#include "report/plan_text.h"

#include <algorithm>

#include "base/text.h"
#include "plan/zone_findings.h"
#include "report/plan_sections.h"
#include "report/since_words.h"

namespace zonepin {

OrgView::OrgView(const OrgPlan& org, PlanView kind, Instant instant)
    : plan(org), view(kind), now(instant), zones(org.zones) {
  by_id.reserve(org.changes.size());
  for (const Change& change : org.changes) {
    if (!change.id.empty()) by_id.emplace(change.id, &change);
  }
  for (const Guard& guard : org.guards) {
    for (const std::string& id : guard.token_ids) guards_of[id].push_back(&guard);
  }
}

const Change* OrgView::change_of(std::string_view token_id) const {
  const auto found = by_id.find(token_id);
  return found == by_id.end() ? nullptr : found->second;
}

namespace {

constexpr std::size_t kHostColumns = 255;

std::string host_text(const OrgPlan& org) {
  return escape_cut(org.host, kHostColumns);
}

// What the last line says of each status that is not an action, in this order.
struct Part {
  Status status;
  std::string_view words;
};
constexpr Part kOtherParts[] = {
    {Status::conflict, "in conflict"},
    {Status::ambiguous, "ambiguous"},
    {Status::missing, "missing"},
    {Status::waiting, "waiting"},
    {Status::unmanaged, "unmanaged"},
    {Status::ignored, "ignored"},
    {Status::gone, "gone"},
    {Status::unchanged, "unchanged"},
};

std::size_t count_final(const OrgPlan& org) {
  return static_cast<std::size_t>(
      std::count_if(org.findings.begin(), org.findings.end(),
                    [](const Finding& finding) { return finding.rule == "final"; }));
}

std::size_t count_final(const Plan& plan) {
  std::size_t total = 0;
  for (const OrgPlan& org : plan.orgs) total += count_final(org);
  return total;
}

std::vector<std::string> counts_of(const Summary& summary, std::size_t final_ones, PlanView view) {
  const auto part = [](std::size_t count, std::string_view words) {
    return std::to_string(count) + " " + std::string(words);
  };
  std::vector<std::string> parts;
  switch (view) {
    case PlanView::plan:
      parts = {part(summary.count(Status::replace), "to replace"),
               part(summary.count(Status::revoke), "to revoke")};
      break;
    case PlanView::drift:
      parts = {
          part(summary.count(Status::replace), summary.count(Status::replace) == 1 ? "differs" : "differ"),
          part(summary.count(Status::revoke), "live though revoked")};
      break;
    case PlanView::reverse:
      parts = {part(summary.count(Status::replace), "to put back"), part(final_ones, "final")};
      break;
  }
  for (const Part& other : kOtherParts) {
    if (summary.count(other.status) == 0) continue;
    const bool as_declared = view == PlanView::drift && other.status == Status::unchanged;
    parts.push_back(part(summary.count(other.status), as_declared ? "as declared" : other.words));
  }
  return parts;
}

// `Plan for acme.okta.com: 3 to replace, 1 to revoke, 9 unchanged.`: the counts are never broken.
void append_summary(Page& page, const std::string& lead, const std::vector<std::string>& counts, Words tail) {
  Words words = words_of(lead, Ink::strong);
  attach(words, ":");
  for (std::size_t at = 0; at < counts.size(); ++at) {
    words.push_back({counts[at] + (at + 1 < counts.size() ? "," : "."), Ink::strong});
  }
  words.insert(words.end(), tail.begin(), tail.end());
  page.line(0, words, kBlockIndent);
}

std::size_t undecided(const Summary& summary) {
  return summary.count(Status::ambiguous) + summary.count(Status::conflict);
}

// Whether the live org is as declared, as far as drift goes; what could not be decided is not.
bool is_steady(const OrgPlan& org) {
  const Summary summary = summary_of(org);
  return summary.actions() + undecided(summary) == 0 && !has_broken_pin(org) &&
         (!org.missing_counts || summary.count(Status::missing) == 0);
}

std::string lead_of(const OrgPlan& org, PlanView view) {
  switch (view) {
    case PlanView::plan: return "Plan for " + host_text(org);
    case PlanView::drift: return (is_steady(org) ? "No drift in " : "Drift in ") + host_text(org);
    case PlanView::reverse: return "Way back for " + host_text(org);
  }
  return "";
}

void append_headline(Page& page, const OrgPlan& org, PlanView view) {
  Words words = {{host_text(org), Ink::strong}};
  attach(words, ":");
  switch (view) {
    case PlanView::plan: append_words(words, plural(summary_of(org).live, "live token")); break;
    case PlanView::drift:
      append_words(words, plural(summary_of(org).live, "live token") + ", held against what is declared");
      break;
    case PlanView::reverse: append_words(words, "the way back, to the conditions before the plan"); break;
  }
  page.line(0, words, kBlockIndent);
}

// Said where there is no action; what else there is to know stands below it.
std::string_view idle_words(const OrgPlan& org, PlanView view) {
  const Summary summary = summary_of(org);
  if (view == PlanView::reverse) return "Nothing to put back.";
  if (undecided(summary) != 0)
    return "Nothing to do for what could be decided. What could not be is listed below.";
  if (summary.count(Status::missing) != 0)
    return "Nothing to do: every declared token that is live is as declared.";
  if (view == PlanView::drift && has_broken_pin(org))
    return "Every token is as declared, but a network zone is not what its pin says.";
  if (view == PlanView::drift) return "No drift: every token is as declared.";
  return "Nothing to do: every token is as declared.";
}

std::string novelty_text(const OrgPlan& org) {
  const NoveltyCounts counts = count_novelty(org);
  return plural(counts.fresh, "finding") + (counts.fresh == 1 ? " is" : " are") + " new, " +
         std::to_string(counts.known) + " known.";
}

Words org_tail(const OrgPlan& org, PlanView view) {
  Words tail;
  if (view == PlanView::plan && is_blocked(org)) append_words(tail, "Apply is blocked.", Ink::bad);
  if (org.since) append_words(tail, novelty_text(org));
  return tail;
}

void append_org(Page& page, const OrgPlan& org, PlanView view, Instant now) {
  const OrgView sections(org, view, now);
  page.gap();
  append_headline(page, org, view);
  if (summary_of(org).actions() == 0) {
    page.gap();
    page.line(0, words_of(idle_words(org, view)), kBlockIndent);
  }
  append_actions(page, sections);
  append_notices(page, sections);
  append_unmanaged(page, sections);
  append_guards(page, sections);
  append_since(page, org, now);
  page.gap();
  append_summary(page, lead_of(org, view), counts_of(summary_of(org), count_final(org), view),
                 org_tail(org, view));
}

void append_unread(Page& page, const UnreadOrg& org) {
  page.gap();
  Words words = {{escape_cut(org.host, kHostColumns), Ink::strong}};
  attach(words, ":");
  append_words(words, "not read, so nothing is planned here", Ink::bad);
  page.line(0, words, kBlockIndent);
  page.line(kBlockIndent, words_of(message_text(org.message)), kFieldIndent);
  if (!org.mend.empty()) page.line(kBlockIndent, words_of(message_text(org.mend)), kFieldIndent);
}

void append_total(Page& page, const Plan& plan, PlanView view) {
  Words tail;
  if (!plan.unread.empty())
    append_words(tail, plural(plan.unread.size(), "org") + " could not be read.", Ink::bad);
  std::vector<std::string> blocked;
  for (const OrgPlan& org : plan.orgs) {
    if (is_blocked(org)) blocked.push_back(host_text(org));
  }
  if (view == PlanView::plan && !blocked.empty())
    append_words(tail, "Apply is blocked for " + join(blocked, ", ") + ".", Ink::bad);
  page.gap();
  append_summary(page, "Total of " + plural(plan.orgs.size() + plan.unread.size(), "org"),
                 counts_of(summary_of(plan), count_final(plan), view), tail);
}

// A plan that was just made needs no date; a saved one does.
void append_age(Page& page, const Plan& plan, Instant now) {
  constexpr Milliseconds kFresh{60'000};
  if (now - plan.created_at < kFresh) return;
  std::string text = "Made " + minute_text(plan.created_at) + ", " + age_text(plan.created_at, now);
  if (plan.expires_at) {
    const bool over = now >= *plan.expires_at;
    text += std::string(over ? "; ended " : "; good until ") + minute_text(*plan.expires_at) + ", " +
            age_text(*plan.expires_at, now);
  }
  page.line(0, words_of(text), kBlockIndent);
}

}  // namespace

std::string plan_text(const Plan& plan, PlanView view, Instant now, const Style& style) {
  Page page(style);
  if (view == PlanView::plan) append_age(page, plan, now);
  for (const OrgPlan& org : plan.orgs) append_org(page, org, view, now);
  for (const UnreadOrg& org : plan.unread) append_unread(page, org);
  if (plan.orgs.empty() && plan.unread.empty())
    page.line(0, words_of("Nothing to do: no org is concerned."), kBlockIndent);
  if (plan.orgs.size() + plan.unread.size() > 1) append_total(page, plan, view);
  return page.take();
}

}  // namespace zonepin
