#include "sim/server.h"

#include <httplib.h>
#include <sys/socket.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "base/ensure.h"
#include "base/text.h"
#include "sim/address.h"
#include "sim/raw_connection.h"

namespace zonepin::sim {

namespace {

constexpr int kBacklog = 512;          // httplib compiles 5 in: more callers at once would wait for a second
constexpr std::size_t kThreads = 128;  // one per connection
constexpr std::size_t kKeepAliveRequests = 10'000'000;
constexpr time_t kKeepAliveSeconds =
    120;  // longer than a rate window: a client that waits keeps its connection
constexpr std::size_t kMaxBodyBytes = std::size_t{1} << 20;

bool has_length(const httplib::Request& request) {
  return request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
}

bool needs_length(const std::string& method) {
  return method == "PUT" || method == "POST" || method == "PATCH";
}

std::string url_host(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

// Counts the requests that are being answered.
class InFlight {
 public:
  explicit InFlight(std::atomic<int>& count) : count_(count), others_(count.fetch_add(1)) {}
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;
  ~InFlight() { count_.fetch_sub(1); }

  int others() const { return others_; }  // when it came in

 private:
  std::atomic<int>& count_;
  int others_;
};

void pause_for(Milliseconds time) {
  if (time.count() > 0) std::this_thread::sleep_for(time);
}

std::unique_ptr<httplib::Server> make_http(const std::optional<Certificate>& certificate) {
  if (!certificate) return std::make_unique<httplib::Server>();
  return std::make_unique<httplib::SSLServer>(
      [&](SSL_CTX& context) { return use_certificate(*certificate, context); });
}

void send_raw(const RawAnswer& answer, const httplib::Request& request) {
  RawConnection connection(request.local_port, request.remote_port, request.ssl);
  const std::string_view bytes = answer.bytes;
  const std::size_t chunk = answer.chunk == 0 ? bytes.size() : answer.chunk;
  for (std::size_t at = 0; at < bytes.size(); at += chunk) {
    if (at != 0) pause_for(answer.pause);
    connection.send(bytes.substr(at, chunk));
  }
  connection.end();
}

}  // namespace

struct Server::Parts {
  Org org;
  ServerOptions options;
  std::function<Instant()> now;
  ServerEvents events;
  FaultSchedule faults;
  mutable std::mutex mutex;  // of org, events and faults
  std::atomic<int> in_flight = 0;
  std::unique_ptr<httplib::Server> http;
  int socket = -1;
  int port = 0;
  std::thread thread;

  Parts(State state, ServerOptions the_options, std::function<Instant()> the_now, ServerEvents the_events)
      : org(std::move(state)),
        options(std::move(the_options)),
        now(std::move(the_now)),
        events(std::move(the_events)),
        faults(options.faults),
        http(make_http(options.certificate)) {}

  std::string scheme() const { return options.certificate ? "https://" : "http://"; }

  std::string url() const { return scheme() + url_host(options.host) + ":" + std::to_string(port); }

  std::string caller_of(const httplib::Request& request) const {
    switch (options.caller_source) {
      case CallerSource::peer: break;
      case CallerSource::fixed: return options.caller;
      case CallerSource::forwarded: {
        const std::string line = request.get_header_value("X-Forwarded-For");
        if (!line.empty()) return std::string(trim(split(line, ',').front()));
        break;
      }
    }
    return request.remote_addr;
  }

  SimRequest sim_request_of(const httplib::Request& from, const InFlight& place) const {
    SimRequest request;
    request.method = from.method;
    request.target = from.target;
    for (const auto& [name, value] : from.headers) request.headers.push_back({name, value});
    request.body = from.body;
    request.caller = caller_of(from);
    const std::string host = from.get_header_value("Host");
    request.base_url = host.empty() ? url() : scheme() + host;
    request.in_flight = place.others();
    return request;
  }

  void answer(const httplib::Request& from, httplib::Response& to) {
    const InFlight place(in_flight);
    const SimRequest request = sim_request_of(from, place);
    const std::optional<FaultRule> fault = next_fault(request);
    pause_for(options.latency);
    if (!fault) {
      fill(to, handle(request, nullptr));
      return;
    }
    pause_for(fault->delay);
    HttpResponse response = handle(request, &*fault);
    if (fault->action == FaultAction::echo) response = echo_of(*fault, request.headers, request.body);
    response = faulty_answer(*fault, std::move(response));
    pause_for(fault->hold);
    const std::optional<RawAnswer> raw = raw_answer(*fault, response);
    if (raw) send_raw(*raw, from);
    fill(to, std::move(response));
  }

  std::optional<FaultRule> next_fault(const SimRequest& request) {
    const std::lock_guard lock(mutex);
    return faults.next(request.method, request.target);
  }

  // The org's answer, or what stands in for one when a fault keeps the request from it.
  HttpResponse handle(const SimRequest& request, const FaultRule* fault) {
    const std::lock_guard lock(mutex);
    const bool reached_org = fault == nullptr || fault->effect == FaultEffect::carried_out;
    HttpResponse response{200, {}, {}};
    if (reached_org) {
      response = org.handle(request, now());
      const bool is_write = request.method != "GET" && response.status / 100 == 2;
      if (is_write && events.written) events.written(org.state());
    }
    std::string outcome = reached_org ? std::to_string(response.status) : "-";
    if (fault != nullptr) {
      if (!fault->error_code.empty()) response = org.fail_with(fault->error_code, now());
      outcome += " " + std::string(kFaultActions[static_cast<std::size_t>(fault->action)]);
    }
    tell(request.method, request.target, outcome);
    return response;
  }

  void tell(const std::string& method, const std::string& target, const std::string& outcome) const {
    if (events.request) events.request(escape(method + " " + target) + " " + outcome);
  }

  static void fill(httplib::Response& to, HttpResponse response) {
    to.status = response.status;
    for (const HttpHeader& line : response.headers) to.set_header(line.name, line.value);
    to.body = std::move(response.body);
  }

  // Requests without a body are answered here: httplib would wait for one till the connection ends.
  httplib::Server::HandlerResponse answer_without_body(const httplib::Request& request,
                                                       httplib::Response& response) {
    if (has_length(request)) return httplib::Server::HandlerResponse::Unhandled;
    if (!needs_length(request.method)) {
      answer(request, response);
      return httplib::Server::HandlerResponse::Handled;
    }
    response.status = 411;
    const std::lock_guard lock(mutex);
    tell(request.method, request.target, std::to_string(response.status));
    return httplib::Server::HandlerResponse::Handled;
  }

  void set_up() {
    const auto handler = [this](const httplib::Request& request, httplib::Response& response) {
      answer(request, response);
    };
    const char* const everything = R"([\s\S]*)";
    http->Get(everything, handler).Put(everything, handler).Post(everything, handler);
    http->Delete(everything, handler).Patch(everything, handler).Options(everything, handler);
    http->set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      return answer_without_body(request, response);
    });
    http->set_socket_options([this](int fd) {
      // Not httplib's SO_REUSEPORT: two simulators on one port would share the requests.
      const int yes = 1;
      ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
      socket = fd;
    });
    http->set_tcp_nodelay(true);
    http->set_keep_alive_max_count(kKeepAliveRequests);
    http->set_keep_alive_timeout(kKeepAliveSeconds);
    http->set_payload_max_length(kMaxBodyBytes);
    http->new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  }
};

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  const std::optional<Address> address = parse_address(host);
  if (!address) return false;
  const auto inside = [&](const char* cidr) { return parse_range("CIDR", cidr)->contains(*address); };
  return inside("127.0.0.0/8") || inside("::1/128");
}

Server::Server(State state, ServerOptions options, std::function<Instant()> now, ServerEvents events)
    : parts_(
          std::make_unique<Parts>(std::move(state), std::move(options), std::move(now), std::move(events))) {
  ensure(is_loopback(parts_->options.host), "sim::Server: the simulator listens on loopback addresses only");
  parts_->set_up();
}

Server::~Server() {
  stop();
}

Result<void> Server::start() {
  Parts& parts = *parts_;
  const ServerOptions& options = parts.options;
  if (!parts.http->is_valid()) return fail(Trouble::failure, "TLS can't be set up with this certificate");
  if (options.port == 0) {
    parts.port = parts.http->bind_to_any_port(options.host);
  } else if (parts.http->bind_to_port(options.host, options.port)) {
    parts.port = options.port;
  }
  if (parts.port <= 0 || ::listen(parts.socket, kBacklog) != 0) {
    const std::string place = url_host(options.host) + ":" + std::to_string(options.port);
    return fail(Trouble::failure, "can't listen on " + place,
                "is another program using the port? --port 0 takes a free one");
  }
  parts.thread = std::thread([&parts] { parts.http->listen_after_bind(); });
  return {};
}

int Server::port() const {
  return parts_->port;
}

std::string Server::url() const {
  return parts_->url();
}

void Server::stop() {
  Parts& parts = *parts_;
  if (!parts.thread.joinable()) return;
  while (!parts.http->is_running()) std::this_thread::yield();  // before that, httplib's stop() does nothing
  parts.http->stop();
  parts.thread.join();
}

State Server::state() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->org.state();
}

}  // namespace zonepin::sim
