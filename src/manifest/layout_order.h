// Puts the fields of every mapping of a layout in their order.
#pragma once

#include <optional>
#include <vector>

#include "base/diagnostic.h"
#include "manifest/layout.h"
#include "manifest/shape.h"
#include "manifest/tree.h"

namespace zonepin {

// What a whole document is.
Shape shape_of_document(const Tree& tree, NodeId root);

// Fields go into their order; comments that no longer find a place on their line go above it. The place of an
// alias that would then stand in front of its anchor: such a layout can't be written.
std::optional<Diagnostic> put_in_order(const Tree& tree, std::uint32_t source,
                                       std::vector<LayoutDocument>& documents);

}  // namespace zonepin
