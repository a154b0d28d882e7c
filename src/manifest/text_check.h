// What no YAML parser should be shown: bytes that are no text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/diagnostic.h"

namespace zonepin {

inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// The first thing that keeps `text` from being read as YAML: too large, not UTF-8, a NUL or another character
// that YAML does not allow, a byte order mark that is not at the start, a carriage return alone.
std::optional<Diagnostic> check_text(std::string_view text, std::uint32_t source);

}  // namespace zonepin
