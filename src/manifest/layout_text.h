// A layout as text: canonical order, spacing and quotes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "manifest/layout.h"
#include "manifest/tree.h"

namespace zonepin {

// What goes into brackets ends here at the latest; comments behind it do not count.
inline constexpr std::size_t kManifestWidth = 100;

// Lines end with \n. REQUIRES: the fields are in order (layout_order.h).
std::string text_of_layout(const Tree& tree, const std::vector<LayoutDocument>& documents);

}  // namespace zonepin
