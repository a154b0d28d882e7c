// A run of `drift` as metrics, in Prometheus' text format, for the textfile collector of node_exporter
// (docs/drift.md). Pure.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/token.h"
#include "plan/plan.h"

namespace zonepin {

// What was counted in an org that was read.
struct OrgCounts {
  Summary summary{};
  std::size_t unrestricted = 0;  // live tokens that can be used from anywhere
  std::size_t broken_pins = 0;
  std::optional<Instant> next_expiry{};       // of the live token that lapses first if nobody uses it
  std::optional<std::size_t> new_findings{};  // with a baseline

  bool operator==(const OrgCounts&) const = default;
};

OrgCounts counts_of(const OrgPlan& plan, const Live& live, Instant now);

struct OrgMetrics {
  std::string host;
  std::optional<int> exit_code{};         // none: this run did not come as far as the org
  std::optional<OrgCounts> counts{};      // none: it could not be read
  std::optional<Instant> last_success{};  // when it was last read and held against its manifests; none: never
};

struct RunMetrics {
  Instant at{};
  int exit_code = 0;
  std::vector<OrgMetrics> orgs{};  // by host
};

// A family of metrics without a sample is left out. Ends with a newline.
std::string metrics_text(const RunMetrics& run);

// The last success of each org, as an older text of this kind says. What is not of this kind is passed over.
std::map<std::string, Instant> last_successes_in(std::string_view text);

}  // namespace zonepin
