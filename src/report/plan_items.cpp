// A plan as a report: one item for each change, finding and guard.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/text.h"
#include "plan/plan_codec.h"
#include "plan/zone_findings.h"
#include "report/build_report.h"
#include "report/plan_sections.h"
#include "report/rule_book.h"
#include "report/since_items.h"

namespace zonepin {

namespace {

// Tokens of a guard and zones of a condition that are named one by one.
constexpr std::size_t kGuardTokensNamed = 20;

// The words of conditions, each made once: many tokens share few of them.
class ConditionTexts {
 public:
  explicit ConditionTexts(const OrgPlan& org) : zones_(org.zones), page_(Style{false, kMaxPageWidth}) {}

  const std::string& of(const std::optional<TokenState>& state) {
    static const std::optional<NetworkCondition> none;
    const std::optional<NetworkCondition>& network = state ? state->network : none;
    key_.clear();
    if (network) {
      key_ = network->connection;
      for (const std::string& id : network->include) key_ += "\n+" + id;
      for (const std::string& id : network->exclude) key_ += "\n-" + id;
    }
    const auto found = texts_.find(key_);
    if (found != texts_.end()) return found->second;
    return texts_.emplace(key_, text_of(condition_words(network, zones_, page_))).first->second;
  }

 private:
  ZoneNames zones_;
  Page page_;
  std::map<std::string, std::string> texts_;
  std::string key_;
};

// How the live org has drifted, seen from what is declared.
std::string_view drifted_words(Effect effect) {
  switch (effect) {
    case Effect::loosen: return "narrower than declared";
    case Effect::same: return "the same reach, written differently";
    case Effect::shift: return "partly wider, partly narrower than declared";
    case Effect::unknown: return "wider or narrower, which can't be told";
    case Effect::tighten: return "wider than declared";
  }
  return "";
}

ItemLevel level_of_drift(const std::optional<Effect>& effect) {
  if (!effect) return ItemLevel::error;
  switch (*effect) {
    case Effect::same: return ItemLevel::note;
    case Effect::loosen: return ItemLevel::warning;
    case Effect::shift:
    case Effect::unknown:
    case Effect::tighten: return ItemLevel::error;
  }
  return ItemLevel::error;
}

ItemLevel level_of_replace(const std::optional<Effect>& effect) {
  if (!effect) return ItemLevel::warning;
  switch (*effect) {
    case Effect::same:
    case Effect::tighten: return ItemLevel::note;
    case Effect::loosen:
    case Effect::shift:
    case Effect::unknown: return ItemLevel::warning;
  }
  return ItemLevel::warning;
}

ItemLevel level_of_finding(std::string_view severity) {
  if (severity == "error") return ItemLevel::error;
  return severity == "warning" ? ItemLevel::warning : ItemLevel::note;
}

// A plan file may call a rule or a guard anything.
std::string rule_id(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string id;
  for (const char c : text.substr(0, kLongest)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    id += plain ? c : '-';
  }
  return id.empty() ? "finding" : id;
}

class PlanItems {
 public:
  PlanItems(const OrgPlan& org, PlanView view, Instant now)
      : org_(org), view_(view), now_(now), sections_(org, view, now), conditions_(org) {}

  std::vector<ReportItem> all() {
    items_.reserve(org_.changes.size() + org_.findings.size() + org_.guards.size());
    for (const Guard& guard : org_.guards) add_guard(guard);
    for (const Change& change : org_.changes) add_change(change);
    for (const Finding& finding : org_.findings) add_finding(finding);
    add_events(org_, now_, items_);
    return std::move(items_);
  }

 private:
  bool drift() const { return view_ == PlanView::drift; }

  void add_change(const Change& change) {
    ReportItem item;
    item.token_id = change.id;
    item.name = change.name;
    if (change.id.empty()) item.subject = change.name;
    item.place = change.source;
    item.novelty = change.novelty;
    if (change.before && change.before->user_id) item.owner = *change.before->user_id;
    switch (change.status) {
      case Status::replace: on_replace(change, item); break;
      case Status::revoke: on_revoke(change, item); break;
      default: on_other(change, item); break;
    }
    items_.push_back(std::move(item));
  }

  void on_replace(const Change& change, ReportItem& item) {
    const std::string& before = conditions_.of(change.before);
    if (drift()) {
      item.rule = "token-drift";
      item.level = level_of_drift(change.effect);
      item.message = "live: " + before + "; declared: " + conditions_.of(change.after);
      if (change.effect) item.details.push_back({"live is", std::string(drifted_words(*change.effect))});
    } else {
      item.rule = "token-replace";
      item.level = level_of_replace(change.effect);
      item.state = ItemState::pending;
      item.message = "from " + before + " to " + conditions_.of(change.after);
      if (change.effect) item.details.push_back({"effect", std::string(to_string(*change.effect))});
    }
    if (change.reach) add_reach(*change.reach, item);
    add_grounds(change, item);
  }

  void add_reach(const ReachChange& reach, ReportItem& item) const {
    if (reach.lost.count != "0")
      item.details.push_back({drift() ? "excess" : "loses", text_of(addresses_words(reach.lost))});
    if (reach.gained.count != "0")
      item.details.push_back({drift() ? "lacks" : "gains", text_of(addresses_words(reach.gained))});
    for (std::size_t at = 0; at < reach.unknown.size() && at < kMaxListed; ++at)
      item.details.push_back({"unknown", reach.unknown[at]});
    if (reach.unknown.size() > kMaxListed) {
      item.details.push_back(
          {"unknown", "and " + std::to_string(reach.unknown.size() - kMaxListed) + " more"});
    }
    for (const std::string& assumption : reach.assumed) item.details.push_back({"assumed", assumption});
  }

  void on_revoke(const Change& change, ReportItem& item) {
    item.rule = drift() ? "token-not-revoked" : "token-revoke";
    item.level = drift() ? ItemLevel::error : ItemLevel::warning;
    item.state = drift() ? ItemState::fail : ItemState::pending;
    item.message =
        (drift() ? "live, though it is to be revoked: " : "to be revoked: ") + message_text(change.reason);
    item.details.push_back({"last used", last_use_text(change.last_used, now_)});
    add_grounds(change, item);
  }

  // Why it is due, and what stands in the way.
  void add_grounds(const Change& change, ReportItem& item) const {
    if (change.cause) item.details.push_back({"cause", std::string(to_string(*change.cause))});
    const auto found = sections_.guards_of.find(change.id);
    if (found == sections_.guards_of.end()) return;
    std::vector<std::string> blocking;
    for (const Guard* guard : found->second) {
      if (!guard->lifted) blocking.push_back(rule_text(guard->name));
    }
    if (!blocking.empty()) item.details.push_back({"blocked by", join(blocking, ", ")});
  }

  static void say(ReportItem& item, const char* rule, ItemLevel level, ItemState state, std::string message) {
    item.rule = rule;
    item.level = level;
    item.state = state;
    item.message = std::move(message);
  }

  void on_other(const Change& change, ReportItem& item) {
    const auto noted = [&](std::string text) {
      if (!change.note.empty()) text += (text.empty() ? "" : "; ") + change.note;
      return text;
    };
    switch (change.status) {
      case Status::replace:
      case Status::revoke: return;
      case Status::unchanged:
        return say(item, "token-as-declared", ItemLevel::note, ItemState::pass,
                   "as declared: " + conditions_.of(change.before));
      case Status::gone:
        return say(item, "token-gone", ItemLevel::note, ItemState::pass, noted("not live, as it should be"));
      case Status::ignored:
        return say(item, "token-ignored", ItemLevel::note, ItemState::pass,
                   noted("left alone, as a manifest says"));
      case Status::waiting:
        return say(item, "token-waiting", ItemLevel::note, ItemState::told,
                   change.note.empty() ? "due, but not now" : change.note);
      case Status::ambiguous:
        return say(item, "token-ambiguous", ItemLevel::error, ItemState::fail,
                   noted("not written, because it is not clear which entry speaks of it"));
      case Status::conflict:
        return say(item, "token-conflict", ItemLevel::error, ItemState::fail, noted("not written"));
      case Status::missing: {
        const bool counts = org_.missing_counts;
        return say(item, "token-missing", org_.missing_fails ? ItemLevel::error : ItemLevel::warning,
                   counts ? ItemState::fail : ItemState::pass, noted("declared, but no such token is live"));
      }
      case Status::unmanaged: return on_unmanaged(change, item);
    }
  }

  void on_unmanaged(const Change& change, ReportItem& item) {
    if (!is_unmanaged_told_) {
      is_unmanaged_told_ =
          std::any_of(org_.findings.begin(), org_.findings.end(),
                      [](const Finding& finding) { return finding.rule == to_string(Status::unmanaged); });
    }
    const bool fails = org_.unmanaged_fails;
    say(item, "token-unmanaged", fails ? ItemLevel::error : ItemLevel::note,
        fails                 ? ItemState::fail
        : *is_unmanaged_told_ ? ItemState::told
                              : ItemState::pass,
        "live, but no manifest mentions it: " + conditions_.of(change.before));
  }

  void add_finding(const Finding& finding) {
    const std::string& rule = finding.rule;
    // The change itself says as much and more.
    if (rule == to_string(Status::missing) || rule == to_string(Status::unmanaged) ||
        rule == to_string(Status::conflict))
      return;
    ReportItem item;
    item.rule = rule == to_string(Status::ambiguous) ? "entry-ambiguous" : rule_id(rule);
    item.level = level_of_finding(finding.severity);
    item.state = item.level == ItemLevel::note ? ItemState::told : ItemState::fail;
    item.token_id = finding.token_id;
    if (const Change* change = sections_.change_of(finding.token_id)) item.name = change->name;
    if (finding.token_id.empty()) item.subject = finding.subject;
    item.message = finding.message;
    item.place = finding.source;
    item.novelty = finding.novelty;
    // A finding bounds and counts them itself.
    for (const std::string& detail : finding.details) item.details.push_back({"of these", detail});
    items_.push_back(std::move(item));
  }

  void add_guard(const Guard& guard) {
    ReportItem item;
    item.rule = "guard-" + rule_id(guard.name);
    item.subject = guard.name;
    const bool blocks = !guard.lifted && view_ == PlanView::plan;
    item.level = blocks ? ItemLevel::error : ItemLevel::note;
    item.state = blocks ? ItemState::fail : ItemState::told;
    item.message = (guard.lifted ? "lifted: " : blocks ? "" : "an apply would be blocked: ") + guard.message;
    for (std::size_t at = 0; at < guard.token_ids.size() && at < kGuardTokensNamed; ++at) {
      const Change* change = sections_.change_of(guard.token_ids[at]);
      item.details.push_back(
          {"token", (change == nullptr ? "" : in_quotes(change->name, kNameColumns) + " ") +
                        escape(guard.token_ids[at])});
      if (at == 0 && change != nullptr) item.place = change->source;
    }
    if (guard.token_ids.size() > kGuardTokensNamed) {
      item.details.push_back(
          {"token", "and " + std::to_string(guard.token_ids.size() - kGuardTokensNamed) + " more"});
    }
    if (!guard.lifted) item.details.push_back({"lifted by", guard.lift});
    items_.push_back(std::move(item));
  }

  const OrgPlan& org_;
  PlanView view_;
  Instant now_;
  OrgView sections_;
  ConditionTexts conditions_;
  std::optional<bool> is_unmanaged_told_;
  std::vector<ReportItem> items_;
};

std::vector<ReportCount> plan_counts(const OrgPlan& org, PlanView view) {
  const Summary summary = summary_of(org);
  const bool drift = view == PlanView::drift;
  const auto pins = static_cast<std::size_t>(
      std::count_if(org.findings.begin(), org.findings.end(),
                    [](const Finding& finding) { return finding.rule == kZonePinBroken; }));
  return {{drift ? "drifted" : "to replace", summary.count(Status::replace)},
          {drift ? "live though revoked" : "to revoke", summary.count(Status::revoke)},
          {"zone pins broken", pins, "zone pin broken"},
          {"in conflict", summary.count(Status::conflict)},
          {"ambiguous", summary.count(Status::ambiguous)},
          {"missing", summary.count(Status::missing)},
          {"waiting", summary.count(Status::waiting)},
          {"unmanaged", summary.count(Status::unmanaged)},
          {"ignored", summary.count(Status::ignored)},
          {"gone", summary.count(Status::gone)},
          {drift ? "as declared" : "unchanged", summary.count(Status::unchanged)}};
}

ReportOrg org_report(const OrgPlan& plan, PlanView view, Instant now) {
  ReportOrg org;
  org.host = plan.host;
  org.exit_code = plan.exit_code;
  org.counts = plan_counts(plan, view);
  if (view == PlanView::plan && is_blocked(plan)) org.remark = "Apply is blocked.";
  if (plan.since) add_since(plan, org);
  org.items = PlanItems(plan, view, now).all();
  return org;
}

ReportOrg unread_report(const UnreadOrg& unread) {
  ReportOrg org;
  org.host = unread.host;
  org.exit_code = unread.exit_code;
  org.counts = {{"orgs not read", 1, "org not read"}};
  org.remark = "Not read, so nothing is known here.";
  org.error = Error{Trouble::failure, unread.message, unread.mend};
  ReportItem item;
  item.rule = "org-not-read";
  item.level = ItemLevel::error;
  item.state = ItemState::broken;
  item.message = unread.message;
  if (!unread.mend.empty()) item.details.push_back({"what to do", unread.mend});
  org.items.push_back(std::move(item));
  return org;
}

}  // namespace

Report report_of_plan(const Plan& plan, PlanView view, const RunFacts& run) {
  Report report;
  report.kind = view == PlanView::drift ? ReportKind::drift : ReportKind::plan;
  report.at = run.now;
  report.digest = digest_of(plan);
  report.source_revision = run.source_revision;
  report.exit_code = run.exit_code;
  for (const OrgPlan& org : plan.orgs) report.orgs.push_back(org_report(org, view, run.now));
  for (const UnreadOrg& org : plan.unread) report.orgs.push_back(unread_report(org));
  std::stable_sort(report.orgs.begin(), report.orgs.end(),
                   [](const ReportOrg& a, const ReportOrg& b) { return a.host < b.host; });
  take_rules(report);
  return report;
}

}  // namespace zonepin
