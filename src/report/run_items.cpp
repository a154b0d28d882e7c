// An outcome, and a failure, as a report.
#include <set>
#include <string>
#include <utility>

#include "base/text.h"
#include "report/build_report.h"
#include "report/rule_book.h"
#include "report/words.h"

namespace zonepin {

namespace {

ItemState state_of(Fate fate) {
  switch (fate) {
    case Fate::done:
    case Fate::already_done:
    case Fate::gone: return ItemState::done;
    case Fate::failed: return ItemState::fail;
    case Fate::not_reached: return ItemState::not_reached;
    case Fate::unknown: return ItemState::unknown;
  }
  return ItemState::unknown;
}

ItemLevel level_of(ItemState state) {
  if (state == ItemState::done) return ItemLevel::note;
  return state == ItemState::not_reached ? ItemLevel::warning : ItemLevel::error;
}

std::string_view fate_words(Fate fate, Status status) {
  const bool revoke = status == Status::revoke;
  switch (fate) {
    case Fate::done: return revoke ? "revoked" : "its condition was replaced";
    case Fate::already_done: return "was as planned already";
    case Fate::gone: return "not live any more, nothing to write";
    case Fate::failed: return revoke ? "could not be revoked" : "its condition could not be replaced";
    case Fate::not_reached: return "nothing was sent";
    case Fate::unknown: return "sent, and nobody could tell what became of it";
  }
  return "";
}

ReportItem item_of(const Change& change, const ActionOutcome& action) {
  ReportItem item;
  item.rule = change.status == Status::revoke ? "token-revoke" : "token-replace";
  item.state = state_of(action.fate);
  item.level = level_of(item.state);
  item.token_id = change.id;
  item.name = change.name;
  if (change.before && change.before->user_id) item.owner = *change.before->user_id;
  item.place = change.source;
  item.message = fate_words(action.fate, change.status);
  if (!action.message.empty()) item.message += ": " + action.message;
  if (!action.request_id.empty()) item.details.push_back({"request id", escape(action.request_id)});
  return item;
}

// Messages of ours may have lines below the first: guards, or what went stale.
void say_lines(ReportItem& item, const Error& error) {
  const std::vector<std::string_view> lines = split(error.message, '\n');
  item.message = std::string(lines.front());
  if (lines.size() > 1 && !item.message.empty() && item.message.back() == ':') item.message.pop_back();
  for (std::size_t at = 1; at < lines.size(); ++at)
    item.details.push_back({"because", std::string(trim(lines[at]))});
  if (!error.mend.empty()) item.details.push_back({"what to do", error.mend});
}

ReportItem item_of(const Error& error, std::string rule) {
  ReportItem item;
  item.rule = std::move(rule);
  item.level = ItemLevel::error;
  item.state = ItemState::broken;
  say_lines(item, error);
  return item;
}

// Why an apply wrote nothing, or not all of it.
std::string rule_of(Trouble trouble) {
  switch (trouble) {
    case Trouble::blocked: return "apply-blocked";
    case Trouble::stale: return "apply-stale";
    case Trouble::failure:
    case Trouble::usage:
    case Trouble::unauthorised:
    case Trouble::unfinished:
    case Trouble::interrupted: return "org-ended-early";
  }
  return "org-ended-early";
}

std::vector<ReportCount> outcome_counts(const OrgOutcome& outcome) {
  return {{"done", count(outcome, Fate::done)},       {"already done", count(outcome, Fate::already_done)},
          {"gone", count(outcome, Fate::gone)},       {"failed", count(outcome, Fate::failed)},
          {"unknown", count(outcome, Fate::unknown)}, {"not reached", count(outcome, Fate::not_reached)}};
}

}  // namespace

Report report_of_outcome(const std::vector<OrgReport>& orgs, const std::string& plan_digest,
                         const RunFacts& run) {
  Report report;
  report.kind = ReportKind::apply;
  report.at = run.now;
  report.digest = plan_digest;
  report.source_revision = run.source_revision;
  report.exit_code = run.exit_code;
  for (const OrgReport& each : orgs) {
    ReportOrg org;
    org.host = each.plan.host;
    org.exit_code = each.exit_code;
    org.counts = outcome_counts(each.outcome);
    org.error = each.outcome.ended_early;
    if (org.error) {
      org.items.push_back(item_of(*org.error, rule_of(org.error->trouble)));
      org.remark = org.error->trouble == Trouble::blocked ? "Blocked." : "Ended early.";
    } else if (each.outcome.actions.empty()) {
      org.remark = "Nothing was to do.";
    }
    if (const std::string words = undecided_words(each.plan); !words.empty())
      org.remark += (org.remark.empty() ? "" : " ") + words;
    org.items.reserve(org.items.size() + each.outcome.actions.size());
    for (const ActionOutcome& action : each.outcome.actions)
      org.items.push_back(item_of(each.plan.changes.at(action.change), action));
    report.orgs.push_back(std::move(org));
  }
  take_rules(report);
  return report;
}

Report report_of_validation(const Diagnostics& diagnostics, const Sources& sources,
                            const std::vector<Error>& errors, const RunFacts& run) {
  Report report = report_of_failure(diagnostics, sources, errors, run);
  report.kind = ReportKind::validate;
  report.orgs.front().counts.push_back({"warnings", count_attention(report, ItemLevel::warning), "warning"});
  return report;
}

namespace {

// "3 mistakes in 2 files"
std::string mistakes_text(const ReportOrg& org) {
  std::set<std::string> files;
  for (const ReportItem& item : org.items) {
    if (item.level == ItemLevel::error && item.place) files.insert(item.place->file);
  }
  std::string text = plural(count_attention(org, ItemLevel::error), "mistake");
  if (files.size() == 1) text += " in " + escape(*files.begin());
  if (files.size() > 1) text += " in " + plural(files.size(), "file");
  return text;
}

}  // namespace

Report report_of_failure(const Diagnostics& diagnostics, const Sources& sources,
                         const std::vector<Error>& errors, const RunFacts& run) {
  Report report;
  report.kind = ReportKind::failure;
  report.at = run.now;
  report.source_revision = run.source_revision;
  report.exit_code = run.exit_code;
  ReportOrg org;
  org.exit_code = run.exit_code;
  for (const Diagnostic& diagnostic : diagnostics) {
    ReportItem item;
    item.rule = "manifest-mistake";
    const bool error = diagnostic.severity == Severity::error;
    item.level = error ? ItemLevel::error : ItemLevel::warning;
    item.state = error ? ItemState::broken : ItemState::fail;
    item.message = diagnostic.summary;
    item.place = source_of(diagnostic.place, sources);
    if (item.place) {
      item.column = diagnostic.place.column;
      item.subject = item.place->file;
    }
    for (const std::string_view line : split(diagnostic.detail, '\n')) {
      if (!line.empty()) item.details.push_back({"help", std::string(line)});
    }
    org.items.push_back(std::move(item));
  }
  for (const Error& error : errors) org.items.push_back(item_of(error, "run-failed"));
  org.counts = {{"errors", count_attention(org, ItemLevel::error), "error"}};
  if (!errors.empty()) org.error = errors.front();
  if (has_errors(diagnostics) && !org.error) org.error = Error{Trouble::usage, mistakes_text(org), {}};
  report.orgs.push_back(std::move(org));
  take_rules(report);
  return report;
}

}  // namespace zonepin
