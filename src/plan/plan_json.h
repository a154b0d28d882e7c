// What writing and reading plans as JSON have in common. For this room alone: it shows nlohmann/json.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace zonepin {

using PlanJson = nlohmann::json;

// Sorted keys, no spaces: what hashes are made of.
inline std::string canonical_text(const PlanJson& json) {
  return json.dump(-1, ' ', false, PlanJson::error_handler_t::replace);
}

}  // namespace zonepin
