#include "base/text.h"
#include "report/plan_sections.h"
#include "report/since_words.h"

namespace zonepin {

namespace {

// What a REPLACE means for where the token can be used from.
std::string_view effect_words(Effect effect) {
  switch (effect) {
    case Effect::loosen: return "it can be used from more places than now";
    case Effect::same: return "changed in words, but not in reach";
    case Effect::shift: return "some places are gained, others lost";
    case Effect::unknown: return "more places or fewer, what is known can't tell";
    case Effect::tighten: return "it can be used from fewer places than now";
  }
  return "";
}

// The same, seen from what is declared: how the live org has drifted.
std::string_view drift_words(Effect effect) {
  switch (effect) {
    case Effect::loosen: return "narrower: live admits fewer places than declared";
    case Effect::same: return "the same: live admits the declared places, written differently";
    case Effect::shift: return "elsewhere: live admits some places too many, others not";
    case Effect::unknown: return "unknown: wider or narrower, what is known can't tell";
    case Effect::tighten: return "wider: live admits more places than declared";
  }
  return "";
}

Ink ink_of(Effect effect) {
  switch (effect) {
    case Effect::loosen:
    case Effect::unknown: return Ink::attention;
    case Effect::same:
    case Effect::shift: return Ink::plain;
    case Effect::tighten: return Ink::good;
  }
  return Ink::plain;
}

std::string_view replace_verb(PlanView view) {
  switch (view) {
    case PlanView::plan: return "~ replace";
    case PlanView::drift: return "~ differs";
    case PlanView::reverse: return "~ put back";
  }
  return "";
}

void append_action_headline(Page& page, std::string_view verb, Ink ink, const Change& change) {
  Words words = {{std::string(verb), ink}};
  for (Word& word : token_words(change.name, change.id, page)) words.push_back(std::move(word));
  for (Word& word : novelty_words(change.novelty)) words.push_back(std::move(word));
  page.line(kBlockIndent, words, kFieldIndent);
  if (change.source) page.field("source", place_words(*change.source));
}

void append_effect(Page& page, Effect effect, PlanView view) {
  if (view == PlanView::drift) {
    page.field("live is", words_of(drift_words(effect), ink_of(effect)));
    return;
  }
  Words words = {{std::string(to_string(effect)) + ":", ink_of(effect)}};
  append_words(words, effect_words(effect));
  page.field("effect", words);
}

// A drift is told from the live side: what a REPLACE would take is too much there.
void append_reach(Page& page, const ReachChange& reach, PlanView view) {
  const bool drift = view == PlanView::drift;
  if (reach.lost.count != "0") page.field(drift ? "excess" : "loses", addresses_words(reach.lost));
  if (reach.gained.count != "0") page.field(drift ? "lacks" : "gains", addresses_words(reach.gained));
  for (std::size_t at = 0; at < reach.unknown.size() && at < kMaxListed; ++at) {
    page.field("unknown", words_of(message_text(reach.unknown[at]), Ink::attention));
  }
  if (reach.unknown.size() > kMaxListed) {
    page.field("unknown", words_of("and " + std::to_string(reach.unknown.size() - kMaxListed) + " more"));
  }
  for (const std::string& assumption : reach.assumed)
    page.field("assumed", words_of(message_text(assumption)));
}

void append_replace(Page& page, const Change& change, const OrgView& org) {
  append_action_headline(page, replace_verb(org.view), Ink::attention, change);
  const bool drift = org.view == PlanView::drift;
  const auto condition = [&](const std::optional<TokenState>& state) {
    return condition_words(state ? state->network : std::nullopt, org.zones, page);
  };
  page.field(drift ? "live" : "from", condition(change.before));
  page.field(drift ? "declared" : "to", condition(change.after));
  if (change.effect) append_effect(page, *change.effect, org.view);
  if (change.reach) append_reach(page, *change.reach, org.view);
}

void append_revoke(Page& page, const Change& change, const OrgView& org) {
  const bool drift = org.view == PlanView::drift;
  append_action_headline(page, drift ? "- still live" : "- revoke", Ink::bad, change);
  page.field("reason", words_of(message_text(change.reason)));
  page.field("last used", words_of(last_use_text(change.last_used, org.now)));
}

void append_guard_names(Page& page, const Change& change, const OrgView& org) {
  const auto found = org.guards_of.find(change.id);
  if (found == org.guards_of.end()) return;
  std::vector<std::string> blocking;
  std::vector<std::string> lifted;
  for (const Guard* guard : found->second)
    (guard->lifted ? lifted : blocking).push_back(rule_text(guard->name));
  if (!blocking.empty()) page.field("blocked by", words_of(join(blocking, ", "), Ink::bad));
  if (!lifted.empty()) page.field("lifted", words_of(join(lifted, ", ")));
}

}  // namespace

void append_actions(Page& page, const OrgView& org) {
  for (const Change& change : org.plan.changes) {
    if (!is_action(change.status)) continue;
    page.gap();
    if (change.status == Status::replace) {
      append_replace(page, change, org);
    } else {
      append_revoke(page, change, org);
    }
    append_guard_names(page, change, org);
  }
}

}  // namespace zonepin
