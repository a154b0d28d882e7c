#include "plan/cause.h"

#include <string_view>
#include <unordered_map>

namespace zonepin {

void tell_causes(OrgPlan& plan, const OrgPlan& base) {
  std::unordered_map<std::string_view, const Change*> older;
  for (const Change& change : base.changes) {
    if (change.before) older.emplace(change.id, &change);
  }
  for (Change& change : plan.changes) {
    const auto found = older.find(change.id);
    if (!change.before || found == older.end()) continue;
    const Change& was = *found->second;
    if (is_action(change.status)) {
      const bool due_before = was.status == change.status && was.after == change.after;
      change.cause = due_before ? Cause::drift : Cause::change;
    } else if (change.status == Status::unmanaged && was.status != Status::unmanaged) {
      plan.findings.push_back({"becomes-unmanaged", "warning", change.id,
                               "the older manifests decided for it, and nothing does any more", was.source});
    }
  }
}

void keep_only(OrgPlan& plan, Cause cause) {
  for (Change& change : plan.changes) {
    if (!is_action(change.status) || change.cause == cause) continue;
    const bool revoke = change.status == Status::revoke;
    change.note =
        std::string(revoke ? "its revoke" : "its new condition") +
        (cause == Cause::change
             ? " was due before (drift), and this run carries out only what the change causes"
             : " is caused by the change, and this run carries out only what was due before (drift)");
    change.status = Status::waiting;
    change.after.reset();
    change.before_sha256.clear();
    change.effect.reset();
    change.reach.reset();
    change.last_used.reset();
    change.cause.reset();
  }
}

}  // namespace zonepin
