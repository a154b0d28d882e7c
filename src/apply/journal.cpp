#include "apply/journal.h"

#include <map>
#include <utility>

#include "base/text.h"
#include "okta/refusal.h"

namespace zonepin {

namespace {

// Puts a run together from its records.
class RunBuilder {
 public:
  explicit RunBuilder(const JournalRecord& first) {
    run_.started = first.at;
    run_.digest = first.digest;
  }

  void take(const JournalRecord& record) {
    run_.last = record.at;
    if (record.kind == JournalRecord::Kind::end) {
      run_.exit_code = record.exit_code;
      return;
    }
    OrgOutcome& outcome = run_.outcomes[org_of(record)];
    if (record.kind == JournalRecord::Kind::confirmed) {
      outcome.confirmed = true;
      return;
    }
    ActionOutcome& action = action_of(record);
    switch (record.kind) {
      case JournalRecord::Kind::run:
      case JournalRecord::Kind::planned:
      case JournalRecord::Kind::confirmed:
      case JournalRecord::Kind::end: break;
      case JournalRecord::Kind::intent:
        if (outcome.rate.writes++ == 0) first_write_[outcome.host] = record.at;
        action.fate = Fate::unknown;
        action.message = "it was about to be written when the run ended";
        break;
      case JournalRecord::Kind::result:
        if (!record.was_sent && outcome.rate.writes > 0) --outcome.rate.writes;
        outcome.rate.writing = record.at - first_write_[outcome.host];
        take_result(record, action);
        break;
      case JournalRecord::Kind::fate:
        action.fate = record.fate;
        action.message = record.message;
        action.request_id = record.request_id;
        break;
    }
  }

  JournalRun build() {
    for (OrgOutcome& outcome : run_.outcomes) {
      outcome.rate.requests = outcome.rate.writes;
      if (run_.exit_code) continue;
      outcome.ended_early = Error{Trouble::unfinished,
                                  "the run ended without a word, after " + format_seconds(run_.last) +
                                      ": it was killed, or its machine went down",
                                  "run the same apply again: what was done is not done twice"};
    }
    return std::move(run_);
  }

 private:
  // What is certain from the answer alone; the engine's own word, if it came that far, follows.
  static void take_result(const JournalRecord& record, ActionOutcome& action) {
    action.request_id = record.request_id;
    const int good = record.action == Status::revoke ? 204 : 200;
    if (!record.was_sent || record.status == 429) {
      action.fate = Fate::not_reached;
      action.message = record.was_sent ? "Okta put it off with HTTP 429" : "not sent: " + record.reason;
    } else if (record.status == good) {
      action.fate = Fate::done;
      action.message.clear();
    } else if (record.status >= 400 && record.status < 500) {
      action.fate = Fate::failed;
      action.message = "Okta answered HTTP " + std::to_string(record.status);
    } else {
      action.fate = Fate::unknown;
      action.message = record.status == 0 ? record.reason
                                          : "Okta answered HTTP " + std::to_string(record.status) +
                                                ", and nobody looked at the token afterwards";
    }
  }

  std::size_t org_of(const JournalRecord& record) {
    const auto [found, fresh] = orgs_.emplace(record.org, run_.plans.size());
    if (fresh) {
      run_.plans.emplace_back();
      run_.plans.back().host = record.org;
      run_.outcomes.emplace_back();
      run_.outcomes.back().host = record.org;
    }
    return found->second;
  }

  ActionOutcome& action_of(const JournalRecord& record) {
    const std::size_t org = org_of(record);
    OrgOutcome& outcome = run_.outcomes[org];
    const auto [found, fresh] = actions_.emplace(std::pair(org, record.id), outcome.actions.size());
    if (fresh) {
      Change change;
      change.id = record.id;
      change.name = record.name;
      change.status = record.action;
      outcome.actions.push_back({run_.plans[org].changes.size(), Fate::not_reached, {}, {}});
      run_.plans[org].changes.push_back(std::move(change));
    }
    return outcome.actions[found->second];
  }

  JournalRun run_;
  std::map<std::string, Instant> first_write_;  // by org
  std::map<std::string, std::size_t> orgs_;
  std::map<std::pair<std::size_t, std::string>, std::size_t> actions_;
};

}  // namespace

std::optional<JournalRecord> record_of(std::string_view org, const okta::Event& event, Instant at) {
  if (!okta::is_write(event.call.operation)) return std::nullopt;
  JournalRecord record;
  record.at = at;
  record.org = org;
  record.id = event.call.key;
  record.action = event.call.operation == okta::Operation::replace_token ? Status::replace : Status::revoke;
  record.attempt = event.attempt;
  record.kind = JournalRecord::Kind::result;
  switch (event.kind) {
    case okta::Event::Kind::sent: record.kind = JournalRecord::Kind::intent; return record;
    case okta::Event::Kind::answered:
      record.status = event.status;
      record.request_id = event.request_id;
      return record;
    case okta::Event::Kind::lost:
      record.reason = event.reason;
      record.was_sent = !(event.fault && never_sent(*event.fault));
      return record;
    case okta::Event::Kind::withheld:
      record.reason = event.reason;
      record.was_sent = false;
      return record;
    case okta::Event::Kind::retrying:
    case okta::Event::Kind::waiting: return std::nullopt;
  }
  return std::nullopt;
}

Result<std::vector<JournalRun>> read_journal(std::string_view text, const std::string& path) {
  std::vector<JournalRun> runs;
  std::optional<RunBuilder> builder;
  std::optional<std::pair<std::size_t, Error>> torn;  // the last line, if it could not be read
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    const auto record = parse_journal_line(line);
    // A run that died may have left half a line, which the next one ended: then that one begins here.
    const bool begins = record && record->kind == JournalRecord::Kind::run;
    if (torn && !begins) return fail(torn->second);
    torn.reset();
    if (!record) {
      torn.emplace(number, Error{Trouble::usage,
                                 escape(path) + ":" + std::to_string(number) + ": " + record.error().message,
                                 "a journal is changed by nobody but zonepin"});
      continue;
    }
    if (begins) {
      if (builder) runs.push_back(builder->build());
      builder.emplace(*record);
    } else if (builder) {
      builder->take(*record);
    } else {
      return fail(Trouble::usage, escape(path) + ": does not begin as a journal does");
    }
  }
  if (!builder) return fail(Trouble::usage, escape(path) + ": holds no run: nothing was written by one");
  runs.push_back(builder->build());
  return runs;
}

}  // namespace zonepin
