// Whether tokens may be used from somewhere, in words and as JSON.
#pragma once

#include <string>
#include <vector>

#include "plan/can_i.h"
#include "report/style.h"

namespace zonepin {

// What is asked about: one token, or all of them.
enum class CanIScope { one_token, all_tokens };

struct CanIReport {
  CanIScope scope = CanIScope::all_tokens;
  std::vector<Asked> asked;
  std::vector<OrgAnswer> orgs;      // by host
  std::vector<std::string> unread;  // hosts of orgs that could not be read
};

std::string can_i_text(const CanIReport& report, const Style& style);
std::string can_i_json(const CanIReport& report);

}  // namespace zonepin
