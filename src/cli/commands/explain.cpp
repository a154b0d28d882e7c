#include <algorithm>

#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/planning.h"
#include "plan/explain.h"
#include "report/explain_report.h"

namespace zonepin {

int explain_command(Stage& stage) {
  auto prepared = prepare(stage);
  if (!prepared) return prepared.error();
  const std::string& subject = stage.options().subject;
  const Instant now = stage.world().clock.now();
  const Sources& sources = prepared->loaded.sources;
  std::vector<Explanation> explanations;
  std::vector<std::string_view> known;
  for (const PlannedOrg& org : prepared->orgs) {
    for (Explanation& explanation : explain(subject, org.target.desired, org.live, now, sources, org.plan))
      explanations.push_back(std::move(explanation));
    for (const Token& token : org.live.tokens) known.push_back(token.name);
  }
  std::vector<int> codes = codes_of(prepared->failed);
  if (explanations.empty() && !prepared->orgs.empty()) {
    std::sort(known.begin(), known.end());
    std::string hint = did_you_mean(subject, known);
    if (hint.empty()) hint = "see `zonepin list tokens`";
    const std::string nobody = "no live token and no entry has the id or name " + in_quotes(subject);
    if (codes.empty()) return stage.fail({Trouble::failure, nobody, hint});
    stage.warn("in the orgs that were read, " + nobody + "; " + hint);
  }
  stage.out(stage.json() ? explain_json(explanations, sources)
                         : explain_text(explanations, now, sources, stage.out_style()));
  if (!prepared->orgs.empty()) codes.push_back(kDone);
  return combine(codes);
}

}  // namespace zonepin
