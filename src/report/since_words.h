// What is new in an org since a baseline, in words. For this room only.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"
#include "report/page.h"
#include "report/words.h"

namespace zonepin {

struct EventField {
  std::string label;
  Words words;
};

// One event as a text and a report say it.
struct EventWords {
  std::string verb;                // appeared, vanished, …
  Words message;                   // a sentence, without the token's name
  std::vector<EventField> fields;  // beside it
};

// `now` is what ages are counted from; `zones` are those of Since.
EventWords words_of_event(const TokenEvent& event, const ZoneNames& zones, Instant now, const Page& page);

// Whether it is worth a warning: what nobody declared and nothing else explains, or a wider reach.
bool is_worth_a_warning(const TokenEvent& event);

// How many findings of a plan are new since its baseline, and how many held then.
struct NoveltyCounts {
  std::size_t fresh = 0;
  std::size_t known = 0;
};
NoveltyCounts count_novelty(const OrgPlan& org);

// Everything that is new since the baseline, below a heading; nothing where there is none.
void append_since(Page& page, const OrgPlan& org, Instant now);

// `[new]` or `[known]`; none where no baseline was given.
Words novelty_words(Novelty novelty);

}  // namespace zonepin
