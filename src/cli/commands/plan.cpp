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

}  // namespace

int plan_command(Stage& stage) {
  auto prepared = prepare(stage);
  if (!prepared) return prepared.error();
  const Instant now = stage.world().clock.now();
  const Plan plan = plan_of(*prepared, now, stage.options().plan_ttl);
  const std::string& path = stage.options().out_file;
  std::string encoded;
  if (stage.json() || !path.empty()) encoded = encode_plan(plan);
  if (!path.empty()) {
    if (auto written = stage.write(path, encoded); !written) return stage.fail(written.error());
  }
  stage.out(stage.json() ? encoded : plan_text(plan, PlanView::plan, now, stage.out_style()));
  if (!path.empty()) stage.note("plan saved; carry it out with: zonepin apply --plan " + escape(path));
  std::vector<int> codes = codes_of(prepared->unread);
  for (const OrgPlan& org : plan.orgs) codes.push_back(plan_code(org, stage.options()));
  return combine(codes);
}

int drift_command(Stage& stage) {
  auto prepared = prepare(stage);
  if (!prepared) return prepared.error();
  const Instant now = stage.world().clock.now();
  const Plan plan = plan_of(*prepared, now, std::nullopt);
  stage.out(stage.json() ? encode_plan(plan) : plan_text(plan, PlanView::drift, now, stage.out_style()));
  std::vector<int> codes = codes_of(prepared->unread);
  for (const OrgPlan& org : plan.orgs) codes.push_back(code_of_drift(org));
  return combine(codes);
}

}  // namespace zonepin
