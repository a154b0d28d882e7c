#include <algorithm>
#include <tuple>
#include <utility>

#include "base/ensure.h"
#include "support/fakes.h"

namespace zonepin {
namespace {

constexpr Milliseconds kForever = std::chrono::years(100);

}  // namespace

class FakeTransport : public Transport {
 public:
  FakeTransport(FakeNetwork& network, TransportOptions options)
      : network_(network), options_(std::move(options)) {}

  void end_by(std::optional<Milliseconds> until) override { end_by_ = until; }

  void submit(RequestId id, const Endpoint& endpoint, HttpRequest request, Secret authorization) override {
    waiting_.push_back({id, endpoint, std::move(request), std::string(authorization.reveal()), {}});
    begin_waiting();
  }

  std::optional<Completion> wait(Milliseconds until) override {
    const auto next =
        std::min_element(in_flight_.begin(), in_flight_.end(), [](const Flight& a, const Flight& b) {
          return std::tie(a.ends, a.completion.id) < std::tie(b.ends, b.completion.id);
        });
    const Milliseconds now = network_.clock_.steady();
    const std::optional<Milliseconds> next_end =
        next == in_flight_.end() ? std::nullopt : std::optional(std::max(now, next->ends));
    if (const std::optional<Milliseconds> told = interrupt_before(until, next_end); told.has_value()) {
      network_.clock_.advance(*told - now);
      told_of_interrupt_ = true;
      return std::nullopt;
    }
    if (!next_end.has_value() || *next_end > std::max(now, until)) {
      ensure(until - now < kForever, "a wait without end, and nothing comes");
      network_.clock_.advance(std::max(until - now, Milliseconds(0)));
      return std::nullopt;
    }
    network_.clock_.advance(*next_end - now);
    Completion done = std::move(next->completion);
    in_flight_.erase(next);
    begin_waiting();
    return done;
  }

  void cancel_all() override {
    const Milliseconds now = network_.clock_.steady();
    const TransportError given_up{TransportFault::cancelled, "given up"};
    for (Flight& flight : in_flight_) {
      if (flight.ends <= now) continue;  // Its answer was there already.
      flight.completion = {flight.completion.id, std::nullopt, given_up, now - flight.begun};
      flight.ends = now;
    }
    for (const Arrival& each : waiting_) {
      in_flight_.push_back({{each.id, std::nullopt, given_up, Milliseconds(0)}, now, now});
    }
    waiting_.clear();
  }

 private:
  struct Flight {
    Completion completion;
    Milliseconds begun{0};
    Milliseconds ends{0};
  };

  // When the interrupt, not yet told, comes before anything else that would end this wait.
  std::optional<Milliseconds> interrupt_before(Milliseconds until,
                                               std::optional<Milliseconds> next_end) const {
    const std::optional<Milliseconds> at = network_.interrupt_.at();
    if (told_of_interrupt_ || !at.has_value()) return std::nullopt;
    const Milliseconds now = network_.clock_.steady();
    const Milliseconds felt = std::max(now, *at);
    if (next_end.has_value() && *next_end <= felt) return std::nullopt;
    if (felt > std::max(now, until)) return std::nullopt;
    return felt;
  }

  void begin_waiting() {
    while (!waiting_.empty() && in_flight_.size() < options_.max_connections) {
      Arrival next = std::move(waiting_.front());
      waiting_.pop_front();
      next.at = network_.clock_.now();
      ensure(static_cast<bool>(network_.server), "FakeNetwork needs a server");
      network_.arrivals.push_back(next);
      in_flight_.push_back(flight_of(next, network_.server(next)));
      network_.most_in_flight = std::max(network_.most_in_flight, in_flight_.size());
    }
  }

  Flight flight_of(const Arrival& arrival, FakeAnswer answer) const {
    Flight flight;
    flight.begun = network_.clock_.steady();
    flight.completion.id = arrival.id;
    Milliseconds patience = options_.total_timeout;
    if (end_by_) patience = std::min(patience, std::max(*end_by_ - flight.begun, Milliseconds(1)));
    if (answer.latency > patience) {
      answer.latency = patience;
      answer.what =
          TransportError{TransportFault::timeout, arrival.endpoint.host + ": no whole answer in time"};
    }
    flight.ends = flight.begun + answer.latency;
    flight.completion.took = answer.latency;
    if (const auto* error = std::get_if<TransportError>(&answer.what)) {
      flight.completion.error = *error;
      return flight;
    }
    HttpResponse& response = std::get<HttpResponse>(answer.what);
    if (response.body.size() > options_.max_response_bytes) {
      flight.completion.error =
          TransportError{TransportFault::too_large, arrival.endpoint.host + ": too large"};
    } else {
      flight.completion.response = std::move(response);
    }
    return flight;
  }

  FakeNetwork& network_;
  TransportOptions options_;
  std::deque<Arrival> waiting_;
  std::vector<Flight> in_flight_;
  bool told_of_interrupt_ = false;
  std::optional<Milliseconds> end_by_;
};

Result<std::unique_ptr<Transport>> FakeNetwork::open(const TransportOptions& options) {
  opened.push_back(options);
  if (open_error.has_value()) return fail(*open_error);
  return std::make_unique<FakeTransport>(*this, options);
}

}  // namespace zonepin
