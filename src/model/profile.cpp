#include "model/profile.h"

#include <algorithm>

#include "model/desired.h"

namespace zonepin {

static_assert(kCheckNames.size() == kCheckRules);

std::string_view to_string(CheckRule rule) {
  return kCheckNames[static_cast<std::size_t>(rule)];
}

std::optional<CheckRule> parse_check_rule(std::string_view name) {
  const auto found = std::find(kCheckNames.begin(), kCheckNames.end(), name);
  if (found == kCheckNames.end()) return std::nullopt;
  return static_cast<CheckRule>(found - kCheckNames.begin());
}

std::string_view to_string(CheckLevel level) {
  return kCheckLevelNames[static_cast<std::size_t>(level)];
}

std::optional<CheckLevel> parse_check_level(std::string_view name) {
  const auto found = std::find(kCheckLevelNames.begin(), kCheckLevelNames.end(), name);
  if (found == kCheckLevelNames.end()) return std::nullopt;
  return static_cast<CheckLevel>(found - kCheckLevelNames.begin());
}

}  // namespace zonepin
