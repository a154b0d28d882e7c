#include "cli/carrying_out.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "apply/engine.h"
#include "apply/outcome.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/watch.h"
#include "plan/guards.h"
#include "report/diagnostics_json.h"
#include "report/outcome_report.h"
#include "report/plan_text.h"

namespace zonepin {

namespace {

// By what is live now.
void judge(Stage& stage, Candidate& org) {
  if (org.refusal) return;
  const OwnTokens own = own_tokens(org.live, org.plan.terms.self);
  if (!own.problem.empty()) {
    return refuse(stage, org,
                  {Trouble::usage, "nothing was written at " + org.plan.host + ": " + own.problem,
                   "correct `self:` and plan again, or run with that token"});
  }
  mark_own(org.plan, own.ids);
  org.plan.guards =
      guards_of(org.plan, org.live, stage.options().policy, stage.world().clock.now(), {}).guards;
}

void bind(Stage& stage, Candidate& org, std::string_view since) {
  if (org.refusal) return;
  org.binding = bind_plan(org.plan, org.live);
  if (org.binding.problems.empty()) return;
  refuse(stage, org,
         {Trouble::stale,
          "nothing was written at " + org.plan.host + ", because things changed since " + std::string(since) +
              ":" + lines_of(org.binding.problems) + "\n  plan again, and have that plan approved",
          {}});
}

// Lists the orgs that still take part anew; what can't be read takes no further part.
void read_again(Stage& stage, Run& run) {
  std::vector<std::size_t> links;
  std::vector<Candidate*> orgs;
  for (Candidate& org : run.orgs) {
    if (!has_actions(org)) continue;
    links.push_back(org.link);
    orgs.push_back(&org);
  }
  okta::ReadWants wants;
  wants.self = true;
  auto readings = run.session->read(links, std::vector<okta::ReadWants>(links.size(), wants));
  for (std::size_t at = 0; at < orgs.size(); ++at) {
    if (readings[at]) {
      orgs[at]->live = std::move(readings[at]->live);
    } else {
      refuse(stage, *orgs[at], readings[at].error());
    }
  }
}

// Whether a person has to say yes: neither the command line nor an approved plan did.
bool asks(const Stage& stage) {
  return !stage.options().auto_approve && stage.options().approved_file.empty();
}

// Asks a person, and looks again after the yes: a change meanwhile is not what was approved.
Reported<bool> asked(Stage& stage, Run& run) {
  if (!any_actions(run) || !asks(stage)) {
    for (Candidate& org : run.orgs) bind(stage, org, "the list was read");
    return true;
  }
  std::size_t actions = 0;
  std::vector<std::string> hosts;
  for (const Candidate& org : run.orgs) {
    if (!has_actions(org)) continue;
    actions += summary_of(org.plan).actions();
    hosts.push_back(org.plan.host);
  }
  constexpr std::size_t kHostsShown = 5;  // the plan above names all
  if (const std::size_t count = hosts.size(); count > kHostsShown) {
    hosts.resize(kHostsShown);
    hosts.back() += " and " + std::to_string(count - kHostsShown) + " more orgs";
  }
  const auto yes = stage.confirm("Carry out " + plural(actions, "action") + " at " + join(hosts, ", ") +
                                 "? Only \"yes\" is taken as one: ");
  if (!yes) return tl::unexpected<int>(stage.fail(yes.error()));
  if (!*yes) return false;
  hold_against_live(stage, run, "you were asked");
  return true;
}

// One list shows whether what was written is there.
void confirm_outcomes(Stage& stage, Run& run, const std::vector<Candidate*>& orgs,
                      std::vector<OrgReport>& reports) {
  std::vector<std::size_t> links;
  std::vector<std::size_t> which;
  for (std::size_t at = 0; at < orgs.size(); ++at) {
    const OrgOutcome& outcome = reports[at].outcome;
    const bool wrote = count(outcome, Fate::done) + failures(outcome) > 0;
    const bool may_ask = !outcome.ended_early || outcome.ended_early->trouble == Trouble::failure;
    if (!wrote || !may_ask) continue;
    links.push_back(orgs[at]->link);
    which.push_back(at);
  }
  if (links.empty()) return;
  okta::ReadWants tokens_only;
  tokens_only.zones = false;
  auto readings = run.session->read(links, std::vector<okta::ReadWants>(links.size(), tokens_only));
  for (std::size_t at = 0; at < which.size(); ++at) {
    OrgReport& report = reports[which[at]];
    if (readings[at]) {
      confirm(report.plan, readings[at]->live, report.outcome);
    } else {
      stage.warn("what was done could not be confirmed: " + readings[at].error().message);
      // A signal ends the run, even where nothing was left but this.
      const bool interrupted = readings[at].error().trouble == Trouble::interrupted;
      if (interrupted && !report.outcome.ended_early) {
        report.outcome.ended_early = Error{Trouble::interrupted, "interrupted before a list confirmed it",
                                           "`zonepin plan` shows what is live"};
      }
    }
  }
}

// Carries out what takes part and may be carried out; what does not stands in the reports with why. The plans
// go over into the reports: they may be large.
std::vector<OrgReport> outcomes_of(Stage& stage, Run& run, Watch& watch) {
  std::vector<Candidate*> orgs;
  std::vector<std::unique_ptr<Engine>> engines;
  std::vector<Engine*> raw;
  std::vector<std::size_t> links;
  for (Candidate& org : run.orgs) {
    if (!has_actions(org)) continue;
    orgs.push_back(&org);
    engines.push_back(run.session->engine_for(org.link, org.plan, org.binding, org.live));
    raw.push_back(engines.back().get());
    links.push_back(org.link);
  }
  watch.begin(raw, run.digest);
  if (!raw.empty()) run.session->carry_out(links, raw, watch);
  watch.rest();
  std::vector<OrgReport> reports;
  for (std::size_t at = 0; at < orgs.size(); ++at) {
    OrgOutcome outcome = engines[at]->take();
    engines[at].reset();
    // The list that confirms is as large as this one.
    orgs[at]->live = {};
    orgs[at]->binding = {};
    reports.push_back({std::move(orgs[at]->plan), std::move(outcome), kDone});
  }
  confirm_outcomes(stage, run, orgs, reports);
  for (const OrgReport& report : reports) watch.settle(report.plan, report.outcome);
  for (OrgReport& report : reports) {
    report.exit_code = code_of_apply(report.plan, report.outcome);
    const auto& ended = report.outcome.ended_early;
    if (ended)
      stage.fail({ended->trouble, "ended early at " + report.plan.host + ": " + ended->message, ended->mend});
  }
  return reports;
}

// An org that took no part: nothing was to do, or something stood in the way of all of it.
OrgReport report_without_write(const Candidate& org) {
  OrgReport report{org.plan, {}, org.refusal ? code_of(org.refusal->trouble) : code_of_undecided(org.plan)};
  report.outcome.host = org.plan.host;
  report.outcome.ended_early = org.refusal;
  for (std::size_t at = 0; at < org.plan.changes.size(); ++at) {
    if (is_action(org.plan.changes[at].status))
      report.outcome.actions.push_back({at, Fate::not_reached, {}, {}});
  }
  return report;
}

OrgReport report_of_failed(const FailedOrg& org) {
  OrgReport report;
  report.plan.host = org.org.authority();
  report.outcome.host = org.org.authority();
  report.outcome.ended_early = org.error;
  report.exit_code = code_of(org.error.trouble);
  return report;
}

// Every org of the run, by host.
std::vector<OrgReport> all_reports(Stage& stage, Run& run, Watch& watch) {
  std::vector<OrgReport> reports;
  for (const Candidate& org : run.orgs) {
    if (!has_actions(org)) reports.push_back(report_without_write(org));
  }
  for (OrgReport& report : outcomes_of(stage, run, watch)) reports.push_back(std::move(report));
  for (const FailedOrg& org : run.failed) reports.push_back(report_of_failed(org));
  std::stable_sort(reports.begin(), reports.end(),
                   [](const OrgReport& a, const OrgReport& b) { return a.plan.host < b.plan.host; });
  return reports;
}

}  // namespace

bool has_actions(const Candidate& org) {
  return !org.refusal && summary_of(org.plan).actions() > 0;
}

bool any_actions(const Run& run) {
  return std::any_of(run.orgs.begin(), run.orgs.end(), has_actions);
}

void refuse(Stage& stage, Candidate& org, Error why) {
  stage.fail(why);
  org.refusal = std::move(why);
}

std::string lines_of(const std::vector<std::string>& problems) {
  return "\n  " + join(problems, "\n  ");
}

void refuse_blocked(Stage& stage, Candidate& org) {
  if (org.refusal || !is_blocked(org.plan)) return;
  std::vector<std::string> reasons;
  for (const Guard& guard : org.plan.guards) {
    if (guard.lifted) continue;
    const std::size_t shown = std::min<std::size_t>(guard.token_ids.size(), 5);
    std::string tokens =
        join({guard.token_ids.begin(), guard.token_ids.begin() + static_cast<std::ptrdiff_t>(shown)}, ", ");
    if (shown < guard.token_ids.size())
      tokens += " and " + std::to_string(guard.token_ids.size() - shown) + " more";
    reasons.push_back(guard.name + ": " + guard.message + " [" + tokens + "]; lift it with " + guard.lift);
  }
  refuse(stage, org,
         {Trouble::blocked,
          "nothing was written at " + org.plan.host + ", because guards block it:" + lines_of(reasons),
          {}});
}

void show_plan(Stage& stage, const Plan& plan, Instant now) {
  if (stage.text()) stage.out(plan_text(plan, PlanView::plan, now, stage.out_style()));
  if (!stage.text() && summary_of(plan).actions() > 0 && asks(stage))
    stage.note(plan_text(plan, PlanView::plan, now, stage.err_style()));
}

void hold_against_live(Stage& stage, Run& run, std::string_view since) {
  read_again(stage, run);
  for (Candidate& org : run.orgs) {
    if (!has_actions(org)) continue;
    judge(stage, org);
    bind(stage, org, since);
    refuse_blocked(stage, org);
  }
}

Reported<void> approve(Stage& stage, Run& run, const std::string& mend) {
  if (any_actions(run) && asks(stage) && !stage.world().terminal.can_ask()) {
    return tl::unexpected<int>(
        stage.fail({Trouble::usage, "nobody can be asked here, and nothing was written", mend}));
  }
  for (Candidate& org : run.orgs) refuse_blocked(stage, org);
  const auto approved = asked(stage, run);
  if (!approved) return tl::unexpected<int>(approved.error());
  if (!*approved)
    return tl::unexpected<int>(stage.fail({Trouble::failure, "not approved, and nothing was written", {}}));
  return {};
}

int carry_out(Stage& stage, Run& run) {
  const bool refused = std::any_of(run.orgs.begin(), run.orgs.end(),
                                   [](const Candidate& org) { return org.refusal.has_value(); });
  const bool nothing_but_refusals = refused && !any_actions(run);
  auto journal = open_journal(stage);
  if (!journal) return stage.fail(journal.error());
  Watch watch(stage, std::move(*journal));
  const std::vector<OrgReport> reports = all_reports(stage, run, watch);
  std::vector<int> codes;
  for (const OrgReport& report : reports) codes.push_back(report.exit_code);
  watch.end(combine(codes));
  Telling telling;
  telling.report = [&](const RunFacts& facts) { return report_of_outcome(reports, run.digest, facts); };
  telling.text = [&](const Style& style) { return outcome_text(reports, style); };
  telling.json = [&] { return outcome_json(reports, run.digest); };
  if (nothing_but_refusals && reports.size() == 1) {
    // It was said already, below the plan.
    if (stage.text()) return stage.tell_files(telling, combine(codes));
    telling.json = [&] { return error_json(*reports.front().outcome.ended_early); };
  }
  return stage.tell(telling, combine(codes));
}

}  // namespace zonepin
