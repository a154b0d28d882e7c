// Finding one's way in YAML source text: where a line, a word, a quoted scalar ends. Nothing here knows the
// grammar.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/diagnostic.h"

namespace zonepin {

// Offset of the line's first byte; of its end, without the line break (\n or \r\n).
std::size_t start_of_line(std::string_view text, std::size_t offset);
std::size_t end_of_line(std::string_view text, std::size_t offset);

// Offset behind what stands without white space or flow punctuation from `offset` on.
std::size_t end_of_word(std::string_view text, std::size_t offset);

// `offset` is that of the opening quote, ' or ". Offset behind the closing one; none: it is never closed.
std::optional<std::size_t> end_of_quoted(std::string_view text, std::size_t offset);

// The word for nothing that stands at `offset`: ~, null, Null or NULL; empty: none does.
std::string_view null_word(std::string_view text, std::size_t offset);

// What brackets do from the one at `offset` on, quotes and comments left out.
struct BracketScan {
  bool closed = false;    // the first one is
  std::size_t depth = 0;  // of brackets within each other, up to where it is closed or the text ends
};
BracketScan scan_brackets(std::string_view text, std::size_t offset);

// Behind tags and anchors (`!!str`, `&name`) that stand in front of a value, with white space and comments
// between.
std::size_t skip_properties(std::string_view text, std::size_t offset);

// Spaces and tabs at the line's start, as offsets: where they end, and the first tab among them.
std::size_t end_of_indentation(std::string_view text, std::size_t line_start);
std::optional<std::size_t> tab_in_indentation(std::string_view text, std::size_t line_start);

// The place of one offset. Counts lines from the start: for the rare error, not for every node.
Place place_at(std::string_view text, std::size_t offset, std::uint32_t source, std::size_t length = 1);

}  // namespace zonepin
