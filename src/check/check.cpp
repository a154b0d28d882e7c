#include "check/check.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "check/conditions.h"
#include "check/waivers.h"
#include "model/match.h"
#include "plan/zone_findings.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxTold = 20;

// A duration as people read it: "14 days", "12 months", else as it is written.
std::string length_text(const Duration& length) {
  if (length.months == 0 && length.seconds == 0) return plural(static_cast<std::size_t>(length.days), "day");
  if (length.days == 0 && length.seconds == 0)
    return plural(static_cast<std::size_t>(length.months), "month");
  std::vector<std::string> parts;
  if (length.months != 0) parts.push_back(plural(static_cast<std::size_t>(length.months), "month"));
  if (length.days != 0) parts.push_back(plural(static_cast<std::size_t>(length.days), "day"));
  if (length.seconds != 0) parts.push_back(plural(static_cast<std::size_t>(length.seconds), "second"));
  return join(parts, " and ");
}

// OwnerBook who can act, if need be after they have typed a new password (FACTS 9).
bool is_active(std::string_view status) {
  return status == "ACTIVE" || status == "PASSWORD_EXPIRED" || status == "LOCKED_OUT" || status == "RECOVERY";
}
bool is_inactive(std::string_view status) {
  return status == "DEPROVISIONED" || status == "SUSPENDED" || status == "STAGED" || status == "PROVISIONED";
}

CheckVerdict verdict_of(const std::vector<CheckFinding>& findings) {
  CheckVerdict verdict = CheckVerdict::pass;
  for (const CheckFinding& finding : findings) {
    if (finding.level != CheckLevel::error) continue;
    const CheckVerdict says = finding.state == CheckState::fail           ? CheckVerdict::fail
                              : finding.state == CheckState::not_reviewed ? CheckVerdict::not_reviewed
                                                                          : CheckVerdict::waived;
    verdict = std::min(verdict, says);
  }
  return verdict;
}

class OrgChecker {
 public:
  explicit OrgChecker(const CheckInput& input)
      : input_(input), conditions_(input.live.zones, input.profile), waivers_(input) {
    for (const Change& change : input.plan.changes) {
      if (!change.id.empty()) changes_.emplace(change.id, &change);
    }
    for (const Token& token : input.live.tokens) named_[token.name].push_back(&token);
    was_run_.fill(true);
    for (std::size_t at = 0; at < kCheckRules; ++at)
      was_run_[at] = input.profile.levels[at] != CheckLevel::off;
  }

  OrgCheck check() {
    org_.host = input_.live.host;
    org_.url = input_.live.url;
    org_.taken_at = input_.live.taken_at;
    org_.not_reviewed = why_not_reviewed();
    note_rules_not_run();
    for (const Token& token : input_.live.tokens) org_.tokens.push_back(check_token(token));
    if (!org_.not_reviewed.empty()) return std::move(org_);
    check_pins();
    for (CheckFinding& finding : waivers_.findings(was_run_)) org_.findings.push_back(std::move(finding));
    return std::move(org_);
  }

 private:
  // A role that sees less looks like an org that has less (DESIGN 4).
  std::string why_not_reviewed() const {
    const std::size_t live = input_.live.tokens.size();
    const auto& least = input_.desired.min_tokens;
    if (live == 0) {
      return "the list of tokens is empty: whoever reads it may not see them, so nothing was reviewed";
    }
    if (!least || live >= *least) return {};
    return "the list holds " + plural(live, "token") +
           ", fewer than `expect: {min_tokens: " + std::to_string(*least) +
           "}`: part of them may not be seen, so nothing was reviewed";
  }

  void note_rules_not_run() {
    constexpr CheckRule kRule = CheckRule::token_owner_inactive;
    if (input_.owners != nullptr || input_.profile.level_of(kRule) == CheckLevel::off) return;
    was_run_[static_cast<std::size_t>(kRule)] = false;
    org_.not_run.push_back({kRule, "the status of owners is read with --owners only"});
  }

  CheckedToken check_token(const Token& token) {
    CheckedToken checked;
    checked.id = token.id;
    checked.name = token.name;
    checked.sha256 = sha256_of(state_of(token));
    checked.owner = input_.live.users.login_of(token.user_id);
    if (checked.owner.empty() && input_.owners != nullptr && token.user_id) {
      const auto owner = input_.owners->by_id.find(*token.user_id);
      if (owner != input_.owners->by_id.end()) checked.owner = owner->second.login;
    }
    if (checked.owner.empty()) checked.owner = token.user_id.value_or("");
    const auto change = changes_.find(token.id);
    if (change != changes_.end()) checked.source = change->second->source;
    if (!org_.not_reviewed.empty()) {
      checked.verdict = CheckVerdict::not_reviewed;
      return checked;
    }
    checked.findings = conditions_.findings_of(token);
    check_management(token, checked.findings);
    check_times(token, checked.findings);
    check_owner(token, checked.findings);
    for (CheckFinding& finding : checked.findings) {
      if (finding.state != CheckState::fail) continue;
      const auto waiver = waivers_.accepting(finding.rule, token);
      if (!waiver) continue;
      finding.accepted = waivers_.acceptance(*waiver);
      finding.state = CheckState::waived;
    }
    checked.verdict = verdict_of(checked.findings);
    return checked;
  }

  CheckFinding* add(std::vector<CheckFinding>& findings, CheckRule rule, std::string message) const {
    const CheckLevel level = input_.profile.level_of(rule);
    if (level == CheckLevel::off) return nullptr;
    CheckFinding finding;
    finding.rule = rule;
    finding.level = level;
    finding.message = std::move(message);
    findings.push_back(std::move(finding));
    return &findings.back();
  }

  void check_management(const Token& token, std::vector<CheckFinding>& findings) const {
    const auto change = changes_.find(token.id);
    if (change == changes_.end() || change->second->status == Status::unmanaged)
      add(findings, CheckRule::token_unmanaged, "no manifest speaks of it");
    const std::vector<const Token*>& namesakes = named_.find(token.name)->second;
    if (namesakes.size() < 2) return;
    CheckFinding* finding = add(findings, CheckRule::token_name_duplicate,
                                "its name is that of " + plural(namesakes.size() - 1, "other live token"));
    if (finding == nullptr) return;
    for (const Token* other : namesakes) {
      if (other->id == token.id) continue;
      if (finding->details.size() == kMaxTold) {
        finding->details.push_back(std::to_string(namesakes.size() - 1 - kMaxTold) + " more");
        break;
      }
      finding->details.push_back("also named so: " + escape(other->id));
    }
  }

  bool fits(const Token& token, std::optional<Duration> idle, std::optional<Duration> age) const {
    TokenMatch match;
    match.idle = idle;
    match.age = age;
    return matches(match, token, input_.live.users, input_.now);
  }

  void check_times(const Token& token, std::vector<CheckFinding>& findings) const {
    const CheckBounds& bounds = input_.profile.bounds;
    if (fits(token, bounds.idle, std::nullopt)) {
      const Instant used = *last_use_of(token);
      add(findings, CheckRule::token_idle,
          "last used about " + format_seconds(used) + ", " + format_length(input_.now - used) +
              " ago: idle means " + length_text(bounds.idle));
    }
    if (fits(token, std::nullopt, bounds.old)) {
      add(findings, CheckRule::token_old,
          "created " + format_seconds(*parse_instant(*token.created)) + ": old means " +
              length_text(bounds.old));
    }
    const auto expires = token.expires_at ? parse_instant(*token.expires_at) : std::nullopt;
    if (!expires || add_to(input_.now, bounds.expiring) < *expires) return;
    add(findings, CheckRule::token_expiring,
        *expires <= input_.now ? "it was to lapse at " + format_seconds(*expires) + " and is still listed"
                               : "it lapses at " + format_seconds(*expires) + ", in " +
                                     format_length(*expires - input_.now) + ", unless it is used");
  }

  static Instant add_to(Instant instant, const Duration& length) { return zonepin::add(instant, length); }

  void check_owner(const Token& token, std::vector<CheckFinding>& findings) const {
    constexpr CheckRule kRule = CheckRule::token_owner_inactive;
    if (input_.owners == nullptr) return;
    const auto not_reviewed = [&](std::string why) {
      if (CheckFinding* finding = add(findings, kRule, std::move(why)))
        finding->state = CheckState::not_reviewed;
    };
    if (!token.user_id) return not_reviewed("Okta does not say who owns it");
    const auto found = input_.owners->by_id.find(*token.user_id);
    if (found == input_.owners->by_id.end()) {
      return not_reviewed("the status of its owner is not known: " + input_.owners->why_unknown);
    }
    const OwnerBook::Owner& owner = found->second;
    const std::string who =
        "its owner " + (owner.login.empty() ? escape(*token.user_id) : in_quotes(owner.login));
    if (owner.status.empty()) {
      add(findings, kRule, "its owner " + escape(*token.user_id) + " is gone");
    } else if (is_inactive(owner.status)) {
      add(findings, kRule, who + " is " + owner.status);
    } else if (!is_active(owner.status)) {
      not_reviewed(who + " has a status that zonepin does not know: " + in_quotes(owner.status));
    }
  }

  // A plan tells which pins are broken. A waiver accepts a broken pin where it accepts it for every token
  // that the zone concerns.
  void check_pins() {
    for (const Finding& found : input_.plan.findings) {
      if (found.rule != kZonePinBroken) continue;
      CheckFinding* finding = add(org_.findings, CheckRule::zone_pin_broken, found.message);
      if (finding == nullptr) return;
      finding->details = found.details;
      const ZonePin* pin = pin_at(found.source);
      if (pin == nullptr) continue;
      finding->subject = found.subject;
      finding->name = pin->name;
      finding->source = found.source;
      finding->column = pin->place.column;
      accept(*pin, *finding);
    }
  }

  const ZonePin* pin_at(const std::optional<SourceRef>& source) const {
    for (const ZonePin& pin : input_.desired.zones) {
      if (source_of(pin.place, input_.sources) == source) return &pin;
    }
    return nullptr;
  }

  void accept(const ZonePin& pin, CheckFinding& finding) {
    std::set<std::string> ids;
    if (pin.id) ids.insert(*pin.id);
    for (const Zone& zone : input_.live.zones) {
      if (zone.name == pin.name) ids.insert(zone.id);
    }
    std::optional<std::size_t> accepting;
    for (const Token& token : input_.live.tokens) {
      if (!token.network) continue;
      const auto is_named = [&](const std::string& id) { return ids.count(id) != 0; };
      const NetworkCondition& condition = *token.network;
      if (std::none_of(condition.include.begin(), condition.include.end(), is_named) &&
          std::none_of(condition.exclude.begin(), condition.exclude.end(), is_named))
        continue;
      const auto waiver = waivers_.accepting(CheckRule::zone_pin_broken, token);
      if (!waiver) return;
      // It is accepted until the first of them ends.
      const std::vector<Waiver>& waivers = input_.desired.waivers;
      if (!accepting || waivers[*waiver].until < waivers[*accepting].until) accepting = waiver;
    }
    if (!accepting) return;
    finding.accepted = waivers_.acceptance(*accepting);
    finding.state = CheckState::waived;
  }

  const CheckInput& input_;
  ConditionChecker conditions_;
  WaiverBook waivers_;
  std::unordered_map<std::string_view, const Change*> changes_;
  std::unordered_map<std::string_view, std::vector<const Token*>> named_;
  std::array<bool, kCheckRules> was_run_{};
  OrgCheck org_;
};

}  // namespace

std::string_view to_string(CheckVerdict verdict) {
  switch (verdict) {
    case CheckVerdict::fail: return "fail";
    case CheckVerdict::not_reviewed: return "not_reviewed";
    case CheckVerdict::waived: return "waived";
    case CheckVerdict::pass: return "pass";
  }
  return "fail";
}

OrgCheck check_org(const CheckInput& input) {
  return OrgChecker(input).check();
}

std::size_t count(const OrgCheck& org, CheckVerdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(org.tokens.begin(), org.tokens.end(),
                    [&](const CheckedToken& token) { return token.verdict == verdict; }));
}

bool has_violations(const OrgCheck& org) {
  return count(org, CheckVerdict::fail) > 0 ||
         std::any_of(org.findings.begin(), org.findings.end(), [](const CheckFinding& finding) {
           return finding.level == CheckLevel::error && finding.state == CheckState::fail;
         });
}

bool is_incomplete(const OrgCheck& org) {
  return !org.not_reviewed.empty() || count(org, CheckVerdict::not_reviewed) > 0;
}

std::string until_text(Instant until) {
  const auto day = std::chrono::floor<std::chrono::days>(until);
  // A date means the whole of that day.
  if (day == until) return format_seconds(until - std::chrono::days{1}).substr(0, 10);
  return format_seconds(until);
}

}  // namespace zonepin
