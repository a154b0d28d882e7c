// What a manifest's text is made of, in order, comments included: for writing it again. A tree says what a
// text means, the lexemes say where everything stands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "manifest/tree.h"

namespace zonepin {

enum class LexemeKind : std::uint8_t {
  comment,         // from # to the end of its line, white space at its end left out
  scalar,          // a key or a value, quotes and the lines of a block scalar included
  alias,           // *name
  anchor,          // &name
  dash,            // of a list item
  colon,           // behind a key
  comma,           // between members in brackets
  open,            // [ or {
  close,           // ] or }
  document_start,  // ---
  document_end,    // ...
  other            // a tag, a directive, a question mark: what is never written again
};

struct Lexeme {
  LexemeKind kind = LexemeKind::other;
  bool own_line = false;      // a comment: nothing else stands on its line
  bool blank_before = false;  // at least one empty line stands between it and the lexeme before
  NodeId node = kNoNode;      // of a scalar or an alias
  std::uint32_t begin = 0;    // bytes into the text
  std::uint32_t end = 0;
  std::uint32_t line = 0;    // from 1
  std::uint32_t column = 0;  // from 1, in bytes
};

// The lexemes of the text that `tree` was made from, which has no byte order mark and no carriage return.
// None when a scalar can't be found in the text again.
std::optional<std::vector<Lexeme>> lexemes_of(const Tree& tree);

// Where the lines of a literal or folded scalar stand: all of them, from the first that is not empty on.
struct BlockLines {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;          // behind the last line that is not empty, its line break left out
  std::uint32_t indentation = 0;  // what every line loses in front
};
// None: it has no line that is not empty, or its lines are not where they should be.
std::optional<BlockLines> block_lines(const Tree& tree, NodeId scalar);

Place place_of(const Lexeme& lexeme, std::uint32_t source);

}  // namespace zonepin
