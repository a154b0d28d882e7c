// What `check` looks for and how much each of it matters: a profile. And what each rule means, in words.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/profile.h"

namespace zonepin {

struct CheckRuleText {
  std::string_view title;      // a few words
  std::string_view meaning;    // one or two sentences
  std::string_view mend;       // what to do about a finding
  std::string_view reference;  // of the requirement that it stands for; may be empty
};
const CheckRuleText& text_of(CheckRule rule);

// Where a rule begins to fire.
struct CheckBounds {
  Duration idle;                // not used for so long
  Duration old;                 // created so long ago
  Duration expiring;            // lapses within this, unless it is used
  std::size_t widest_ipv4 = 8;  // prefix length: a zone's stretch may be as wide, and no wider
  std::size_t widest_ipv6 = 32;

  bool operator==(const CheckBounds&) const = default;
};

struct CheckProfile {
  std::string name;  // `default`, `stig`, or the file that it was read from
  std::array<CheckLevel, kCheckRules> levels{};
  CheckBounds bounds;
  std::string waived_words = "waived until";  // what a report says in front of a waiver's end

  CheckLevel level_of(CheckRule rule) const { return levels[static_cast<std::size_t>(rule)]; }
  void set(CheckRule rule, CheckLevel level) { levels[static_cast<std::size_t>(rule)] = level; }
  bool operator==(const CheckProfile&) const = default;
};

// None: there is no such profile.
std::optional<CheckProfile> builtin_profile(std::string_view name);

// The one that it extends, changed.
CheckProfile profile_of(const ProfileEdits& edits, std::string name);

}  // namespace zonepin
