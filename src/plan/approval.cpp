#include "plan/approval.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "base/text.h"

namespace zonepin {

namespace {

// Empty: it is covered.
std::string why_not_covered(const Change& change, const Change* approved) {
  if (approved == nullptr || !is_action(approved->status)) return "the approved plan does not hold it";
  if (approved->status != change.status)
    return "the approved plan holds a " + std::string(to_string(approved->status)) + " instead";
  if (approved->before_sha256 != change.before_sha256)
    return "the token is no longer as it was when the plan was approved";
  if (approved->after != change.after) return "the approved plan holds another condition";
  if (change.status == Status::revoke && approved->last_used != change.last_used)
    return "it was used since the plan was approved";
  return {};
}

const OrgPlan* find_org(const Plan& plan, const std::string& host) {
  const auto found =
      std::find_if(plan.orgs.begin(), plan.orgs.end(), [&](const OrgPlan& org) { return org.host == host; });
  return found == plan.orgs.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> not_approved(const OrgPlan& plan, const Plan& approved) {
  static const OrgPlan nothing;
  const OrgPlan* found = find_org(approved, plan.host);
  const OrgPlan& org = found == nullptr ? nothing : *found;
  std::unordered_map<std::string_view, const Change*> by_id;
  for (const Change& change : org.changes) by_id.emplace(change.id, &change);

  std::vector<std::string> problems;
  for (const Change& change : plan.changes) {
    if (!is_action(change.status)) continue;
    const auto at = by_id.find(change.id);
    const std::string why = why_not_covered(change, at == by_id.end() ? nullptr : at->second);
    if (!why.empty()) {
      problems.push_back(std::string(to_string(change.status)) + " of " + in_quotes(change.name) + " (" +
                         escape(change.id) + "): " + why);
    }
  }
  if (!problems.empty()) return problems;
  for (const auto& [id, zone] : zones_relied_on(plan)) {
    const auto was = org.zones.find(id);
    if (was == org.zones.end() || was->second != zone) {
      problems.push_back("zone " + in_quotes(zone.name) + " (" + escape(id) +
                         ") changed since the plan was approved");
    }
  }
  return problems;
}

}  // namespace zonepin
