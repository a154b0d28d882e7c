// What a plain scalar is by YAML 1.2's core schema (10.3.2): `yes`, `on` and `1:30` are strings, `017` is
// seventeen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "manifest/tree.h"

namespace zonepin {

enum class ScalarType { null, boolean, integer, floating, string };

// Of a plain scalar's text; an empty one is a null.
ScalarType core_type(std::string_view text);

// Of a node that is a scalar or null, with its style and tag.
ScalarType type_of(const Tree& tree, NodeId id);

// The number that a scalar of type integer stands for: decimal, 0o17 or 0x1F. None when it is below 0 or
// beyond 64 bits.
std::optional<std::uint64_t> integer_value(std::string_view text);

// How nothing is written: ~ or null. Empty: there is nothing at all, or it is something.
std::string_view null_text(const Tree& tree, NodeId id);

// "the integer 017", "true", "nothing", "a list": what a node is, for a message. The text is cut but not
// escaped.
std::string describe(const Tree& tree, NodeId id);

}  // namespace zonepin
