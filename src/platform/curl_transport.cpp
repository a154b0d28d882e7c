#include "platform/curl_transport.h"

#include <curl/curl.h>
#include <poll.h>

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "base/ensure.h"
#include "platform/curl_fault.h"
#include "platform/curl_transfer.h"
#include "platform/signals.h"

namespace zonepin {
namespace {

constexpr Milliseconds kLongestPoll{60'000};

class CurlTransport : public Transport {
 public:
  CurlTransport(const TransportOptions& options, Clock& clock, Signals& signals);
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  void submit(RequestId id, const Endpoint& endpoint, HttpRequest request, Secret authorization) override;
  std::optional<Completion> wait(Milliseconds until) override;
  void end_by(std::optional<Milliseconds> until) override { settings_.end_by = until; }
  void cancel_all() override;

 private:
  struct Waiting {
    RequestId id = 0;
    Endpoint endpoint;
    HttpRequest request;
    Secret authorization;
  };

  void begin_waiting();
  void collect();
  void sleep(Milliseconds length);

  TransferSettings settings_;
  Clock& clock_;
  Signals& signals_;
  CURLM* multi_;
  std::deque<Waiting> waiting_;
  std::vector<std::unique_ptr<Transfer>> active_;  // in the order in which they were begun
  std::vector<std::unique_ptr<Transfer>> idle_;
  std::deque<Completion> ready_;
  bool told_of_interrupt_ = false;
};

CurlTransport::CurlTransport(const TransportOptions& options, Clock& clock, Signals& signals)
    : settings_(transfer_settings(options)), clock_(clock), signals_(signals), multi_(curl_multi_init()) {
  ensure(multi_ != nullptr, "libcurl gives no multi handle");
  ensure(options.max_connections > 0, "a transport needs a connection");
  const long connections = static_cast<long>(options.max_connections);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, connections);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, connections);  // also the idle ones
}

CurlTransport::~CurlTransport() {
  for (const std::unique_ptr<Transfer>& transfer : active_)
    curl_multi_remove_handle(multi_, transfer->handle());
  active_.clear();  // Handles end before the multi that knows their connections.
  idle_.clear();
  curl_multi_cleanup(multi_);
}

void CurlTransport::submit(RequestId id, const Endpoint& endpoint, HttpRequest request,
                           Secret authorization) {
  if (std::optional<TransportError> error = unsendable(endpoint, request, authorization); error.has_value()) {
    ready_.push_back({id, std::nullopt, std::move(error), Milliseconds(0)});
    return;
  }
  waiting_.push_back({id, endpoint, std::move(request), std::move(authorization)});
  begin_waiting();
}

std::optional<Completion> CurlTransport::wait(Milliseconds until) {
  for (;;) {
    begin_waiting();
    int running = 0;
    const CURLMcode performed = curl_multi_perform(multi_, &running);
    ensure(performed == CURLM_OK, curl_multi_strerror(performed));
    collect();
    if (!ready_.empty()) {
      Completion first = std::move(ready_.front());
      ready_.pop_front();
      return first;
    }
    if (!told_of_interrupt_ && signals_.requested()) {
      told_of_interrupt_ = true;
      return std::nullopt;
    }
    const Milliseconds left = until - clock_.steady();
    if (left <= Milliseconds(0)) return std::nullopt;
    sleep(std::min(left, kLongestPoll));
  }
}

void CurlTransport::cancel_all() {
  const Milliseconds now = clock_.steady();
  for (std::unique_ptr<Transfer>& transfer : active_) {
    curl_multi_remove_handle(multi_, transfer->handle());
    ready_.push_back(transfer->give_up(now));
    idle_.push_back(std::move(transfer));
  }
  active_.clear();
  for (Waiting& waiting : waiting_) {
    ready_.push_back(
        {waiting.id, std::nullopt, cancelled_error(waiting.endpoint, Sent::no), Milliseconds(0)});
    wipe(waiting.request.body);
  }
  waiting_.clear();
}

void CurlTransport::begin_waiting() {
  while (!waiting_.empty() && active_.size() < settings_.options.max_connections) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    std::unique_ptr<Transfer> transfer;
    if (idle_.empty()) {
      transfer = std::make_unique<Transfer>();
    } else {
      transfer = std::move(idle_.back());
      idle_.pop_back();
    }
    transfer->begin(next.id, settings_, std::move(next.endpoint), std::move(next.request),
                    std::move(next.authorization), clock_.steady());
    const CURLMcode added = curl_multi_add_handle(multi_, transfer->handle());
    ensure(added == CURLM_OK, curl_multi_strerror(added));
    active_.push_back(std::move(transfer));
  }
}

void CurlTransport::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const handle = message->easy_handle;
    const CURLcode code = message->data.result;  // The message dies with the removal below.
    const auto ended = std::find_if(active_.begin(), active_.end(),
                                    [handle](const auto& transfer) { return transfer->handle() == handle; });
    ensure(ended != active_.end(), "libcurl ended a transfer that was never begun");
    curl_multi_remove_handle(multi_, handle);
    ready_.push_back((*ended)->end(code, clock_.steady()));
    idle_.push_back(std::move(*ended));
    active_.erase(ended);
  }
}

// Until something moves on a connection, a signal comes that nobody was told of yet, or the time is over.
void CurlTransport::sleep(Milliseconds length) {
  struct curl_waitfd signal {};
  signal.fd = signals_.descriptor();
  signal.events = CURL_WAIT_POLLIN;
  const unsigned extra = told_of_interrupt_ ? 0 : 1;
  const CURLMcode polled = curl_multi_poll(multi_, &signal, extra, static_cast<int>(length.count()), nullptr);
  ensure(polled == CURLM_OK, curl_multi_strerror(polled));
}

}  // namespace

std::unique_ptr<Transport> open_curl_transport(const TransportOptions& options, Clock& clock,
                                               Signals& signals) {
  return std::make_unique<CurlTransport>(options, clock, signals);
}

}  // namespace zonepin
