#include <algorithm>
#include <utility>

#include "base/text.h"
#include "cli/carrying_out.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "plan/approval.h"
#include "plan/guards.h"
#include "plan/plan_codec.h"

namespace zonepin {

namespace {

Result<Plan> load_plan(Stage& stage, const std::string& path) {
  auto text = stage.world().files.read(path, kMaxPlanBytes);
  if (!text) return fail(Trouble::usage, text.error().message, text.error().mend);
  auto plan = decode_plan(*text, path);
  if (!plan) return fail(plan.error());
  const Instant now = stage.world().clock.now();
  if (plan->expires_at && now >= *plan->expires_at) {
    return fail(Trouble::stale, escape(path) + " ended at " + format_seconds(*plan->expires_at),
                "plan again, and have that plan approved");
  }
  return plan;
}

// --- from manifests
// --------------------------------------------------------------------------------------------------

void hold_against(Stage& stage, const Plan& approved, Candidate& org) {
  const std::vector<std::string> problems = not_approved(org.plan, approved);
  if (problems.empty()) return;
  refuse(stage, org,
         {Trouble::stale,
          "nothing was written at " + org.plan.host + ", because " + escape(stage.options().approved_file) +
              " does not approve all of it:" + lines_of(problems) +
              "\n  plan again, and have that plan approved",
          {}});
}

Reported<Run> run_from_manifests(Stage& stage) {
  std::optional<Plan> approved;
  if (const std::string& path = stage.options().approved_file; !path.empty()) {
    auto plan = load_plan(stage, path);
    if (!plan) return tl::unexpected<int>(stage.fail(plan.error()));
    approved = std::move(*plan);
  }
  auto prepared = prepare(stage);
  if (!prepared) return tl::unexpected<int>(prepared.error());
  const Instant now = stage.world().clock.now();
  Plan plan = take_plan(*prepared, now, std::nullopt, code_of_undecided);
  Run run;
  run.digest = digest_of(plan);
  show_plan(stage, plan, now);
  run.failed = std::move(prepared->failed);
  for (std::size_t at = 0; at < plan.orgs.size(); ++at) {
    run.orgs.push_back(
        {std::move(plan.orgs[at]), std::move(prepared->orgs[at].live), prepared->links[at], {}, {}});
  }
  run.session = std::move(prepared->session);
  if (approved) {
    for (Candidate& org : run.orgs) hold_against(stage, *approved, org);
  }
  return run;
}

// --- from a saved plan
// -------------------------------------------------------------------------------------------------

Result<std::vector<OrgNamed>> orgs_of(Stage& stage, const Plan& plan) {
  std::vector<OrgNamed> orgs;
  for (const OrgPlan& org_plan : plan.orgs) {
    auto org = parse_org(org_plan.url);
    if (!org || org->authority() != org_plan.host) {
      return fail(Trouble::usage, escape(stage.options().plan_file) +
                                      " names an org that can't be one: " + in_quotes(org_plan.url));
    }
    const std::string path = escape(stage.options().plan_file);
    orgs.push_back({std::move(*org), path, org_plan.org_id, org_plan.client_id, path});
  }
  if (stage.options().orgs.empty()) return orgs;
  const auto chosen = orgs_named(stage);
  if (!chosen) return fail(chosen.error());
  for (const OrgAddress& org : *chosen) {
    const bool known =
        std::any_of(orgs.begin(), orgs.end(), [&](const OrgNamed& named) { return named.org == org; });
    if (!known) {
      return fail(Trouble::stale, escape(stage.options().plan_file) + " is no plan for " + org.authority(),
                  "give the plan of that org");
    }
  }
  for (const OrgNamed& named : orgs) {
    if (std::find(chosen->begin(), chosen->end(), named.org) != chosen->end()) continue;
    return fail(Trouble::stale,
                escape(stage.options().plan_file) + " is also a plan for " + named.org.authority(),
                "name every org of the plan with --org, or none");
  }
  return orgs;
}

// Leaves out what --only and --shard leave out, and says what the plan itself has left out.
Result<void> narrow_plan(Stage& stage, Plan& plan, std::vector<OrgNamed>& named) {
  for (const UnreadOrg& org : plan.unread) {
    stage.warn(escape(stage.options().plan_file) + " plans nothing for " + escape(org.host) +
               ", which could not be read then");
  }
  if (!stage.options().selection.narrows()) return {};
  std::vector<OrgAddress> all;
  for (const OrgNamed& org : named) all.push_back(org.org);
  const auto taken = selected(stage.options().selection, all);
  if (!taken) return fail(taken.error());
  std::vector<OrgPlan> plans;
  std::vector<OrgNamed> names;
  for (std::size_t at = 0; at < named.size(); ++at) {
    if (std::find(taken->begin(), taken->end(), named[at].org) == taken->end()) continue;
    plans.push_back(std::move(plan.orgs[at]));
    names.push_back(std::move(named[at]));
  }
  stage.note(std::to_string(plans.size()) + " of the " + plural(all.size(), "org") + " in " +
             escape(stage.options().plan_file) + " take part (--only, --shard)");
  plan.orgs = std::move(plans);
  named = std::move(names);
  return {};
}

Reported<Run> run_from_plan(Stage& stage) {
  const auto report = [&](const Error& error) { return tl::unexpected<int>(stage.fail(error)); };
  if (auto checked = check_bare_acks(stage); !checked) return report(checked.error());
  auto plan = load_plan(stage, stage.options().plan_file);
  if (!plan) return report(plan.error());
  auto orgs = orgs_of(stage, *plan);
  if (!orgs) return report(orgs.error());

  Run run;
  run.digest = digest_of(*plan);
  if (auto narrowed = narrow_plan(stage, *plan, *orgs); !narrowed) return report(narrowed.error());
  std::vector<OrgNamed> with_actions;
  for (OrgPlan& org : plan->orgs) {
    const std::size_t at = run.orgs.size();
    Candidate candidate{std::move(org), {}, with_actions.size(), {}, {}};
    if (has_actions(candidate)) with_actions.push_back((*orgs)[at]);
    run.orgs.push_back(std::move(candidate));
  }
  if (with_actions.empty()) return run;
  for (Candidate& org : run.orgs) {
    org.plan.guards.clear();
    if (auto guard = allow_revoke_guard(org.plan, stage.options().policy))
      org.plan.guards.push_back(std::move(*guard));
    refuse_blocked(stage, org);
  }
  if (!any_actions(run)) return run;
  auto session = Session::open_each(stage, with_actions, {true, false});
  if (!session) return report(session.error());
  run.session = std::move(*session);
  hold_against_live(stage, run, "the plan was made");
  return run;
}

}  // namespace

int apply_command(Stage& stage) {
  const bool saved = !stage.options().plan_file.empty();
  auto run = saved ? run_from_plan(stage) : run_from_manifests(stage);
  if (!run) return run.error();
  if (!saved) {
    const auto approved = approve(
        stage, *run, "add --auto-approve, or apply a plan that was approved: --plan FILE, --approved FILE");
    if (!approved) return approved.error();
  }
  return carry_out(stage, *run);
}

}  // namespace zonepin
