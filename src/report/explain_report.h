// Why a token is treated as it is, in words and as JSON.
#pragma once

#include <string>
#include <vector>

#include "plan/explain.h"
#include "report/style.h"

namespace zonepin {

std::string explain_text(const std::vector<Explanation>& explanations, Instant now, const Sources& sources,
                         const Style& style);
std::string explain_json(const std::vector<Explanation>& explanations, const Sources& sources);

}  // namespace zonepin
