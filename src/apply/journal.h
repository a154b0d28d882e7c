// The journal of an apply: JSON Lines that say what was about to be written and what came of it, so that a
// run that died can be told from its file alone. Records and their lines are values; who appends and syncs
// them is cli/journaling.h. A plan is never continued from a journal: Okta itself says what is done.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apply/outcome.h"
#include "base/result.h"
#include "base/time.h"
#include "okta/lane.h"
#include "plan/plan.h"

namespace zonepin {

inline constexpr std::string_view kJournalVersion = "1.0";

// How large a journal may be that is read again.
inline constexpr std::size_t kMaxJournalBytes = std::size_t{256} << 20;

// One line. What a kind does not speak of is empty.
struct JournalRecord {
  enum class Kind {
    run,        // one began: version, digest
    planned,    // an action of its plan: org, id, name, action
    intent,     // a write is about to leave: org, id, action, attempt
    result,     // what came of it: the same, and status with request_id, or reason
    fate,       // the engine's word on the action: org, id, action, fate, message, request_id
    confirmed,  // a list was read at the end: org
    end,        // the run came to its own end: exit_code
  };
  Kind kind = Kind::run;
  Instant at{};
  std::string digest;  // of the plan
  std::string org;     // authority
  std::string id;      // of the token
  std::string name;
  Status action = Status::replace;  // replace or revoke
  int attempt = 1;                  // counted per call, from 1
  int status = 0;                   // HTTP; 0: no answer
  std::string request_id;
  std::string reason;         // why there was no answer; escaped
  bool was_sent = true;       // false: held back after its intent was written
  Fate fate = Fate::unknown;  // of kind fate
  std::string message;
  int exit_code = 0;

  bool operator==(const JournalRecord&) const = default;
};

// With its newline. ASCII: whatever a name holds, it is inert in a terminal.
std::string line_of(const JournalRecord& record);
// Trouble::usage for a line that is none of ours.
Result<JournalRecord> parse_journal_line(std::string_view line);

// What every journal begins with.
inline constexpr std::string_view kJournalBegins = "{\"journal\":";

// The record of a write's event; none for events that are no step of a write.
std::optional<JournalRecord> record_of(std::string_view org, const okta::Event& event, Instant at);

// One run as its journal tells it.
struct JournalRun {
  Instant started{};
  Instant last{};  // of its last line
  std::string digest;
  std::vector<OrgPlan> plans;        // by first mention; host and actions alone
  std::vector<OrgOutcome> outcomes;  // beside `plans`
  std::optional<int> exit_code;      // none: it died
};

// Every run of the file, in order. A line that a death cut short is left out; any other that can't be read is
// Trouble::usage with its number, and so is a file without a run. In a run that died, a write whose result is
// not there, or says nothing certain, is `unknown`.
Result<std::vector<JournalRun>> read_journal(std::string_view text, const std::string& path);

}  // namespace zonepin
