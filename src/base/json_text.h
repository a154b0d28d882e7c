// What has to be known of a JSON text before a recursive library sees it.
#pragma once

#include <cstddef>
#include <string_view>

namespace zonepin {

// Whether arrays and objects nest more than `depth` levels. One pass, no memory; brackets within strings
// don't count. The text need not be valid.
bool nests_deeper_than(std::string_view text, std::size_t depth);

}  // namespace zonepin
