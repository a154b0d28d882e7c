#include "okta/drive.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/ensure.h"
#include "base/text.h"

namespace zonepin::okta {

namespace {

// With nothing else to wait for, look again for an interrupt this often.
constexpr Milliseconds kIdleTurn{1'000};

struct InFlight {
  std::size_t job = 0;
  RequestId request = 0;
};

class Driver {
 public:
  Driver(const std::vector<Job>& jobs, Doors& doors) : jobs_(jobs), doors_(doors) {}

  void run() {
    while (!finished()) {
      heed_interrupt();
      for (std::size_t job = 0; job < jobs_.size(); ++job) turn(job);
      if (finished()) break;
      if (const auto completion = doors_.transport.wait(next_wake())) take(*completion);
    }
    for (std::size_t job = 0; job < jobs_.size(); ++job) tell(job);
  }

 private:
  bool finished() const {
    return std::all_of(jobs_.begin(), jobs_.end(), [](const Job& job) { return job.machine->finished(); });
  }

  void heed_interrupt() {
    if (!doors_.interrupt.requested()) return;
    const Milliseconds now = doors_.clock.steady();
    if (!give_up_at_) {
      give_up_at_ = now + kGrace;
      for (const Job& job : jobs_) job.machine->interrupt();
    } else if (now >= *give_up_at_ && !cancelled_) {
      cancelled_ = true;
      doors_.transport.cancel_all();
    }
  }

  // Lets one machine go on, as long as that starts or ends something at once.
  void turn(std::size_t job) {
    Machine& machine = *jobs_[job].machine;
    for (;;) {
      machine.advance(doors_.clock.steady());
      const auto sendings = machine.lane().poll(doors_.clock.steady());
      for (const Sending& sending : sendings) send(job, sending);
      tell(job);
      if (sendings.empty()) break;
    }
    machine.advance(doors_.clock.steady());
  }

  void send(std::size_t job, const Sending& sending) {
    HttpRequest request = sending.request;
    auto authorization = jobs_[job].authorizer->authorize(request);
    if (!authorization) {
      jobs_[job].machine->lane().lost(sending.id, {TransportFault::cancelled, authorization.error().message},
                                      doors_.clock.steady());
      return;
    }
    const RequestId id = next_id_++;
    in_flight_.emplace(id, InFlight{job, sending.id});
    doors_.transport.submit(id, jobs_[job].org.endpoint, request, std::move(*authorization));
  }

  Milliseconds next_wake() {
    const Milliseconds now = doors_.clock.steady();
    Milliseconds until = now + kIdleTurn;
    bool waits = false;
    for (const Job& job : jobs_) {
      const auto wake = job.machine->lane().wake_at();
      if (!wake) continue;
      until = waits ? std::min(until, *wake) : *wake;
      waits = true;
    }
    if (!in_flight_.empty() && !waits) until = now + kGrace;
    if (give_up_at_ && !cancelled_) until = std::min(until, *give_up_at_);
    return std::max(until, now);
  }

  void take(const Completion& completion) {
    const auto found = in_flight_.find(completion.id);
    ensure(found != in_flight_.end(), "a completion that nobody waits for");
    const InFlight flight = found->second;
    in_flight_.erase(found);
    Lane& lane = jobs_[flight.job].machine->lane();
    const Milliseconds now = doors_.clock.steady();
    if (completion.response) {
      lane.answered(flight.request, *completion.response, doors_.clock.now(), now);
    } else {
      lane.lost(flight.request, *completion.error, now);
    }
    jobs_[flight.job].machine->advance(now);
  }

  void tell(std::size_t job) {
    for (const Event& event : jobs_[job].machine->lane().take_events()) {
      log(jobs_[job].org, event);
      if (doors_.on_event) doors_.on_event(jobs_[job].org, event);
    }
  }

  void log(const OrgAddress& org, const Event& event) {
    const bool noteworthy = event.kind == Event::Kind::retrying || event.kind == Event::Kind::waiting;
    const LogLevel level = noteworthy ? LogLevel::info : event.kind == Event::Kind::sent ? LogLevel::trace : LogLevel::debug;
    if (!doors_.log.wants(level)) return;
    const HttpRequest request = request_for(event.call);
    std::vector<LogField> fields = {{"org", org.authority()},
                                    {"method", std::string(to_string(request.method))},
                                    {"path", request.target},
                                    {"attempt", std::to_string(event.attempt)}};
    if (event.status != 0) fields.push_back({"status", std::to_string(event.status)});
    if (event.kind != Event::Kind::sent) fields.push_back({"ms", std::to_string(event.length.count())});
    if (!event.request_id.empty()) fields.push_back({"request_id", event.request_id});
    if (!event.reason.empty()) fields.push_back({"reason", event.reason});
    doors_.log.write(level, word(event.kind), fields);
  }

  static std::string_view word(Event::Kind kind) {
    switch (kind) {
      case Event::Kind::sent: return "request";
      case Event::Kind::answered: return "response";
      case Event::Kind::lost: return "lost";
      case Event::Kind::retrying: return "retry";
      case Event::Kind::waiting: return "wait";
    }
    return "event";
  }

  const std::vector<Job>& jobs_;
  Doors& doors_;
  std::map<RequestId, InFlight> in_flight_;
  RequestId next_id_ = 1;
  std::optional<Milliseconds> give_up_at_;
  bool cancelled_ = false;
};

}  // namespace

void drive(const std::vector<Job>& jobs, Doors& doors) { Driver(jobs, doors).run(); }

}  // namespace zonepin::okta
