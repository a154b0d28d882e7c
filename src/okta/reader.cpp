#include "okta/reader.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/text.h"
#include "okta/codec.h"
#include "okta/paging.h"
#include "okta/refusal.h"

namespace zonepin::okta {

namespace {

// What a page holds goes behind what was listed before it.
template <class Value>
Result<void> add_page(Result<std::vector<Value>> page, std::vector<Value>& listed) {
  if (!page) return fail(std::move(page.error()));
  if (listed.empty()) {
    listed = std::move(*page);
  } else {
    std::move(page->begin(), page->end(), std::back_inserter(listed));
  }
  return {};
}

}  // namespace

Reader::Reader(OrgAddress org, ReadWants wants, Governor& governor, std::uint64_t seed,
               std::optional<Milliseconds> deadline)
    : org_(std::move(org)), wants_(std::move(wants)), lane_(governor, seed, deadline) {
  reading_.live.host = org_.authority();
  reading_.live.url = org_.url();
  if (wants_.tokens) submit({Operation::list_tokens, {}, {}, {}});
  if (wants_.zones) submit({Operation::list_zones, {}, {}, {}});
  if (wants_.self) submit({Operation::get_current_user, {}, {}, {}});
  ask_for_owners(1);
}

void Reader::submit(Call call) {
  ++pending_;
  lane_.submit(std::move(call));
}

void Reader::advance(Milliseconds) {
  for (Ended& ended : lane_.take_ended()) {
    --pending_;
    take_over(std::move(ended));
  }
}

void Reader::interrupt() {
  interrupted_ = true;
  lane_.stop();
}

void Reader::give_up(Error error) {
  if (!error_) error_ = std::move(error);
  lane_.stop();
}

void Reader::take_over(Ended ended) {
  if (error_) return;
  if (ended.withheld) return give_up(std::move(*ended.withheld));
  if (!ended.response && !ended.error) {
    if (interrupted_)
      return give_up({Trouble::interrupted, "interrupted while reading " + org_.authority(), {}});
    return give_up({Trouble::unfinished, "the time ran out while reading " + org_.authority(),
                    "run it again, or give it more with --timeout"});
  }
  if (ended.error) return give_up(explain(ended.call, *ended.error, org_.authority()));
  if (ended.call.operation == Operation::get_user)
    return wants_.owners.empty() ? take_user(ended) : take_owner(ended);
  if (ended.call.operation == Operation::get_current_user) return take_self(ended);
  if (ended.response->status != 200) {
    return give_up(explain(ended.call, refusal_of(*ended.response), org_.authority()));
  }
  Listing& listing = ended.call.operation == Operation::list_tokens ? tokens_ : zones_;
  take_page(std::move(ended), listing);
}

void Reader::take_page(Ended ended, Listing& listing) {
  const std::string target = request_for(ended.call).target;
  listing.targets.push_back(target);
  auto next = next_page(ended.response->headers, org_.endpoint, target);
  if (!next) return give_up(next.error());
  std::string& body = ended.response->body;
  const bool tokens = ended.call.operation == Operation::list_tokens;
  const auto added = tokens ? add_page(decode_tokens(body), reading_.live.tokens)
                            : add_page(decode_zones(body), reading_.live.zones);
  if (!added) return give_up(added.error());
  if (wants_.raw_pages) listing.bodies.push_back(std::move(body));
  if (*next) {
    const bool loops =
        std::find(listing.targets.begin(), listing.targets.end(), **next) != listing.targets.end();
    if (loops || listing.targets.size() >= kMaxPages) {
      const std::string what = loops ? "leads back to a page that was read"
                                     : "goes on beyond " + std::to_string(kMaxPages) + " pages";
      return give_up({Trouble::failure,
                      "could not " + describe(ended.call) + " at " + org_.authority() + ": the list " + what,
                      "run it again; if it stays so, ask Okta's support"});
    }
    Call call = ended.call;
    call.page = **next;
    return submit(std::move(call));
  }
  std::string().swap(body);
  if (tokens) return tokens_complete();
  zones_complete();
}

void Reader::tokens_complete() {
  auto united = unite_tokens(std::move(reading_.live.tokens));
  if (!united) return give_up(united.error());
  reading_.live.tokens = std::move(*united);
  look_users_up();
}

void Reader::zones_complete() {
  auto united = unite_zones(std::move(reading_.live.zones));
  if (!united) return give_up(united.error());
  reading_.live.zones = std::move(*united);
}

void Reader::look_users_up() {
  if (!wants_.users) return;
  for (std::string& key : wants_.users(reading_.live)) {
    if (!users_asked_.insert(key).second) continue;
    ++users_pending_;
    submit({Operation::get_user, std::move(key), {}, {}});
  }
}

void Reader::take_self(const Ended& ended) {
  const int status = ended.response->status;
  // It costs no more than the protection of the run's own token, which is then said.
  if (status == 403 || status == 404) {
    reading_.live.self_unknown = explain(ended.call, refusal_of(*ended.response), org_.authority()).message;
    return;
  }
  if (status != 200) return give_up(explain(ended.call, refusal_of(*ended.response), org_.authority()));
  auto user = decode_user(ended.response->body);
  if (!user) return give_up(user.error());
  if (!user->login.empty()) reading_.live.users.add(user->login, user->id);
  reading_.live.self = zonepin::User{std::move(user->id), std::move(user->login)};
}

void Reader::take_user(const Ended& ended) {
  const Refusal refusal = ended.response->status == 200 ? Refusal{} : refusal_of(*ended.response);
  const std::string& key = ended.call.key;
  if (ended.response->status == 404 && refusal.code == "E0000007") {  // FACTS 9: there is no such user
    if (!is_user_id(key)) reading_.live.users.add(key, {});
  } else if (ended.response->status != 200) {
    return give_up(explain(ended.call, refusal, org_.authority()));
  } else {
    auto user = decode_user(ended.response->body);
    if (!user) return give_up(user.error());
    if (!user->login.empty()) reading_.live.users.add(user->login, user->id);
    if (key != user->id) reading_.live.users.add(key, user->id);
  }
  if (--users_pending_ == 0) look_users_up();
}

void Reader::ask_for_owners(std::size_t count) {
  const std::size_t end = owners_asked_ + std::min(count, wants_.owners.size() - owners_asked_);
  for (; owners_asked_ < end; ++owners_asked_)
    submit({Operation::get_user, wants_.owners[owners_asked_], {}, {}});
}

// Who may not see one user may see none: nobody else is asked for then.
void Reader::take_owner(const Ended& ended) {
  const int status = ended.response->status;
  const Refusal refusal = status == 200 ? Refusal{} : refusal_of(*ended.response);
  const bool is_nobody = status == 404 && refusal.code == "E0000007";
  if (status == 403) {
    reading_.owners_refused = explain(ended.call, refusal, org_.authority());
    reading_.owners.clear();
    return;
  }
  if (status != 200 && !is_nobody) return give_up(explain(ended.call, refusal, org_.authority()));
  if (status == 200) {
    auto user = decode_user(ended.response->body);
    if (!user) return give_up(user.error());
    if (!reading_.owners_refused) reading_.owners.emplace(ended.call.key, std::move(*user));
  }
  ask_for_owners(wants_.owners.size());
}

Result<Reading> Reader::take() {
  if (error_) return fail(*error_);
  if (wants_.raw_pages) {
    reading_.token_pages = std::move(tokens_.bodies);
    reading_.zone_pages = std::move(zones_.bodies);
  }
  return std::move(reading_);
}

}  // namespace zonepin::okta
