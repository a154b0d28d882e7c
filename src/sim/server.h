// The simulated org behind a real HTTP server on a loopback address.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sim/certificate.h"
#include "sim/faults.h"
#include "sim/org.h"

namespace zonepin::sim {

// Whose address a token's network condition is held against.
enum class CallerSource {
  peer,       // the socket's other end
  fixed,      // ServerOptions::caller
  forwarded,  // the first address of X-Forwarded-For; the peer when there is none
};

struct ServerOptions {
  std::string host = "127.0.0.1";  // a loopback address
  int port = 0;                    // 0: any that is free
  Milliseconds latency{0};         // before each request is looked at
  CallerSource caller_source = CallerSource::peer;
  std::string caller;
  std::optional<Certificate> certificate;  // HTTPS with it; none: plain HTTP
  std::vector<FaultRule> faults;
};

// What the server tells about; called under its lock, one request at a time.
struct ServerEvents {
  std::function<void(const std::string& line)>
      request;  // `METHOD /path?query STATUS [FAULT]`, safe for a terminal
  std::function<void(const State& state)> written;  // after each write that was carried out
};

bool is_loopback(const std::string& host);  // localhost, 127.0.0.0/8, ::1

class Server {
 public:
  // `now` is asked once per request.
  Server(State state, ServerOptions options, std::function<Instant()> now, ServerEvents events);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();  // stops it

  // Takes the port and answers from a thread of its own; connections are accepted once this returns. The
  // error names address and port.
  Result<void> start();
  int port() const;
  std::string url() const;  // http://127.0.0.1:1234, https with a certificate

  // Returns once the connections that are open have ended: idle ones keep it waiting for their keep-alive
  // time.
  void stop();

  State state() const;  // a copy, between two requests

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace zonepin::sim
