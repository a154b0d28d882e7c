// The formats that a report can be said in, and the one way to say it. A new format is a file of its own, a
// row in format.cpp, and a declaration in formats.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"
#include "report/style.h"

namespace zonepin {

enum class Format { text, json, jsonl, markdown, html, sarif, junit, github, codequality, slack };

std::string_view to_string(Format format);
std::optional<Format> parse_format(std::string_view name);
std::vector<std::string> format_names();  // in the order of the help

// A whole document, ending with a newline. Whatever stands in the report, it comes out inert. `style` is for
// text alone.
std::string render(Format format, const Report& report, const Style& style);

}  // namespace zonepin
