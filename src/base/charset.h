// Which letters a place takes that text goes to, and what becomes of the others.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace zonepin {

enum class Charset { utf8, ascii };

// A text that is escaped already (text.h), in letters that the charset has. In ASCII our own "…" is "...",
// and everything else beyond it comes out as escape() writes what can't be shown: \u00fc, \U0001f600. Twice
// is once.
std::string in_charset(std::string_view escaped, Charset charset);

// Stands where a text was cut.
std::string_view ellipsis_of(Charset charset);

// The front of an escaped text, at most `columns` wide and at least one character; its length in bytes.
std::size_t bytes_within(std::string_view escaped, std::size_t columns);

}  // namespace zonepin
