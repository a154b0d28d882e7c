// A JSON Web Token taken apart (RFC 7519, 7515): nothing in it is to be believed before its signature is
// checked. For .cpp files of this room only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "sim/json.h"

namespace zonepin::sim {

struct Jwt {
  Json header;  // both are objects
  Json claims;
  std::string signed_text;
  std::string signature;  // bytes
};

// The compact form; none when it is not that.
std::optional<Jwt> parse_jwt(std::string_view text);

// A member that is a string, else an empty one.
std::string claim_text(const Json& object, const char* name);
// Seconds since 1970 (RFC 7519: NumericDate); none when it is missing, no number or beyond all dates.
std::optional<Instant> claim_instant(const Json& object, const char* name);

}  // namespace zonepin::sim
