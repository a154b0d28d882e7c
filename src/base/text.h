// Text from outside is untrusted: what it takes to print, compare and check it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zonepin {

// One line that no terminal acts upon: control characters, invalid UTF-8, bidirectional marks, spaces other
// than U+0020 and other invisible code points come out as \n, \t, \x1b, \u202e or \U000e0041; a backslash as
// \\. More than four combining marks on one letter as well, and the first `#` of what CI services take as a
// command in a log (##[error]). Linear in time.
std::string escape(std::string_view text);

// escape(), cut to at most `width` columns with "…" at the end. width >= 1.
std::string escape_cut(std::string_view text, std::size_t width);

// escape_cut() within double quotes, for names in messages, a quote in it as \"; at most 80 columns of the
// name.
std::string in_quotes(std::string_view text);

// The same, cut to at most `width` columns of the name. width >= 1.
std::string in_quotes(std::string_view text, std::size_t width);

// A whole message, whose writer has escaped the names in it: as escape(), but a backslash stays what it is.
// Doing it twice changes nothing.
std::string escape_message(std::string_view text);

// Columns that an escaped text takes on a terminal (East Asian wide code points count 2, combining ones 0).
std::size_t display_width(std::string_view text);

// Offset of the first byte that is no part of well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
std::optional<std::size_t> invalid_utf8(std::string_view text);

// Takes the first code point off `text`; a byte that is no part of well-formed UTF-8 comes out by itself, as
// a number beyond all code points (0x110000 and the byte). REQUIRES: not empty.
char32_t take_code_point(std::string_view& text);

std::string_view trim(std::string_view text);  // ASCII white space off both ends
std::string lowercase(std::string_view text);  // ASCII only
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);
std::vector<std::string_view> split(std::string_view text,
                                    char separator);  // "a,,b" gives three parts, "" one
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string plural(std::size_t count, std::string_view noun);  // "1 token", "2 tokens"

// The candidate nearest to `wanted`, if near enough to be a slip of the pen: an optimal string alignment
// distance of at most a third of the longer one, in bytes, ASCII case left out. Ties: the one nearer in case,
// then the first. Texts of more than 200 bytes have none. Linear in the candidates (20,000 take a few
// milliseconds).
std::optional<std::string_view> nearest(std::string_view wanted,
                                        const std::vector<std::string_view>& candidates);

// `did you mean "x"?`, escaped; empty when nothing is near, or the nearest is `wanted` itself.
std::string did_you_mean(std::string_view wanted, const std::vector<std::string_view>& candidates);

}  // namespace zonepin
