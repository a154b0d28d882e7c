// How this room writes JSON. For its .cpp files only.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace zonepin {

inline constexpr std::string_view kReportFormatVersion = "1.0";

using OrderedJson = nlohmann::ordered_json;

// Indented, ending with a newline. ASCII only: what is not is written as \uXXXX, so that no control character
// and no mark that reverses the writing reaches a terminal; what is no UTF-8 becomes U+FFFD.
inline std::string json_document(const OrderedJson& json) {
  return json.dump(2, ' ', true, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace zonepin
