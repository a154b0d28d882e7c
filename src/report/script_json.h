// A script that a command made, as a document for machines: {format_version, shell, script}.
#pragma once

#include <string>

namespace zonepin {

std::string script_json(const std::string& shell, const std::string& script);

}  // namespace zonepin
