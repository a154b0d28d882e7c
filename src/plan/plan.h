// A plan: what the desired state asks of a live org, as data. Complete, ordered, the same for the same input.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/desired.h"
#include "model/token.h"

namespace zonepin {

// What a plan says about one token. The first two are actions, all others are "no-op".
enum class Status {
  replace,    // PUT: the network condition changes
  revoke,     // DELETE
  unchanged,  // live as declared
  missing,    // declared, not live
  gone,       // to be revoked, and not live
  unmanaged,  // live, and no manifest mentions it
  ignored,    // live, and a manifest says to leave it alone
  ambiguous,  // an entry by name matches several live tokens
  conflict,   // claimed twice, or a claim contradicts the live token
  waiting,    // to be revoked, but not yet
};
std::string_view to_string(Status status);
std::optional<Status> parse_status(std::string_view text);
bool is_action(Status status);

// What a REPLACE does to the set of addresses that a token can be used from.
enum class Effect { loosen, same, shift, unknown, tighten };
std::string_view to_string(Effect effect);
std::optional<Effect> parse_effect(std::string_view text);

// Why an action is due, where older manifests are compared with.
enum class Cause {
  change,  // the newer manifests ask for it, the older ones did not
  drift,   // the older ones asked for the very same
};
std::string_view to_string(Cause cause);
std::optional<Cause> parse_cause(std::string_view text);

// What in the manifests decided for a token.
enum class DecidedBy { id, name, rule, fallback };  // `fallback`: the default
std::string_view to_string(DecidedBy by);
std::optional<DecidedBy> parse_decided_by(std::string_view text);

// Whether a finding held in an earlier snapshot already.
enum class Novelty { none, fresh, known };                    // `none`: nobody asked
std::string_view to_string(Novelty novelty);                  // "", "new", "known"
std::optional<Novelty> parse_novelty(std::string_view text);  // "new", "known"

// A set of addresses as a plan shows it.
struct AddressList {
  std::vector<std::string>
      cidrs;             // the fewest that make it up, in order, IPv4 first; cut where it has very many
  std::size_t more = 0;  // CIDRs that were cut
  // Where it is the shorter way to say it: the set is everything (that the org doesn't block) but these
  // CIDRs.
  std::optional<std::vector<std::string>> all_but;
  std::string count = "0";  // of addresses, decimal: up to 2^128

  bool operator==(const AddressList&) const = default;
};

// What a REPLACE does to a token's reach (docs/reach.md).
struct ReachChange {
  AddressList lost;
  AddressList gained;
  std::vector<std::string>
      unknown;  // parts of the reach that can't be known, in words: the lists leave them out; escaped
  std::vector<std::string> assumed;  // what no document of Okta's says, in words

  bool operator==(const ReachChange&) const = default;
};

// The part of a token that a plan is bound to. Dates that move by themselves are left out.
struct TokenState {
  std::string id;
  std::string name;
  std::optional<std::string> user_id;
  std::optional<std::string> client_name;
  std::optional<NetworkCondition> network;  // canonical; absent is distinct from ANYWHERE here

  bool operator==(const TokenState&) const = default;
};

TokenState state_of(const Token& token);

// SHA-256 of the canonical JSON (sorted keys, no spaces, absent members left out) of a state.
std::string sha256_of(const TokenState& state);

// Whether a token is as a REPLACE wanted it. An absent condition counts as ANYWHERE (FACTS 1.3), as it does
// when a plan is made.
bool is_as_wanted(const TokenState& wanted, const TokenState& now);

struct SourceRef {
  std::string file;
  std::uint32_t line = 0;

  bool operator==(const SourceRef&) const = default;
};

// None for a place that is not known: the command line.
std::optional<SourceRef> source_of(const Place& place, const Sources& sources);

// One token's line in a plan.
struct Change {
  Status status = Status::unchanged;
  std::string id;                         // empty: not live and declared by name only
  std::string name;                       // empty: declared by id only and not live
  std::optional<SourceRef> source;        // what decides; none: unmanaged
  std::optional<DecidedBy> decided_by{};  // none: unmanaged
  std::optional<TokenState> before;
  std::optional<TokenState> after;   // a REPLACE only
  std::string before_sha256;         // actions only
  std::optional<Effect> effect;      // a REPLACE only
  std::optional<ReachChange> reach;  // a REPLACE only
  std::string reason;                // of a REVOKE, from the manifest
  std::optional<Instant> last_used;  // of a REVOKE; none: unknown
  bool own = false;  // an action on the token that the run itself uses, or may be using: the last of all
  std::optional<Cause> cause{};     // actions only; none: no older manifests were given
  Novelty novelty = Novelty::none;  // of what drift speaks of, where a baseline was given
  std::string note;  // why it is missing, ambiguous or in conflict, and what to do; names in it are escaped

  bool operator==(const Change&) const = default;
};

// Something that apply refuses over, and what would lift it.
struct Guard {
  std::string name;
  std::vector<std::string> token_ids;  // sorted
  bool lifted = false;
  std::string lift;     // the words to add, to a command line or a manifest
  std::string message;  // what it prevents, for these tokens; names in it are escaped

  bool operator==(const Guard&) const = default;
};

// The rule of a finding about a rule of a manifest that matches fewer or more tokens than it says: what it
// would have decided is undecided.
inline constexpr std::string_view kRuleBounds = "rule-bounds";

struct Finding {
  std::string rule;
  std::string severity;  // error, warning, note
  std::string token_id;  // empty: about no single token
  std::string message;   // one line; names in it are escaped
  std::optional<SourceRef> source;
  std::vector<std::string>
      details{};  // what the message speaks of, one each: the candidates of an ambiguous entry; escaped
  Novelty novelty = Novelty::none;
  // Which zone, pin, entry or rule it is about, where that is no token: the same wherever in the manifests it
  // stands. Raw; empty: the org.
  std::string subject{};

  bool operator==(const Finding&) const = default;
};

// What the manifests say about what an apply may do. It goes with a plan, so that an apply can judge anew.
struct Terms {
  std::vector<Ack> acks;  // for tokens that have an action
  Limits limits;
  std::optional<std::size_t> min_tokens;
  std::optional<Self> self;
  std::vector<std::string> quarantine;  // ids of the zones that are pinned as one, sorted

  bool operator==(const Terms&) const = default;
};

// What happened to a token between two looks at its org.
enum class Happening { appeared, vanished, renamed, condition_changed, reach_changed };
std::string_view to_string(Happening happening);  // "condition-changed"
std::optional<Happening> parse_happening(std::string_view text);

// How a token vanished. Okta does not tell; it follows from when the token would have lapsed by itself.
enum class Vanishing {
  lapsed,   // its window is over, so that it lapsed unless somebody was quicker
  revoked,  // its window is not over: somebody revoked it, or its owner was deactivated
  unknown,  // it had no known end
};
std::string_view to_string(Vanishing vanishing);
std::optional<Vanishing> parse_vanishing(std::string_view text);

// A token can have more than one: a renamed one whose condition changed has both.
struct TokenEvent {
  Happening happening = Happening::appeared;
  std::string token_id;
  std::string name;                      // as it is now; of a vanished one, as it was
  std::optional<std::string> user_id{};  // its owner
  std::string was_named{};               // renamed
  std::optional<Instant> created{};      // appeared; none: not known
  // Of one that appeared, the only one of its name and owner that vanished, and the other way round: a
  // secret that was changed, most likely. Empty: there is none, or there are several.
  std::string counterpart{};
  std::optional<Vanishing> vanishing{};      // vanished
  std::optional<Instant> window_end{};       // vanished: when it was to lapse, as last known; none: not known
  bool as_declared = false;                  // vanished: a manifest wants it gone
  std::optional<NetworkCondition> before{};  // vanished, condition_changed; none: it had no condition
  std::optional<NetworkCondition> after{};   // appeared, condition_changed, reach_changed
  std::optional<Effect> effect{};            // condition_changed, reach_changed: from then to now
  std::optional<ReachChange> reach{};        // the same
  std::vector<std::string> zone_ids{};       // reach_changed: the zones that did it; sorted

  bool operator==(const TokenEvent&) const = default;
};

// What is new in an org since a baseline.
struct Since {
  Instant taken_at{};                   // of the baseline
  std::size_t then_live = 0;            // tokens in it
  std::vector<TokenEvent> events;       // by happening, name and id
  std::map<std::string, Zone> zones{};  // by id: those that `events` name, as they are now, else as they were

  bool operator==(const Since&) const = default;
};

// What a plan means for one org.
struct OrgPlan {
  std::string host;             // authority, as reports name the org
  std::string url;              // scheme and authority: where it is reached
  std::vector<Change> changes;  // actions in the order of apply, then everything else by status and name
  std::vector<Guard> guards;
  std::vector<Finding> findings;
  // By id: every zone that a condition in `changes` names (for an action's reserved word all that it may
  // mean), and, where anything is replaced, those that shape every reach.
  std::map<std::string, Zone> zones;
  Terms terms;
  bool unmanaged_fails = false;  // `unmanaged: fail` met an unmanaged token
  bool missing_fails = false;    // `missing: fail` met a missing one
  bool missing_counts = true;    // whether a missing token is drift (`missing: ignore` says no)
  // What a manifest says of the org beside its host; a saved plan hands it on to apply. Empty: nothing.
  std::string org_id{};          // what it must answer as
  std::string client_id{};       // of the service app
  int exit_code = 0;             // that this org alone would have given the run that made the plan
  std::optional<Since> since{};  // none: no baseline of this org was given

  bool operator==(const OrgPlan&) const = default;
};

// An org that was asked for and could not be read: nothing is planned there.
struct UnreadOrg {
  std::string host;
  std::string url;
  std::string message;  // why; escaped
  std::string mend;     // what to do about it; may be empty
  int exit_code = 0;    // that this org alone would have given the run

  bool operator==(const UnreadOrg&) const = default;
};

struct Plan {
  Instant created_at{};
  std::optional<Instant> expires_at;  // none: it has no end
  std::vector<OrgPlan> orgs;          // by host
  std::vector<UnreadOrg> unread{};    // by host; none of these in `orgs`

  bool operator==(const Plan&) const = default;
};

// How many lines of each status.
struct Summary {
  std::map<Status, std::size_t> by_status;
  std::size_t live = 0;

  std::size_t count(Status status) const;
  std::size_t actions() const;
  bool operator==(const Summary&) const = default;
};

Summary summary_of(const OrgPlan& plan);
Summary summary_of(const Plan& plan);

// Guards that are not lifted, so that apply would refuse.
bool is_blocked(const OrgPlan& plan);

// The zones whose content the plan's actions depend on (those that their `before` and `after` name, for a
// reserved word all that it may mean), by id.
std::map<std::string, Zone> zones_relied_on(const OrgPlan& plan);
// The same of some of its changes.
std::map<std::string, Zone> zones_relied_on(const OrgPlan& plan, const std::vector<const Change*>& changes);

}  // namespace zonepin
