// Appends to a file of the disk, for Files::open_append().
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/world.h"

namespace zonepin {

Result<std::unique_ptr<AppendFile>> open_append_file(const std::string& path, std::string_view begins);

}  // namespace zonepin
