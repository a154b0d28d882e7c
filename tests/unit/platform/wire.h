// What the transport tests share: a transport on the real clock, one request after the other.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

#include "platform/curl_network.h"
#include "platform/host.h"
#include "platform/signals.h"
#include "raw_server.h"

namespace zonepin {

inline constexpr Milliseconds kPatience{20'000};  // far more than any test needs; then it fails

struct Wire {
  Signals signals;
  SystemClock clock;
  CurlNetwork network{clock, signals};
  std::unique_ptr<Transport> transport;
  RequestId last_id = 0;

  explicit Wire(const TransportOptions& options = {}) {
    Result<std::unique_ptr<Transport>> opened = network.open(options);
    REQUIRE(opened.has_value());
    transport = std::move(*opened);
  }

  RequestId submit(const Endpoint& endpoint, HttpMethod method, std::string target = "/",
                   std::string body = {}, HttpHeaders headers = {}) {
    HttpRequest request{method, std::move(target), std::move(headers), std::move(body)};
    transport->submit(++last_id, endpoint, request, Secret("SSWS 00s3cret"));
    return last_id;
  }

  Completion next() {
    std::optional<Completion> done = transport->wait(clock.steady() + kPatience);
    REQUIRE(done.has_value());
    CHECK(done->response.has_value() != done->error.has_value());
    if (done->error.has_value()) CHECK(done->error->message.find("s3cret") == std::string::npos);
    return std::move(*done);
  }

  Completion run(const Endpoint& endpoint, HttpMethod method, std::string target = "/",
                 std::string body = {}) {
    submit(endpoint, method, std::move(target), std::move(body));
    return next();
  }
};

inline Endpoint plain(const RawServer& server) {
  return {"http", "127.0.0.1", server.port()};
}
inline Endpoint secure(const RawServer& server, std::string host) {
  return {"https", std::move(host), server.port()};
}

inline std::string show(const Completion& done) {
  if (done.response.has_value()) return std::to_string(done.response->status) + " " + done.response->body;
  return done.error->message;
}

}  // namespace zonepin
