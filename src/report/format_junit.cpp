// JUnit's XML, as Jenkins, GitLab, GitHub and others read it: a suite for each org, a case for each token.
// All that is wrong with one token stands in one failure, for most readers take no second one.
#include <map>

#include "base/text.h"
#include "report/formats.h"
#include "report/markup.h"
#include "report/said.h"
#include "report/words.h"

namespace zonepin {

namespace {

enum class Verdict { passed, skipped, failed, broken };

Verdict verdict_of(ItemState state) {
  switch (state) {
    case ItemState::fail: return Verdict::failed;
    case ItemState::unknown:
    case ItemState::broken: return Verdict::broken;
    // What is to be done by a plan is not wrong yet, and what was accepted not any more.
    case ItemState::pending:
    case ItemState::not_reached:
    case ItemState::not_reviewed:
    case ItemState::waived: return Verdict::skipped;
    case ItemState::told:
    case ItemState::done:
    case ItemState::pass: return Verdict::passed;
  }
  return Verdict::broken;
}

struct TestCase {
  std::string name;
  Verdict verdict = Verdict::passed;
  std::vector<const ReportItem*> items;
};

struct TestSuite {
  std::vector<TestCase> cases;
  std::size_t counts[4] = {0, 0, 0, 0};

  std::size_t count(Verdict verdict) const { return counts[static_cast<std::size_t>(verdict)]; }
};

std::string case_name(const Report& report, const ReportItem& item) {
  std::string name = shown_subject(item);
  if (!item.token_id.empty()) return name;
  const std::size_t rule = rule_index(report, item.rule);
  const std::string title = rule < report.rules.size() ? message_text(report.rules[rule].title) : item.rule;
  // What it is about is the same tomorrow; where that stands may not be.
  const bool has_subject =
      !item.subject.empty() && item.state != ItemState::broken && item.state != ItemState::not_reviewed;
  if (name.empty() && has_subject) {
    name = shown_name(item.subject, 300);
  } else if (name.empty() && item.place) {
    name = shown_name(item.place->file, 300) + ":" + std::to_string(item.place->line);
  }
  return name.empty() ? title : title + ": " + name;
}

// What passes does not hide what fails: a token has the worst verdict of its items. What is no error but a
// note fails no build.
TestSuite suite_of(const Report& report, const ReportOrg& org) {
  TestSuite suite;
  std::map<std::string_view, std::size_t> by_token;
  std::map<std::string, std::size_t> named;  // readers take cases of one name for one
  for (const ReportItem& item : org.items) {
    std::size_t at = suite.cases.size();
    if (!item.token_id.empty()) at = by_token.emplace(item.token_id, at).first->second;
    if (at == suite.cases.size()) {
      std::string name = case_name(report, item);
      if (const std::size_t times = ++named[name]; times > 1) name += " #" + std::to_string(times);
      suite.cases.push_back({std::move(name), Verdict::passed, {}});
    }
    TestCase& test = suite.cases[at];
    Verdict verdict = verdict_of(item.state);
    if (verdict == Verdict::failed && item.level == ItemLevel::note) verdict = Verdict::passed;
    test.verdict = std::max(test.verdict, verdict);
    test.items.push_back(&item);
  }
  for (const TestCase& test : suite.cases) ++suite.counts[static_cast<std::size_t>(test.verdict)];
  return suite;
}

std::string attribute(std::string_view name, std::string_view shown) {
  return " " + std::string(name) + "=\"" + markup_text(shown) + "\"";
}

std::string attribute(std::string_view name, std::size_t number) {
  return attribute(name, std::to_string(number));
}

std::string tallies(std::size_t tests, std::size_t failures, std::size_t errors) {
  return attribute("tests", tests) + attribute("failures", failures) + attribute("errors", errors) +
         attribute("time", "0");
}

// The lines of all items of a case that say as much as its verdict, or less.
std::string body_of(const TestCase& test) {
  constexpr std::size_t kJunitItemBytes = 4'000;
  std::string text;
  for (const ReportItem* item : test.items) {
    if (item->state == ItemState::pass && test.items.size() > 1) continue;
    text += "\n" + markup_text(item->rule + ": " + shown_item(*item, kJunitItemBytes));
    if (item->place) {
      text += markup_text(" [" + shown_name(item->place->file, 300) + ":" +
                          std::to_string(item->place->line) + "]");
    }
  }
  return text + "\n";
}

const ReportItem& worst_of(const TestCase& test) {
  for (const ReportItem* item : test.items) {
    if (verdict_of(item->state) == test.verdict) return *item;
  }
  return *test.items.front();
}

void append_case(std::string& out, const ReportOrg& org, const TestCase& test) {
  out += "    <testcase" + attribute("classname", shown_host(org)) + attribute("name", test.name) +
         attribute("time", "0");
  const ReportItem& worst = worst_of(test);
  const std::string message = attribute("message", message_text(worst.message));
  const std::string type = attribute("type", worst.rule);
  switch (test.verdict) {
    case Verdict::passed:
      if (worst.state == ItemState::pass) {
        out += "/>\n";
      } else {
        out += ">\n      <system-out>" + body_of(test) + "</system-out>\n    </testcase>\n";
      }
      return;
    case Verdict::skipped:
      out += ">\n      <skipped" + attribute("message", message_text(worst.rule + ": " + worst.message)) +
             "/>\n      <system-out>" + body_of(test) + "</system-out>\n    </testcase>\n";
      return;
    case Verdict::failed:
      out += ">\n      <failure" + message + type + ">" + body_of(test) + "</failure>\n    </testcase>\n";
      return;
    case Verdict::broken:
      out += ">\n      <error" + message + type + ">" + body_of(test) + "</error>\n    </testcase>\n";
      return;
  }
}

}  // namespace

std::string junit_report(const Report& report) {
  std::vector<TestSuite> suites;
  std::size_t totals[4] = {0, 0, 0, 0};
  std::size_t tests = 0;
  for (const ReportOrg& org : report.orgs) {
    suites.push_back(suite_of(report, org));
    for (std::size_t at = 0; at < 4; ++at) totals[at] += suites.back().counts[at];
    tests += suites.back().cases.size();
  }
  const auto total = [&](Verdict verdict) { return totals[static_cast<std::size_t>(verdict)]; };
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
                    attribute("name", "zonepin " + std::string(to_string(report.kind))) +
                    tallies(tests, total(Verdict::failed), total(Verdict::broken)) + ">\n";
  for (std::size_t at = 0; at < suites.size(); ++at) {
    const TestSuite& suite = suites[at];
    const ReportOrg& org = report.orgs[at];
    out += "  <testsuite" + attribute("name", shown_host(org)) +
           tallies(suite.cases.size(), suite.count(Verdict::failed), suite.count(Verdict::broken)) +
           attribute("skipped", suite.count(Verdict::skipped)) +
           attribute("timestamp", format_seconds(report.at).substr(0, 19)) + ">\n";
    for (const TestCase& test : suite.cases) append_case(out, org, test);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace zonepin
