// A plan that is carried out: asked for, held against what is live once more, done, confirmed and told. What
// apply and the verbs that name tokens have in common; how they come to their plan is theirs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/planning.h"
#include "cli/session.h"
#include "cli/stage.h"
#include "plan/binding.h"
#include "plan/plan.h"

namespace zonepin {

// One org on its way through a run. A refusal, which was said, takes it out before anything is written.
struct Candidate {
  OrgPlan plan;
  Live live;
  std::size_t link = 0;  // of the session
  Binding binding;
  std::optional<Error> refusal;
};

struct Run {
  std::optional<Session> session;  // none: nothing is to be done anywhere
  std::vector<Candidate> orgs;
  std::vector<FailedOrg> failed;
  std::string digest;
};

// Actions that nothing stands in the way of.
bool has_actions(const Candidate& org);
bool any_actions(const Run& run);

// Says why, and takes the org out.
void refuse(Stage& stage, Candidate& org, Error why);
// Refuses what a guard of its plan blocks, saying which and what lifts it.
void refuse_blocked(Stage& stage, Candidate& org);
std::string lines_of(const std::vector<std::string>& problems);

// The plan on standard output; where that is for a machine and a person is going to be asked, on standard
// error.
void show_plan(Stage& stage, const Plan& plan, Instant now);

// Lists the orgs that still take part anew, and refuses what guards block by what is live now, what is not as
// it was planned against, and what can't be read. `since`: what things may have changed since, in words.
void hold_against_live(Stage& stage, Run& run, std::string_view since);

// Goes on to the writes, or says why not and gives the exit code: refuses what guards block, asks where
// neither the command line nor an approved plan has said yes, and looks again after the yes. Where nobody can
// be asked, `mend` says what to do about it.
Reported<void> approve(Stage& stage, Run& run, const std::string& mend);

// Carries out what takes part, confirms and tells it. Gives the exit code. The plans that were carried out
// are gone from `run` then.
int carry_out(Stage& stage, Run& run);

}  // namespace zonepin
