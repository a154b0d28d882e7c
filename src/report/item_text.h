// Items of a report in lines for a person. For this room only.
#pragma once

#include <cstddef>
#include <vector>

#include "report/page.h"
#include "report/report.h"

namespace zonepin {

struct ItemLimits {
  std::size_t items = 0;
  std::size_t details = 0;  // of each
};

// Each with its sign, what it is about, what is said of it, and its place. Beyond the limits they are
// counted.
void append_items(Page& page, const std::vector<const ReportItem*>& items, const ItemLimits& limits);

}  // namespace zonepin
