#include "plan/since.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "plan/make_plan.h"
#include "plan/reach.h"
#include "plan/zone_findings.h"

namespace zonepin {

namespace {

using Condition = std::optional<NetworkCondition>;

std::map<std::string_view, const Zone*> zones_by_id(const std::vector<Zone>& zones) {
  std::map<std::string_view, const Zone*> by_id;
  for (const Zone& zone : zones) by_id.emplace(zone.id, &zone);
  return by_id;
}

std::unordered_map<std::string_view, const Token*> tokens_by_id(const std::vector<Token>& tokens) {
  std::unordered_map<std::string_view, const Token*> by_id;
  by_id.reserve(tokens.size());
  for (const Token& token : tokens) by_id.emplace(token.id, &token);
  return by_id;
}

bool is_same_to_a_token(const Zone& a, const Zone& b) {
  return a.type == b.type && a.status == b.status && a.usage == b.usage && content_of(a) == content_of(b);
}

// Zones are spoken of by name where their content can't be known: one that was only renamed is not to look
// like another.
std::vector<Zone> named_as_now(std::vector<Zone> then, const std::vector<Zone>& now) {
  const auto by_id = zones_by_id(now);
  for (Zone& zone : then) {
    const auto found = by_id.find(zone.id);
    if (found != by_id.end()) zone.name = found->second->name;
  }
  return then;
}

// The zones that differ between two times, and which of them have a say about a condition.
class ChangedZones {
 public:
  ChangedZones(const std::vector<Zone>& then, const std::vector<Zone>& now) {
    const auto before = zones_by_id(then);
    const auto after = zones_by_id(now);
    for (const auto& [id, zone] : before) {
      const auto found = after.find(id);
      const Zone* other = found == after.end() ? nullptr : found->second;
      if (other == nullptr || !is_same_to_a_token(*zone, *other)) add(zone, other);
    }
    for (const auto& [id, zone] : after) {
      if (before.count(id) == 0) add(nullptr, zone);
    }
  }

  bool empty() const { return changed_.empty(); }

  // Sorted.
  std::vector<std::string> behind(const NetworkCondition& condition) const {
    std::vector<std::string> ids;
    for (const Changed& changed : changed_) {
      const auto names = [&](const std::vector<std::string>& list) {
        return std::any_of(list.begin(), list.end(), [&](const std::string& member) {
          return member == changed.id || (changed.usable && is_reserved_zone(member));
        });
      };
      if (changed.shapes || names(condition.include) || names(condition.exclude)) ids.push_back(changed.id);
    }
    return ids;
  }

 private:
  struct Changed {
    std::string id;
    bool usable;  // at one of both times
    bool shapes;  // the reach of every token, at one of both times
  };

  void add(const Zone* then, const Zone* now) {
    const auto either = [&](const auto& says) {
      return (then != nullptr && says(*then)) || (now != nullptr && says(*now));
    };
    changed_.push_back({(then != nullptr ? then : now)->id, either(is_usable), either(shapes_every_reach)});
    std::sort(changed_.begin(), changed_.end(),
              [](const Changed& a, const Changed& b) { return a.id < b.id; });
  }

  std::vector<Changed> changed_;
};

// What became of the reach of a condition that is the same at both times. Many tokens share few conditions.
class ReachesThenAndNow {
 public:
  ReachesThenAndNow(const std::vector<Zone>& then, const std::vector<Zone>& now)
      : zones_then_(named_as_now(then, now)), changed_(zones_then_, now), then_(zones_then_), now_(now) {}

  bool differs(const Condition& condition) {
    if (changed_.empty()) return false;
    const auto key = condition_key(condition);
    const auto known = differs_.find(key);
    if (known != differs_.end()) return known->second;
    const Reach before = then_.reach_of(condition);
    const Reach after = now_.reach_of(condition);
    const bool differs =
        before.known != after.known || before.more != after.more || before.less != after.less;
    return differs_.emplace(key, differs).first->second;
  }

  std::pair<Effect, ReachChange> change(const Condition& before, const Condition& after, std::size_t limit) {
    return change_between(then_, before, now_, after, limit);
  }

  std::vector<std::string> zones_behind(const Condition& condition) const {
    return changed_.behind(condition.value_or(anywhere()));
  }

 private:
  using Key = std::tuple<std::string, std::vector<std::string>, std::vector<std::string>>;
  static Key condition_key(const Condition& condition) {
    const NetworkCondition one = condition.value_or(anywhere());
    return {one.connection, one.include, one.exclude};
  }

  std::vector<Zone> zones_then_;
  ChangedZones changed_;
  ReachBook then_;
  ReachBook now_;
  std::map<Key, bool> differs_;
};

class Comparison {
 public:
  Comparison(const Live& then, const Live& now, Instant instant)
      : then_(then), now_(now), instant_(instant), reaches_(then.zones, now.zones) {
    since_.taken_at = then.taken_at.value_or(Instant{});
    since_.then_live = then.tokens.size();
  }

  Since since(const OrgPlan& old_plan, const OrgPlan& plan) {
    const auto before = tokens_by_id(then_.tokens);
    const auto after = tokens_by_id(now_.tokens);
    for (const Token& token : now_.tokens) {
      const auto found = before.find(token.id);
      if (found == before.end()) {
        appeared(token);
      } else {
        compare(*found->second, token);
      }
    }
    tell_wanted(old_plan, plan);
    for (const Token& token : then_.tokens) {
      if (after.count(token.id) == 0) vanished(token);
    }
    pair_up();
    work_out_reach();
    collect_zones();
    std::sort(since_.events.begin(), since_.events.end(), [](const TokenEvent& a, const TokenEvent& b) {
      return std::tie(a.happening, a.name, a.token_id) < std::tie(b.happening, b.name, b.token_id);
    });
    return std::move(since_);
  }

 private:
  TokenEvent& add(Happening happening, const Token& token) {
    TokenEvent event;
    event.happening = happening;
    event.token_id = token.id;
    event.name = token.name;
    event.user_id = token.user_id;
    since_.events.push_back(std::move(event));
    return since_.events.back();
  }

  void appeared(const Token& token) {
    TokenEvent& event = add(Happening::appeared, token);
    if (token.created) event.created = parse_instant(*token.created);
    event.after = token.network;
  }

  // What a manifest wants to be gone, and is.
  void tell_wanted(const OrgPlan& old_plan, const OrgPlan& plan) {
    for (const Change& change : old_plan.changes) {
      if (change.status == Status::revoke) wanted_gone_.insert(change.id);
    }
    for (const Change& change : plan.changes) {
      if (change.status == Status::gone && !change.id.empty()) wanted_gone_.insert(change.id);
    }
  }

  // `expiresAt` moves onwards only, with every use (FACTS 7): one that is not over yet was not waited for.
  void vanished(const Token& token) {
    TokenEvent& event = add(Happening::vanished, token);
    event.before = token.network;
    if (token.expires_at) event.window_end = parse_instant(*token.expires_at);
    event.vanishing = !event.window_end               ? Vanishing::unknown
                      : *event.window_end <= instant_ ? Vanishing::lapsed
                                                      : Vanishing::revoked;
    event.as_declared = wanted_gone_.count(token.id) != 0;
  }

  void compare(const Token& before, const Token& after) {
    if (before.name != after.name) add(Happening::renamed, after).was_named = before.name;
    if (canonical(effective_network(before)) != canonical(effective_network(after))) {
      TokenEvent& event = add(Happening::condition_changed, after);
      event.before = before.network;
      event.after = after.network;
    } else if (reaches_.differs(after.network)) {
      TokenEvent& event = add(Happening::reach_changed, after);
      event.after = after.network;
      event.zone_ids = reaches_.zones_behind(after.network);
    }
  }

  void pair_up() {
    using Who = std::pair<std::string_view, std::string_view>;
    std::map<Who, std::vector<TokenEvent*>> came;
    std::map<Who, std::vector<TokenEvent*>> went;
    for (TokenEvent& event : since_.events) {
      if (!event.user_id) continue;
      const Who who{event.name, *event.user_id};
      if (event.happening == Happening::appeared) came[who].push_back(&event);
      if (event.happening == Happening::vanished) went[who].push_back(&event);
    }
    for (const auto& [who, events] : came) {
      const auto found = went.find(who);
      if (events.size() != 1 || found == went.end() || found->second.size() != 1) continue;
      events.front()->counterpart = found->second.front()->token_id;
      found->second.front()->counterpart = events.front()->token_id;
    }
  }

  void work_out_reach() {
    const auto has_reach = [](const TokenEvent& event) {
      return event.happening == Happening::condition_changed || event.happening == Happening::reach_changed;
    };
    const auto& events = since_.events;
    const std::size_t limit =
        list_limit(static_cast<std::size_t>(std::count_if(events.begin(), events.end(), has_reach)));
    for (TokenEvent& event : since_.events) {
      if (!has_reach(event)) continue;
      const bool same = event.happening == Happening::reach_changed;
      std::tie(event.effect, event.reach) =
          reaches_.change(same ? event.after : event.before, event.after, limit);
    }
  }

  void collect_zones() {
    std::set<std::string_view> ids;
    for (const TokenEvent& event : since_.events) {
      ids.insert(event.zone_ids.begin(), event.zone_ids.end());
      for (const Condition* condition : {&event.before, &event.after}) {
        if (!*condition) continue;
        ids.insert((*condition)->include.begin(), (*condition)->include.end());
        ids.insert((*condition)->exclude.begin(), (*condition)->exclude.end());
      }
    }
    for (const auto* zones : {&now_.zones, &then_.zones}) {
      for (const Zone& zone : *zones) {
        if (ids.count(zone.id) != 0) since_.zones.emplace(zone.id, zone);
      }
    }
  }

  const Live& then_;
  const Live& now_;
  Instant instant_;
  ReachesThenAndNow reaches_;
  std::set<std::string> wanted_gone_;
  Since since_;
};

// Which finding it is, whatever is said about it: a message may count and quote.
using FindingKey =
    std::tuple<std::string_view, std::string_view, std::string_view, std::uint32_t, std::string_view>;

FindingKey key_of(const Finding& finding) {
  const bool told_by_message = finding.token_id.empty() && finding.rule != to_string(Status::missing) &&
                               finding.rule != to_string(Status::ambiguous);
  return {finding.rule, finding.token_id, finding.source ? std::string_view(finding.source->file) : "",
          finding.source ? finding.source->line : 0,
          told_by_message ? std::string_view(finding.message) : std::string_view()};
}

// A live token by its id alone; what is missing by what the manifest says.
using ChangeKey = std::tuple<Status, std::string_view, std::string_view, std::string_view, std::uint32_t>;

ChangeKey key_of(const Change& change) {
  if (change.before) return {change.status, change.id, "", "", 0};
  return {change.status, change.id, change.name, change.source ? std::string_view(change.source->file) : "",
          change.source ? change.source->line : 0};
}

const Condition& condition_of(const std::optional<TokenState>& state) {
  static const Condition none;
  return state ? state->network : none;
}

// Whether a token's condition is as wrong as it was.
bool is_same_drift(const Change& then, const Change& now) {
  return condition_of(then.before) == condition_of(now.before) &&
         condition_of(then.after) == condition_of(now.after);
}

void tell_changes(OrgPlan& plan, const OrgPlan& old_plan) {
  std::map<ChangeKey, const Change*> older;
  for (const Change& change : old_plan.changes) {
    if (is_drift_finding(change)) older.emplace(key_of(change), &change);
  }
  for (Change& change : plan.changes) {
    if (!is_drift_finding(change)) continue;
    const auto found = older.find(key_of(change));
    const bool known =
        found != older.end() && (change.status != Status::replace || is_same_drift(*found->second, change));
    change.novelty = known ? Novelty::known : Novelty::fresh;
  }
}

}  // namespace

bool is_drift_finding(const Change& change) {
  switch (change.status) {
    case Status::replace:
    case Status::revoke:
    case Status::missing:
    case Status::unmanaged:
    case Status::ambiguous:
    case Status::conflict: return true;
    case Status::unchanged:
    case Status::gone:
    case Status::ignored:
    case Status::waiting: return false;
  }
  return false;
}

OrgPlan plan_of_baseline(const Desired& desired, const Live& then, const Live& now, const Sources& sources) {
  Live live = then;
  for (const auto& [login, id] : now.users.ids) live.users.ids.emplace(login, id);
  for (const auto& [id, login] : now.users.logins) live.users.logins.emplace(id, login);
  std::set<std::string_view> taken;
  for (const Zone& zone : then.zones) {
    taken.insert(zone.id);
    taken.insert(zone.name);
  }
  for (const Zone& zone : now.zones) {
    if (taken.count(zone.id) == 0 && taken.count(zone.name) == 0) live.zones.push_back(zone);
  }
  OrgPlan plan = make_plan(desired, live, {}, then.taken_at.value_or(Instant{}), sources).plan;
  // What there was to say about zones then is told by the zones of then alone.
  plan.findings.erase(std::remove_if(plan.findings.begin(), plan.findings.end(),
                                     [](const Finding& finding) { return finding.rule == kZonePinBroken; }),
                      plan.findings.end());
  for (Finding& finding : findings_on_pins(desired, then, plan, sources)) {
    if (finding.rule == kZonePinBroken) plan.findings.push_back(std::move(finding));
  }
  return plan;
}

Since since_of(const Live& then, const Live& now, const OrgPlan& old_plan, const OrgPlan& plan,
               Instant instant) {
  return Comparison(then, now, instant).since(old_plan, plan);
}

void tell_novelty(OrgPlan& plan, const OrgPlan& old_plan) {
  tell_changes(plan, old_plan);
  std::set<FindingKey> older;
  for (const Finding& finding : old_plan.findings) older.insert(key_of(finding));
  for (Finding& finding : plan.findings)
    finding.novelty = older.count(key_of(finding)) != 0 ? Novelty::known : Novelty::fresh;
}

void tell_since(OrgPlan& plan, const Desired& desired, const Live& then, const Live& now,
                const Sources& sources, Instant instant) {
  const OrgPlan old_plan = plan_of_baseline(desired, then, now, sources);
  tell_novelty(plan, old_plan);
  plan.since = since_of(then, now, old_plan, plan, instant);
}

}  // namespace zonepin
