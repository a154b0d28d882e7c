// A connection that httplib serves, taken from below: it hands out no socket, so that of the request is found
// by its two ends. For faults only.
#pragma once

#include <string_view>

struct ssl_st;

namespace zonepin::sim {

class RawConnection {
 public:
  // The ports of the connection's ends, and its TLS session or nullptr.
  RawConnection(int local_port, int remote_port, const ssl_st* tls);

  void send(std::string_view bytes);
  // Both directions end: what httplib still writes goes nowhere.
  void end();

 private:
  int socket_;
  ssl_st* tls_;
};

}  // namespace zonepin::sim
