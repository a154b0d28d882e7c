// What people want, as manifests say it (DESIGN 3). Zone names are not resolved here: that takes a live org
// (plan/).
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
  std::string reason;                   // never empty
  std::optional<Instant> not_before{};  // until then the token waits; none: at once

  bool operator==(const Revocation&) const = default;
};

// One member of `tokens`. Which token: by `id`, or by `name` (exactly, with `owner` beside it if given). A
// name or owner beside an id must match as well. What to do: exactly one of network, revoked and ignore.
struct DesiredToken {
  std::string id;     // empty: not given
  std::string name;   // empty: not given
  std::string owner;  // a login or a user id; empty: not given
  std::optional<DesiredNetwork> network;
  std::optional<Revocation> revoked;
  bool ignore = false;  // live as it may be: never written
  Place place;          // of the entry
  Place owner_place;

  bool operator==(const DesiredToken&) const = default;
};

// Which tokens a rule, a waiver or a scope speaks of: those that fit every field given. Globs: `*`, `?`,
// `[a-z]`, `\\` before a character that is meant; case-sensitive. At least one field is given.
struct TokenMatch {
  std::optional<std::string> name;        // glob (model/glob.h)
  std::optional<std::string> owner;       // glob on the login, or a user id
  std::optional<std::string> client;      // glob on clientName
  std::optional<std::string> connection;  // ANYWHERE or ZONE
  std::optional<Duration> idle;           // last used longer ago than; an unknown last use never fits
  std::optional<Duration> age;            // created longer ago than; an unknown creation never fits
  std::vector<TokenMatch> excluded;       // `not`: none or one, without a `not` of its own; fits none of them
  Place place;
  Place owner_place;

  bool operator==(const TokenMatch&) const = default;
};

// One member of `rules`: what holds for every token that it matches and no entry of `tokens` decides. Exactly
// one of network, revoked and ignore.
struct Rule {
  TokenMatch match;
  std::optional<DesiredNetwork> network;
  std::optional<Revocation> revoked;
  bool ignore = false;
  std::optional<std::size_t> min;   // fewer matches than this are an error
  std::optional<std::size_t> max;   // and more than this
  std::optional<TokenMatch> scope;  // of the document that it stands in: it decides for no token outside
  Place place;

  bool operator==(const Rule&) const = default;
};

// The SSWS token that zonepin itself runs with, and the addresses it calls from. At least one of id, name and
// egress is given.
struct Self {
  std::string id;                   // empty: not given
  std::string name;                 // empty: not given
  std::string owner;                // empty: not given
  std::vector<std::string> egress;  // single addresses and CIDRs, checked: model/address.h reads them
  Place place;

  bool operator==(const Self&) const = default;
};

// What a zone name must mean. Addresses are single ones or CIDRs without host bits, checked: model/address.h
// reads them.
struct ZonePin {
  std::string name;
  std::optional<std::string> id;
  std::vector<std::string> within;  // the zone reaches nothing outside of these; empty: not said
  std::vector<std::string> covers;  // the zone must reach all of these; lies within `within`; empty: not said
  bool quarantine = false;          // where a suspect token is fenced
  Place place;

  bool operator==(const ZonePin&) const = default;
};

// What one apply may do at most; none: not said.
struct Limits {
  std::optional<std::size_t> revoke;
  std::optional<std::size_t> update_pct;

  bool operator==(const Limits&) const = default;
};

// A finding accepted for a while.
struct Waiver {
  std::string rule;  // one of kCheckNames
  TokenMatch match;
  Instant until{};  // exclusive: a finding is never accepted for good
  std::string reason;
  Place place;

  bool operator==(const Waiver&) const = default;
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

// Every rule of `zonepin check`: what a waiver may name.
inline constexpr std::array<std::string_view, 14> kCheckNames = {
    "token-anywhere", "token-exclude-only",   "token-unmanaged",      "token-idle",      "token-old",
    "token-expiring", "token-owner-inactive", "token-name-duplicate", "token-all-zones", "zone-too-wide",
    "zone-unusable",  "zone-pin-broken",      "waiver-expired",       "waiver-unused"};
bool is_check_name(std::string_view text);

// One document of kind ApiTokens.
struct Document {
  std::optional<std::string> org;  // as written; none: every org that --org or the environment names
  Place org_place;
  std::optional<Treatment> unmanaged;
  Place unmanaged_place;
  std::optional<Treatment> missing;
  Place missing_place;
  std::optional<TokenMatch>
      scope;  // this document may claim no token outside it: name, owner, client and `not` of these
  std::optional<Self> self;
  std::optional<std::size_t> min_tokens;  // of `expect`
  Place min_tokens_place;
  Limits limits;
  Place limits_place;
  std::vector<ZonePin> zones;
  std::vector<DesiredToken> tokens;
  std::vector<Rule> rules;
  std::optional<DesiredNetwork> default_network;  // never beside a scope: it is the whole org's
  std::vector<Ack> acks;
  std::vector<Waiver> waivers;
  Place place;

  bool operator==(const Document&) const = default;
};

// One member of `orgs` in a document of kind Orgs.
struct OrgEntry {
  std::string label;
  std::string host;                      // as written; parse_org() takes it whatever the base domain
  std::optional<std::string> org_id;     // 00o…
  std::optional<std::string> client_id;  // of the service app, instead of OKTA_API_CLIENT_ID
  Limits limits;
  Place place;
  Place host_place;

  bool operator==(const OrgEntry&) const = default;
};

// All documents of one org, merged.
struct Desired {
  Treatment unmanaged = Treatment::report;
  Treatment missing = Treatment::report;
  std::optional<Self> self;
  std::optional<std::size_t> min_tokens;
  Limits limits;
  std::vector<ZonePin> zones;  // by name
  std::vector<DesiredToken> tokens;
  std::vector<std::optional<TokenMatch>>
      token_scopes;  // beside tokens where any document has a scope; else empty
  std::vector<Rule> rules;
  std::optional<DesiredNetwork> default_network;
  std::vector<Ack> acks;
  std::vector<Waiver> waivers;

  bool operator==(const Desired&) const = default;
};

}  // namespace zonepin
