// Which of many orgs a run is about: --only and --shard.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/org.h"

namespace zonepin {

// One part of so many: 1 <= number <= of.
struct Shard {
  std::size_t number = 1;
  std::size_t of = 1;

  bool operator==(const Shard&) const = default;
};
inline constexpr std::size_t kMaxShards = 10'000;

// `2/4`; none when it is anything else.
std::optional<Shard> parse_shard(std::string_view text);

// The shard of an org, 1 to `of`: the first 8 bytes of the SHA-256 of its authority (lower case), as a
// big-endian number, modulo `of`, plus 1. The same in every run and version.
std::size_t shard_of(const OrgAddress& org, std::size_t of);

struct Selection {
  std::vector<std::string> only;  // globs on the host, with or without its port; none: every org
  std::optional<Shard> shard;

  bool narrows() const { return !only.empty() || shard; }
};

// What is wrong with a glob of `only`: Trouble::usage.
Result<void> check_only(const std::string& glob);

// Those that some glob fits and that are of the shard, in their order. A glob that fits no org is
// Trouble::usage; a shard may be empty.
Result<std::vector<OrgAddress>> selected(const Selection& selection, const std::vector<OrgAddress>& orgs);

}  // namespace zonepin
