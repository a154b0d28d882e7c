#include <cmath>
#include <string>

#include "base/text.h"
#include "report/outcome_report.h"
#include "report/page.h"
#include "report/words.h"

namespace zonepin {

namespace {

constexpr std::size_t kRequestIdColumns = 80;
constexpr std::size_t kOrgColumns = 255;

constexpr Fate kFates[] = {Fate::done,   Fate::already_done, Fate::gone,
                           Fate::failed, Fate::unknown,      Fate::not_reached};

struct FateWords {
  std::string_view sign;
  std::string_view in_summary;
  Ink ink;
};

FateWords words_for(Fate fate) {
  switch (fate) {
    case Fate::done: return {"+ done:", "done", Ink::good};
    case Fate::already_done: return {"= already done:", "already done", Ink::good};
    case Fate::gone: return {"= gone, nothing to write:", "gone", Ink::plain};
    case Fate::failed: return {"! FAILED:", "failed", Ink::bad};
    case Fate::not_reached: return {". not reached:", "not reached", Ink::attention};
    case Fate::unknown: return {"? UNKNOWN:", "unknown", Ink::bad};
  }
  return {"?", "?", Ink::bad};
}

bool needs_request_id(Fate fate) {
  return fate == Fate::failed || fate == Fate::unknown;
}

void append_outcome(Page& page, const Change& change, const ActionOutcome& action) {
  const FateWords fate = words_for(action.fate);
  Words words = words_of(fate.sign, fate.ink);
  words.push_back({std::string(to_string(change.status))});
  for (Word& word : token_words(change.name, change.id, page)) words.push_back(std::move(word));
  page.line(kBlockIndent, words, kFieldIndent);
  if (!action.message.empty()) page.line(kFieldIndent, words_of(message_text(action.message)), kFieldIndent);
  if (needs_request_id(action.fate) && !action.request_id.empty()) {
    page.line(kFieldIndent, words_of("request id " + escape_cut(action.request_id, kRequestIdColumns)),
              kFieldIndent);
  }
}

std::vector<std::size_t> fate_counts(const std::vector<const OrgOutcome*>& outcomes) {
  std::vector<std::size_t> counts;
  for (const Fate fate : kFates) {
    std::size_t total = 0;
    for (const OrgOutcome* outcome : outcomes) total += count(*outcome, fate);
    counts.push_back(total);
  }
  return counts;
}

// `Apply to acme.okta.com: 3 done, 1 failed.`
void append_apply_summary(Page& page, const std::string& lead, const std::vector<const OrgOutcome*>& outcomes,
                          const std::string& tail) {
  const std::vector<std::size_t> counts = fate_counts(outcomes);
  Words words = words_of(lead, Ink::strong);
  attach(words, ":");
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < counts.size(); ++at) {
    const Fate fate = kFates[at];
    if (counts[at] == 0 && fate != Fate::done) continue;
    parts.push_back(std::to_string(counts[at]) + " " + std::string(words_for(fate).in_summary));
  }
  for (std::size_t at = 0; at < parts.size(); ++at) {
    words.push_back({parts[at] + (at + 1 < parts.size() ? "," : "."), Ink::strong});
  }
  append_words(words, tail);
  page.line(0, words, kBlockIndent);
}

std::string seconds_text(Milliseconds length) {
  const std::int64_t tenths = (length.count() + 50) / 100;
  if (tenths >= 1'000) return std::to_string((tenths + 5) / 10) + " s";
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

// `412 writes in 72.4 s, 58.1 s of them waiting for the rate limit.`
std::string rate_text(const RateSeen& rate) {
  if (rate.writes == 0) return {};
  std::string text = plural(rate.writes, "write") + " in " + seconds_text(rate.writing);
  const auto per_second = std::llround(writes_per_second(rate));
  if (rate.writes > 1 && per_second > 1) text += " (" + std::to_string(per_second) + " a second)";
  if (rate.waited >= std::chrono::seconds(1)) {
    text += ", " + seconds_text(rate.waited) + " of it waiting for the rate limit";
  }
  return text + ".";
}

// Whether the same call can go on where this one ended; where a guard, a stale plan or a mistake stood in the
// way, it can't.
bool is_worth_repeating(const OrgOutcome& outcome) {
  if (failures(outcome) + count(outcome, Fate::not_reached) == 0) return false;
  if (!outcome.ended_early) return true;
  switch (outcome.ended_early->trouble) {
    case Trouble::failure:
    case Trouble::unfinished:
    case Trouble::interrupted: return true;
    case Trouble::usage:
    case Trouble::blocked:
    case Trouble::stale:
    case Trouble::unauthorised: return false;
  }
  return false;
}

void append_early_end(Page& page, const Error& error) {
  page.gap();
  Words words = {{"Ended early:", Ink::bad}};
  append_words(words, message_text(error.message));
  page.line(0, words, kBlockIndent);
  if (!error.mend.empty()) page.line(kBlockIndent, words_of(message_text(error.mend)), kBlockIndent);
}

void append_end(Page& page, const OrgReport& org) {
  const OrgOutcome& outcome = org.outcome;
  if (outcome.ended_early) append_early_end(page, *outcome.ended_early);
  page.gap();
  const bool anything_sent =
      count(outcome, Fate::done) + count(outcome, Fate::failed) + count(outcome, Fate::unknown) != 0;
  const auto say = [&](std::string_view text) { page.line(0, words_of(text), kBlockIndent); };
  if (anything_sent && outcome.confirmed) say("A list read at the end confirms this.");
  if (anything_sent && !outcome.confirmed) say("Not confirmed: no list was read at the end.");
  if (count(outcome, Fate::unknown) != 0) {
    say("What is unknown may or may not have been written: `zonepin plan` shows what is live.");
  }
  if (const std::string words = undecided_words(org.plan); !words.empty()) say(words);
  if (is_worth_repeating(outcome)) say("The same command can be run again: it does what is still to do.");
}

void append_org_report(Page& page, const OrgReport& org) {
  const std::string host =
      escape_cut(org.outcome.host.empty() ? org.plan.host : org.outcome.host, kOrgColumns);
  page.gap();
  page.line(0, {{host, Ink::strong}}, kBlockIndent);
  if (org.outcome.actions.empty() && !org.outcome.ended_early) {
    page.line(kBlockIndent, words_of("Nothing was to do."), kBlockIndent);
  }
  for (const ActionOutcome& action : org.outcome.actions) {
    append_outcome(page, org.plan.changes.at(action.change), action);
  }
  append_end(page, org);
  page.gap();
  std::string tail;
  if (org.exit_code != 0) tail = "Exit code " + std::to_string(org.exit_code) + ". ";
  tail += rate_text(org.outcome.rate);
  append_apply_summary(page, "Apply to " + host, {&org.outcome}, tail);
}

}  // namespace

std::string outcome_text(const std::vector<OrgReport>& orgs, const Style& style) {
  Page page(style);
  std::vector<const OrgOutcome*> outcomes;
  for (const OrgReport& org : orgs) {
    append_org_report(page, org);
    outcomes.push_back(&org.outcome);
  }
  if (orgs.empty()) page.line(0, words_of("Nothing was to do: no org is concerned."), kBlockIndent);
  if (orgs.size() > 1) {
    page.gap();
    append_apply_summary(page, "Total of " + plural(orgs.size(), "org"), outcomes, {});
  }
  return page.take();
}

}  // namespace zonepin
