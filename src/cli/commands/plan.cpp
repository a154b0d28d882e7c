#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/planning.h"
#include "plan/plan_codec.h"
#include "report/plan_text.h"

namespace zonepin {

namespace {

int plan_code(const OrgPlan& plan, const Options& options) {
  if (options.enforce && is_blocked(plan)) return kBlocked;
  const int undecided = code_of_undecided(plan);
  if (undecided != kDone) return undecided;
  return options.detailed_exitcode && summary_of(plan).actions() > 0 ? kChanges : kDone;
}

// With many orgs it adds up while the report is made.
void free_what_was_planned(Prepared& prepared) {
  prepared.orgs.clear();
  prepared.loaded = {};
}

}  // namespace

int plan_command(Stage& stage) {
  auto prepared = prepare(stage);
  if (!prepared) return prepared.error();
  const Instant now = stage.world().clock.now();
  const Plan plan = take_plan(*prepared, now, stage.options().plan_ttl,
                              [&](const OrgPlan& org) { return plan_code(org, stage.options()); });
  free_what_was_planned(*prepared);
  std::string path = stage.options().out_file;
  if (plan.orgs.empty() && !plan.unread.empty() && !path.empty()) {
    stage.note("no plan is saved, because no org could be read");
    path.clear();
  }
  std::string encoded;
  if (!path.empty()) {
    encoded = encode_plan(plan);
    if (auto written = stage.write(path, encoded); !written) return stage.fail(written.error());
  }
  const int code = stage.tell(telling_of(plan, PlanView::plan, now, std::move(encoded)), code_of_run(plan));
  if (!path.empty()) stage.note("plan saved; carry it out with: zonepin apply --plan " + escape(path));
  return code;
}

}  // namespace zonepin
