// Base64 in the alphabet of URLs, without padding (RFC 4648 section 5): what JSON Web Tokens are written in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zonepin::sim {

std::string base64url(std::string_view bytes);

// None for other characters, padding, a length that no text has, and bits at the end that are not zero.
std::optional<std::string> from_base64url(std::string_view text);

// The SHA-256 of a text, in this alphabet: key thumbprints (RFC 7638) and DPoP's `ath`.
std::string sha256_base64url(std::string_view text);

}  // namespace zonepin::sim
