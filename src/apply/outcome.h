// What became of a plan: one fate per action, and why the run ended early if it did.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "plan/binding.h"
#include "plan/plan.h"

namespace zonepin {

enum class Fate {
  done,          // written by this run, and Okta's answer or a look afterwards shows it
  already_done,  // it was as planned before we came, or came to be so without an answer that says so
  gone,          // the token is not live any more
  failed,        // not written, or not as asked
  not_reached,   // nothing was sent
  unknown,       // sent, and nobody could tell us what became of it
};
std::string_view to_string(Fate fate);

struct ActionOutcome {
  std::size_t change = 0;  // index into OrgPlan::changes
  Fate fate = Fate::not_reached;
  std::string message;     // why, for what is neither done nor gone; escaped
  std::string request_id;  // of the write, as Okta sent it

  bool operator==(const ActionOutcome&) const = default;
};

// How fast the writes went. What is read before and after them is not in it.
struct RateSeen {
  std::size_t writes = 0;    // sent; one that was sent again counts again
  std::size_t requests = 0;  // sent, with the looks at tokens whose fate was in doubt
  Milliseconds writing{0};   // from the first write sent to the last one answered or lost
  Milliseconds waited{0};    // for so long a used-up rate limit kept something waiting

  bool operator==(const RateSeen&) const = default;
};

// 0 where nothing was written, or it took no time that can be measured.
double writes_per_second(const RateSeen& rate);

struct OrgOutcome {
  std::string host;
  std::vector<ActionOutcome> actions;  // in plan order, one per action of the plan
  std::optional<Error> ended_early;    // why the run stopped before its end
  bool confirmed = false;              // a list at the end was read
  RateSeen rate;

  bool operator==(const OrgOutcome&) const = default;
};

std::size_t count(const OrgOutcome& outcome, Fate fate);

// Fates that nobody can be content with: failed and unknown.
std::size_t failures(const OrgOutcome& outcome);

// Holds the outcome against the list read at the end: what was reported done and does not show is failed,
// what was unknown is settled, and what failed and shows all the same is told as that. Sets `confirmed`.
void confirm(const OrgPlan& plan, const Live& live, OrgOutcome& outcome);

}  // namespace zonepin
