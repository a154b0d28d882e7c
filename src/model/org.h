// Which org: every way that people write it, and the one way that we keep it (DESIGN 3 and 8).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/world.h"

namespace zonepin {

struct OrgAddress {
  Endpoint endpoint;

  // The host in lower case, with brackets for IPv6 and the port unless it is the scheme's own: how reports
  // name the org.
  std::string authority() const;
  std::string url() const;  // scheme://authority

  bool operator==(const OrgAddress&) const = default;
  auto operator<=>(const OrgAddress& other) const { return url() <=> other.url(); }
};

// Reads `acme` (a label: `acme.` + base_domain), a host with or without a port, or a URL without path, query
// and user. http:// is for loopback addresses only (127.0.0.0/8, ::1, localhost); a loopback host without a
// scheme is http when it has a port. `-admin` hosts of Okta's domains are refused, naming the host to use
// instead. Trouble::usage, one line.
Result<OrgAddress> parse_org(std::string_view text, std::string_view base_domain = "okta.com");

// `ACME_OKTAPREVIEW_COM`: the host (and a port that is not the scheme's own) in capitals, what is no letter
// or digit as _.
std::string environment_suffix(const OrgAddress& org);

bool is_loopback_host(std::string_view host);

}  // namespace zonepin
