// One function for each format. For this room only: others call render() (format.h).
#pragma once

#include <string>

#include "report/report.h"
#include "report/style.h"

namespace zonepin {

// For a person at a terminal.
std::string text_report(const Report& report, const Style& style);

// {format_version, kind, at, digest, source_revision, exit_code, orgs, rules, items, summary}. Commands have
// documents of their own (plan, outcome, check), which they print instead.
std::string json_report(const Report& report);

// One JSON object a line: {"type": "item" | "result", …} for each item, {"type": "summary", …} at the end
// (schemas/events.schema.json).
std::string jsonl_report(const Report& report);

// A comment for a pull or merge request: a summary, details folded below it, at most
// kMaxMarkdownCharacters. What is left out is counted.
inline constexpr std::size_t kMaxMarkdownCharacters = 65'000;
std::string markdown_report(const Report& report);

// One page that needs nothing else: no script, no request. At most kMaxHtmlItems items, the rest is counted.
inline constexpr std::size_t kMaxHtmlItems = 1'000;
std::string html_report(const Report& report);

// SARIF 2.1.0 (OASIS): one run, whatever the number of orgs.
std::string sarif_report(const Report& report);

// The XML that CI services show as test results: a suite for each org, a case for each token.
std::string junit_report(const Report& report);

// Workflow commands: annotations in a run of GitHub Actions. At most kMaxAnnotations of each level.
inline constexpr std::size_t kMaxAnnotations = 10;
std::string github_report(const Report& report);

// GitLab's Code Quality: an array of issues.
std::string codequality_report(const Report& report);

// A message for Slack (Block Kit): about ten lines, whatever the number of orgs.
std::string slack_report(const Report& report);

}  // namespace zonepin
