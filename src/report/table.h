// Columns under headings, as wide as the page allows. For this room only.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/style.h"

namespace zonepin {

struct Column {
  std::string title;
  std::size_t least = 0;  // columns that it is never cut below; at least its title
  bool optional = false;  // left out when the others would be cut short; the last optional one goes first
};

using Row = std::vector<std::string>;  // escaped; a cell for each column, empty ones show as -

// Cells are cut to the page, the widest column first. Where not even the least widths fit, each row becomes a
// small block of `TITLE  cell` lines.
std::string table_text(const std::vector<Column>& columns, const std::vector<Row>& rows, const Style& style);

}  // namespace zonepin
