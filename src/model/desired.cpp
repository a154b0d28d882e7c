#include "model/desired.h"

#include <algorithm>

namespace zonepin {

std::string_view to_string(Treatment treatment) {
  switch (treatment) {
    case Treatment::report: return "report";
    case Treatment::ignore: return "ignore";
    case Treatment::fail: return "fail";
  }
  return "";
}

bool is_guard_name(std::string_view text) {
  return std::find(kGuardNames.begin(), kGuardNames.end(), text) != kGuardNames.end();
}

bool is_check_name(std::string_view text) {
  return std::find(kCheckNames.begin(), kCheckNames.end(), text) != kCheckNames.end();
}

}  // namespace zonepin
