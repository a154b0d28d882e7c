// How one text differs from another, line by line, as `diff -u` and git show it.
#pragma once

#include <string>
#include <string_view>

#include "report/style.h"

namespace zonepin {

// Empty when the two are equal. `path` names both; what a terminal would act upon is escaped. Three lines of
// context. Texts that have little in common come out as one change: the work is bounded.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view path,
                         const Style& style);

}  // namespace zonepin
