// JSON text from outside, made safe to walk. For .cpp files of this room only.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>
#include <tl/expected.hpp>

namespace zonepin::sim {

// Members in the order in which they were put: Okta's answers have a fixed one.
using Json = nlohmann::ordered_json;

// The error is the offset of the byte at which it stops being one well-formed JSON document in UTF-8, nested
// no deeper than kMaxJsonDepth.
inline constexpr int kMaxJsonDepth = 32;
tl::expected<Json, std::size_t> parse_json(std::string_view text);

}  // namespace zonepin::sim
