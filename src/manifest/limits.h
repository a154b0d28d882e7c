// What a manifest may cost at most. Everything beyond is a diagnostic that names the limit, never a crash.
#pragma once

#include <cstddef>
#include <cstdint>

namespace zonepin {

inline constexpr std::size_t kMaxManifestBytes = std::size_t{64} << 20;  // one file
inline constexpr std::size_t kMaxManifestDepth = 100;        // lists and mappings within each other
inline constexpr std::size_t kMaxManifestNodes = 8'000'000;  // scalars, lists and mappings of one file

// Of a key that stands before its colon on one line, by YAML (1.2, 7.4.2).
inline constexpr std::size_t kMaxKeyLength = 1024;

// What the aliases and merge keys of one file stand for, written out: text plus kNodeWeight per node.
inline constexpr std::uint64_t kMaxAliasBytes = std::uint64_t{64} << 20;
inline constexpr std::uint64_t kNodeWeight = 16;

// yaml-cpp tokenises a value in brackets whole before it reports any of it (about 130 bytes a token), so what
// it may read between two events is bounded.
inline constexpr std::size_t kMaxPendingBytes = std::size_t{32} << 20;
inline constexpr std::size_t kMaxPendingMarks = 1'000'000;  // brackets, commas and colons

inline constexpr std::size_t kMaxManifestProblems =
    1000;                                                // diagnostics of one file; what follows is not shown
inline constexpr std::size_t kMaxTextLength = 16'384;    // code points of a name, an owner, a zone, a reason
inline constexpr std::size_t kMaxCount = 1'000'000'000;  // min, max, min_tokens, revoke

}  // namespace zonepin
