// Many HTTP requests in flight on one thread, by libcurl's multi interface.
//
// HTTP/1.1 with keep-alive, at most `max_connections` of them; what is submitted beyond that waits here, and
// its time counts from the moment it is begun. HTTPS with TLS 1.2 or later, certificate and host name always
// verified; plain HTTP to loopback addresses only. Redirects are answers like any other. gzip is taken. The
// usual proxy variables count, but never for loopback addresses. A GET on a kept connection that turns out to
// be closed is sent again by itself, any other request never is: whoever submitted it must first look what
// became of it.
//
// An authorization value lives in memory that is wiped when its request ends; libcurl's own send buffer is
// out of reach.
#pragma once

#include <memory>

#include "base/world.h"

namespace zonepin {

class Signals;

// libcurl must have been started (curl_network.h).
std::unique_ptr<Transport> open_curl_transport(const TransportOptions& options, Clock& clock,
                                               Signals& signals);

}  // namespace zonepin
