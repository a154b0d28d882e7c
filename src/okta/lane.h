// The calls of one org on their way: queued, paced, tried again. Pure: it says what to send and takes what
// came back; okta/drive.h moves the bytes.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/http.h"
#include "base/time.h"
#include "base/world.h"
#include "okta/api.h"
#include "okta/pace.h"
#include "okta/retry.h"

namespace zonepin::okta {

using CallId = std::uint64_t;

// How often one call is sent again with a fresh authorization.
inline constexpr int kMaxRenewals = 3;

// A request to be sent now.
struct Sending {
  RequestId id = 0;
  HttpRequest request;
};

// A call that is over, one way or the other.
struct Ended {
  CallId id = 0;
  Call call;
  std::optional<HttpResponse>
      response;  // at most one of these three; none: it was never sent (stopped, or out of time)
  std::optional<TransportError> error;
  std::optional<Error> withheld;  // it was never sent, for this reason: no credential that Okta takes, no
                                  // journal that takes its intent
};

// What happened, for logs and progress.
struct Event {
  enum class Kind { sent, answered, lost, withheld, retrying, waiting };
  Kind kind = Kind::sent;
  Call call;  // without its body
  int attempt = 1;
  int status = 0;          // answered
  std::string request_id;  // answered; as Okta sent it
  Milliseconds length{0};  // answered, lost: how long it took; retrying, waiting: how long until it goes on
  std::string reason;      // lost, withheld, retrying, waiting
  std::optional<TransportFault> fault;  // lost, retrying for that
};

// What a lane has sent so far, and how long that took.
struct Tally {
  std::size_t requests = 0;                 // sent; retries count, what was never sent does not
  std::size_t writes = 0;                   // of these
  std::optional<Milliseconds> first_write;  // when it was sent
  Milliseconds last_write{0};               // when the last one was answered or lost
  Milliseconds held{0};                     // for so long a window that is used up kept something waiting
};

class Lane {
 public:
  // `governor` is shared by all lanes of one org and must outlive this. `seed` makes the jitter. No request
  // starts, and no wait ends, after `deadline`.
  Lane(Governor& governor, std::uint64_t seed, std::optional<Milliseconds> deadline)
      : governor_(governor), random_(seed), deadline_(deadline) {}

  // `not_before`: on the steady clock; 0 is at once.
  CallId submit(Call call, Milliseconds not_before = Milliseconds(0));

  // What may start now, marked as started.
  std::vector<Sending> poll(Milliseconds now);
  // When poll() is worth calling again although nothing came back; none: only after an answer.
  std::optional<Milliseconds> wake_at() const { return wake_at_; }

  void answered(RequestId id, HttpResponse response, Instant wall, Milliseconds now);
  void lost(RequestId id, TransportError error, Milliseconds now);
  // Answered with a refusal that a fresh authorization may mend: sent again before all others. Gives false,
  // and does nothing, once that was done kMaxRenewals times for one call.
  bool refused_for_now(RequestId id, const HttpResponse& response, Instant wall, Milliseconds now);
  // It can't be sent although poll() gave it: it ends unsent, with the reason.
  void withheld(RequestId id, Error why);

  // Nothing more is sent; what waits ends unsent at the next poll().
  void stop() { stopped_ = true; }

  std::vector<Ended> take_ended();
  std::vector<Event> take_events();
  const Tally& tally() const { return tally_; }
  bool has_unsent() const { return queued_ != 0; }
  std::size_t in_flight() const { return flying_.size(); }
  bool idle() const { return queued_ == 0 && flying_.empty(); }
  bool ran_out_of_time() const { return ran_out_of_time_; }

 private:
  struct Waiting {
    CallId id = 0;
    Call call;
    Attempts attempts;
    int renewals = 0;
    std::string last_request_id;  // of the answer that made us try again (X-Okta-Retry-For)
  };
  struct Flying {
    Waiting what;
    Ticket ticket;
    Milliseconds started{0};
  };

  std::uint64_t random();
  std::deque<Waiting>& ready(const Call& call) {
    return ready_[static_cast<std::size_t>(bucket_of(call.operation))];
  }
  void collect_due(Milliseconds now);
  void start_ready(Milliseconds now, std::vector<Sending>& sendings);
  std::deque<Waiting>* next_ready(const std::array<bool, kBuckets>& held);
  Flying land(RequestId id);
  void count_sent(const Call& call, Milliseconds now);
  void count_unsent(const Call& call);
  void count_ended(const Call& call, Milliseconds now);
  void count_held(bool held, Milliseconds now);
  Sending start(Waiting waiting, Milliseconds now);
  void drop(std::deque<Waiting>& unsent);
  void drop_everything();
  void drop_late();
  void note_wait(const Waiting& waiting, Milliseconds until, Milliseconds now);
  bool too_late(Milliseconds when) const { return deadline_ && when >= *deadline_; }
  void follow(Flying flying, const Decision& decision, std::optional<HttpResponse> response,
              std::optional<TransportError> error, Milliseconds now);

  Governor& governor_;
  std::uint64_t random_;
  std::optional<Milliseconds> deadline_;
  bool stopped_ = false;
  bool ran_out_of_time_ = false;
  std::uint64_t next_call_ = 1;
  RequestId next_request_ = 1;
  // What waits: for its time, or (oldest first) for its bucket. A poll looks at the heads alone.
  std::multimap<Milliseconds, Waiting> later_;
  std::array<std::deque<Waiting>, kBuckets> ready_;
  std::size_t queued_ = 0;  // in all of these
  std::map<RequestId, Flying> flying_;
  std::optional<Milliseconds> wake_at_;
  std::optional<Milliseconds> announced_;  // the wait that the last `waiting` event spoke of
  Tally tally_;
  std::optional<Milliseconds> held_since_;  // a window keeps something waiting
  std::vector<Ended> ended_;
  std::vector<Event> events_;
};

}  // namespace zonepin::okta
