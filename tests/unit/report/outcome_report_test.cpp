#include "report/outcome_report.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/golden.h"
#include "unit/report/report_cases.h"
#include "unit/report/text_laws.h"

namespace zonepin {

namespace {

constexpr const char* kDigest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

bool is_printable_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

TEST_CASE("an outcome is what the golden files say") {
  for (const OutcomeCase& each : outcome_cases()) {
    const std::string folder = "report/outcome-" + std::string(each.name) + "/expected.";
    check_golden(folder + "80.txt", outcome_text(each.orgs, {}));
    check_golden(folder + "json", outcome_json(each.orgs, kDigest));
  }
}

TEST_CASE("an outcome keeps to the laws of text, and its JSON to ASCII") {
  for (const OutcomeCase& each : outcome_cases()) {
    for (const std::size_t width : {0U, 40U, 61U, 80U, 200U}) {
      CAPTURE(each.name);
      check_text_laws_at(width, [&](const Style& style) { return outcome_text(each.orgs, style); });
    }
    CHECK(is_printable_ascii(outcome_json(each.orgs, kDigest)));
  }
}

TEST_CASE("every action has its line, whatever became of it") {
  for (const OutcomeCase& each : outcome_cases()) {
    if (each.name == "hostile") continue;
    const std::string text = outcome_text(each.orgs, {});
    for (const OrgReport& org : each.orgs) {
      for (const ActionOutcome& action : org.outcome.actions) {
        const std::string& id = org.plan.changes[action.change].id;
        CAPTURE(id);
        CHECK(text.find(id) != std::string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace zonepin
