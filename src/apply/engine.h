// Carries out the due actions of one org's plan: a state machine without I/O (okta/machine.h). Phases in plan
// order; within one, up to `parallelism` actions at a time. A write whose fate is not known is never repeated
// before a GET has shown `before`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apply/outcome.h"
#include "model/org.h"
#include "okta/machine.h"
#include "okta/refusal.h"
#include "plan/binding.h"
#include "plan/plan.h"

namespace zonepin {

// How often one action is written at most, the looks in between not counted.
inline constexpr int kMaxWrites = 3;

struct ApplyPolicy {
  std::size_t parallelism = 8;    // actions at a time, at least 1
  std::size_t max_failures = 10;  // this many failed actions end the run, at least 1
  bool recheck = false;           // read each token once more just before its write
};

class Engine : public okta::Machine {
 public:
  // `plan` and `live` (what was just listed, and what `binding` was made from) must outlive the engine. The
  // binding has no problems.
  Engine(const OrgPlan& plan, const Binding& binding, const Live& live, const OrgAddress& org,
         ApplyPolicy policy, okta::Governor& governor, std::uint64_t seed,
         std::optional<Milliseconds> deadline);

  okta::Lane& lane() override { return lane_; }
  void advance(Milliseconds now) override;
  bool finished() const override { return finished_; }
  void interrupt() override;

  // Once finished.
  OrgOutcome take();

  // While it runs: what became of each action so far, and what is on its way.
  const OrgPlan& plan() const { return plan_; }
  const OrgOutcome& so_far() const { return outcome_; }
  std::size_t in_flight() const { return lane_.in_flight(); }  // requests
  std::size_t due() const { return due_; }                     // actions that it set out to do
  // Of so_far().actions, those whose fate was settled since the last call.
  std::vector<std::size_t> take_settled() { return std::exchange(settled_, {}); }

 private:
  enum class Step { checking, writing, looking };
  // One action on its way.
  struct Task {
    std::size_t action = 0;  // index into outcome_.actions
    const Change* change = nullptr;
    const Token* live = nullptr;
    Step step = Step::writing;
    int writes = 0;
    std::string doubt;  // why we had to look: what the write ended in
  };
  struct Phase {
    int number = 0;
    std::vector<Task> tasks;
  };

  void add_phase(Task task);
  void start_tasks();
  void start_phase();
  void leave_out_rest();  // because an action before it failed
  void check(Task task);
  void write(Task task, Milliseconds not_before);
  void look(Task task, std::string doubt, Milliseconds now);
  void take_over(okta::Ended ended, Milliseconds now);
  void take_unsent(const Task& task, std::optional<Error> withheld);
  void take_check(Task task, const okta::Ended& ended);
  void take_write(Task task, const okta::Ended& ended, Milliseconds now);
  void take_answer(Task task, const okta::Ended& ended, Milliseconds now);
  void take_refusal(Task task, const okta::Ended& ended, const okta::Refusal& refusal, Milliseconds now);
  void take_look(Task task, const okta::Ended& ended, Milliseconds now);
  void close(const Task& task, Fate fate, std::string message = {});
  void stop(Error why);
  Error time_ran_out() const;

  const OrgPlan& plan_;
  OrgAddress org_;
  ApplyPolicy policy_;
  okta::Lane lane_;
  std::uint64_t seed_;
  std::vector<Phase> phases_;
  std::size_t phase_ = 0;
  std::size_t next_ = 0;  // within the phase
  std::map<okta::CallId, Task> active_;
  std::size_t due_ = 0;
  std::size_t failures_ = 0;
  bool stopped_ = false;
  bool finished_ = false;
  OrgOutcome outcome_;
  std::vector<std::size_t> settled_;
};

}  // namespace zonepin
