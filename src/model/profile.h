// The rules of `zonepin check`, how much each may matter, and what a document of kind Profile says of them.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace zonepin {

// In the order of kCheckNames, which are their stable ids.
enum class CheckRule {
  token_anywhere,
  token_exclude_only,
  token_unmanaged,
  token_idle,
  token_old,
  token_expiring,
  token_owner_inactive,
  token_name_duplicate,
  token_all_zones,
  zone_too_wide,
  zone_unusable,
  zone_pin_broken,
  waiver_expired,
  waiver_unused,
};
inline constexpr std::size_t kCheckRules = 14;

std::string_view to_string(CheckRule rule);
std::optional<CheckRule> parse_check_rule(std::string_view name);

// An error is a violation: what has one fails. Warnings and notes are told, and fail nothing.
enum class CheckLevel { off, note, warning, error };
inline constexpr std::array<std::string_view, 4> kCheckLevelNames = {"off", "note", "warning", "error"};
std::string_view to_string(CheckLevel level);
std::optional<CheckLevel> parse_check_level(std::string_view name);

// The profiles that are built in.
inline constexpr std::array<std::string_view, 2> kProfileNames = {"default", "stig"};

// One document of kind Profile: what it changes in the one that it extends.
struct ProfileEdits {
  std::string_view extends = kProfileNames[0];  // one of kProfileNames
  std::map<CheckRule, CheckLevel> levels;
  std::optional<Duration> idle;
  std::optional<Duration> old;
  std::optional<Duration> expiring;
  std::optional<std::size_t> widest_ipv4;  // a prefix length, at most 32
  std::optional<std::size_t> widest_ipv6;  // at most 128

  bool operator==(const ProfileEdits&) const = default;
};

}  // namespace zonepin
