// Whose secret it is, in words and as JSON.
#pragma once

#include <string>

#include "model/sighting.h"
#include "report/style.h"

namespace zonepin {

struct IdentityReport {
  std::string host;
  std::optional<User> owner;  // none: Okta did not say whom the token acts as
  Suspects suspects;
};

// The token with its fields where the lists tell, else all that it may be.
std::string identity_text(const IdentityReport& report, Instant now, const Style& style);
std::string identity_json(const IdentityReport& report);

}  // namespace zonepin
