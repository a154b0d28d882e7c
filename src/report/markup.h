// Characters that XML and HTML act upon. For this room only.
#pragma once

#include <string>
#include <string_view>

namespace zonepin {

// For text and for attributes in double quotes: & < > " ' as entities. `shown` went through message_text() or
// shown_name(), so that no control character is left.
std::string markup_text(std::string_view shown);

}  // namespace zonepin
