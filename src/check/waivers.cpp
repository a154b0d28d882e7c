#include "check/waivers.h"

#include "base/text.h"
#include "model/match.h"

namespace zonepin {

namespace {

// No token has such a finding.
bool is_waivable(CheckRule rule) {
  return rule != CheckRule::waiver_expired && rule != CheckRule::waiver_unused;
}

}  // namespace

WaiverBook::WaiverBook(const CheckInput& input) : input_(input) {
  const std::vector<Waiver>& waivers = input.desired.waivers;
  expired_.resize(waivers.size());
  used_.resize(waivers.size());
  in_doubt_.resize(waivers.size());
  for (std::size_t at = 0; at < waivers.size(); ++at) {
    expired_[at] = waivers[at].until <= input.now;
    const auto rule = parse_check_rule(waivers[at].rule);
    if (!expired_[at] && rule) by_rule_[static_cast<std::size_t>(*rule)].push_back(at);
  }
}

std::optional<std::size_t> WaiverBook::accepting(CheckRule rule, const Token& token) {
  std::optional<std::size_t> first;
  for (const std::size_t at : by_rule_[static_cast<std::size_t>(rule)]) {
    const Fit fit = fit_of(input_.desired.waivers[at].match, token, input_.live.users, input_.now);
    if (fit == Fit::unknown) in_doubt_[at] = true;
    if (fit != Fit::yes) continue;
    used_[at] = true;
    if (!first || input_.desired.waivers[*first].until < input_.desired.waivers[at].until) first = at;
  }
  return first;
}

Acceptance WaiverBook::acceptance(std::size_t waiver) const {
  const Waiver& accepting = input_.desired.waivers[waiver];
  return {accepting.until, accepting.reason, source_of(accepting.place, input_.sources)};
}

void WaiverBook::add(std::vector<CheckFinding>& findings, CheckRule rule, std::size_t waiver,
                     std::string message) const {
  const CheckLevel level = input_.profile.level_of(rule);
  if (level == CheckLevel::off) return;
  CheckFinding finding;
  finding.rule = rule;
  finding.level = level;
  const Waiver& said = input_.desired.waivers[waiver];
  finding.subject = said.rule + ", " + match_text(said.match) + ", until " + until_text(said.until);
  finding.message = std::move(message);
  finding.details.push_back("reason: " + escape(said.reason));
  finding.source = source_of(said.place, input_.sources);
  finding.column = said.place.column;
  findings.push_back(std::move(finding));
}

std::vector<CheckFinding> WaiverBook::findings(const std::array<bool, kCheckRules>& was_run) const {
  std::vector<CheckFinding> findings;
  for (std::size_t at = 0; at < used_.size(); ++at) {
    const Waiver& waiver = input_.desired.waivers[at];
    const auto rule = parse_check_rule(waiver.rule);
    if (!rule) continue;
    if (expired_[at]) {
      add(findings, CheckRule::waiver_expired, at,
          "the waiver of " + waiver.rule + " ended: it was accepted until " + until_text(waiver.until));
    } else if (!is_waivable(*rule)) {
      add(findings, CheckRule::waiver_unused, at,
          "no finding of " + waiver.rule + " is about a token, so no waiver accepts it");
    } else if (!used_[at] && !in_doubt_[at] && was_run[static_cast<std::size_t>(*rule)]) {
      add(findings, CheckRule::waiver_unused, at,
          "the waiver of " + waiver.rule + " until " + until_text(waiver.until) +
              " accepts nothing: no token that it matches has such a finding");
    }
  }
  return findings;
}

}  // namespace zonepin
