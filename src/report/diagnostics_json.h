// Mistakes and errors for machines (DESIGN 3): {format_version, diagnostics: [{severity, summary, detail,
// range}]}.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"

namespace zonepin {

std::string diagnostics_json(const Diagnostics& diagnostics, const Sources& sources);
// Errors without a place: their range is null.
std::string errors_json(const std::vector<Error>& errors);
std::string error_json(const Error& error);

}  // namespace zonepin
