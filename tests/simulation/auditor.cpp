#include "auditor.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "wishes.h"

namespace zonepin::simulation {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kTokenPath = "/api/v1/api-tokens";

bool is_write(const HttpRequest& request) {
  return request.method != HttpMethod::get;
}

std::string words_of(const HttpRequest& request) {
  return std::string(to_string(request.method)) + " " + request.target;
}

std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> list_of(const Json& object, const char* name) {
  std::vector<std::string> list;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) return list;
  for (const Json& each : *found) list.push_back(each.get<std::string>());
  return list;
}

std::string network_text(const Json& token) {
  const auto network = token.find("network");
  if (network == token.end() || network->is_null()) return "absent";
  return condition_text(text_of(*network, "connection"), list_of(*network, "include"),
                        list_of(*network, "exclude"));
}

}  // namespace

std::string token_of(const HttpRequest& request) {
  const std::string_view target = request.target;
  const bool names_one =
      target.starts_with(kTokenPath) && target.size() > kTokenPath.size() && target[kTokenPath.size()] == '/';
  return names_one ? std::string(target.substr(kTokenPath.size() + 1)) : std::string();
}

void Auditor::violated(std::string what) {
  note("VIOLATION: " + what);
  violations_.push_back(std::move(what));
}

void Auditor::note(std::string line) {
  if (keeps_log_) log_.push_back(std::move(line));
}

void Auditor::begin(const Order& order) {
  order_ = order;
  if (!order.keeps_plan) planned_.clear();
  last_read_.clear();
  ledgers_.clear();
  in_window_.clear();
  stopped_.clear();
  read_only_ = false;
  throttled_ = 0;
  requests_ = 0;
  writes_sent_ = 0;
  journal_lines_.clear();
  if (order.journal.empty()) return;
  // A file that holds no whole beginning of a journal is begun anew.
  constexpr std::string_view kBegins = "{\"journal\":";
  const std::string& text = files_->texts[order.journal];
  journal_begins_ = journal_read_ = text.starts_with(kBegins) ? text.size() : 0;
}

// --- what was read
// --------------------------------------------------------------------------------------------------------

void Auditor::read_tokens(const HttpRequest& request, const HttpResponse& response) {
  const std::string one = token_of(request);
  if (!one.empty() && response.status == 404) last_read_.erase(one);
  if (response.status != 200) return;
  const Json body = Json::parse(response.body, nullptr, false);
  if (body.is_discarded()) return;
  const auto take = [&](const Json& token) {
    Seen seen{text_of(token, "name"), text_of(token, "userId"), text_of(token, "clientName"),
              text_of(token, "created"), network_text(token)};
    const std::string id = text_of(token, "id");
    ledgers_[id].in_doubt = false;
    if (!order_.keeps_plan && one.empty() && writes_sent_ == 0) planned_.insert_or_assign(id, seen);
    last_read_.insert_or_assign(id, std::move(seen));
  };
  if (body.is_array()) {
    for (const Json& token : body) take(token);
  } else {
    take(body);
  }
}

void Auditor::came_back(const Completion& completion, const HttpRequest& request, Milliseconds now) {
  const int status = completion.response ? completion.response->status : 0;
  note(std::to_string(now.count()) + " " + words_of(request) + " -> " +
       (completion.response ? std::to_string(status) : completion.error->message));
  if (status == 429) ++throttled_;
  if (status == 401) stopped_ = "a 401";
  const std::string token = token_of(request);
  if (!is_write(request)) {
    if (completion.response && request.target.starts_with(kTokenPath))
      read_tokens(request, *completion.response);
    return;
  }
  Ledger& ledger = ledgers_[token];
  --ledger.in_flight;
  ledger.statuses.push_back(status);
  const bool never_arrived = completion.error && never_sent(completion.error->fault);
  if (never_arrived || status == 429) ++ledger.harmless;
  if (status == 404) ++ledger.not_found;
  if (status == 204) ledger.was_revoked = true;
  const bool read_only =
      completion.response && completion.response->body.find("E0000010") != std::string::npos;
  if (read_only) read_only_ = true;
  const bool unreadable =
      status == 200 && Json::parse(completion.response->body, nullptr, false).is_discarded();
  if ((status == 0 && !never_arrived) || (status >= 500 && !read_only) || unreadable) ledger.in_doubt = true;
}

// --- what may be sent
// -----------------------------------------------------------------------------------------------------

const Wish* Auditor::permitted(const std::string& id) const {
  std::vector<WishedToken> tokens;
  for (const auto& [each, seen] : planned_) tokens.push_back({each, seen.name, seen.owner});
  return wish_for(story_, tokens, id);
}

void Auditor::sent(RequestId, const HttpRequest& request, Milliseconds now) {
  note(std::to_string(now.count()) + " " + words_of(request));
  ++requests_;
  check_order(request, now);
  if (!is_write(request)) return;
  ++writes_sent_;
  const std::string token = token_of(request);
  check_write(token, request);
  Ledger& ledger = ledgers_[token];
  ++ledger.sent;
  ++ledger.in_flight;
  if (order_.journal.empty()) return;
  read_journal();
  if (ledgers_[token].intents < ledger.sent)
    violated("no intent of it is in the journal, on the disk: " + words_of(request));
}

void Auditor::check_order(const HttpRequest& request, Milliseconds now) {
  if (!stopped_.empty()) violated("a request after " + stopped_);
  if (read_only_ && is_write(request)) violated("a write after E0000010");
  const auto signal = interrupt_->at();
  if (signal && now >= *signal) violated("a request after a signal");
  constexpr std::size_t kMostEver = 2'000;
  if (requests_ > kMostEver) violated("more requests than any of these orgs can need");
}

void Auditor::check_write(const std::string& token, const HttpRequest& request) {
  const std::string words = words_of(request);
  if (!order_.may_write) violated("a write by a command that only reads: " + words);
  const Ledger& ledger = ledgers_[token];
  if (ledger.in_flight > 0) violated("two writes in flight for one token: " + words);
  if (ledger.in_doubt) violated("written again without a look: " + words);
  if (ledger.was_revoked) violated("revoked again after Okta said that it is done: " + words);
  const Wish* wish = permitted(token);
  if (wish == nullptr || wish->what == Wish::What::ignore) return violated("nobody wished for it: " + words);
  const bool revokes = request.method == HttpMethod::delete_;
  if (revokes != (wish->what == Wish::What::revoke)) violated("somebody wished for something else: " + words);
  if (revokes && !story_.allow_revoke) violated("revoked without --allow-revoke: " + words);
  const auto before = planned_.find(token);
  const auto read = last_read_.find(token);
  if (before == planned_.end() || read == last_read_.end()) {
    violated("a write to a token that was not there when last looked: " + words);
  } else if (!(before->second == read->second)) {
    violated("a write to a token that was last seen in another state than it was planned from: " + words);
  }
  if (!revokes) check_body(token, *wish, request);
}

void Auditor::check_body(const std::string& token, const Wish& wish, const HttpRequest& request) {
  const Json body = Json::parse(request.body, nullptr, false);
  const auto read = last_read_.find(token);
  if (!body.is_object() || read == last_read_.end())
    return violated("a body that can't be right: " + request.body);
  if (network_text(body) != condition_text(wish.connection, wish.include, wish.exclude))
    violated("another condition than was wished for: " + request.body);
  const Seen& seen = read->second;
  if (text_of(body, "name") != seen.name || text_of(body, "userId") != seen.owner ||
      text_of(body, "clientName") != seen.client || text_of(body, "created") != seen.created) {
    violated("what it does not mean to change is not as it was read: " + request.body);
  }
}

void Auditor::carried_out(const HttpRequest& request, const HttpResponse& response, Instant now) {
  const bool is_counted =
      request.target.starts_with(kTokenPath) || request.target.starts_with("/api/v1/zones");
  if (is_counted) check_budget(now);
  if (!is_write(request)) return;
  const std::string token = token_of(request);
  note("   Okta carries out " + words_of(request) + ": " + std::to_string(response.status));
  if (response.status != 200 && response.status != 204) return;
  ++ledgers_[token].carried;
  ++ever_carried_[token];
}

// Only where nothing but other people and the process itself goes wrong: then every answer told the truth
// about the window.
void Auditor::check_budget(Instant) {
  for (const Mishap& mishap : story_.mishaps) {
    const bool tells_truth = is_of_others(mishap.kind) || mishap.kind == MishapKind::killed ||
                             mishap.kind == MishapKind::interrupted;
    if (!tells_truth) return;
  }
  const auto window = org_->state().rate_windows.find("/api/v1");
  if (window == org_->state().rate_windows.end()) return;
  const std::size_t used = ++in_window_[window->second.opened];
  const auto limit = static_cast<std::size_t>(story_.state.settings.rate_limits.at("/api/v1"));
  const std::size_t share =
      std::max<std::size_t>(1, limit * static_cast<std::size_t>(story_.budget_percent) / 100);
  // Before the first answer nothing is known of a window; so many may be on their way by then.
  constexpr std::size_t kUntold = 4;
  if (used > share + kUntold) {
    violated(std::to_string(used) + " requests in a window of " + std::to_string(limit) + ", of which " +
             std::to_string(share) + " are allowed");
  }
}

}  // namespace zonepin::simulation
