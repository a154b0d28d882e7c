// Looks on while a plan is carried out: keeps the journal (--journal) and shows how far things are.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apply/engine.h"
#include "apply/journal.h"
#include "base/world.h"
#include "cli/stage.h"
#include "okta/drive.h"
#include "report/progress.h"

namespace zonepin {

// The file of --journal; null where none is asked for.
Result<std::unique_ptr<AppendFile>> open_journal(Stage& stage);

class Watch : public okta::Witness {
 public:
  // `journal` may be null.
  Watch(Stage& stage, std::unique_ptr<AppendFile> journal) : stage_(stage), journal_(std::move(journal)) {}

  // Before the engines run: what is planned.
  void begin(const std::vector<Engine*>& engines, std::string_view digest);
  // They have run, and may go.
  void rest();
  // Once a list was read at the end: what the journal has to say otherwise now.
  void settle(const OrgPlan& plan, const OrgOutcome& outcome);
  // At the end of the run. What of the journal could not be written is said.
  void end(int exit_code);

  void saw(const OrgAddress& org, const okta::Event& event) override;
  Result<void> keep() override;
  std::optional<Milliseconds> look(Milliseconds now) override;

 private:
  // Whether records go anywhere: to a journal, or out as events.
  bool is_recorded() const { return journal_ != nullptr || stage_.tells_events(); }
  void note(JournalRecord record);
  void note_fate(const OrgPlan& plan, const ActionOutcome& action);
  void note_settled();
  Progress progress(Milliseconds now) const;

  Stage& stage_;
  std::unique_ptr<AppendFile> journal_;
  std::string unwritten_;           // lines that are not in the file yet
  std::optional<Error> hindrance_;  // the journal could not be kept: no write leaves any more
  std::vector<Engine*> engines_;
  std::map<std::string, std::vector<ActionOutcome>>
      told_;  // fates as the journal has them, by authority; none without one
  std::size_t settled_ = 0;
  std::size_t failed_ = 0;
  std::optional<Milliseconds> started_;
  Milliseconds waits_until_{0};
  std::string waits_for_;
  std::optional<Milliseconds> next_look_;
};

}  // namespace zonepin
