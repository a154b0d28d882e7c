// What libcurl's endings mean to somebody who has to know whether a write may have happened. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/world.h"

namespace zonepin {

enum class Sent { no, perhaps };

struct TransferEnd {
  int code = 0;  // CURLcode, not CURLE_OK
  Sent sent = Sent::no;
  bool too_large = false;       // Our own callbacks stopped it for its size.
  bool repeat_refused = false;  // A kept connection was closed under a request that must not be sent twice.
  bool name_resolved = false;
  long proxy_status = 0;  // the proxy's answer to CONNECT, 0 without one
  std::string reason;     // libcurl's words, not yet escaped; may be empty
};

TransportError transport_error(const TransferEnd& end, const Endpoint& endpoint,
                               const TransportOptions& options);

TransportError cancelled_error(const Endpoint& endpoint, Sent sent);

// `acme.okta.com`, `[::1]:8443`: the port only where it isn't the scheme's own.
std::string authority_of(const Endpoint& endpoint);

// The text without what stands before an @ (user and password of a proxy address).
std::string without_user_info(std::string_view text);

}  // namespace zonepin
