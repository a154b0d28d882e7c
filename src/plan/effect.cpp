#include <algorithm>

#include "plan/make_plan.h"

namespace zonepin {

namespace {

using Members = std::vector<std::string>;

bool has_reserved(const NetworkCondition& condition) {
  const auto reserved = [](const std::string& member) { return is_reserved_zone(member); };
  return std::any_of(condition.include.begin(), condition.include.end(), reserved) ||
         std::any_of(condition.exclude.begin(), condition.exclude.end(), reserved);
}

bool within(const Members& inner, const Members& outer) {
  return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

}  // namespace

Effect effect_of(const NetworkCondition& before, const NetworkCondition& after) {
  if (before == after) return Effect::same;
  if (!is_writable(before) || !is_writable(after)) return Effect::unknown;
  if (before.connection == kAnywhere) return Effect::tighten;
  if (after.connection == kAnywhere) return Effect::loosen;
  if (has_reserved(before) || has_reserved(after)) return Effect::unknown;
  if (!before.include.empty() && !after.include.empty()) {
    if (within(after.include, before.include)) return Effect::tighten;
    if (within(before.include, after.include)) return Effect::loosen;
    return Effect::shift;
  }
  if (!before.exclude.empty() && !after.exclude.empty()) {
    if (within(before.exclude, after.exclude)) return Effect::tighten;
    if (within(after.exclude, before.exclude)) return Effect::loosen;
    return Effect::shift;
  }
  return Effect::unknown;
}

}  // namespace zonepin
