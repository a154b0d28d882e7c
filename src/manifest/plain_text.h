// Whether a text may stand in YAML without quotes, where it stands. scalar_text.h knows the quotes.
#pragma once

#include <string>
#include <string_view>

namespace zonepin {

// Where it stands: in brackets, commas and brackets would end it.
enum class ScalarSpot { line, brackets };

// Whether readers of YAML 1.2 and of 1.1 alike take `text`, without quotes, for just this text: `yes`,
// `1:30`, `017`, `1_000` and dates they do not.
bool is_plain_text(std::string_view text, ScalarSpot spot);

// The same, where a date or an instant is expected and may be taken for one.
bool is_plain_point(std::string_view text);

}  // namespace zonepin
