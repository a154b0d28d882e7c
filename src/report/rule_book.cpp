#include "report/rule_book.h"

#include <algorithm>
#include <set>
#include <string>

namespace zonepin {

namespace {

struct BookedRule {
  std::string_view id;
  std::string_view title;
  std::string_view help;
  ItemLevel level;
};

constexpr ItemLevel kError = ItemLevel::error;
constexpr ItemLevel kWarning = ItemLevel::warning;
constexpr ItemLevel kNote = ItemLevel::note;

// In the order of lists: what stopped the run, what is wrong, what would be done, what to know.
constexpr BookedRule kBook[] = {
    {"run-failed", "The run failed", "Nothing was looked at. The message says what to do.", kError},
    {"manifest-mistake", "Mistake in a manifest",
     "The manifests can't be used as they are. Correct the place that is named; `zonepin validate` shows "
     "every "
     "mistake with its line.",
     kError},
    {"org-not-read", "Org could not be read",
     "Nothing is known of this org, neither good nor bad. Mend the cause and run it again.", kError},
    {"apply-blocked", "Apply is blocked",
     "Guards block what was to be done, and nothing was written. Each says what lifts it.", kError},
    {"apply-stale", "Not as approved",
     "What is live, or what is to be done, is not what was approved, and nothing was written. Plan again, "
     "and have "
     "that plan approved.",
     kError},
    {"org-ended-early", "Apply ended early",
     "Actions behind this point were not sent. Mend the cause; the same command can then be run again.",
     kError},
    {"guard-self-lockout", "Guard: the tool would lock itself out",
     "The token in use, or one of its owner, would be revoked or would no longer admit the caller.", kError},
    {"guard-agent-token", "Guard: token of an agent",
     "The token belongs to an agent or an integration, not to a person's script.", kError},
    {"guard-recently-used", "Guard: recently used",
     "A token that is to be revoked was used in the last days.", kError},
    {"guard-recently-created", "Guard: recently created",
     "A token that is to be revoked by name or by a rule is only days old.", kError},
    {"guard-loosen-wide", "Guard: loosened widely", "A token would become usable from very many places.",
     kError},
    {"guard-quarantined", "Guard: quarantined", "A token that was fenced in would get out of its quarantine.",
     kError},
    {"guard-list-shrank", "Guard: the list shrank",
     "The list of tokens is shorter than expected; perhaps the credential sees only part of them.", kError},
    {"guard-revoke", "Guard: too many revokes", "More tokens would be revoked than the limit allows.",
     kError},
    {"guard-update_pct", "Guard: too many changes",
     "A larger part of the tokens would be changed than the limit allows.", kError},
    {"guard-allow-revoke", "Guard: revokes are not allowed",
     "Revokes can't be undone, and need --allow-revoke.", kError},
    {"zone-pin-broken", "Zone pin broken",
     "A network zone is not what the manifest pins its name to. zonepin never writes zones: put the zone "
     "right "
     "in Okta, or correct the pin.",
     kError},
    {"token-conflict", "Token in conflict",
     "What the manifests say of this token contradicts itself or the live token. It is not written.", kError},
    {"entry-ambiguous", "Entry matches several tokens",
     "An entry by name matches several live tokens and decides for none. Name one by its id, or add "
     "`owner:`.",
     kError},
    {"token-ambiguous", "Token matched ambiguously",
     "An entry by name matches this token and others, so that nothing decides for it. It is not written.",
     kError},
    {"rule-bounds", "Rule out of its bounds",
     "A rule matches fewer or more tokens than its `min` and `max` say, and decides for none of them.",
     kError},
    {"token-drift", "Token not as declared",
     "The live network condition is not the declared one. `zonepin apply` puts it back; if the live one is "
     "meant, change the manifest.",
     kError},
    {"token-not-revoked", "Token live though revoked",
     "A manifest says that this token is to be revoked, and it is live. `zonepin apply --allow-revoke` "
     "revokes "
     "it.",
     kError},
    {"token-missing", "Token missing",
     "A manifest declares this token, and it is not live: it lapsed, was revoked, or is named differently.",
     kWarning},
    {"token-revoke", "Revoke", "The token is deleted, which can't be undone.", kWarning},
    {"token-replace", "Replace the condition",
     "The token's network condition is replaced; all else of the token stays as it is.", kNote},
    {"becomes-unmanaged", "Token becomes unmanaged",
     "The older manifests decided for this token, and nothing does any more.", kWarning},
    {"shadowed", "Entry without a say", "An entry by id decides for the token that this entry names.",
     kWarning},
    {"rule-unused", "Rule matches nothing", "Correct the rule, take it out, or say `min: 0` if that is fine.",
     kWarning},
    {"rule-in-doubt", "Rule in doubt",
     "Whether the rule matches more tokens is not known; it decides for none of those.", kWarning},
    {"rule-scope", "Rule bounded by its scope",
     "The rule would match tokens outside of the scope of its document, and decides for none of them.",
     kNote},
    {"ack-ended", "Ack ended", "A guard's ack is past its end and lifts nothing any more.", kWarning},
    {"caller-unknown", "Caller unknown",
     "It is not known whose token is in use, so that self-lockout protects only what `self:` names.",
     kWarning},
    {"zone-unusable", "Zone unusable", "A condition names a zone that no token can be used from.", kWarning},
    {"zone-empty", "Zone empty", "A token that is pinned to this zone alone can be used from nowhere.",
     kWarning},
    {"zone-too-wide", "Zone too wide", "The zone holds a range that is hardly one network.", kWarning},
    {"zone-private", "Zone with private addresses",
     "The zone holds addresses that Okta never sees as a source.", kNote},
    {"zone-pin-unused", "Zone pin unused", "No entry, rule or default names the pinned zone.", kNote},
    {"token-exclude-only", "Condition that only excludes",
     "The token can be used from everywhere but the excluded zones.", kNote},
    {"token-unmanaged", "Token unmanaged",
     "The token is live, and no manifest mentions it. zonepin never writes it. `zonepin export "
     "--unmanaged-only` drafts the entry.",
     kNote},
    {"token-waiting", "Action due, but not now",
     "The day from which on the token may be revoked has not come, or this run leaves out actions of this "
     "cause.",
     kNote},
    {"token-vanished", "Token vanished",
     "The token was live in the baseline and is not any more: it lapsed after its window, was revoked, or "
     "its "
     "owner was deactivated. Okta never brings one back.",
     kWarning},
    {"token-reach-changed", "Reach changed through a zone",
     "The token's condition is the same, but a network zone behind it changed, so that it can be used from "
     "other places.",
     kWarning},
    {"token-condition-changed", "Condition changed",
     "The token's network condition is another one than in the baseline.", kNote},
    {"token-appeared", "Token appeared", "The token is live and was not in the baseline.", kNote},
    {"token-renamed", "Token renamed",
     "The token has another name than in the baseline. Entries and rules by name may no longer fit it.",
     kNote},
    {"final", "Final", "Nothing puts this back.", kWarning},
    {"token-gone", "Token gone as asked", "A token that is to be revoked is not live.", kNote},
    {"token-ignored", "Token ignored", "A manifest says to leave this token alone.", kNote},
    {"token-as-declared", "Token as declared", "The live network condition is the declared one.", kNote},
};

ReportRule rule_of(const BookedRule& booked) {
  return {std::string(booked.id), std::string(booked.title), std::string(booked.help), booked.level};
}

}  // namespace

void take_rules(Report& report) {
  // Many items have few rules: those that follow each other mostly share theirs.
  std::set<std::string_view> used;
  std::string_view last;
  for (const ReportOrg& org : report.orgs) {
    for (const ReportItem& item : org.items) {
      if (item.rule == last) continue;
      last = item.rule;
      used.insert(last);
    }
  }
  report.rules.clear();
  for (const BookedRule& booked : kBook) {
    if (used.erase(booked.id) != 0) report.rules.push_back(rule_of(booked));
  }
  for (const std::string_view id : used)
    report.rules.push_back({std::string(id), std::string(id), {}, ItemLevel::warning});
}

}  // namespace zonepin
