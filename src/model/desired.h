// What people want, as manifests say it (DESIGN 3). Zone names are not resolved here: that takes a live org (plan/).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/time.h"

namespace zonepin {

// A member of include or exclude: a reserved word, a zone id or a zone name.
struct ZoneRef {
  std::string text;
  Place place;

  bool operator==(const ZoneRef&) const = default;
};

// ANYWHERE (both lists empty), or ZONE with exactly one list that is not empty.
struct DesiredNetwork {
  std::string connection;
  std::vector<ZoneRef> include;
  std::vector<ZoneRef> exclude;
  Place place;

  bool operator==(const DesiredNetwork&) const = default;
};

struct Revocation {
  std::string reason;  // never empty

  bool operator==(const Revocation&) const = default;
};

// One member of `tokens`. Which token: by `id`, or by `name` (exactly, with `owner` beside it if given). A name or owner beside an
// id must match as well. What to do: exactly one of network and revoked.
struct DesiredToken {
  std::string id;     // empty: not given
  std::string name;   // empty: not given
  std::string owner;  // a login or a user id; empty: not given
  std::optional<DesiredNetwork> network;
  std::optional<Revocation> revoked;
  Place place;  // of the entry
  Place owner_place;

  bool operator==(const DesiredToken&) const = default;
};

// A guard lifted for one token, in Git.
struct Ack {
  std::string guard;
  std::string token_id;
  std::optional<Instant> until;  // exclusive; none: no end
  std::string reason;
  Place place;

  bool operator==(const Ack&) const = default;
};

// What a policy word may say: `unmanaged`, `missing`.
enum class Treatment { report, ignore, fail };
std::string_view to_string(Treatment treatment);

// Every guard of DESIGN 5. All are known from the first version on, so that manifests outlive it.
inline constexpr std::array<std::string_view, 9> kGuardNames = {
    "self-lockout", "agent-token", "recently-used", "recently-created", "loosen-wide",
    "quarantined",  "list-shrank", "revoke",        "update_pct"};
bool is_guard_name(std::string_view text);

// One document of kind ApiTokens.
struct Document {
  std::optional<std::string> org;  // as written; none: every org that --org or the environment names
  Place org_place;
  std::optional<Treatment> unmanaged;
  Place unmanaged_place;
  std::optional<Treatment> missing;
  Place missing_place;
  std::vector<DesiredToken> tokens;
  std::vector<Ack> acks;
  Place place;

  bool operator==(const Document&) const = default;
};

// All documents of one org, merged.
struct Desired {
  Treatment unmanaged = Treatment::report;
  Treatment missing = Treatment::report;
  std::vector<DesiredToken> tokens;
  std::vector<Ack> acks;

  bool operator==(const Desired&) const = default;
};

}  // namespace zonepin
