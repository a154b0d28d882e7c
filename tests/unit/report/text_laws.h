// What every text report keeps to, whatever is in it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "report/style.h"

namespace zonepin {

// Text without our colours.
std::string without_colours(const std::string& text);

// Fails the running test unless the text ends with a newline, and each line fits the width, does not end with
// a space and holds nothing that a terminal acts upon (without colours), nor a letter that its charset lacks.
void check_text_laws(const std::string& text, const Style& style);

// The same for all that `render` makes of a style of this width: in every charset, and with colours, which
// change no letter.
void check_text_laws_at(std::size_t width, const std::function<std::string(const Style&)>& render);

}  // namespace zonepin
