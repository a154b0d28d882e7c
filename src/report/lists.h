// Tokens, zones and one token as tables for a person.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/token.h"
#include "report/style.h"

namespace zonepin {

std::string tokens_text(const Live& live, Instant now, const Style& style);
std::string zones_text(const Live& live, const Style& style);
// `zones` names the zones of its condition where they are known; may be empty.
std::string token_text(const Token& token, const std::vector<Zone>& zones, Instant now, const Style& style);

}  // namespace zonepin
