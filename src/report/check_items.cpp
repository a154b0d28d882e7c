// The result of `check` as a report.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "report/check_report.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxTokensOfZone = 20;

constexpr std::string_view kTokenPasses = "token-passes";
constexpr std::string_view kNotReviewed = "not-reviewed";
constexpr std::string_view kOrgNotRead = "org-not-read";

ItemLevel item_level(CheckLevel level) {
  switch (level) {
    case CheckLevel::error: return ItemLevel::error;
    case CheckLevel::warning: return ItemLevel::warning;
    case CheckLevel::note:
    case CheckLevel::off: return ItemLevel::note;
  }
  return ItemLevel::note;
}

ItemState item_state(CheckState state) {
  switch (state) {
    case CheckState::fail: return ItemState::fail;
    case CheckState::waived: return ItemState::waived;
    case CheckState::not_reviewed: return ItemState::not_reviewed;
  }
  return ItemState::fail;
}

bool is_about_zone(CheckRule rule) {
  return rule == CheckRule::zone_too_wide || rule == CheckRule::zone_unusable;
}

// What a finding lists, under what it is.
ItemDetail detail_of(CheckRule rule, std::string_view detail) {
  if (rule == CheckRule::zone_pin_broken) return {"of these", std::string(detail)};
  for (const auto& [lead, label] : {std::pair<std::string_view, const char*>{"also named so: ", "same name"},
                                    std::pair<std::string_view, const char*>{"reason: ", "reason"}}) {
    if (detail.starts_with(lead)) return {label, std::string(detail.substr(lead.size()))};
  }
  return {rule == CheckRule::token_name_duplicate ? "same name" : "", std::string(detail)};
}

class CheckItems {
 public:
  CheckItems(const OrgCheck& org, const CheckProfile& profile) : org_(org), profile_(profile) {}

  std::vector<ReportItem> all() {
    if (!org_.not_reviewed.empty()) {
      ReportItem item;
      item.rule = kNotReviewed;
      item.level = ItemLevel::error;
      item.state = ItemState::not_reviewed;
      item.subject = "list";
      item.message = org_.not_reviewed;
      items_.push_back(std::move(item));
    }
    for (const CheckFinding& finding : org_.findings) {
      ReportItem item = item_of(finding);
      item.name = finding.name;
      item.subject = finding.subject;
      items_.push_back(std::move(item));
    }
    for (const CheckedToken& token : org_.tokens) add_token(token);
    for (auto& [key, zone] : zones_) {
      if (zone.more > 0) zone.item.details.push_back({"tokens", std::to_string(zone.more) + " more"});
      items_.push_back(std::move(zone.item));
    }
    std::stable_sort(items_.begin(), items_.end(), [](const ReportItem& one, const ReportItem& other) {
      return std::make_tuple(rank(one.state), one.level) < std::make_tuple(rank(other.state), other.level);
    });
    return std::move(items_);
  }

 private:
  // What is wrong with a zone, told once for all tokens that it is wrong for.
  struct ZoneItem {
    ReportItem item;
    std::size_t more = 0;
  };

  static int rank(ItemState state) {
    switch (state) {
      case ItemState::fail: return 0;
      case ItemState::not_reviewed: return 1;
      case ItemState::waived: return 2;
      default: return 3;
    }
  }

  ReportItem item_of(const CheckFinding& finding) const {
    ReportItem item;
    item.rule = to_string(finding.rule);
    item.level = item_level(finding.level);
    item.state = item_state(finding.state);
    item.message = finding.message;
    for (const std::string& detail : finding.details) item.details.push_back(detail_of(finding.rule, detail));
    item.place = finding.source;
    item.column = finding.column;
    if (finding.accepted) {
      item.accepted = profile_.waived_words + " " + until_text(finding.accepted->until) + ": " +
                      escape(finding.accepted->reason);
    }
    return item;
  }

  static void take_token(const CheckedToken& token, ReportItem& item) {
    item.token_id = token.id;
    item.name = token.name;
    item.owner = token.owner;
    if (!item.place) item.place = token.source;
  }

  void add_token(const CheckedToken& token) {
    for (const CheckFinding& finding : token.findings) {
      if (is_about_zone(finding.rule)) {
        add_to_zone(token, finding);
        continue;
      }
      items_.push_back(item_of(finding));
      take_token(token, items_.back());
    }
    // Any error at it says how it stands; without one it passes, whatever else there is to say.
    const bool is_told = token.verdict != CheckVerdict::pass && !token.findings.empty();
    if (is_told) return;
    ReportItem item;
    const bool passes = token.verdict == CheckVerdict::pass;
    item.rule = passes ? kTokenPasses : kNotReviewed;
    item.level = passes ? ItemLevel::note : ItemLevel::error;
    item.state = passes ? ItemState::pass : ItemState::not_reviewed;
    item.message = passes ? "no error found" : "not reviewed";
    items_.push_back(std::move(item));
    take_token(token, items_.back());
  }

  void add_to_zone(const CheckedToken& token, const CheckFinding& finding) {
    const auto [place, fresh] =
        zones_.try_emplace(std::make_tuple(finding.rule, finding.subject, finding.state));
    ZoneItem& zone = place->second;
    if (fresh) {
      zone.item = item_of(finding);
      zone.item.subject = finding.subject;
      zone.item.name = finding.name;
      zone.item.place = token.source;
    }
    if (!zone.item.place) zone.item.place = token.source;
    if (zone.item.details.size() < kMaxTokensOfZone) {
      zone.item.details.push_back({"tokens", in_quotes(token.name) + " " + escape(token.id)});
    } else {
      ++zone.more;
    }
  }

  const OrgCheck& org_;
  const CheckProfile& profile_;
  std::vector<ReportItem> items_;
  std::map<std::tuple<CheckRule, std::string, CheckState>, ZoneItem> zones_;
};

std::string remark_on(const OrgCheck& org) {
  const auto failing =
      std::count_if(org.findings.begin(), org.findings.end(), [](const CheckFinding& finding) {
        return finding.level == CheckLevel::error && finding.state == CheckState::fail;
      });
  if (!org.not_reviewed.empty()) return "Nothing was reviewed.";
  if (failing == 0) return {};
  return plural(static_cast<std::size_t>(failing), "violation") + " beside the tokens.";
}

ReportOrg org_report(const CheckedOrg& checked, const CheckProfile& profile) {
  ReportOrg org;
  org.host = checked.check.host;
  org.exit_code = checked.exit_code;
  org.counts = {{"failed", count(checked.check, CheckVerdict::fail)},
                {"not reviewed", count(checked.check, CheckVerdict::not_reviewed)},
                {"waived", count(checked.check, CheckVerdict::waived)},
                {"passed", count(checked.check, CheckVerdict::pass)}};
  org.remark = remark_on(checked.check);
  org.items = CheckItems(checked.check, profile).all();
  return org;
}

ReportOrg org_report(const UnreadOrg& unread) {
  ReportOrg org;
  org.host = unread.host;
  org.exit_code = unread.exit_code;
  org.counts = {{"failed", 0}};
  org.remark = "Nothing was reviewed.";
  org.error = Error{Trouble::failure, unread.message, unread.mend};
  ReportItem item;
  item.rule = kOrgNotRead;
  item.level = ItemLevel::error;
  item.state = ItemState::broken;
  item.subject = "org";
  item.message = unread.message + (unread.mend.empty() ? "" : "; " + unread.mend);
  org.items.push_back(std::move(item));
  return org;
}

std::vector<ReportRule> rules_of(const CheckProfile& profile) {
  std::vector<ReportRule> rules = {
      {std::string(kOrgNotRead), "Org could not be read",
       "Nothing is known of this org, neither good nor bad. Mend the cause and run it again.",
       ItemLevel::error},
      {std::string(kNotReviewed), "Not reviewed",
       "Nothing can be said of these tokens, because the list can't be trusted. Give the credential a role "
       "that sees every token, or correct expect.min_tokens.",
       ItemLevel::error}};
  for (std::size_t at = 0; at < kCheckRules; ++at) {
    const auto rule = static_cast<CheckRule>(at);
    const CheckRuleText& text = text_of(rule);
    std::string help = std::string(text.meaning) + " " + std::string(text.mend);
    if (!text.reference.empty()) help += " (" + std::string(text.reference) + ")";
    rules.push_back({std::string(to_string(rule)), std::string(text.title), std::move(help),
                     item_level(profile.level_of(rule))});
  }
  rules.push_back(
      {std::string(kTokenPasses), "Passes", "No rule finds an error at these tokens.", ItemLevel::note});
  return rules;
}

}  // namespace

Report report_of_check(const CheckRun& run) {
  Report report;
  report.kind = ReportKind::check;
  report.at = run.at;
  report.source_revision = run.source_revision;
  report.exit_code = run.exit_code;
  for (const CheckedOrg& org : run.orgs) report.orgs.push_back(org_report(org, run.profile));
  for (const UnreadOrg& org : run.unread) report.orgs.push_back(org_report(org));
  std::sort(report.orgs.begin(), report.orgs.end(),
            [](const ReportOrg& one, const ReportOrg& other) { return one.host < other.host; });
  std::set<std::string_view> used;
  for (const ReportOrg& org : report.orgs) {
    for (const ReportItem& item : org.items) used.insert(item.rule);
  }
  for (ReportRule& rule : rules_of(run.profile)) {
    if (used.count(rule.id) != 0) report.rules.push_back(std::move(rule));
  }
  return report;
}

}  // namespace zonepin
