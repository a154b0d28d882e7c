#include "cli/checking.h"
#include "cli/commands/commands.h"
#include "cli/evidence.h"

namespace zonepin {

int check_command(Stage& stage) {
  const Options& options = stage.options();
  if (options.with_owners && !options.live_file.empty()) {
    return stage.fail({Trouble::usage,
                       "--owners asks Okta for the status of owners, which a snapshot does not hold",
                       "leave out --owners, or --live"});
  }
  const auto profile = load_profile(stage);
  if (!profile) return profile.error();
  if (auto checked = check_evidence_folder(stage); !checked) return stage.fail(checked.error());
  auto prepared = prepare(stage);
  if (!prepared) return prepared.error();
  const CheckRun run = check_orgs(stage, *prepared, *profile);
  if (auto written = write_evidence(stage, *prepared, run); !written) return stage.fail(written.error());
  Telling telling;
  telling.report = [&](const RunFacts&) { return report_of_check(run); };
  telling.text = [&](const Style& style) { return check_text(run, style); };
  telling.json = [&] { return check_json(run); };
  return stage.tell(telling, run.exit_code);
}

}  // namespace zonepin
