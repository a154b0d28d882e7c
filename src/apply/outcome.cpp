#include "apply/outcome.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace zonepin {

namespace {

// Whether the list shows what the action asked for.
bool shows_after(const Change& change, const Token* token) {
  if (change.status == Status::revoke) return token == nullptr;
  return token != nullptr && change.after && is_as_wanted(*change.after, state_of(*token));
}

void settle(const Change& change, const Token* token, ActionOutcome& action) {
  const bool shown = shows_after(change, token);
  switch (action.fate) {
    case Fate::done:
      if (shown) return;
      action.fate = Fate::failed;
      action.message = token == nullptr
                           ? "written, but the token is gone from the list read afterwards"
                           : "written, but the list read afterwards shows something else: somebody else may "
                             "be changing it";
      return;
    case Fate::unknown:
      if (shown) {
        action.fate = Fate::done;
        action.message.clear();
      } else if (token == nullptr) {
        action.fate = Fate::gone;
      } else {
        action.fate = Fate::failed;
        action.message += "; the list read afterwards does not show it";
      }
      return;
    case Fate::failed:
      // A write that was given up on arrived after all, or somebody else did the same or more.
      if (!shown && token != nullptr) return;
      action.fate = token == nullptr ? Fate::gone : Fate::already_done;
      action.message += token == nullptr ? "; but the list read afterwards does not have it any more"
                                         : "; but the list read afterwards shows what was asked for";
      return;
    case Fate::already_done:
    case Fate::gone:
    case Fate::not_reached: return;
  }
}

}  // namespace

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::done: return "done";
    case Fate::already_done: return "already_done";
    case Fate::gone: return "gone";
    case Fate::failed: return "failed";
    case Fate::not_reached: return "not_reached";
    case Fate::unknown: return "unknown";
  }
  return "unknown";
}

double writes_per_second(const RateSeen& rate) {
  if (rate.writing <= Milliseconds(0)) return 0;
  return static_cast<double>(rate.writes) * 1000.0 / static_cast<double>(rate.writing.count());
}

std::size_t count(const OrgOutcome& outcome, Fate fate) {
  return static_cast<std::size_t>(
      std::count_if(outcome.actions.begin(), outcome.actions.end(),
                    [&](const ActionOutcome& action) { return action.fate == fate; }));
}

std::size_t failures(const OrgOutcome& outcome) {
  return count(outcome, Fate::failed) + count(outcome, Fate::unknown);
}

void confirm(const OrgPlan& plan, const Live& live, OrgOutcome& outcome) {
  std::unordered_map<std::string_view, const Token*> by_id;
  by_id.reserve(live.tokens.size());
  for (const Token& token : live.tokens) by_id.emplace(token.id, &token);
  for (ActionOutcome& action : outcome.actions) {
    const Change& change = plan.changes[action.change];
    const auto found = by_id.find(change.id);
    settle(change, found == by_id.end() ? nullptr : found->second, action);
  }
  outcome.confirmed = true;
}

}  // namespace zonepin
