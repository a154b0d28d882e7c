#include "report/since_words.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxEvents = 100;
constexpr std::size_t kMaxZonesTold = 20;

std::string_view verb_of(Happening happening) {
  switch (happening) {
    case Happening::appeared: return "appeared";
    case Happening::vanished: return "vanished";
    case Happening::renamed: return "renamed";
    case Happening::condition_changed: return "condition changed";
    case Happening::reach_changed: return "reach changed";
  }
  return "";
}

std::string_view sign_of_event(Happening happening) {
  switch (happening) {
    case Happening::appeared: return "+ ";
    case Happening::vanished: return "- ";
    case Happening::renamed:
    case Happening::condition_changed:
    case Happening::reach_changed: return "~ ";
  }
  return "";
}

std::string_view since_effect_words(Effect effect) {
  switch (effect) {
    case Effect::loosen: return "wider: it can be used from more places than then";
    case Effect::same: return "the same: changed in words, but not in reach";
    case Effect::shift: return "elsewhere: some places are gained, others lost";
    case Effect::unknown: return "unknown: wider or narrower, what is known can't tell";
    case Effect::tighten: return "narrower: it can be used from fewer places than then";
  }
  return "";
}

std::string vanishing_text(const TokenEvent& event, Instant now) {
  const std::string end = event.window_end
                              ? minute_text(*event.window_end) + ", " + age_text(*event.window_end, now)
                              : std::string();
  switch (event.vanishing.value_or(Vanishing::unknown)) {
    case Vanishing::lapsed: return "it lapsed, most likely: its window was to end " + end;
    case Vanishing::revoked: return "it was revoked, or its owner deactivated: its window was to end " + end;
    case Vanishing::unknown: return "it was revoked or lapsed: when its window was to end is not known";
  }
  return "";
}

Words message_of(const TokenEvent& event, Instant now, const Page& page) {
  switch (event.happening) {
    case Happening::appeared:
      return words_of(event.created ? "it was created " + minute_text(*event.created) + ", " +
                                          age_text(*event.created, now)
                                    : std::string("when it was created is not known"));
    case Happening::vanished:
      return words_of(vanishing_text(event, now) + (event.as_declared ? "; a manifest wants it gone" : ""));
    case Happening::renamed: {
      Words words = words_of("it was named");
      words.push_back({in_quotes(event.was_named, std::min(kNameColumns, page.room_after(kFieldIndent)))});
      return words;
    }
    case Happening::condition_changed: return words_of("somebody changed its condition");
    case Happening::reach_changed: return words_of("its condition is the same, what that means is not");
  }
  return {};
}

void add_reach(const ReachChange& reach, EventWords& told) {
  if (reach.lost.count != "0") told.fields.push_back({"lost", addresses_words(reach.lost)});
  if (reach.gained.count != "0") told.fields.push_back({"gained", addresses_words(reach.gained)});
  for (std::size_t at = 0; at < reach.unknown.size() && at < kMaxZonesTold; ++at)
    told.fields.push_back({"unknown", words_of(message_text(reach.unknown[at]), Ink::attention)});
  if (reach.unknown.size() > kMaxZonesTold) {
    told.fields.push_back(
        {"unknown", words_of("and " + std::to_string(reach.unknown.size() - kMaxZonesTold) + " more")});
  }
  for (const std::string& assumption : reach.assumed)
    told.fields.push_back({"assumed", words_of(message_text(assumption))});
}

void add_zones(const TokenEvent& event, const ZoneNames& zones, const Page& page, EventWords& told) {
  if (event.zone_ids.empty()) return;
  Words words = words_of(event.zone_ids.size() == 1 ? "zone" : "zones");
  const std::size_t columns = std::min(kNameColumns, page.room_after(kFieldIndent + kLabelColumns));
  for (std::size_t at = 0; at < event.zone_ids.size() && at < kMaxZonesTold; ++at) {
    if (at > 0) attach(words, ",");
    zones.append(words, event.zone_ids[at], columns);
  }
  if (event.zone_ids.size() > kMaxZonesTold)
    append_words(words, "and " + std::to_string(event.zone_ids.size() - kMaxZonesTold) + " more");
  told.fields.push_back({"through", std::move(words)});
}

void append_event(Page& page, const TokenEvent& event, const ZoneNames& zones, Instant now) {
  const EventWords told = words_of_event(event, zones, now, page);
  const Ink ink = is_worth_a_warning(event) ? Ink::attention : Ink::plain;
  Words words = {{std::string(sign_of_event(event.happening)) + told.verb, ink}};
  for (Word& word : token_words(event.name, event.token_id, page)) words.push_back(std::move(word));
  page.line(kBlockIndent, words, kFieldIndent);
  page.line(kFieldIndent, told.message, kFieldIndent);
  for (const EventField& field : told.fields) page.field(field.label, field.words);
}

}  // namespace

EventWords words_of_event(const TokenEvent& event, const ZoneNames& zones, Instant now, const Page& page) {
  EventWords told{std::string(verb_of(event.happening)), message_of(event, now, page), {}};
  const bool changed = event.happening == Happening::condition_changed;
  if (event.happening == Happening::appeared || event.happening == Happening::vanished) {
    if (event.user_id) told.fields.push_back({"owner", words_of(escape_cut(*event.user_id, kNameColumns))});
  }
  if (event.happening == Happening::vanished || changed)
    told.fields.push_back({"then", condition_words(event.before, zones, page)});
  if (event.happening == Happening::appeared || changed)
    told.fields.push_back({"now", condition_words(event.after, zones, page)});
  if (event.happening == Happening::reach_changed)
    told.fields.push_back({"condition", condition_words(event.after, zones, page)});
  add_zones(event, zones, page, told);
  if (event.effect) told.fields.push_back({"reach", words_of(since_effect_words(*event.effect))});
  if (event.reach) add_reach(*event.reach, told);
  if (!event.counterpart.empty()) {
    const bool came = event.happening == Happening::appeared;
    Words words = {{escape_cut(event.counterpart, kNameColumns)}};
    append_words(words, std::string("of the same name and owner ") + (came ? "vanished" : "appeared") +
                            ": most likely one took the other's place");
    told.fields.push_back({"beside", std::move(words)});
  }
  return told;
}

bool is_worth_a_warning(const TokenEvent& event) {
  const bool wider = event.effect && *event.effect != Effect::same && *event.effect != Effect::tighten;
  switch (event.happening) {
    case Happening::appeared:
    case Happening::renamed: return false;
    case Happening::vanished:
      return !event.as_declared && event.counterpart.empty() && event.vanishing != Vanishing::lapsed;
    case Happening::condition_changed: return wider;
    case Happening::reach_changed: return event.effect != Effect::same;
  }
  return false;
}

NoveltyCounts count_novelty(const OrgPlan& org) {
  NoveltyCounts counts;
  const auto count = [&](Novelty novelty) {
    if (novelty == Novelty::fresh) ++counts.fresh;
    if (novelty == Novelty::known) ++counts.known;
  };
  for (const Change& change : org.changes) count(change.novelty);
  for (const Finding& finding : org.findings) {
    const bool said_by_change = finding.rule == to_string(Status::missing) ||
                                finding.rule == to_string(Status::unmanaged) ||
                                finding.rule == to_string(Status::conflict);
    if (!said_by_change) count(finding.novelty);
  }
  return counts;
}

void append_since(Page& page, const OrgPlan& org, Instant now) {
  if (!org.since) return;
  const Since& since = *org.since;
  page.gap();
  Words heading = words_of(
      "Since " + minute_text(since.taken_at) + ", " + age_text(since.taken_at, now) + ":", Ink::strong);
  if (since.events.empty()) {
    append_words(heading, "no token appeared, vanished or changed.");
    page.line(0, heading, kBlockIndent);
    return;
  }
  page.line(0, heading, kBlockIndent);
  const ZoneNames zones(since.zones);
  std::size_t told = 0;
  for (const TokenEvent& event : since.events) {
    if (++told > kMaxEvents) break;
    append_event(page, event, zones, now);
  }
  if (since.events.size() > kMaxEvents) {
    page.line(kBlockIndent,
              words_of("and " + std::to_string(since.events.size() - kMaxEvents) +
                       " more, --format json has them all"),
              kFieldIndent);
  }
}

Words novelty_words(Novelty novelty) {
  switch (novelty) {
    case Novelty::none: return {};
    case Novelty::fresh: return {{"[new]", Ink::attention}};
    case Novelty::known: return {{"[known]", Ink::faint}};
  }
  return {};
}

}  // namespace zonepin
