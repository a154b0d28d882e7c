// The simulator's own door to files: it shares no code with the program that it is there to test.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace zonepin::sim {

// The whole file; more than `limit` bytes is an error.
Result<std::string> read_file(const std::string& path, std::size_t limit);

// Written beside `path`, flushed to the disk, renamed over it: the old file or the new one, never half of
// one.
Result<void> write_file_atomically(const std::string& path, std::string_view text);

}  // namespace zonepin::sim
