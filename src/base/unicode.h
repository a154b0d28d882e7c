// What the text functions need to know about Unicode. For base only: others use text.h.
#pragma once

#include <cstddef>
#include <string_view>

namespace zonepin {

struct Decoded {
  char32_t point;
  std::size_t length;  // in bytes; 0: no well-formed UTF-8 (RFC 3629) starts here
};

// The code point at the front of `text`.
Decoded decode_utf8(std::string_view text);

enum class CharacterKind {
  narrow,     // one column
  wide,       // two columns
  combining,  // drawn over the character before it: no column of its own
  hidden,  // shows nothing, acts upon the terminal or the direction of writing, or looks like a space and is
           // none
};

CharacterKind kind_of(char32_t point);

}  // namespace zonepin
