// Untrusted text, piece by piece, as a terminal may see it. For base only: others use escape() and its kin in
// text.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/unicode.h"

namespace zonepin {

// Which printable characters are escaped besides those that must be.
enum class EscapeAlso {
  nothing,              // for source lines and whole messages, where a backslash is the writer's own
  backslash,            // so that every escape can be told from the same characters in the text
  backslash_and_quote,  // the same within double quotes
};

class Escaper {
 public:
  Escaper(std::string_view text, EscapeAlso also) : rest_(text), also_(also) {}

  bool at_end() const { return rest_.empty(); }

  struct Piece {
    std::size_t bytes;    // taken from the text
    std::size_t columns;  // taken on the terminal
  };
  // Appends the escaped form of the next code point (or invalid byte) to `out`. REQUIRES: !at_end()
  Piece next(std::string& out);

 private:
  bool is_shown(char32_t point, CharacterKind kind) const;

  std::string_view rest_;
  EscapeAlso also_;
  std::size_t marks_left_ = 0;  // combining marks that the character before may still carry
};

// Takes the first code point off `rest` (or a byte that is no UTF-8) and appends it as an escape, whatever it
// is. REQUIRES: `rest` is not empty
void append_code_point(std::string& out, std::string_view& rest);

// Whole, or cut to at most `width` columns with "…" at the end.
std::string escape_cut(std::string_view text, std::size_t width, EscapeAlso also);

}  // namespace zonepin
