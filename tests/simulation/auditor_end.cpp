// What the auditor holds against what happened once a process has ended: its outcome, its exit code, and its
// journal.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "auditor.h"
#include "wishes.h"

namespace zonepin::simulation {

namespace {

using Json = nlohmann::json;

// Fates by token id, as an outcome document tells them; none where it is another document.
std::optional<std::map<std::string, std::string>> fates_of(std::string_view out) {
  const Json json = Json::parse(out, nullptr, false);
  if (!json.is_object() || !json.contains("results")) return std::nullopt;
  std::map<std::string, std::string> fates;
  for (const Json& result : json["results"])
    fates[result["id"].get<std::string>()] =
        result["action"].get<std::string>() + " " + result["fate"].get<std::string>();
  return fates;
}

std::pair<std::string, std::string> split_fate(const std::string& text) {
  const std::size_t blank = text.find(' ');
  return {text.substr(0, blank), text.substr(blank + 1)};
}

bool leaves_work(const std::string& fate) {
  return fate == "failed" || fate == "unknown" || fate == "not_reached";
}

}  // namespace

void Auditor::died() {
  note("the process dies");
}

void Auditor::ended(int exit_code, std::string_view out) {
  note("the process ends with " + std::to_string(exit_code));
  const bool refused = exit_code == 3 || exit_code == 4 || exit_code == 5;
  if (refused && writes_sent_ > 0) violated("exit code " + std::to_string(exit_code) + " after a write");
  if (exit_code == 130 && !interrupt_->at()) violated("exit code 130 without a signal");
  for (const auto& [id, ledger] : ledgers_) {
    if (ledger.in_flight > 0) violated("the process ended with a write of " + id + " in flight");
  }
  if (!order_.may_write) return;
  const auto fates = fates_of(out);
  if (!fates) {
    if (writes_sent_ > 0) violated("writes, and no outcome: " + std::string(out.substr(0, 200)));
    return;
  }
  bool work_is_left = false;
  for (const auto& [id, text] : *fates) {
    const auto [action, fate] = split_fate(text);
    work_is_left = work_is_left || leaves_work(fate);
    check_fate(id, action, fate);
  }
  if (exit_code == 0 && work_is_left) violated("exit code 0, and not everything is done");
  for (const auto& [id, ledger] : ledgers_) {
    if (ledger.sent > 0 && fates->count(id) == 0)
      violated("the outcome does not speak of " + id + ", which was written");
  }
  if (exit_code == 0 && !work_is_left) check_request_count(fates->size());
  if (!order_.journal.empty()) check_journal_at_end(exit_code, *fates);
}

// Against what the wire and Okta know. What others touched meanwhile, and what is still on its way, can make
// a fate true at its moment and another one later: those are left to the laws of the end.
void Auditor::check_fate(const std::string& id, const std::string& action, const std::string& fate) {
  const Ledger& ledger = ledgers_[id];
  const auto say = [&](const std::string& why) {
    violated(action + " of " + id + " is told as " + fate + ", but " + why);
  };
  const bool others_work = std::any_of(story_.mishaps.begin(), story_.mishaps.end(),
                                       [](const Mishap& mishap) { return is_of_others(mishap.kind); });
  const bool is_live = org_->state().tokens.count(id) > 0;
  const std::size_t answered = ledger.statuses.size();
  if (fate == "done" && ever_carried_[id] == 0 && !others_work) say("Okta never carried it out");
  if (fate == "done" && action == "revoke" && is_live) say("the token is live");
  if (fate == "gone" && is_live) say("the token is live");
  if (fate == "gone" && action == "replace" && ledger.carried > 0 && !others_work) say("Okta carried it out");
  if (fate == "unknown" && ledger.sent == 0) say("nothing was sent");
  if (fate == "not_reached" && ledger.sent > ledger.harmless) say("it was sent");
  if (fate == "already_done" && ledger.sent > 0) say("it was sent");
  const bool cut = std::any_of(story_.mishaps.begin(), story_.mishaps.end(),
                               [](const Mishap& mishap) { return mishap.kind == MishapKind::cut; });
  if (fate == "failed" && answered > 0 && ledger.not_found == answered && !cut)
    say("Okta said nothing but that it is not there");
  const bool late = std::any_of(story_.mishaps.begin(), story_.mishaps.end(), [](const Mishap& mishap) {
    return mishap.kind == MishapKind::late || mishap.kind == MishapKind::killed;
  });
  if (fate == "failed" && ledger.carried > 0 && !others_work && !late) say("Okta carried it out");
}

// DESIGN 2.8, where nothing at all goes wrong: the lists with their pages, the zones, the caller, the logins
// that are named, one request per action, and one list to confirm.
void Auditor::check_request_count(std::size_t actions) {
  if (!story_.mishaps.empty()) return;
  const auto page = static_cast<std::size_t>(story_.state.settings.token_page_size);
  const std::size_t tokens = org_->state().tokens.size() + actions;
  const std::size_t pages = page == 0 ? 1 : tokens / page + 1;
  std::set<std::string> logins;
  for (const Wish& wish : story_.entries) {
    if (!wish.owner.empty()) logins.insert(wish.owner);
  }
  const std::size_t most =
      pages + 1 + 1 + logins.size() + actions * (story_.recheck ? 2 : 1) + pages + throttled_;
  if (requests_ > most)
    violated(std::to_string(requests_) + " requests where " + std::to_string(most) + " are enough");
}

// --- the journal
// ------------------------------------------------------------------------------------------------------------

// Takes over the whole lines that are on the disk by now.
void Auditor::read_journal() {
  const std::string& text = files_->texts[order_.journal];
  for (;;) {
    const std::size_t end = text.find('\n', journal_read_);
    if (end == std::string::npos) return;
    const std::string line_text = text.substr(journal_read_, end - journal_read_);
    journal_read_ = end + 1;
    if (line_text.empty()) continue;  // the end of what the run before left torn
    journal_lines_.push_back(line_text);
    const Json line = Json::parse(journal_lines_.back(), nullptr, false);
    if (line.is_object() && line.value("event", "") == "intent") ++ledgers_[line.value("id", "")].intents;
  }
}

void Auditor::check_journal_at_end(int exit_code, const std::map<std::string, std::string>& fates) {
  if (!files_->unsynced.empty()) violated("the process ended with lines of its journal not on the disk");
  read_journal();
  std::map<std::string, std::vector<int>> statuses;
  std::map<std::string, std::string> told;
  std::optional<int> code;
  for (const std::string& text : journal_lines_) {
    const Json line = Json::parse(text, nullptr, false);
    if (!line.is_object()) {
      violated("a line of the journal that is none: " + text);
      continue;
    }
    const std::string event = line.value("event", "");
    if (event == "result" && line.value("sent", true))
      statuses[line.value("id", "")].push_back(line.value("status", 0));
    if (event == "fate") told[line.value("id", "")] = line.value("fate", "");
    if (event == "end") code = line.value("exit_code", -1);
  }
  if (code != exit_code) violated("the journal's exit code is another one");
  for (const auto& [id, text] : fates) {
    const std::string fate = split_fate(text).second;
    const auto found = told.find(id);
    if (found == told.end() ? fate != "not_reached" : found->second != fate)
      violated("the journal and the outcome differ over " + id);
  }
  for (auto& [id, ledger] : ledgers_) {
    // One that was never sent after all stands in the journal as that.
    std::vector<int> seen = ledger.statuses;
    seen.erase(std::remove(seen.begin(), seen.end(), 0), seen.end());
    std::vector<int> written = statuses[id];
    written.erase(std::remove(written.begin(), written.end(), 0), written.end());
    if (seen != written) violated("the journal's results for " + id + " are not what came back");
    if (ledger.sent > ledger.intents) violated("the journal lacks an intent for " + id);
  }
}

void Auditor::check_shown_journal(std::string_view json) {
  const auto fates = fates_of(json);
  const bool wrote_nothing = std::none_of(ledgers_.begin(), ledgers_.end(),
                                          [](const auto& each) { return each.second.intents > 0; });
  if (!fates && wrote_nothing) return;  // it died within its first line
  if (!fates) return violated("`show` can't read the journal: " + std::string(json.substr(0, 200)));
  for (const auto& [id, text] : *fates) {
    const std::string fate = split_fate(text).second;
    const auto found = ledgers_.find(id);
    const Ledger ledger = found == ledgers_.end() ? Ledger() : found->second;
    if (fate == "done" && ever_carried_[id] == 0)
      violated("the journal of a dead run says that " + id + " is done");
    if (fate == "not_reached" && ledger.sent > ledger.harmless)
      violated("the journal of a dead run says that " + id + " was not reached");
  }
  for (const auto& [id, ledger] : ledgers_) {
    if (ledger.sent > 0 && fates->count(id) == 0)
      violated("the journal of a dead run does not speak of " + id);
  }
}

// --- the end
// ----------------------------------------------------------------------------------------------------------------

void Auditor::check_nothing_sent(std::string_view why) {
  if (writes_sent_ > 0) violated("a write, although " + std::string(why));
}

void Auditor::check_wishes(const std::set<std::string>& touched) {
  std::vector<WishedToken> tokens;
  for (const auto& [id, token] : org_->state().tokens) tokens.push_back({id, token.name, token.user_id});
  for (const auto& [id, token] : org_->state().tokens) {
    const Wish* wish = wish_for(story_, tokens, id);
    if (wish == nullptr || wish->what == Wish::What::ignore) continue;
    if (wish->what == Wish::What::revoke) {
      if (story_.allow_revoke) violated("in the end " + id + " is live, and its end was wished for");
      continue;
    }
    const auto& network = token.network;
    const std::string is = network ? condition_text(network->connection, network->include, network->exclude)
                                   : condition_text("ANYWHERE", {}, {});
    if (is != condition_text(wish->connection, wish->include, wish->exclude))
      violated("in the end " + id + " is not as it was wished for");
  }
  // Its garden: what nobody wished anything of is as it was.
  for (const auto& [id, token] : story_.state.tokens) {
    if (touched.count(id) > 0 || ever_carried_[id] > 0) continue;
    const auto now = org_->state().tokens.find(id);
    if (now == org_->state().tokens.end()) {
      violated("nobody revoked " + id + ", and it is gone");
    } else if (now->second.network != token.network || now->second.name != token.name) {
      violated("nobody wrote " + id + ", and it is another");
    }
  }
}

}  // namespace zonepin::simulation
