// (desired, live, plan, profile, now) -> what is wrong with each token of an org: a pure function. What a
// manifest ignores is judged all the same; what can't be judged is never a pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/time.h"
#include "check/profile.h"
#include "model/desired.h"
#include "model/token.h"
#include "plan/plan.h"

namespace zonepin {

enum class CheckState {
  fail,
  waived,        // wrong, and accepted for a while
  not_reviewed,  // it can't be told whether it is wrong
};

// A waiver as it bears on a finding.
struct Acceptance {
  Instant until{};     // exclusive
  std::string reason;  // raw
  std::optional<SourceRef> source;

  bool operator==(const Acceptance&) const = default;
};

// What a rule has to say of a token, a zone or a waiver.
struct CheckFinding {
  CheckRule rule = CheckRule::token_anywhere;
  CheckLevel level = CheckLevel::warning;  // never off
  CheckState state = CheckState::fail;
  // A zone's id, a pin's (without one its name), what a waiver accepts and until when: the same wherever in
  // the manifests it stands. Empty: the token itself.
  std::string subject{};
  std::string name{};                    // of the zone; may be empty
  std::string message{};                 // one sentence; names in it are escaped
  std::vector<std::string> details{};    // the tokens concerned and the like, one each; escaped
  std::optional<Acceptance> accepted{};  // a waived one
  std::optional<SourceRef> source{};     // in a manifest; none: that of the token
  std::uint32_t column = 0;              // of it, in bytes from 1; 0: not known

  bool operator==(const CheckFinding&) const = default;
};

// Warnings and notes touch none of these. The worst of a token's errors counts, in this order.
enum class CheckVerdict { fail, not_reviewed, waived, pass };
std::string_view to_string(CheckVerdict verdict);

struct CheckedToken {
  std::string id;
  std::string name;
  std::string owner;                // login, else user id; empty: not known
  std::string sha256;               // of what was judged: sha256_of(TokenState)
  std::optional<SourceRef> source;  // what in the manifests decides for it
  CheckVerdict verdict = CheckVerdict::pass;
  std::vector<CheckFinding> findings;

  bool operator==(const CheckedToken&) const = default;
};

// A rule that was not looked at for any token, and why.
struct RuleNotRun {
  CheckRule rule = CheckRule::token_owner_inactive;
  std::string why;

  bool operator==(const RuleNotRun&) const = default;
};

struct OrgCheck {
  std::string host;
  std::string url;
  std::optional<Instant> taken_at;     // of a snapshot; none: read just now
  std::vector<CheckedToken> tokens;    // by id
  std::vector<CheckFinding> findings;  // about zone pins and waivers
  std::string not_reviewed;            // why nothing was judged; empty: it was
  std::vector<RuleNotRun> not_run;

  bool operator==(const OrgCheck&) const = default;
};

// The owners of tokens, as far as Okta was asked for them.
struct OwnerBook {
  struct Owner {
    std::string login;
    std::string status;  // in Okta's words; empty: there is no such user
  };
  std::map<std::string, Owner> by_id;
  std::string why_unknown;  // of those that are not in `by_id`, a sentence
};

struct CheckInput {
  const Desired& desired;
  const Live& live;
  const OrgPlan& plan;  // of these two
  const CheckProfile& profile;
  const OwnerBook* owners = nullptr;  // null: nobody asked for them
  Instant now;
  const Sources& sources;
};
OrgCheck check_org(const CheckInput& input);

std::size_t count(const OrgCheck& org, CheckVerdict verdict);

// Whether something is a violation: a token fails, or a finding about a pin or a waiver does.
bool has_violations(const OrgCheck& org);
// Whether something could not be judged.
bool is_incomplete(const OrgCheck& org);

// "2027-01-31", or with a time: when a waiver's time is over, as people write it.
std::string until_text(Instant until);

}  // namespace zonepin
