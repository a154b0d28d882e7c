#include "manifest/format.h"

#include <utility>

#include "manifest/format_check.h"
#include "manifest/layout.h"
#include "manifest/layout_order.h"
#include "manifest/layout_text.h"
#include "manifest/problems.h"
#include "manifest/text_check.h"
#include "manifest/yaml.h"

namespace zonepin {

namespace {

// Without byte order mark and carriage returns, which a readable text has in front of line feeds only.
std::string without_trimmings(std::string_view text) {
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) text.remove_prefix(kByteOrderMark.size());
  std::string plain;
  plain.reserve(text.size());
  for (const char byte : text) {
    if (byte != '\r') plain += byte;
  }
  return plain;
}

bool ends_lines_with_return(std::string_view text) {
  const std::size_t line_break = text.find('\n');
  return line_break != std::string_view::npos && line_break > 0 && text[line_break - 1] == '\r';
}

std::string with_returns(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    if (byte == '\n') out += '\r';
    out += byte;
  }
  return out;
}

Manifests decode_one(std::string_view text) {
  return decode_manifests({{"", std::string(text)}});
}

Diagnostic not_the_same(std::uint32_t source, std::string_view what) {
  return {Severity::error,
          "fmt can't write this file anew without changing " + std::string(what),
          "it was left as it is; please report it with the file, it should not happen",
          {source, 1, 1, 1}};
}

// The text of a valid manifest, or what stands in the way.
Formatted format_plain(const std::string& plain, std::uint32_t source) {
  Formatted formatted;
  Problems problems(formatted.diagnostics);
  const Tree tree = parse_yaml(plain, source, problems);
  formatted.diagnostics.clear();  // they were found before
  Layout layout = layout_of(tree, source);
  if (const auto* obstacle = std::get_if<Diagnostic>(&layout)) {
    formatted.diagnostics.push_back(*obstacle);
    return formatted;
  }
  auto& documents = std::get<std::vector<LayoutDocument>>(layout);
  if (auto misplaced = put_in_order(tree, source, documents)) {
    formatted.diagnostics.push_back(std::move(*misplaced));
    return formatted;
  }
  formatted.text = text_of_layout(tree, documents);
  return formatted;
}

void check(Formatted& formatted, const Manifests& meant, std::string_view plain, std::uint32_t source) {
  Manifests written = decode_one(formatted.text);
  if (has_errors(written.diagnostics) || !mean_the_same(meant, std::move(written))) {
    formatted.diagnostics.push_back(not_the_same(source, "what it says"));
  } else if (!have_the_same_comments(plain, formatted.text)) {
    formatted.diagnostics.push_back(not_the_same(source, "its comments"));
  }
}

}  // namespace

Formatted format_manifest(std::string_view text, std::uint32_t source) {
  Manifests meant = decode_one(text);
  for (Diagnostic& diagnostic : meant.diagnostics) diagnostic.place.source = source;
  if (has_errors(meant.diagnostics)) return {{}, std::move(meant.diagnostics)};

  const std::string plain = without_trimmings(text);
  Formatted formatted = format_plain(plain, source);
  if (!has_errors(formatted.diagnostics)) check(formatted, meant, plain, source);
  if (ends_lines_with_return(text)) formatted.text = with_returns(formatted.text);
  if (has_errors(formatted.diagnostics)) formatted.text.clear();
  for (Diagnostic& diagnostic : meant.diagnostics) formatted.diagnostics.push_back(std::move(diagnostic));
  formatted.diagnostics = sorted(std::move(formatted.diagnostics));
  return formatted;
}

}  // namespace zonepin
