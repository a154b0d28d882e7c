// Replaces a file as a whole: whoever looks sees the old text or the new one, also after a crash or a full
// disk.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace zonepin {

// Writes to a hidden file in the same folder, flushes it to the disk, renames it over `path` and flushes the
// folder. An existing file keeps its permissions (and its owner, where that is allowed), a new one follows
// the umask. A symbolic link stays and its target is replaced. On an error the old file is as it was and
// nothing is left behind. What can't be replaced is written directly: /dev/stdout and its like, a FIFO, a
// device.
Result<void> replace_file(const std::string& path, std::string_view text);

}  // namespace zonepin
