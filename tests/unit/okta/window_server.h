// A pretend Okta that counts requests in windows, and clients on a simulated steady clock: what the pace is
// measured with.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "okta/lane.h"

namespace zonepin::okta {

// Okta's window: it opens with a request and is `length` long (FACTS 5).
class WindowServer {
 public:
  WindowServer(std::int64_t limit, Milliseconds length) : limit_(limit), length_(length) {}

  // Epoch of its clock at steady time 0; on purpose not a whole second.
  static Instant clock_at(Milliseconds steady) { return Instant{Milliseconds{1'767'323'045'300}} + steady; }

  HttpResponse answer(const std::string& client, Milliseconds now) {
    count(now);
    const bool fits = used_ < limit_;
    if (fits) {
      ++used_;
      most_of_[client] = std::max(most_of_[client], ++used_by_[client]);
    } else {
      ++refused_;
      ++refused_in_window_[windows_];
    }
    HttpResponse response;
    response.status = fits ? 200 : 429;
    const auto reset =
        std::chrono::duration_cast<std::chrono::seconds>((opened_ + length_).time_since_epoch());
    response.headers = {{"Date", format_http_date(clock_at(now))},
                        {"X-Rate-Limit-Limit", std::to_string(limit_)},
                        {"X-Rate-Limit-Remaining", std::to_string(limit_ - used_)},
                        {"X-Rate-Limit-Reset", std::to_string(reset.count())}};
    return response;
  }

  // What another client does, without an answer that anybody needs. False: it was refused.
  bool take_for_others(Milliseconds now) {
    count(now);
    if (used_ >= limit_) return false;
    ++used_;
    return true;
  }

  std::int64_t most_of(const std::string& client) const {
    return most_of_.count(client) == 0 ? 0 : most_of_.at(client);
  }
  std::size_t refused() const { return refused_; }
  std::size_t most_refused_in_a_window() const {
    std::size_t most = 0;
    for (const auto& item : refused_in_window_) most = std::max(most, item.second);
    return most;
  }

 private:
  void count(Milliseconds now) {
    const Instant wall = clock_at(now);
    if (windows_ != 0 && wall < opened_ + length_) return;
    opened_ = std::chrono::floor<std::chrono::seconds>(wall);
    used_ = 0;
    used_by_.clear();
    ++windows_;
  }

  std::int64_t limit_;
  Milliseconds length_;
  Instant opened_{};
  std::size_t windows_ = 0;
  std::int64_t used_ = 0;
  std::map<std::string, std::int64_t> used_by_;
  std::map<std::string, std::int64_t> most_of_;
  std::map<std::size_t, std::size_t> refused_in_window_;
  std::size_t refused_ = 0;
};

// Runs lanes against a server until all are idle. Each request arrives after `there`, its answer comes after
// `back`.
class Race {
 public:
  using Delay = std::function<Milliseconds()>;
  using Serve = std::function<std::optional<HttpResponse>(const std::string& client, const HttpRequest&,
                                                          Milliseconds now)>;

  Race(Serve serve, Delay there, Delay back)
      : serve_(std::move(serve)), there_(std::move(there)), back_(std::move(back)) {}

  Lane& add(const std::string& name, PacePolicy policy, std::optional<Milliseconds> deadline = std::nullopt) {
    clients_.push_back(std::make_unique<Client>(name, policy, clients_.size() + 1, deadline));
    return clients_.back()->lane;
  }

  // How far the local clock is from the server's.
  Milliseconds skew{0};
  // Something else that happens over and over.
  std::function<void(Milliseconds)> others;
  Milliseconds others_every{1'000};
  std::size_t most_in_flight = 0;
  std::vector<Event> events;

  // Gives the time at which the last lane became idle.
  Milliseconds run(Milliseconds limit) {
    if (others) at(Milliseconds(0), [this] { play_others(); });
    while (now_ <= limit) {
      for (auto& client : clients_) send(*client);
      if (all_idle()) return now_;
      Milliseconds next = limit + Milliseconds(1);
      if (!due_.empty()) next = due_.begin()->first;
      for (auto& client : clients_) {
        if (const auto wake = client->lane.wake_at()) next = std::min(next, *wake);
      }
      now_ = std::max(now_, next);
      while (!due_.empty() && due_.begin()->first <= now_) {
        const auto deed = due_.begin()->second;
        due_.erase(due_.begin());
        deed();
      }
    }
    return now_;
  }

  Milliseconds now() const { return now_; }

 private:
  struct Client {
    Client(std::string its_name, PacePolicy policy, std::uint64_t seed, std::optional<Milliseconds> deadline)
        : name(std::move(its_name)), governor(policy), lane(governor, seed, deadline) {}
    std::string name;
    Governor governor;
    Lane lane;
  };

  void at(Milliseconds when, std::function<void()> deed) { due_.emplace(when, std::move(deed)); }

  void play_others() {
    others(now_);
    at(now_ + others_every, [this] { play_others(); });
  }

  void send(Client& client) {
    for (const Sending& sending : client.lane.poll(now_)) {
      ++in_flight_;
      most_in_flight = std::max(most_in_flight, in_flight_);
      at(now_ + there_(), [this, &client, sending] {
        auto response = serve_(client.name, sending.request, now_);
        at(now_ + back_(), [this, &client, id = sending.id, response] {
          --in_flight_;
          if (response) {
            client.lane.answered(id, *response, WindowServer::clock_at(now_) + skew, now_);
          } else {
            client.lane.lost(id, {TransportFault::lost, "lost"}, now_);
          }
        });
      });
    }
    for (Event& event : client.lane.take_events()) events.push_back(std::move(event));
  }

  bool all_idle() const {
    for (const auto& client : clients_) {
      if (!client->lane.idle()) return false;
    }
    return true;
  }

  Serve serve_;
  Delay there_;
  Delay back_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::multimap<Milliseconds, std::function<void()>> due_;
  Milliseconds now_{1'000'000};
  std::size_t in_flight_ = 0;
};

}  // namespace zonepin::okta
