// The door to the network: HTTP/1.1 over TLS by libcurl. What it promises stands in curl_transport.h.
#pragma once

#include <memory>

#include "base/world.h"

namespace zonepin {

class Signals;

class CurlNetwork : public Network {
 public:
  CurlNetwork(Clock& clock, Signals& signals) : clock_(clock), signals_(signals) {}

  // A CA file that can't be read or holds no certificate is Trouble::usage.
  Result<std::unique_ptr<Transport>> open(const TransportOptions& options) override;

 private:
  Clock& clock_;
  Signals& signals_;
};

}  // namespace zonepin
