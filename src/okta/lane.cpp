#include "okta/lane.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/ensure.h"

namespace zonepin::okta {

namespace {

// Waits shorter than this are nobody's business.
constexpr Milliseconds kWorthTelling{1'000};

std::string fault_word(TransportFault fault) {
  switch (fault) {
    case TransportFault::resolve: return "host not found";
    case TransportFault::refused: return "connection refused";
    case TransportFault::tls: return "TLS failure";
    case TransportFault::proxy: return "proxy refused";
    case TransportFault::timeout: return "timeout";
    case TransportFault::lost: return "connection lost";
    case TransportFault::too_large: return "answer too large";
    case TransportFault::cancelled: return "cancelled";
  }
  return "lost";
}

// Nobody reports bodies, and there may be many.
Call without_body(const Call& call) {
  return {call.operation, call.key, {}, call.page};
}

}  // namespace

// splitmix64: enough for jitter, and the same everywhere for the same seed.
std::uint64_t Lane::random() {
  random_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = random_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

CallId Lane::submit(Call call, Milliseconds not_before) {
  Waiting waiting;
  waiting.id = next_call_++;
  waiting.call = std::move(call);
  later_.emplace(not_before, std::move(waiting));
  ++queued_;
  return next_call_ - 1;
}

void Lane::count_sent(const Call& call, Milliseconds now) {
  ++tally_.requests;
  if (!is_write(call.operation)) return;
  ++tally_.writes;
  if (!tally_.first_write) tally_.first_write = now;
}

void Lane::count_unsent(const Call& call) {
  --tally_.requests;
  if (!is_write(call.operation)) return;
  if (--tally_.writes == 0) tally_.first_write.reset();
}

void Lane::count_ended(const Call& call, Milliseconds now) {
  if (is_write(call.operation)) tally_.last_write = now;
}

void Lane::count_held(bool held, Milliseconds now) {
  if (held_since_) tally_.held += now - *held_since_;
  held_since_ = held ? std::optional<Milliseconds>(now) : std::nullopt;
}

Sending Lane::start(Waiting waiting, Milliseconds now) {
  count_sent(waiting.call, now);
  const Ticket ticket = governor_.started(bucket_of(waiting.call.operation), now);
  --queued_;
  Sending sending{next_request_++, request_for(waiting.call)};
  const int attempt = waiting.attempts.made + waiting.attempts.rate_waits + 1;
  if (attempt > 1 && !waiting.last_request_id.empty()) {
    sending.request.headers.push_back({"X-Okta-Retry-For", waiting.last_request_id});
    sending.request.headers.push_back({"X-Okta-Retry-Count", std::to_string(attempt - 1)});
  }
  Event event;
  event.kind = Event::Kind::sent;
  event.call = without_body(waiting.call);
  event.attempt = attempt;
  events_.push_back(std::move(event));
  flying_.emplace(sending.id, Flying{std::move(waiting), ticket, now});
  return sending;
}

void Lane::drop(std::deque<Waiting>& unsent) {
  for (Waiting& waiting : unsent) {
    Ended ended;
    ended.id = waiting.id;
    ended.call = std::move(waiting.call);
    ended_.push_back(std::move(ended));
    --queued_;
  }
  unsent.clear();
}

void Lane::drop_everything() {
  for (auto& item : later_) ready(item.second.call).push_back(std::move(item.second));
  later_.clear();
  for (auto& unsent : ready_) drop(unsent);
}

void Lane::note_wait(const Waiting& waiting, Milliseconds until, Milliseconds now) {
  if (until - now < kWorthTelling || announced_ == until) return;
  announced_ = until;
  Event event;
  event.kind = Event::Kind::waiting;
  event.call = without_body(waiting.call);
  event.length = until - now;
  event.reason = "rate limit";
  events_.push_back(std::move(event));
}

// What may not start before the run's time is over need not wait for that.
void Lane::drop_late() {
  std::deque<Waiting> unsent;
  while (!later_.empty() && too_late(std::prev(later_.end())->first)) {
    unsent.push_front(std::move(std::prev(later_.end())->second));
    later_.erase(std::prev(later_.end()));
  }
  ran_out_of_time_ = ran_out_of_time_ || !unsent.empty();
  drop(unsent);
}

// Those whose time has come stand in their bucket's queue by the order in which they were first submitted.
void Lane::collect_due(Milliseconds now) {
  while (!later_.empty() && later_.begin()->first <= now) {
    Waiting waiting = std::move(later_.begin()->second);
    later_.erase(later_.begin());
    auto& queue = ready(waiting.call);
    auto place = queue.end();
    while (place != queue.begin() && std::prev(place)->id > waiting.id) --place;
    queue.insert(place, std::move(waiting));
  }
}

// The queue whose head was submitted first, of those that nothing holds up.
std::deque<Lane::Waiting>* Lane::next_ready(const std::array<bool, kBuckets>& held) {
  std::deque<Waiting>* next = nullptr;
  for (std::size_t at = 0; at < kBuckets; ++at) {
    auto& queue = ready_[at];
    if (held[at] || queue.empty()) continue;
    if (next == nullptr || queue.front().id < next->front().id) next = &queue;
  }
  return next;
}

void Lane::start_ready(Milliseconds now, std::vector<Sending>& sendings) {
  std::array<bool, kBuckets> held{};
  bool window_holds = false;
  while (std::deque<Waiting>* queue = next_ready(held)) {
    const Bucket bucket = bucket_of(queue->front().call.operation);
    const auto when = governor_.may_start(bucket, now);
    if (when && *when <= now) {
      Waiting waiting = std::move(queue->front());
      queue->pop_front();
      sendings.push_back(start(std::move(waiting), now));
      continue;
    }
    held[static_cast<std::size_t>(bucket)] = true;
    if (when && too_late(*when)) {
      ran_out_of_time_ = true;
      drop(*queue);
    } else if (when) {
      window_holds = true;
      wake_at_ = wake_at_ ? std::min(*wake_at_, *when) : when;
      note_wait(queue->front(), *when, now);
    }
  }
  count_held(window_holds, now);
}

std::vector<Sending> Lane::poll(Milliseconds now) {
  std::vector<Sending> sendings;
  wake_at_.reset();
  count_held(false, now);
  if (queued_ == 0) return sendings;
  if (stopped_ || too_late(now)) {
    ran_out_of_time_ = ran_out_of_time_ || !stopped_;
    drop_everything();
    return sendings;
  }
  drop_late();
  collect_due(now);
  start_ready(now, sendings);
  if (!later_.empty()) {
    const Milliseconds when = later_.begin()->first;
    wake_at_ = wake_at_ ? std::min(*wake_at_, when) : when;
  }
  return sendings;
}

Lane::Flying Lane::land(RequestId id) {
  const auto found = flying_.find(id);
  ensure(found != flying_.end(), "the end of a request that is not in flight");
  Flying flying = std::move(found->second);
  flying_.erase(found);
  return flying;
}

void Lane::answered(RequestId id, HttpResponse response, Instant wall, Milliseconds now) {
  Flying flying = land(id);
  count_ended(flying.what.call, now);
  const RateHeaders rate = rate_headers(response.headers, wall);
  governor_.answered(flying.ticket, response.status, rate, now);
  Event event;
  event.kind = Event::Kind::answered;
  event.call = without_body(flying.what.call);
  event.attempt = flying.what.attempts.made + flying.what.attempts.rate_waits + 1;
  event.status = response.status;
  event.request_id = std::string(header(response.headers, "X-Okta-Request-Id").value_or(""));
  event.length = now - flying.started;
  flying.what.last_request_id = event.request_id;
  events_.push_back(std::move(event));

  ++(response.status == 429 ? flying.what.attempts.rate_waits : flying.what.attempts.made);
  const Decision decision =
      decide(flying.what.call.operation, &response, nullptr, rate, flying.what.attempts, random());
  follow(std::move(flying), decision, std::move(response), std::nullopt, now);
}

void Lane::lost(RequestId id, TransportError error, Milliseconds now) {
  Flying flying = land(id);
  governor_.lost(flying.ticket);
  if (never_sent(error.fault)) {
    count_unsent(flying.what.call);
  } else {
    count_ended(flying.what.call, now);
  }
  Event event;
  event.kind = Event::Kind::lost;
  event.call = without_body(flying.what.call);
  event.attempt = flying.what.attempts.made + flying.what.attempts.rate_waits + 1;
  event.length = now - flying.started;
  event.reason = fault_word(error.fault);
  event.fault = error.fault;
  events_.push_back(std::move(event));

  ++flying.what.attempts.made;
  const Decision decision =
      decide(flying.what.call.operation, nullptr, &error, {}, flying.what.attempts, random());
  follow(std::move(flying), decision, std::nullopt, std::move(error), now);
}

bool Lane::refused_for_now(RequestId id, const HttpResponse& response, Instant wall, Milliseconds now) {
  const auto found = flying_.find(id);
  ensure(found != flying_.end(), "a refusal of a request that is not in flight");
  if (found->second.what.renewals >= kMaxRenewals) return false;
  Flying flying = land(id);
  count_ended(flying.what.call, now);
  governor_.answered(flying.ticket, response.status, rate_headers(response.headers, wall), now);
  Event event;
  event.kind = Event::Kind::retrying;
  event.call = without_body(flying.what.call);
  event.attempt = flying.what.attempts.made + flying.what.attempts.rate_waits + 1;
  event.reason = "authorization renewed after HTTP " + std::to_string(response.status);
  events_.push_back(std::move(event));
  ++flying.what.renewals;
  later_.emplace(now, std::move(flying.what));
  ++queued_;
  return true;
}

void Lane::withheld(RequestId id, Error why) {
  Flying flying = land(id);
  governor_.lost(flying.ticket);
  count_unsent(flying.what.call);
  Event event;
  event.kind = Event::Kind::withheld;
  event.call = without_body(flying.what.call);
  event.attempt = flying.what.attempts.made + flying.what.attempts.rate_waits + 1;
  event.reason = why.message;
  events_.push_back(std::move(event));
  Ended ended;
  ended.id = flying.what.id;
  ended.call = std::move(flying.what.call);
  ended.withheld = std::move(why);
  ended_.push_back(std::move(ended));
}

// Puts a call back into the queue or hands it over, as decided.
void Lane::follow(Flying flying, const Decision& decision, std::optional<HttpResponse> response,
                  std::optional<TransportError> error, Milliseconds now) {
  const bool over = decision.verdict == Verdict::hand_over || stopped_ || too_late(now + decision.delay);
  if (over) {
    if (decision.verdict != Verdict::hand_over && !stopped_) ran_out_of_time_ = true;
    ended_.push_back(
        {flying.what.id, std::move(flying.what.call), std::move(response), std::move(error), std::nullopt});
    return;
  }
  Event event;
  event.kind = Event::Kind::retrying;
  event.call = without_body(flying.what.call);
  event.attempt = flying.what.attempts.made + flying.what.attempts.rate_waits + 1;
  event.length = decision.delay;
  if (error) event.fault = error->fault;
  event.reason = response ? "HTTP " + std::to_string(response->status) : fault_word(error->fault);
  events_.push_back(std::move(event));
  later_.emplace(now + decision.delay, std::move(flying.what));
  ++queued_;
}

std::vector<Ended> Lane::take_ended() {
  return std::exchange(ended_, {});
}
std::vector<Event> Lane::take_events() {
  return std::exchange(events_, {});
}

}  // namespace zonepin::okta
