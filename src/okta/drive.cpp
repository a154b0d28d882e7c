#include "okta/drive.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "base/ensure.h"
#include "base/text.h"

namespace zonepin::okta {

namespace {

// With nothing else to wait for, look again for an interrupt this often.
constexpr Milliseconds kIdleTurn{1'000};

// Of a request: the machine's own, or to renew what authorizes it.
enum class Purpose { work, renewal };

struct InFlight {
  std::size_t job = 0;
  RequestId request = 0;
  Purpose purpose = Purpose::work;
  std::uint64_t generation = 0;
};

class Driver {
 public:
  Driver(const std::vector<Job>& jobs, Doors& doors) : jobs_(jobs), doors_(doors), renewals_(jobs.size()) {}

  void run() {
    doors_.transport.end_by(last_end());
    while (!finished()) {
      heed_interrupt();
      admit();
      do {
        for (const std::size_t job : under_way_) turn(job);
      } while (admit());
      keep();
      if (finished()) break;
      if (auto completion = doors_.transport.wait(next_wake())) take(std::move(*completion));
    }
    for (std::size_t job = 0; job < jobs_.size(); ++job) tell(job);
    keep();
  }

 private:
  // When nothing of the jobs may be in flight any more; none where one of them has all the time there is.
  std::optional<Milliseconds> last_end() const {
    std::optional<Milliseconds> last;
    for (const Job& job : jobs_) {
      if (!job.deadline) return std::nullopt;
      const Milliseconds end = *job.deadline + job.grace;
      last = last ? std::max(*last, end) : end;
    }
    return last;
  }

  bool finished() const {
    return in_flight_.empty() &&
           std::all_of(jobs_.begin(), jobs_.end(), [](const Job& job) { return job.machine->finished(); });
  }

  // Jobs in their order, as others finish; whether there were any. After an interrupt all of them: they end
  // without a request.
  bool admit() {
    const std::size_t before = admitted_;
    const auto is_finished = [&](std::size_t job) { return jobs_[job].machine->finished(); };
    under_way_.erase(std::remove_if(under_way_.begin(), under_way_.end(), is_finished), under_way_.end());
    while (admitted_ < jobs_.size() && (give_up_at_ || under_way_.size() < kMostAtOnce)) {
      under_way_.push_back(admitted_++);
    }
    return admitted_ != before;
  }

  void heed_interrupt() {
    if (!doors_.interrupt.requested()) return;
    const Milliseconds now = doors_.clock.steady();
    if (!give_up_at_) {
      give_up_at_ = now + kGrace;
      for (std::size_t job = 0; job < jobs_.size(); ++job) {
        jobs_[job].machine->interrupt();
        if (renewals_[job]) renewals_[job]->interrupt();
      }
    } else if (now >= *give_up_at_ && !cancelled_) {
      cancelled_ = true;
      doors_.transport.cancel_all();
    }
  }

  // Lets one machine go on, as long as that starts or ends something at once.
  void turn(std::size_t job) {
    Machine& machine = *jobs_[job].machine;
    machine.advance(doors_.clock.steady());
    while (!machine.finished() && may_send(job)) {
      auto sendings = machine.lane().poll(doors_.clock.steady());
      tell(job);
      send_all(job, sendings);
      machine.advance(doors_.clock.steady());
      if (sendings.empty()) break;
    }
  }

  // Whether the job's own requests can be authorized, or have to end because they never can be; what it takes
  // to get there is sent first.
  bool may_send(std::size_t job) {
    Authorizer& authorizer = *jobs_[job].authorizer;
    auto& renewal = renewals_[job];
    if (renewal && renewal->finished()) {
      tell(job);
      renewal.reset();  // the next one starts from the beginning
    }
    if (give_up_at_ || authorizer.trouble() || authorizer.ready()) return true;
    if (!renewal && !lane_of(job, Purpose::work).has_unsent()) return true;  // nothing to authorize
    if (!renewal) renewal = authorizer.renewal(*jobs_[job].governor, jobs_[job].seed, jobs_[job].deadline);
    ensure(renewal != nullptr, "an authorizer that is not ready says how it becomes so");
    for (Sending& sending : renewal->lane().poll(doors_.clock.steady()))
      submit(job, std::move(sending), Purpose::renewal);
    renewal->advance(doors_.clock.steady());
    tell(job);
    if (!renewal->finished()) return false;
    renewal.reset();
    return true;
  }

  Lane& lane_of(std::size_t job, Purpose purpose) {
    return purpose == Purpose::renewal ? renewals_[job]->lane() : jobs_[job].machine->lane();
  }

  // No write leaves unless the witness has kept that it will.
  void send_all(std::size_t job, std::vector<Sending>& sendings) {
    const bool writes = std::any_of(sendings.begin(), sendings.end(), [](const Sending& sending) {
      return sending.request.method != HttpMethod::get;
    });
    const Result<void> kept = writes ? keep() : Result<void>();
    for (Sending& sending : sendings) {
      const bool write = sending.request.method != HttpMethod::get;
      std::optional<Error> hindrance;
      if (write && !kept) hindrance = kept.error();
      send(job, std::move(sending), hindrance);
    }
  }

  void send(std::size_t job, Sending sending, const std::optional<Error>& hindrance) {
    Machine& machine = *jobs_[job].machine;
    const auto& trouble = jobs_[job].authorizer->trouble();
    if (hindrance) return machine.lane().withheld(sending.id, *hindrance);
    if (trouble) return machine.lane().withheld(sending.id, *trouble);
    submit(job, std::move(sending), Purpose::work);
  }

  void submit(std::size_t job, Sending sending, Purpose purpose) {
    Authorizer& authorizer = *jobs_[job].authorizer;
    auto authorization = authorizer.authorize(sending.request);
    if (!authorization) return lane_of(job, purpose).withheld(sending.id, authorization.error());
    const RequestId id = next_id_++;
    in_flight_.emplace(id, InFlight{job, sending.id, purpose, authorizer.generation()});
    doors_.transport.submit(id, jobs_[job].org.endpoint, std::move(sending.request),
                            std::move(*authorization));
  }

  Milliseconds next_wake() {
    const Milliseconds now = doors_.clock.steady();
    Milliseconds until = now + kIdleTurn;
    bool waits = false;
    const auto heed = [&](std::optional<Milliseconds> wake) {
      if (!wake) return;
      until = waits ? std::min(until, *wake) : *wake;
      waits = true;
    };
    // What waits for a renewal is not polled before that: when it last wanted to be woken would wake us for
    // nothing, over and over.
    for (const std::size_t job : under_way_) {
      heed(lane_of(job, renewals_[job] != nullptr ? Purpose::renewal : Purpose::work).wake_at());
    }
    if (!in_flight_.empty() && !waits) until = now + kGrace;
    if (give_up_at_ && !cancelled_) until = std::min(until, *give_up_at_);
    if (doors_.witness != nullptr) {
      const auto wanted = doors_.witness->look(now);
      if (wanted) until = std::min(until, *wanted);
    }
    return std::max(until, now);
  }

  void take(Completion completion) {
    const auto found = in_flight_.find(completion.id);
    ensure(found != in_flight_.end(), "a completion that nobody waits for");
    const InFlight flight = found->second;
    in_flight_.erase(found);
    const bool renewal = flight.purpose == Purpose::renewal;
    Lane& lane = lane_of(flight.job, flight.purpose);
    const Milliseconds now = doors_.clock.steady();
    if (completion.response && !renewal && !give_up_at_ &&
        jobs_[flight.job].authorizer->worth_another_try(flight.generation, *completion.response) &&
        lane.refused_for_now(flight.request, *completion.response, doors_.clock.now(), now)) {
      return;
    }
    if (completion.response) {
      lane.answered(flight.request, std::move(*completion.response), doors_.clock.now(), now);
    } else {
      lane.lost(flight.request, std::move(*completion.error), now);
    }
    Machine& machine = renewal ? *renewals_[flight.job] : *jobs_[flight.job].machine;
    machine.advance(now);
    tell(flight.job);
  }

  Result<void> keep() { return doors_.witness == nullptr ? Result<void>() : doors_.witness->keep(); }

  void tell(std::size_t job) {
    if (renewals_[job]) tell(job, renewals_[job]->lane());
    tell(job, jobs_[job].machine->lane());
  }

  void tell(std::size_t job, Lane& lane) {
    for (const Event& event : lane.take_events()) {
      log(jobs_[job].org, event);
      if (doors_.witness != nullptr) doors_.witness->saw(jobs_[job].org, event);
    }
  }

  // Trying again where nobody can be reached takes seconds in which nothing happens: a person is told why,
  // once.
  bool is_first_of_unreachable(const OrgAddress& org, const Event& event) {
    const bool unreachable = event.kind == Event::Kind::retrying && (event.fault == TransportFault::refused ||
                                                                     event.fault == TransportFault::resolve);
    return unreachable && told_unreachable_.insert(org.authority()).second;
  }

  void log(const OrgAddress& org, const Event& event) {
    const bool noteworthy = event.kind == Event::Kind::retrying || event.kind == Event::Kind::waiting;
    const LogLevel level = is_first_of_unreachable(org, event) ? LogLevel::warning
                           : noteworthy                        ? LogLevel::info
                           : event.kind == Event::Kind::sent   ? LogLevel::trace
                                                               : LogLevel::debug;
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
      case Event::Kind::withheld: return "withheld";
      case Event::Kind::retrying: return "retry";
      case Event::Kind::waiting: return "wait";
    }
    return "event";
  }

  const std::vector<Job>& jobs_;
  Doors& doors_;
  std::vector<std::unique_ptr<Machine>>
      renewals_;                        // beside jobs_; what makes an authorizer ready, while it is at it
  std::vector<std::size_t> under_way_;  // jobs that may send, and perhaps some that have just finished
  std::size_t admitted_ = 0;            // jobs that are or were under way: the first ones
  std::map<RequestId, InFlight> in_flight_;
  RequestId next_id_ = 1;
  std::optional<Milliseconds> give_up_at_;
  bool cancelled_ = false;
  std::set<std::string> told_unreachable_;  // authorities
};

}  // namespace

void drive(const std::vector<Job>& jobs, Doors& doors) {
  Driver(jobs, doors).run();
}

}  // namespace zonepin::okta
