#include "cli/watch.h"

#include <utility>

#include "base/text.h"

namespace zonepin {

namespace {

constexpr Milliseconds kRedrawEvery{200};
constexpr Milliseconds kLineEvery{10'000};  // in the log of a CI job

bool in_ci(Environment& environment) {
  const std::string ci = environment.get("CI").value_or("");
  return !ci.empty() && ci != "false" && ci != "0";
}

}  // namespace

Result<std::unique_ptr<AppendFile>> open_journal(Stage& stage) {
  const std::string& path = stage.options().journal_file;
  if (path.empty()) return std::unique_ptr<AppendFile>();
  auto file = stage.world().files.open_append(path, kJournalBegins);
  if (!file) {
    return fail(file.error().trouble,
                "the journal can't be kept, and nothing was written: " + file.error().message,
                file.error().mend);
  }
  return file;
}

// In the journal and, with --format jsonl, as an event: the same line, marked as one.
void Watch::note(JournalRecord record) {
  if (!is_recorded()) return;
  record.at = stage_.world().clock.now();
  const std::string line = line_of(record);
  stage_.event("{\"type\":\"event\"," + line.substr(1));
  if (journal_ != nullptr) unwritten_ += stage_.discreet(line);
}

void Watch::note_fate(const OrgPlan& plan, const ActionOutcome& action) {
  const Change& change = plan.changes.at(action.change);
  JournalRecord record;
  record.kind = JournalRecord::Kind::fate;
  record.org = plan.host;
  record.id = change.id;
  record.action = change.status;
  record.fate = action.fate;
  record.message = action.message;
  record.request_id = action.request_id;
  note(std::move(record));
}

void Watch::begin(const std::vector<Engine*>& engines, std::string_view digest) {
  engines_ = engines;
  JournalRecord run;
  run.kind = JournalRecord::Kind::run;
  run.digest = digest;
  note(std::move(run));
  for (const Engine* engine : engines_) {
    const OrgPlan& plan = engine->plan();
    if (!is_recorded()) continue;
    told_.emplace(plan.host, engine->so_far().actions);
    for (const ActionOutcome& action : engine->so_far().actions) {
      const Change& change = plan.changes.at(action.change);
      JournalRecord planned;
      planned.kind = JournalRecord::Kind::planned;
      planned.org = plan.host;
      planned.id = change.id;
      planned.name = change.name;
      planned.action = change.status;
      note(std::move(planned));
      if (action.fate != Fate::not_reached) note_fate(plan, action);
    }
  }
  keep();
}

void Watch::rest() {
  keep();
  engines_.clear();
  stage_.status({});
}

void Watch::settle(const OrgPlan& plan, const OrgOutcome& outcome) {
  if (!is_recorded()) return;
  if (outcome.confirmed) {
    JournalRecord confirmed;
    confirmed.kind = JournalRecord::Kind::confirmed;
    confirmed.org = outcome.host;
    note(std::move(confirmed));
  }
  std::vector<ActionOutcome>& told = told_.at(outcome.host);
  for (std::size_t at = 0; at < told.size(); ++at) {
    if (told[at] == outcome.actions[at]) continue;
    told[at] = outcome.actions[at];
    note_fate(plan, told[at]);
  }
  keep();
}

void Watch::end(int exit_code) {
  JournalRecord record;
  record.kind = JournalRecord::Kind::end;
  record.exit_code = exit_code;
  note(std::move(record));
  if (const auto kept = keep(); !kept) stage_.warn("the journal is not complete: " + kept.error().message);
}

void Watch::note_settled() {
  for (Engine* engine : engines_) {
    for (const std::size_t at : engine->take_settled()) {
      const ActionOutcome& action = engine->so_far().actions[at];
      ++settled_;
      if (action.fate == Fate::failed || action.fate == Fate::unknown) ++failed_;
      if (!is_recorded()) continue;
      told_.at(engine->plan().host)[at] = action;
      note_fate(engine->plan(), action);
    }
  }
}

void Watch::saw(const OrgAddress& org, const okta::Event& event) {
  if (auto record = record_of(org.authority(), event, {})) note(std::move(*record));
  if (event.kind == okta::Event::Kind::waiting || event.kind == okta::Event::Kind::retrying) {
    waits_until_ = stage_.world().clock.steady() + event.length;
    waits_for_ = event.reason;
  }
}

// One append and one sync for all that is new, however many writes it speaks of.
Result<void> Watch::keep() {
  note_settled();
  if (hindrance_) return fail(*hindrance_);
  if (journal_ == nullptr || unwritten_.empty()) return {};
  auto kept = journal_->append(std::exchange(unwritten_, {}));
  if (kept) kept = journal_->sync();
  if (kept) return {};
  hindrance_ = Error{Trouble::failure, "the journal can't be kept any more: " + kept.error().message,
                     "make room, and run it again: what was done is not done twice"};
  return fail(*hindrance_);
}

Progress Watch::progress(Milliseconds now) const {
  Progress progress;
  progress.orgs = engines_.size();
  for (const Engine* engine : engines_) {
    progress.due += engine->due();
    progress.running += engine->in_flight();
  }
  progress.settled = settled_;
  progress.failed = failed_;
  progress.elapsed = now - *started_;
  if (waits_until_ > now) {
    progress.waiting = waits_until_ - now;
    progress.reason = waits_for_;
  }
  return progress;
}

std::optional<Milliseconds> Watch::look(Milliseconds now) {
  const bool redraws = stage_.redraws();
  const bool tells = stage_.tells_events() || in_ci(stage_.world().environment);
  if (engines_.empty() || (!redraws && !tells)) return std::nullopt;
  if (!started_) {
    started_ = now;
    next_look_ = now + (redraws ? Milliseconds(0) : kLineEvery);
  }
  if (now < *next_look_) return next_look_;
  next_look_ = now + (redraws ? kRedrawEvery : kLineEvery);
  const Progress far = progress(now);
  stage_.event(progress_json(far));
  if (redraws) {
    stage_.status(progress_text(far));
  } else if (in_ci(stage_.world().environment)) {
    stage_.note(progress_text(far));
  }
  return next_look_;
}

}  // namespace zonepin
