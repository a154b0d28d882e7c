// What `doctor` found, in words and as JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/style.h"

namespace zonepin {

enum class Health { ok, warning, failure, unchecked };
std::string_view to_string(Health health);

// One thing that was looked at.
struct Checkup {
  std::string check;  // "org", "clock", …
  Health health = Health::ok;
  std::string message;  // escaped
  std::string mend;     // what to do; empty where nothing is
};

struct OrgCheckups {
  std::string host;
  std::vector<Checkup> checkups;  // in the order in which a person would look
};

std::string checkups_text(const std::vector<OrgCheckups>& orgs, const Style& style);
std::string checkups_json(const std::vector<OrgCheckups>& orgs);

}  // namespace zonepin
