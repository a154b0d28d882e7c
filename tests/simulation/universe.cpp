#include "universe.h"

#include <algorithm>

#include "auditor.h"
#include "base/ensure.h"
#include "dice.h"

namespace zonepin::simulation {

// --- the doors
// ------------------------------------------------------------------------------------------------------------

// What is appended and not synced dies with the process, but for what the story lets survive.
class Universe::Disk : public MemoryFiles {
 public:
  explicit Disk(Universe& universe) : universe_(universe) {}

  Result<void> write_atomically(const std::string& path, std::string_view text) override {
    universe_.door();
    auto written = MemoryFiles::write_atomically(path, text);
    universe_.door();
    return written;
  }

  Result<std::unique_ptr<AppendFile>> open_append(const std::string& path, std::string_view begins) override {
    universe_.door();
    auto file = MemoryFiles::open_append(path, begins);
    if (!file) return fail(file.error());
    return std::make_unique<Appender>(universe_, std::move(*file));
  }

  void lose_unsynced(std::size_t surviving) {
    for (const auto& [path, text] : unsynced) texts[path] += text.substr(0, surviving);
    unsynced.clear();
  }

 private:
  class Appender : public AppendFile {
   public:
    Appender(Universe& universe, std::unique_ptr<AppendFile> file)
        : universe_(universe), file_(std::move(file)) {}
    Result<void> append(std::string_view text) override {
      universe_.door();
      auto appended = file_->append(text);
      universe_.door();
      return appended;
    }
    Result<void> sync() override {
      auto synced = file_->sync();
      universe_.door();
      return synced;
    }

   private:
    Universe& universe_;
    std::unique_ptr<AppendFile> file_;
  };

  Universe& universe_;
};

class Universe::Wire : public Transport {
 public:
  explicit Wire(Universe& universe) : universe_(universe) {}

  void submit(RequestId id, const Endpoint& endpoint, HttpRequest request, Secret authorization) override {
    Universe& all = universe_;
    all.door();
    const Milliseconds now = all.clock_.steady();
    Flight flight;
    flight.request = std::move(request);
    flight.authorization = std::string(authorization.reveal());
    flight.host = endpoint.host;
    flight.begun = now;
    flight.number = ++all.requests_;
    flight.mishap = all.mishap_of(flight.number);
    all.auditor_.sent(id, flight.request, now);
    Milliseconds patience = all.patience_;
    if (all.end_by_) patience = std::min(patience, std::max(*all.end_by_ - now, Milliseconds(1)));
    Happening timeout{Happening::What::timeout, all.process_, id, flight.number, {}, {}};
    const bool refused = flight.mishap != nullptr && flight.mishap->kind == MishapKind::no_connection;
    Milliseconds there = all.travel(flight.number, 1);
    if (flight.mishap != nullptr && flight.mishap->kind == MishapKind::late)
      there += Milliseconds(static_cast<std::int64_t>(flight.mishap->much * 1'000));
    const bool arrives =
        !refused && !(flight.mishap != nullptr && flight.mishap->kind == MishapKind::lost_before);
    all.flying_.emplace(id, flight);
    if (arrives)
      all.schedule(now + there, {Happening::What::arrival, all.process_, id, flight.number, flight, {}});
    if (refused) {
      all.schedule(now + there, {Happening::What::answer, all.process_, id, flight.number, {}, {}});
    } else if (!arrives && all.travel(flight.number, 2).count() % 2 == 0) {
      all.schedule(now + there,
                   {Happening::What::answer, all.process_, id, flight.number, {}, {}});  // noticed at once
    }
    all.schedule(now + patience, std::move(timeout));
    all.door();
  }

  std::optional<Completion> wait(Milliseconds until) override {
    Universe& all = universe_;
    all.door();
    for (;;) {
      const Milliseconds now = all.clock_.steady();
      const Milliseconds next = all.coming_.empty() ? until : std::max(now, all.coming_.begin()->first.first);
      const auto signal = all.interrupt_.at();
      if (signal && !all.told_of_interrupt_ &&
          std::max(now, *signal) <= std::min(std::max(next, now), std::max(until, now))) {
        all.clock_.advance(std::max(*signal - now, Milliseconds(0)));
        all.told_of_interrupt_ = true;
        return std::nullopt;
      }
      if (all.coming_.empty() || next > std::max(now, until)) {
        all.clock_.advance(std::max(until - now, Milliseconds(0)));
        return std::nullopt;
      }
      if (auto completion = all.happen()) return completion;
    }
  }

  void end_by(std::optional<Milliseconds> until) override { universe_.end_by_ = until; }

  void cancel_all() override {
    Universe& all = universe_;
    all.auditor_.cancelled();
    for (const auto& [id, flight] : all.flying_)
      all.schedule(all.clock_.steady(), {Happening::What::timeout, all.process_, id, flight.number, {}, {}});
    cancelled_ = true;
  }
  bool cancelled() const { return cancelled_; }

 private:
  Universe& universe_;
  bool cancelled_ = false;
};

class Universe::Network : public zonepin::Network {
 public:
  explicit Network(Universe& universe) : universe_(universe) {}
  Result<std::unique_ptr<Transport>> open(const TransportOptions& options) override {
    universe_.patience_ = options.total_timeout;
    return std::make_unique<Wire>(universe_);
  }

 private:
  Universe& universe_;
};

// --- the world
// ------------------------------------------------------------------------------------------------------------

Universe::Universe(const Story& story, Auditor& auditor)
    : story_(story),
      auditor_(auditor),
      org_(story.state),
      files_(std::make_unique<Disk>(*this)),
      random_(story.seed),
      network_(std::make_unique<Network>(*this)) {
  log_.level = LogLevel::off;
  environment_.variables = {{"OKTA_CLIENT_ORGURL", "https://acme.okta.com"}, {"OKTA_API_TOKEN", kSecret}};
  started_ = clock_.steady();
  for (const Mishap& mishap : story.mishaps) {
    if (mishap.kind == MishapKind::killed) {
      of_door_.emplace(mishap.when, &mishap);
    } else if (is_of_others(mishap.kind)) {
      of_others_.emplace(mishap.when, &mishap);
    } else if (mishap.kind != MishapKind::interrupted) {
      of_request_.emplace(mishap.when, &mishap);
    }
  }
}

Universe::~Universe() = default;

MemoryFiles& Universe::files() {
  return *files_;
}

World Universe::world() {
  return World{clock_, *files_, environment_, random_, terminal_, interrupt_, log_, *network_};
}

void Universe::begin_process() {
  ++process_;
  files_->lose_unsynced(0);
  flying_.clear();
  terminal_ = FakeTerminal();
  interrupt_.clear();
  told_of_interrupt_ = false;
  end_by_.reset();
  const Milliseconds now = clock_.steady();
  if (is_calm_) return;
  for (const Mishap& mishap : story_.mishaps) {
    if (mishap.kind != MishapKind::interrupted) continue;
    const Milliseconds at = started_ + Milliseconds(static_cast<std::int64_t>(mishap.when));
    if (at >= now && (!interrupt_.at() || at < *interrupt_.at())) interrupt_.request_at(at);
  }
}

void Universe::begin_reading() {
  terminal_ = FakeTerminal();
  interrupt_.clear();
}

void Universe::calm_down() {
  is_calm_ = true;
  pass(std::chrono::minutes(10));
  for (auto& [id, zone] : org_.state().zones) zone = story_.state.zones.at(id);
}

void Universe::pass(Milliseconds length) {
  const Milliseconds until = clock_.steady() + length;
  while (!coming_.empty() && coming_.begin()->first.first <= until) happen();
  clock_.advance(std::max(until - clock_.steady(), Milliseconds(0)));
}

void Universe::door() {
  ++doors_;
  if (is_calm_) return;
  const auto found = of_door_.find(doors_);
  if (found == of_door_.end()) return;
  files_->lose_unsynced(static_cast<std::size_t>(found->second->much));
  flying_.clear();
  ++process_;
  throw Killed();
}

void Universe::schedule(Milliseconds at, Happening happening) {
  coming_.emplace(std::pair(at, ++happenings_), std::move(happening));
}

const Mishap* Universe::mishap_of(std::uint64_t number) const {
  if (is_calm_) return nullptr;
  const auto found = of_request_.find(number);
  return found == of_request_.end() ? nullptr : found->second;
}

// Between half and one and a half times the story's latency, by the request's number alone: what else goes
// wrong does not change it.
Milliseconds Universe::travel(std::uint64_t number, std::uint64_t way) const {
  const auto latency = static_cast<std::uint64_t>(story_.latency.count());
  const std::uint64_t part = mixed(story_.seed ^ (number * 4 + way)) % (latency + 1);
  return Milliseconds(static_cast<std::int64_t>((latency / 2 + part) / 2));
}

std::optional<Completion> Universe::happen() {
  auto node = coming_.extract(coming_.begin());
  Happening happening = std::move(node.mapped());
  const Milliseconds now = std::max(clock_.steady(), node.key().first);
  clock_.advance(now - clock_.steady());
  if (happening.what == Happening::What::arrival) {
    arrive(std::move(happening));
    return std::nullopt;
  }
  const auto found = happening.process == process_ ? flying_.find(happening.id) : flying_.end();
  if (found == flying_.end() || found->second.number != happening.number) return std::nullopt;
  Completion completion;
  completion.id = happening.id;
  completion.took = now - found->second.begun;
  const Mishap* mishap = found->second.mishap;
  if (happening.what == Happening::What::timeout) {
    completion.error = TransportError{TransportFault::timeout, "no whole answer in time"};
  } else if (happening.answer) {
    completion.response = std::move(*happening.answer);
  } else {
    const bool refused = mishap != nullptr && mishap->kind == MishapKind::no_connection;
    completion.error = TransportError{refused ? TransportFault::refused : TransportFault::lost, "broken"};
  }
  auditor_.came_back(completion, found->second.request, now);
  flying_.erase(found);
  return completion;
}

// --- the other side
// -------------------------------------------------------------------------------------------------------

HttpResponse Universe::carry_out(const Flight& flight) {
  HttpRequest request = flight.request;
  request.headers.push_back({"Authorization", flight.authorization});
  HttpResponse response =
      org_.handle(sim::sim_request(request, std::string(kCaller), "https://acme.okta.com"), clock_.now());
  auditor_.carried_out(flight.request, response, clock_.now());
  return response;
}

namespace {

HttpResponse odd(HttpResponse response) {
  for (HttpHeader& header : response.headers) {
    if (header.name == "X-Rate-Limit-Limit") header.value = "-7";
    if (header.name == "X-Rate-Limit-Remaining") header.value = "many";
    if (header.name == "X-Rate-Limit-Reset") header.value = "99999999999999999999";
  }
  return response;
}

HttpResponse throttle(std::uint64_t seconds, Instant now) {
  const auto epoch = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  return {
      429,
      {{"Date", format_http_date(now)},
       {"X-Rate-Limit-Limit", "600"},
       {"X-Rate-Limit-Remaining", "0"},
       {"X-Rate-Limit-Reset", std::to_string(epoch + static_cast<std::int64_t>(seconds))}},
      R"({"errorCode":"E0000047","errorSummary":"API call exceeded rate limit due to too many requests."})"};
}

}  // namespace

void Universe::arrive(Happening arrival) {
  ++arrivals_;
  if (const auto others = of_others_.find(arrivals_); others != of_others_.end() && !is_calm_)
    others_act(*others->second, token_of(arrival.flight.request));
  const Flight& flight = arrival.flight;
  const Mishap* mishap = flight.mishap;
  Milliseconds back = travel(flight.number, 3);
  std::optional<HttpResponse> answer;
  switch (mishap == nullptr ? MishapKind::slow : mishap->kind) {
    case MishapKind::throttled: answer = throttle(mishap->much, clock_.now()); break;
    case MishapKind::crowded:
      answer = HttpResponse{429, {{"X-Rate-Limit-Limit", "0"}, {"X-Rate-Limit-Remaining", "0"}}, ""};
      break;
    case MishapKind::bare_throttle: answer = HttpResponse{429, {}, ""}; break;
    case MishapKind::odd_headers: answer = odd(carry_out(flight)); break;
    case MishapKind::failed_before:
      answer = HttpResponse{500, {}, R"({"errorCode":"E0000009","errorSummary":"Internal Server Error"})"};
      break;
    case MishapKind::failed_after:
      carry_out(flight);
      answer = HttpResponse{502, {}, "<html>"};
      break;
    case MishapKind::read_only: answer = org_.fail_with("E0000010", clock_.now()); break;
    case MishapKind::unauthorised: answer = org_.fail_with("E0000011", clock_.now()); break;
    case MishapKind::lost_after: carry_out(flight); break;
    case MishapKind::twice:
      answer = carry_out(flight);
      carry_out(flight);
      break;
    case MishapKind::cut:
      answer = carry_out(flight);
      answer->body.resize(answer->body.size() / 2);
      break;
    default: answer = carry_out(flight); break;
  }
  if (mishap != nullptr && mishap->kind == MishapKind::slow)
    back += Milliseconds(static_cast<std::int64_t>(mishap->much * 1'000));
  schedule(clock_.steady() + back,
           {Happening::What::answer, arrival.process, arrival.id, arrival.number, {}, std::move(answer)});
}

// The worst moment for it: where a write arrives, they were at the same token just before.
void Universe::others_act(const Mishap& mishap, const std::string& written) {
  auto& tokens = org_.state().tokens;
  auto& zones = org_.state().zones;
  const auto same = tokens.find(written);
  const auto token =
      same != tokens.end()
          ? same
          : std::next(tokens.begin(), static_cast<std::ptrdiff_t>(mishap.much % tokens.size()));
  // The first zone is the one that the caller stands in.
  const auto zone = std::next(zones.begin(), static_cast<std::ptrdiff_t>(mishap.much % zones.size()));
  const bool is_own = token->first == kOwnToken;
  switch (mishap.kind) {
    case MishapKind::they_change:
      if (is_own) return;
      token->second.network = sim::Network{"ZONE", {zone->first}, {}};
      break;
    case MishapKind::they_revoke:
      if (is_own) return;
      touched_[token->first] = true;
      auditor_.others_revoked(token->first);
      tokens.erase(token);
      return;
    case MishapKind::they_create: {
      sim::Token created = token->second;
      created.id = "00Tnew0000000000" + std::to_string(1000 + mishap.when);
      created.secret.clear();
      touched_[created.id] = true;
      tokens[created.id] = created;
      return;
    }
    case MishapKind::they_rename: token->second.name += "x"; break;
    case MishapKind::they_use:
      if (token->second.expires_at) *token->second.expires_at += Milliseconds(3'600'000);
      break;
    case MishapKind::they_rename_zone:
      zone->second.name += "x";
      touched_[zone->first] = true;
      return;
    case MishapKind::they_widen_zone:
      if (zone == zones.begin()) return;
      zone->second.gateways->push_back({"CIDR", "172.16.0.0/12"});
      touched_[zone->first] = true;
      return;
    default: return;
  }
  touched_[token->first] = true;
}

}  // namespace zonepin::simulation
