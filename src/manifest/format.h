// A manifest's text in its canonical form: order, spacing and quotes. Comments move with the lines under
// them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/diagnostic.h"

namespace zonepin {

struct Formatted {
  std::string text;         // fit to be written only if no diagnostic is an error
  Diagnostics diagnostics;  // what is wrong with the manifest, or what can't be carried over; and warnings
};

// `text` is one file; `source` is its index, for places. The result means the same, has every comment of
// `text`, and is its own canonical form. What can't be promised is an error. Lines end as the first one does
// (\n or \r\n), the last one included; a byte order mark goes.
Formatted format_manifest(std::string_view text, std::uint32_t source);

}  // namespace zonepin
