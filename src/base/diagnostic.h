// A mistake in a text that a person wrote: collected, with its place, and reported all at once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/charset.h"

namespace zonepin {

// A stretch of one source text. `line` and `column` count from 1, columns in bytes; line 0 means "no place".
struct Place {
  std::uint32_t source = 0;  // Index into Sources.
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 1;  // Bytes to underline, at least 1; never beyond the line's end.

  bool known() const { return line != 0; }
  bool operator==(const Place&) const = default;
};

enum class Severity { error, warning };

struct Diagnostic {
  Severity severity = Severity::error;
  // What is wrong, one line; names in it by in_quotes(). render() makes what is left harmless, but keeps
  // backslashes.
  std::string summary;
  std::string
      detail;  // How to mend it ("did you mean …"), a line of help for each line; may be empty. Like summary.
  Place place;

  bool operator==(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

struct Source {
  std::string path;  // As the user named it; "<stdin>" for standard input.
  std::string text;
};

using Sources = std::vector<Source>;

bool has_errors(const Diagnostics& diagnostics);

// Sorted by source, line and column (stable), equal ones once.
Diagnostics sorted(Diagnostics diagnostics);

// `file:line:column: error: summary`, then the source line with a caret line under it, then the detail, as
// `  = help: …`. Everything that came from outside is escaped for a terminal; long source lines are cut
// around the place.
std::string render(const Diagnostic& diagnostic, const Sources& sources);
std::string render(const Diagnostics& diagnostics, const Sources& sources, Charset charset = Charset::utf8);

}  // namespace zonepin
