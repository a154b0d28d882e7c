// The one place that calls the YAML library.
#pragma once

#include <cstdint>
#include <string_view>

#include "manifest/problems.h"
#include "manifest/tree.h"

namespace zonepin {

// Reads one file, which must outlive the tree. Documents in front of a place that can't be read are in the
// tree.
Tree parse_yaml(std::string_view text, std::uint32_t source, Problems& problems);

}  // namespace zonepin
