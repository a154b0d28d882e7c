// One run of the simulation, decided up front: the org, what people wish of it, which commands they run, and
// everything that goes wrong. A value made from a seed alone. What goes wrong is a list, so that a run that
// fails can be told again with parts of it left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "cli/options.h"
#include "sim/state.h"

namespace zonepin::simulation {

inline const std::string kOwnToken = "00Tadmin000000000000";
inline const std::string kSecret = "S3CRET";
inline constexpr std::string_view kCaller = "203.0.113.10";

enum class MishapKind {
  // --- of the Nth request that is sent
  lost_before,  // never arrives
  lost_after,   // arrives; its answer does not
  late,         // arrives after `much` seconds: maybe long after nobody waits for it any more
  slow,         // its answer takes `much` seconds
  twice,        // arrives twice
  cut,          // its answer ends in the middle
  no_connection,
  throttled,      // 429 with a window of `much` seconds
  crowded,        // 429 of concurrency: limit and remaining 0
  bare_throttle,  // 429 without any header
  odd_headers,    // the rate headers make no sense
  failed_before,  // 500, not carried out
  failed_after,   // 502 after it was carried out
  read_only,      // E0000010
  unauthorised,   // 401
  // --- other people, when the Nth request arrives
  they_change,
  they_revoke,
  they_create,
  they_rename,
  they_use,
  they_rename_zone,
  they_widen_zone,
  // --- of the process
  interrupted,  // a signal after `when` milliseconds of the story
  killed,       // at the Nth call of a door; `much` bytes of what is not synced survive
};
std::string_view to_string(MishapKind kind);
bool is_of_others(MishapKind kind);

struct Mishap {
  MishapKind kind = MishapKind::lost_before;
  std::uint64_t when = 0;
  std::uint64_t much = 0;
};
std::string to_string(const Mishap& mishap);

// What people wish of tokens: an entry of `tokens:` by id or name, or a rule by the front of a name.
struct Wish {
  enum class What { network, revoke, ignore };
  What what = What::network;
  std::string id{};
  std::string name{};
  std::string owner{};  // login; empty: any
  std::string connection{};
  std::vector<std::string> include{};  // zone ids
  std::vector<std::string> exclude{};
  bool names_zones = false;  // writes zones by name
};

enum class Step { apply, plan_then_apply, plan, drift, list, snapshot };

struct Story {
  std::uint64_t seed = 0;
  sim::State state;
  std::vector<Wish> entries;
  std::vector<Wish> rules;  // `name` is the front of names
  std::vector<Step> steps;
  std::vector<Mishap> mishaps;
  // Of every command.
  std::size_t parallelism = 8;
  int budget_percent = 50;
  std::size_t max_failures = 10;
  bool recheck = false;
  bool journal = true;
  bool allow_revoke = true;
  std::optional<Milliseconds> timeout;
  Milliseconds latency{50};
};

// The first moment of every story.
Instant beginning();

Story story_of(std::uint64_t seed);

// The manifest that says what the wishes are; `turned` puts its entries in another order.
std::string manifest_of(const Story& story, bool turned);

}  // namespace zonepin::simulation
