// Metrics of a run of drift: what is in them, and what is read back from an older file.
#include "report/metrics.h"

#include <doctest/doctest.h>

namespace zonepin {
namespace {

const Instant kEnd{Milliseconds{1'767'323'045'000}};

RunMetrics one_org(const std::string& host) {
  OrgMetrics org;
  org.host = host;
  org.exit_code = 2;
  org.last_success = kEnd;
  org.counts = OrgCounts{};
  org.counts->summary.by_status = {{Status::replace, 2}, {Status::revoke, 1}, {Status::missing, 1}};
  org.counts->summary.live = 3;
  org.counts->unrestricted = 4;
  org.counts->next_expiry = kEnd + Milliseconds{90'500};
  return {kEnd, 2, {org}};
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST_CASE("each fact is a sample with its help and its type") {
  const std::string text = metrics_text(one_org("acme.okta.com"));
  for (const char* line : {
           "# TYPE zonepin_run_exit_code gauge",
           "zonepin_run_exit_code 2",
           "zonepin_run_timestamp_seconds 1767323045",
           "zonepin_org_exit_code{org=\"acme.okta.com\"} 2",
           "zonepin_last_success_timestamp_seconds{org=\"acme.okta.com\"} 1767323045",
           "zonepin_tokens{org=\"acme.okta.com\",state=\"replace\"} 2",
           "zonepin_tokens{org=\"acme.okta.com\",state=\"waiting\"} 0",
           "zonepin_tokens_live{org=\"acme.okta.com\"} 3",
           "zonepin_tokens_drifted{org=\"acme.okta.com\"} 3",
           "zonepin_tokens_unrestricted{org=\"acme.okta.com\"} 4",
           "zonepin_next_expiry_timestamp_seconds{org=\"acme.okta.com\"} 1767323135",
           "zonepin_next_expiry_seconds{org=\"acme.okta.com\"} 90",
       }) {
    CAPTURE(line);
    CHECK(has_line(text, line));
  }
  CHECK(text.back() == '\n');
  // No baseline, no sample and no family.
  CHECK(text.find("zonepin_findings_new") == std::string::npos);
}

TEST_CASE("a label is escaped, and what was written is read back") {
  for (const char* host : {"acme.okta.com", "127.0.0.1:8080", "[::1]:8080", "a\\b\"c\nd", "\\n", ""}) {
    CAPTURE(host);
    const std::string text = metrics_text(one_org(host));
    const auto read = last_successes_in(text);
    REQUIRE(read.size() == 1);
    CHECK(read.begin()->first == host);
    CHECK(read.begin()->second == kEnd);
  }
}

TEST_CASE("an org that failed has no counts, and keeps its last success") {
  RunMetrics run;
  run.exit_code = 6;
  run.orgs.resize(2);
  run.orgs[0].host = "a";
  run.orgs[0].exit_code = 7;
  run.orgs[0].last_success = kEnd;
  run.orgs[1].host = "b";
  const std::string text = metrics_text(run);
  CHECK(has_line(text, "zonepin_org_exit_code{org=\"a\"} 7"));
  CHECK(has_line(text, "zonepin_last_success_timestamp_seconds{org=\"a\"} 1767323045"));
  CHECK(text.find("zonepin_tokens") == std::string::npos);
  CHECK(text.find("\"b\"") == std::string::npos);
}

TEST_CASE("what is no such file is passed over") {
  for (const char* text : {
           "",
           "\n\n",
           "zonepin_last_success_timestamp_seconds",
           "zonepin_last_success_timestamp_seconds{org=\"a",
           "zonepin_last_success_timestamp_seconds{org=\"a\\",
           "zonepin_last_success_timestamp_seconds{org=\"a\"}",
           "zonepin_last_success_timestamp_seconds{org=\"a\"} x",
           "zonepin_last_success_timestamp_seconds{org=\"a\"} -1",
           "zonepin_last_success_timestamp_seconds{org=\"a\"} 99999999999999999999",
           "zonepin_last_success_timestamp_seconds{org=\"a\"} 9999999999999",
           "zonepin_last_success_timestamp_seconds{org=\"a\",more=\"b\"} 1",
           "# HELP zonepin_last_success_timestamp_seconds {org=\"a\"} 1",
       }) {
    CAPTURE(text);
    CHECK(last_successes_in(text).empty());
  }
}

TEST_CASE("the next expiry is the first that is still to come") {
  struct Row {
    const char* about;
    std::vector<std::string> expiries;  // empty: not known
    const char* next;                   // empty: none
  };
  const Row rows[] = {
      {"none", {}, ""},
      {"not known", {"", "soon"}, ""},
      {"the first of two",
       {"2026-02-01T00:00:00.000Z", "2026-01-03T00:00:00.000Z"},
       "2026-01-03T00:00:00.000Z"},
      {"one that is over does not count",
       {"2026-01-02T03:04:05.000Z", "2026-03-01T00:00:00.000Z"},
       "2026-03-01T00:00:00.000Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.about);
    Live live;
    for (const std::string& expiry : row.expiries) {
      live.tokens.emplace_back();
      if (!expiry.empty()) live.tokens.back().expires_at = expiry;
      live.tokens.back().network = NetworkCondition{"ZONE", {"nzo1"}, {}};
    }
    live.tokens.emplace_back();  // no condition: from anywhere
    const OrgCounts counts = counts_of({}, live, kEnd);
    CHECK((counts.next_expiry ? format_instant(*counts.next_expiry) : "") == row.next);
    CHECK(counts.unrestricted == 1);
  }
}

}  // namespace
}  // namespace zonepin
