// A certificate for the simulator's own addresses, made at start and trusted by nobody who is not told to.
#pragma once

#include <string>

#include "base/time.h"

struct ssl_ctx_st;

namespace zonepin::sim {

struct Certificate {
  std::string pem;      // for a client's list of authorities
  std::string key_pem;  // never leaves the process
};

// Self-signed, for 127.0.0.1, ::1 and localhost; valid from a day before `now` for a year.
Certificate make_certificate(Instant now);

// Lets a server show it, over TLS 1.2 or newer. False when OpenSSL refuses.
bool use_certificate(const Certificate& certificate, ssl_ctx_st& context);

}  // namespace zonepin::sim
