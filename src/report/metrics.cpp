#include "report/metrics.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

#include "base/text.h"
#include "plan/zone_findings.h"
#include "report/since_words.h"

namespace zonepin {

namespace {

constexpr std::string_view kLastSuccess = "zonepin_last_success_timestamp_seconds";

// A label's value: backslash, quote and line end have a way to be written, and nothing else needs one.
std::string label_text(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  return text;
}

std::string number(std::size_t count) {
  return std::to_string(count);
}

std::string seconds_of(Instant instant) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(instant.time_since_epoch()).count());
}

std::string seconds_of(Milliseconds length) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(length).count());
}

class MetricsPage {
 public:
  explicit MetricsPage(const RunMetrics& run) : run_(run) {}

  void of_run(std::string_view name, std::string_view help, const std::string& value) {
    head(name, help);
    text_ += std::string(name) + " " + value + "\n";
  }

  // `value` gives none where an org has no such sample.
  void of_orgs(std::string_view name, std::string_view help,
               const std::function<std::optional<std::string>(const OrgMetrics&)>& value) {
    bool first = true;
    for (const OrgMetrics& org : run_.orgs) {
      const auto sample = value(org);
      if (!sample) continue;
      if (first) head(name, help);
      first = false;
      add(name, org, {}, *sample);
    }
  }

  // The same for those that were read.
  void of_counts(std::string_view name, std::string_view help,
                 const std::function<std::optional<std::string>(const OrgCounts&)>& value) {
    of_orgs(name, help, [&](const OrgMetrics& org) {
      return org.counts ? value(*org.counts) : std::optional<std::string>();
    });
  }

  void tokens_by_state() {
    constexpr std::string_view kName = "zonepin_tokens";
    const bool any = std::any_of(run_.orgs.begin(), run_.orgs.end(),
                                 [](const OrgMetrics& org) { return org.counts.has_value(); });
    if (!any) return;
    head(kName, "Tokens by what the manifests make of them; missing and gone ones are not live.");
    for (const OrgMetrics& org : run_.orgs) {
      if (!org.counts) continue;
      for (int at = 0; at <= static_cast<int>(Status::waiting); ++at) {
        const auto status = static_cast<Status>(at);
        add(kName, org, ",state=\"" + std::string(to_string(status)) + "\"",
            number(org.counts->summary.count(status)));
      }
    }
  }

  std::string take() { return std::move(text_); }

 private:
  void head(std::string_view name, std::string_view help) {
    text_ += "# HELP " + std::string(name) + " " + std::string(help) + "\n# TYPE " + std::string(name) +
             " gauge\n";
  }

  void add(std::string_view name, const OrgMetrics& org, const std::string& more, const std::string& value) {
    text_ += std::string(name) + "{org=\"" + label_text(org.host) + "\"" + more + "} " + value + "\n";
  }

  const RunMetrics& run_;
  std::string text_;
};

// `{org="…"} 17…`; none where the line is anything else.
std::optional<std::pair<std::string, Instant>> sample_in(std::string_view line) {
  constexpr std::string_view kOpening = "{org=\"";
  if (line.substr(0, kOpening.size()) != kOpening) return std::nullopt;
  std::string host;
  std::size_t at = kOpening.size();
  for (; at < line.size() && line[at] != '"'; ++at) {
    if (line[at] != '\\') {
      host += line[at];
      continue;
    }
    if (++at == line.size()) return std::nullopt;
    host += line[at] == 'n' ? '\n' : line[at];
  }
  constexpr std::string_view kClosing = "\"} ";
  if (at >= line.size() || line.substr(at, kClosing.size()) != kClosing) return std::nullopt;
  const std::string_view digits = line.substr(at + kClosing.size());
  std::int64_t seconds = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  constexpr std::int64_t kMostSeconds = 253'402'300'799;  // the end of the year 9999
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || seconds < 0 ||
      seconds > kMostSeconds)
    return std::nullopt;
  return std::make_pair(std::move(host), Instant(Milliseconds(std::chrono::seconds(seconds))));
}

}  // namespace

OrgCounts counts_of(const OrgPlan& plan, const Live& live, Instant now) {
  OrgCounts counts;
  counts.summary = summary_of(plan);
  for (const Token& token : live.tokens) {
    if (effective_network(token).connection == kAnywhere) ++counts.unrestricted;
    const auto expiry = token.expires_at ? parse_instant(*token.expires_at) : std::nullopt;
    if (!expiry || *expiry <= now) continue;
    if (!counts.next_expiry || *expiry < *counts.next_expiry) counts.next_expiry = expiry;
  }
  counts.broken_pins = static_cast<std::size_t>(
      std::count_if(plan.findings.begin(), plan.findings.end(),
                    [](const Finding& finding) { return finding.rule == kZonePinBroken; }));
  if (plan.since) counts.new_findings = count_novelty(plan).fresh;
  return counts;
}

std::string metrics_text(const RunMetrics& run) {
  MetricsPage page(run);
  page.of_run("zonepin_run_timestamp_seconds", "When the last run of drift ended.", seconds_of(run.at));
  page.of_run("zonepin_run_exit_code", "The exit code of the last run of drift.",
              std::to_string(run.exit_code));
  page.of_orgs("zonepin_org_exit_code", "The exit code that the org alone would have given the last run.",
               [](const OrgMetrics& org) {
                 return org.exit_code ? std::optional(std::to_string(*org.exit_code)) : std::nullopt;
               });
  page.of_orgs(kLastSuccess, "When the org was last read and held against its manifests.",
               [](const OrgMetrics& org) {
                 return org.last_success ? std::optional(seconds_of(*org.last_success)) : std::nullopt;
               });
  page.tokens_by_state();
  page.of_counts("zonepin_tokens_live", "Live tokens.",
                 [](const OrgCounts& org) { return number(org.summary.live); });
  page.of_counts("zonepin_tokens_drifted", "Live tokens that are not as declared: to be replaced or revoked.",
                 [](const OrgCounts& org) { return number(org.summary.actions()); });
  page.of_counts("zonepin_tokens_unrestricted", "Live tokens that can be used from anywhere.",
                 [](const OrgCounts& org) { return number(org.unrestricted); });
  page.of_counts("zonepin_zone_pins_broken", "Pins of network zones that do not hold.",
                 [](const OrgCounts& org) { return number(org.broken_pins); });
  page.of_counts("zonepin_findings_new", "Findings that are not in the baseline.", [](const OrgCounts& org) {
    return org.new_findings ? std::optional(number(*org.new_findings)) : std::nullopt;
  });
  page.of_counts("zonepin_next_expiry_timestamp_seconds",
                 "When the next live token lapses, unless it is used before.", [](const OrgCounts& org) {
                   return org.next_expiry ? std::optional(seconds_of(*org.next_expiry)) : std::nullopt;
                 });
  page.of_counts(
      "zonepin_next_expiry_seconds", "How long that was away when the run ended.", [&](const OrgCounts& org) {
        return org.next_expiry ? std::optional(seconds_of(*org.next_expiry - run.at)) : std::nullopt;
      });
  return page.take();
}

std::map<std::string, Instant> last_successes_in(std::string_view text) {
  std::map<std::string, Instant> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.substr(0, kLastSuccess.size()) != kLastSuccess) continue;
    if (auto sample = sample_in(line.substr(kLastSuccess.size()))) found.insert(std::move(*sample));
  }
  return found;
}

}  // namespace zonepin
