// Addresses on the command line: --ip and --zone-override.
#pragma once

#include <string>

#include "base/result.h"
#include "plan/can_i.h"

namespace zonepin {

// An address, a CIDR without host bits, or a range `a-b`; of one family.
Result<Asked> parse_asked(const std::string& text);

// `NAME=CIDR,...`: addresses, CIDRs and ranges; `NAME=none` for an empty zone. The last `=` counts, for a
// name may hold one.
Result<ZoneOverride> parse_override(const std::string& text);

}  // namespace zonepin
