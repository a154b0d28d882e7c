#include "base/diagnostic.h"

#include <algorithm>
#include <tuple>

#include "base/escape.h"
#include "base/excerpt.h"
#include "base/text.h"

namespace zonepin {

namespace {

// A message whose writer did not cut the names in it still has an end.
constexpr std::size_t kMessageColumns = 500;

// Where the lines of one source start. Diagnostics mostly come in order, so it goes on from the last line
// asked for: many diagnostics in one large file cost one walk through it.
class LineFinder {
 public:
  explicit LineFinder(std::string_view text) : text_(text) {}

  // The line without its end; empty when the text has no such line.
  std::string_view line(std::uint32_t number) {
    if (number < number_) {
      number_ = 1;
      start_ = 0;
    }
    while (number_ < number) {
      const std::size_t end = text_.find('\n', start_);
      if (end == std::string_view::npos) return {};
      start_ = end + 1;
      ++number_;
    }
    std::string_view found = text_.substr(start_, text_.find('\n', start_) - start_);
    if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
    return found;
  }

 private:
  std::string_view text_;
  std::uint32_t number_ = 1;
  std::size_t start_ = 0;
};

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
  }
  return "";
}

bool has_source(const Place& place, const Sources& sources) {
  return place.known() && place.source < sources.size();
}

std::string message_text(std::string_view text) {
  return escape_cut(text, kMessageColumns, EscapeAlso::nothing);
}

std::string headline(const Diagnostic& diagnostic, const Sources& sources) {
  std::string line;
  if (has_source(diagnostic.place, sources)) {
    line += escape(sources[diagnostic.place.source].path);
    line += ":" + std::to_string(diagnostic.place.line) + ":";
    line += std::to_string(diagnostic.place.column) + ": ";
  }
  line += to_string(diagnostic.severity);
  return line + ": " + message_text(diagnostic.summary) + "\n";
}

std::string source_lines(const Place& place, std::string_view source_line, Charset charset) {
  if (trim(source_line).empty()) return {};
  const Excerpt excerpt =
      excerpt_around(source_line, place.column == 0 ? 0 : place.column - 1, place.length, charset);
  const std::string number = std::to_string(place.line);
  return "  " + number + " | " + excerpt.text + "\n  " + std::string(number.size(), ' ') + " | " +
         std::string(excerpt.mark_column, ' ') + "^" + std::string(excerpt.mark_columns - 1, '~') + "\n";
}

std::string help_lines(const std::string& detail) {
  std::string lines;
  for (const std::string_view part : split(detail, '\n')) {
    if (!trim(part).empty()) lines += "  = help: " + message_text(trim(part)) + "\n";
  }
  return lines;
}

auto order_of(const Diagnostic& diagnostic) {
  const Place& place = diagnostic.place;
  // Without a place a diagnostic speaks of the whole run: those stand first.
  return std::make_tuple(place.known(), place.known() ? place.source : 0, place.line, place.column);
}

}  // namespace

bool has_errors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& each) { return each.severity == Severity::error; });
}

Diagnostics sorted(Diagnostics diagnostics) {
  std::stable_sort(
      diagnostics.begin(), diagnostics.end(),
      [](const Diagnostic& one, const Diagnostic& other) { return order_of(one) < order_of(other); });
  // Equal ones share their place, so they stand in one stretch, but not always side by side.
  Diagnostics once;
  std::size_t stretch = 0;  // where the diagnostics of the current place begin in `once`
  for (Diagnostic& each : diagnostics) {
    if (!once.empty() && order_of(once.back()) != order_of(each)) stretch = once.size();
    const auto first = once.begin() + static_cast<std::ptrdiff_t>(stretch);
    if (std::find(first, once.end(), each) == once.end()) once.push_back(std::move(each));
  }
  return once;
}

std::string render(const Diagnostic& diagnostic, const Sources& sources) {
  return render(Diagnostics{diagnostic}, sources);
}

std::string render(const Diagnostics& diagnostics, const Sources& sources, Charset charset) {
  std::vector<LineFinder> finders;
  finders.reserve(sources.size());
  for (const Source& source : sources) finders.emplace_back(source.text);
  std::string text;
  for (const Diagnostic& each : diagnostics) {
    text += in_charset(headline(each, sources), charset);
    if (has_source(each.place, sources)) {
      text += source_lines(each.place, finders[each.place.source].line(each.place.line), charset);
    }
    text += in_charset(help_lines(each.detail), charset);
  }
  return text;
}

}  // namespace zonepin
