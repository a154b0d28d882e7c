#include "check/profile.h"

#include "base/ensure.h"

namespace zonepin {

namespace {

constexpr std::string_view kStig = "DISA Okta IDaaS STIG V-279689 (OKTA-APP-003240)";

constexpr std::array<CheckRuleText, kCheckRules> kTexts = {{
    {"Usable from anywhere",
     "The token is not restricted to network zones: its condition is ANYWHERE, is absent, or its zones hold "
     "every IPv4 or every IPv6 address.",
     "Pin it to the zones that its callers come from: network: { connection: ZONE, include: [zone] }.",
     kStig},
    {"Restricted by exclusion only",
     "The condition names only zones that the token may not be used from: everywhere else it works, so it is "
     "not restricted to known networks.",
     "Name the zones that it may be used from with include.", kStig},
    {"Unmanaged", "No manifest speaks of the token, so nobody says from where it should be used.",
     "Add an entry or a rule for it; zonepin export writes one.", ""},
    {"Idle", "The token has not been used for longer than the profile allows.",
     "Ask its owner whether it is still needed; revoke it otherwise.", ""},
    {"Old", "The token was created longer ago than the profile allows.",
     "Replace it: create a new one in the Admin Console, move its callers, revoke the old one.", ""},
    {"About to lapse", "Okta revokes the token soon, because nothing uses it.",
     "If it is needed, let its caller use it; otherwise take it out of the manifests, or revoke it.", ""},
    {"Owner inactive",
     "The user that the token acts as is deactivated, suspended, never activated, or gone: the token is "
     "nobody's, or works again by surprise.",
     "Give its caller a token of an active service account, and revoke this one.", ""},
    {"Name used twice", "Several live tokens have this name, so a manifest can't tell them apart by name.",
     "Revoke those that nobody uses, and name each token for its caller.", ""},
    {"Restricted to all zones only",
     "The condition includes a reserved word (ALL_ZONES, ALL_IP_ZONES): whoever adds a zone to the org, for "
     "whatever purpose, widens it.",
     "Name the zones that its callers come from.", kStig},
    {"Zone too wide", "A zone that tokens are pinned to holds a longer stretch than the profile allows.",
     "Narrow the zone in Okta to the addresses that callers have, or split it.", ""},
    {"Zone can't be used",
     "A token's condition names a zone that is inactive, not of type IP, a blocklist, or not there: what it "
     "lets through is not known.",
     "Activate or mend the zone in Okta, or name another one.", ""},
    {"Zone pin broken", "A zone is not what its pin in the manifests says it is.",
     "zonepin never writes zones: put the zone right in Okta, or correct the pin.", ""},
    {"Waiver expired", "The time for which a finding was accepted is over.",
     "Mend what it was about and delete the waiver, or decide anew with a later until.", ""},
    {"Waiver unused", "The waiver accepts nothing: no token that it matches has such a finding.",
     "Delete it, or correct its rule or its match.", ""},
}};

CheckProfile default_profile() {
  CheckProfile profile;
  profile.name = "default";
  profile.levels.fill(CheckLevel::warning);
  profile.set(CheckRule::token_anywhere, CheckLevel::error);
  profile.set(CheckRule::token_owner_inactive, CheckLevel::error);
  profile.set(CheckRule::zone_pin_broken, CheckLevel::error);
  profile.set(CheckRule::waiver_expired, CheckLevel::error);
  profile.set(CheckRule::token_name_duplicate, CheckLevel::note);
  profile.set(CheckRule::token_expiring, CheckLevel::note);
  profile.bounds.idle.days = 14;
  profile.bounds.old.months = 12;
  profile.bounds.expiring.days = 7;
  return profile;
}

CheckProfile stig_profile() {
  CheckProfile profile = default_profile();
  profile.name = "stig";
  profile.waived_words = "open, accepted until";
  profile.set(CheckRule::token_exclude_only, CheckLevel::error);
  profile.set(CheckRule::token_all_zones, CheckLevel::error);
  profile.set(CheckRule::zone_unusable, CheckLevel::error);
  profile.set(CheckRule::zone_too_wide, CheckLevel::error);
  profile.set(CheckRule::token_owner_inactive, CheckLevel::warning);
  return profile;
}

void take(std::optional<Duration> given, Duration& into) {
  if (given) into = *given;
}

}  // namespace

const CheckRuleText& text_of(CheckRule rule) {
  return kTexts[static_cast<std::size_t>(rule)];
}

std::optional<CheckProfile> builtin_profile(std::string_view name) {
  if (name == kProfileNames[0]) return default_profile();
  if (name == kProfileNames[1]) return stig_profile();
  return std::nullopt;
}

CheckProfile profile_of(const ProfileEdits& edits, std::string name) {
  std::optional<CheckProfile> base = builtin_profile(edits.extends);
  ensure(base.has_value(), "a profile extends a built-in one");
  CheckProfile profile = std::move(*base);
  profile.name = std::move(name);
  for (const auto& [rule, level] : edits.levels) profile.set(rule, level);
  take(edits.idle, profile.bounds.idle);
  take(edits.old, profile.bounds.old);
  take(edits.expiring, profile.bounds.expiring);
  if (edits.widest_ipv4) profile.bounds.widest_ipv4 = *edits.widest_ipv4;
  if (edits.widest_ipv6) profile.bounds.widest_ipv6 = *edits.widest_ipv6;
  return profile;
}

}  // namespace zonepin
