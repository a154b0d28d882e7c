// Patterns for names: `*` any characters, `?` one character, `[a-z]` one of these, `[!a-z]` one but these, a
// backslash in front of a punctuation mark takes it as it is. The whole text must fit; letters fit in their
// own case only. A character is a code point; a byte that is no UTF-8 counts as one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace zonepin {

// Code points. Together with the length of the text it bounds what a match may cost.
inline constexpr std::size_t kMaxGlobLength = 1'024;

// What is wrong with a glob, for a message.
struct GlobFault {
  std::size_t offset = 0;  // in bytes, of the part that is wrong
  std::string summary;     // goes behind the glob: "opens a [ that is never closed"
  std::string detail;      // how to mend it
};
std::optional<GlobFault> check_glob(std::string_view glob);

// The time is bounded by the length of the text times the longest part between two stars, whatever the two
// are. A glob with a fault fits nothing.
bool fits_glob(std::string_view glob, std::string_view text);

// The one text that the glob fits; none when it has a wildcard or a fault.
std::optional<std::string> literal_of(std::string_view glob);

}  // namespace zonepin
