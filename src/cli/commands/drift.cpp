// What differs from the manifests, and with a baseline what is new about it.
#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/planning.h"
#include "cli/snapshots.h"
#include "plan/since.h"
#include "report/metrics.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxMetricsBytes = std::size_t{16} << 20;

int drift_code(const OrgPlan& plan, const Options& options) {
  const int code = code_of_drift(plan);
  return options.soft_fail ? forgiving(code, kChanges) : code;
}

void compare_with(Stage& stage, SnapshotFile& file, const Sources& sources, PlannedOrg& org) {
  const Live& then = file.snapshot.live;
  const Instant read_at = org.live.taken_at.value_or(stage.world().clock.now());
  if (*then.taken_at > read_at) {
    stage.warn(escape(file.path) +
               " is newer than what it is compared with: what is called new is what was "
               "there before; is --live meant to be --baseline?");
  }
  tell_since(org.plan, org.target.desired, then, org.live, sources, read_at);
  file.snapshot.live = {};  // with many orgs it adds up
}

// An org without a baseline is told and left as it is: it may be a new one. But not all of them.
Result<void> compare(Stage& stage, std::optional<Snapshots>& baseline, Prepared& prepared) {
  if (!baseline || prepared.orgs.empty()) return {};
  constexpr const char* kMend = "make one with: zonepin snapshot --out FILE";
  std::vector<Error> without;
  for (PlannedOrg& org : prepared.orgs) {
    SnapshotFile* file = baseline->of(org.target.org);
    if (file != nullptr) {
      compare_with(stage, *file, prepared.loaded.sources, org);
    } else {
      without.push_back(baseline->error_for(org.target.org, {}, kMend));
    }
  }
  if (without.size() == prepared.orgs.size()) return fail(std::move(without.front()));
  for (const Error& error : without)
    stage.warn("--baseline " + error.message + ": nothing is told as new or known there");
  return {};
}

// --- metrics

RunMetrics metrics_of(Stage& stage, const Prepared& prepared) {
  RunMetrics run;
  const Instant now = stage.world().clock.now();
  for (const PlannedOrg& org : prepared.orgs) {
    run.orgs.push_back({org.target.org.authority(), drift_code(org.plan, stage.options()),
                        counts_of(org.plan, org.live, now), now});
  }
  for (const FailedOrg& failed : prepared.failed)
    run.orgs.push_back({failed.org.authority(), code_of(failed.error.trouble), {}, {}});
  return run;
}

// What was known before of orgs that failed; of all there were where the run ended before it knew of any.
void keep_last_successes(Stage& stage, const std::string& path, RunMetrics& run) {
  if (!stage.world().files.exists(path)) return;
  const auto older = stage.world().files.read(path, kMaxMetricsBytes);
  if (!older) return;  // writing it will tell
  const auto successes = last_successes_in(*older);
  if (run.orgs.empty() && run.exit_code != kDone) {
    for (const auto& [host, at] : successes) run.orgs.push_back({host, {}, {}, at});
    return;
  }
  for (OrgMetrics& org : run.orgs) {
    const auto found = successes.find(org.host);
    if (!org.last_success && found != successes.end()) org.last_success = found->second;
  }
}

// Gives the code of the run, or that of a file that could not be written where all else went well.
int write_metrics(Stage& stage, RunMetrics run, int code) {
  const std::string& path = stage.options().metrics_file;
  if (path.empty()) return code;
  run.at = stage.world().clock.now();
  run.exit_code = code;
  keep_last_successes(stage, path, run);
  std::sort(run.orgs.begin(), run.orgs.end(),
            [](const OrgMetrics& a, const OrgMetrics& b) { return a.host < b.host; });
  const auto written = stage.write(path, metrics_text(run));
  if (written) return code;
  const int failed = stage.fail(written.error());
  return code == kDone || code == kChanges ? failed : code;
}

}  // namespace

int drift_command(Stage& stage) {
  auto baseline = baseline_snapshots(stage);
  if (!baseline) return write_metrics(stage, {}, stage.fail(baseline.error()));
  auto prepared = prepare_whatever_fails(stage);
  if (!prepared) return write_metrics(stage, {}, prepared.error());
  if (is_one_failure(*prepared)) {
    const int code = code_of(prepared->failed.front().error.trouble);
    return write_metrics(stage, metrics_of(stage, *prepared), code);
  }
  if (auto compared = compare(stage, *baseline, *prepared); !compared)
    return write_metrics(stage, {}, stage.fail(compared.error()));
  RunMetrics metrics = metrics_of(stage, *prepared);
  const Instant now = stage.world().clock.now();
  const Plan plan = take_plan(*prepared, now, std::nullopt,
                              [&](const OrgPlan& org) { return drift_code(org, stage.options()); });
  prepared->orgs.clear();
  prepared->loaded = {};
  const int code = stage.tell(telling_of(plan, PlanView::drift, now, {}), code_of_run(plan));
  return write_metrics(stage, std::move(metrics), code);
}

}  // namespace zonepin
