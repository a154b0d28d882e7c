// What every text report keeps to, whatever is in it.
#pragma once

#include <string>

#include "report/style.h"

namespace zonepin {

// Text without our colours.
std::string without_colours(const std::string& text);

// Fails the running test unless the text ends with a newline, and each line fits the width, does not end with
// a space and holds nothing that a terminal acts upon (without colours).
void check_text_laws(const std::string& text, const Style& style);

}  // namespace zonepin
