// Texts within quotes and within comments, and which texts a manifest can say at all. plain_text.h knows
// which need no quotes.
#pragma once

#include <string>
#include <string_view>

namespace zonepin {

// Within double quotes, with an escape for each character that shows nothing or acts on a terminal. One line.
// REQUIRES: well-formed UTF-8.
std::string yaml_quoted(std::string_view text);

// A comment: `# ` and the message, whose writer has escaped the names in it; one line whatever it holds.
std::string yaml_comment(std::string_view message);

// Whether a manifest can say this as a name, an owner, a zone or a reason: well-formed UTF-8, not empty, not
// longer than limits.h allows.
bool is_writable_text(std::string_view text);

// A dotted quad, alone, with a prefix length or as the start of a range; or what only IPv6 looks like. A
// member of include or exclude that does is refused as an address where a zone belongs.
bool looks_like_address(std::string_view text);

}  // namespace zonepin
