// The commands that need no org: validate (unless it is told to), show, schema, version.
#include <algorithm>
#include <deque>
#include <map>

#include "apply/journal.h"
#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/org_book.h"
#include "cli/planning.h"
#include "cli/schemas.h"
#include "cli/targets.h"
#include "manifest/merge.h"
#include "model/org.h"
#include "okta/credentials.h"
#include "plan/binding.h"
#include "plan/plan_codec.h"
#include "report/diagnostics_json.h"
#include "report/outcome_report.h"
#include "report/plan_text.h"
#include "report/sentence.h"

namespace zonepin {

namespace {

// Documents of one org that contradict each other are a mistake that needs no org to be seen.
void check_documents(Stage& stage, Loaded& loaded) {
  const auto domain = okta::base_domain(stage.world().environment, stage.world().files);
  const OrgBook book(loaded.orgs, domain.value_or("okta.com"));
  std::deque<Document> of_entries;  // their addresses must last
  std::map<std::string, std::vector<const Document*>> by_org;
  for (const OrgEntry& entry : loaded.orgs) {
    const auto org = parse_org(entry.host);
    if (!org) continue;
    of_entries.push_back(as_document(entry));
    by_org[org->url()].push_back(&of_entries.back());
  }
  for (const Document& document : loaded.documents) {
    if (!document.org) {
      by_org[""].push_back(&document);
      continue;
    }
    const auto org = book.org_of(*document.org);
    if (org) {
      by_org[org->url()].push_back(&document);
    } else {
      loaded.diagnostics.push_back(
          {Severity::error, org.error().message, org.error().mend, document.org_place});
    }
  }
  for (const auto& [org, documents] : by_org) merge(documents, loaded.sources, loaded.diagnostics);
  loaded.diagnostics = sorted(std::move(loaded.diagnostics));
}

std::string extent_of(const Loaded& loaded) {
  std::size_t entries = 0;
  for (const Document& document : loaded.documents) entries += document.tokens.size();
  return plural(loaded.sources.size(), "file") + ", " + plural(loaded.documents.size(), "document") + ", " +
         plural(entries, "token");
}

int tell_valid(Stage& stage, const Loaded& loaded, const std::string& text) {
  Telling telling;
  telling.report = [&](const RunFacts& run) {
    return report_of_validation(loaded.diagnostics, loaded.sources, {}, run);
  };
  telling.text = [&](const Style& style) { return sentence_text(text, style); };
  telling.json = [&] { return diagnostics_json(loaded.diagnostics, loaded.sources); };
  return stage.tell(telling, kDone);
}

// What the live orgs say to it: prepare() holds the manifests against them, and refuses what does not fit.
int validate_online(Stage& stage) {
  const auto prepared = prepare(stage);
  if (!prepared) return prepared.error();
  std::vector<int> codes = codes_of(prepared->failed);
  if (!codes.empty()) {
    codes.resize(codes.size() + prepared->orgs.size(), kDone);
    return combine(codes);
  }
  std::vector<std::string> hosts;
  for (const PlannedOrg& org : prepared->orgs) hosts.push_back(org.target.org.authority());
  if (hosts.empty()) hosts.push_back("no org");
  return tell_valid(
      stage, prepared->loaded,
      "Valid: " + extent_of(prepared->loaded) + " declared, as it is in " + join(hosts, ", ") + ".");
}

// What each org of a journal's run came to. A run that died is not finished, and safe to run again.
std::vector<OrgReport> reports_of(JournalRun& run) {
  std::vector<OrgReport> reports;
  for (std::size_t at = 0; at < run.plans.size(); ++at) {
    OrgReport report{std::move(run.plans[at]), std::move(run.outcomes[at]), kUnfinished};
    if (run.exit_code) report.exit_code = code_of_apply(report.plan, report.outcome);
    reports.push_back(std::move(report));
  }
  return reports;
}

int show_journal(Stage& stage, std::string_view text) {
  if (stage.options().reverse || !stage.options().out_file.empty()) {
    return stage.fail({Trouble::usage,
                       "--reverse and --out are for a plan, and this is the journal of an apply",
                       "give the plan that was applied"});
  }
  auto runs = read_journal(text, stage.options().subject);
  if (!runs) return stage.fail(runs.error());
  for (std::size_t at = stage.json() ? runs->size() - 1 : 0; at < runs->size(); ++at) {
    JournalRun& run = (*runs)[at];
    const std::vector<OrgReport> reports = reports_of(run);
    if (stage.json()) {
      if (runs->size() > 1)
        stage.note("the journal holds " + plural(runs->size(), "run") + "; this is the last");
      stage.out(outcome_json(reports, run.digest));
      continue;
    }
    stage.out((at == 0 ? "" : "\n") +
              sentence_text("Run of " + format_seconds(run.started) +
                                (run.exit_code ? ", ended with exit code " + std::to_string(*run.exit_code)
                                               : std::string(", which did not end by itself")),
                            stage.out_style()) +
              "\n");
    stage.out(reports.empty() ? sentence_text("Nothing was about to be written.", stage.out_style())
                              : outcome_text(reports, stage.out_style()));
  }
  return kDone;
}

}  // namespace

int validate_command(Stage& stage) {
  if (stage.options().online || !stage.options().live_file.empty()) return validate_online(stage);
  if (!stage.options().orgs.empty() || stage.options().selection.narrows()) {
    const std::string option = stage.options().orgs.empty() ? "--only or --shard" : "--org";
    return stage.fail({Trouble::usage,
                       "validate speaks to no org, so that " + option + " means nothing to it",
                       "add --online, or leave " + option + " out"});
  }
  auto loaded = load_manifests(stage);
  if (!loaded) return stage.fail(loaded.error());
  check_documents(stage, *loaded);
  if (has_errors(loaded->diagnostics)) return stage.refuse(loaded->diagnostics, loaded->sources);
  stage.refuse(loaded->diagnostics, loaded->sources);
  return tell_valid(stage, *loaded, "Valid: " + extent_of(*loaded) + " declared.");
}

int show_command(Stage& stage) {
  const std::string& path = stage.options().subject;
  auto text = stage.world().files.read(path, std::max(kMaxPlanBytes, kMaxJournalBytes));
  if (!text) return stage.fail({Trouble::usage, text.error().message, text.error().mend});
  if (text->starts_with(kJournalBegins)) {
    if (stage.text() || stage.json()) return show_journal(stage, *text);
    return stage.fail({Trouble::usage, "a journal is shown as text or json", "leave --format out"});
  }
  auto plan = decode_plan(*text, path);
  if (!plan) return stage.fail(plan.error());
  const bool reverse = stage.options().reverse;
  if (reverse) plan = reverse_of(*plan);
  std::string encoded = encode_plan(*plan);
  const std::string& out = stage.options().out_file;
  if (!out.empty()) {
    if (auto written = stage.write(out, encoded); !written) return stage.fail(written.error());
  }
  const PlanView view = reverse ? PlanView::reverse : PlanView::plan;
  const int code = stage.tell(telling_of(*plan, view, stage.world().clock.now(), std::move(encoded)), kDone);
  if (!out.empty()) stage.note("plan saved; carry it out with: zonepin apply --plan " + escape(out));
  return code;
}

int schema_command(Stage& stage) {
  const std::string& name = stage.options().subject;
  for (const NamedSchema& known : kSchemas) {
    if (known.name == name) stage.out(known.text);
  }
  return kDone;
}

int version_command(Stage& stage) {
  const std::string version = ZONEPIN_VERSION;
  stage.out(stage.json() ? "{\n  \"version\": \"" + version + "\"\n}\n" : "zonepin " + version + "\n");
  return kDone;
}

}  // namespace zonepin
