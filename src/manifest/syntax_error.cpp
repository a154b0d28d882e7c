#include "manifest/syntax_error.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "manifest/limits.h"
#include "manifest/source_text.h"
#include "manifest/text_check.h"

namespace zonepin {

namespace {

constexpr std::string_view kBlank = " \t\r\n";

// What every explanation looks at.
struct Scene {
  const TreeBuilder& builder;
  std::string_view text;
  std::size_t offset;  // where the parser gave up
  std::string_view message;

  std::size_t line_start() const { return start_of_line(text, offset); }
  std::string_view line() const {
    return text.substr(line_start(), end_of_line(text, offset) - line_start());
  }
  char byte() const { return offset < text.size() ? text[offset] : '\0'; }
  bool says(std::string_view part) const { return message.find(part) != std::string_view::npos; }

  Diagnostic at(std::size_t where, std::string summary, std::string detail, std::size_t length = 1) const {
    return {Severity::error, std::move(summary), std::move(detail),
            place_at(text, where, builder.source(), length)};
  }
  Diagnostic here(std::string summary, std::string detail) const {
    return at(offset, std::move(summary), std::move(detail));
  }
};

using Explanation = std::optional<Diagnostic>;

// The line that is not blank before the one at `line_start`; none at the file's start.
std::optional<std::string_view> line_before(std::string_view text, std::size_t line_start) {
  while (line_start > 0) {
    const std::size_t previous = start_of_line(text, line_start - 1);
    const auto line = text.substr(previous, end_of_line(text, previous) - previous);
    if (line.find_first_not_of(kBlank) != std::string_view::npos) return line;
    line_start = previous;
  }
  return std::nullopt;
}

std::size_t indentation_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// A line without its indentation and the dashes of list items.
std::string_view content_of(std::string_view line) {
  line.remove_prefix(indentation_of(line));
  while (line.substr(0, 2) == "- ") {
    line.remove_prefix(2);
    line.remove_prefix(indentation_of(line));
  }
  return line;
}

// `name:ci-deployer`: the key, when a space is missing behind the first colon.
std::optional<std::string_view> key_without_space(std::string_view line) {
  const std::string_view content = content_of(line);
  const std::size_t end =
      content.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
  if (end == 0 || end == std::string_view::npos || content[end] != ':' || end + 1 >= content.size()) {
    return std::nullopt;
  }
  if (kBlank.find(content[end + 1]) != std::string_view::npos) return std::nullopt;
  return content.substr(0, end);
}

// What git leaves behind. Its lines break the structure, so that the parser gives up at one of them or below.
Explanation merge_conflict(const Scene& scene) {
  for (std::size_t line = 0; line < scene.offset;) {
    if (scene.text.substr(line, 8) == "<<<<<<< ") {
      return scene.at(line, "a merge conflict that nobody resolved",
                      "choose between its two sides, and delete the lines <<<<<<<, ======= and >>>>>>>",
                      end_of_line(scene.text, line) - line);
    }
    line = end_of_line(scene.text, line) + 1;
  }
  return std::nullopt;
}

Explanation tab(const Scene& scene) {
  const auto found = tab_in_indentation(scene.text, scene.line_start());
  const bool at_tab = scene.byte() == '\t' || scene.says("tab");
  if (found && (*found <= scene.offset || at_tab)) {
    return scene.at(*found, "a tab indents this line", "indent with spaces: YAML forbids tabs there");
  }
  const auto before = scene.text.substr(scene.line_start(), scene.offset - scene.line_start());
  const std::size_t after_dash = before.find("-\t");
  if (after_dash == std::string_view::npos || before.find_first_not_of(" -") != after_dash + 1)
    return std::nullopt;
  return scene.at(scene.line_start() + after_dash + 1, "a tab follows the dash",
                  "put a space there: YAML forbids tabs in indentation");
}

// The first quote after the last complete value that opens a text and is never closed.
Explanation open_quote(const Scene& scene) {
  if (!scene.says("illegal EOF in scalar") && !scene.says("document indicator in scalar"))
    return std::nullopt;
  const Node* last = scene.builder.last_node();
  std::size_t at = last == nullptr ? 0 : last->offset;
  while (at < scene.text.size()) {
    at = scene.text.find_first_of("\"'#", at);
    if (at == std::string_view::npos) break;
    const bool begins =
        at == 0 || std::string_view(" \t\r\n[{,:").find(scene.text[at - 1]) != std::string_view::npos;
    if (!begins) {
      ++at;
    } else if (scene.text[at] == '#') {
      at = end_of_line(scene.text, at);
    } else if (const auto end = end_of_quoted(scene.text, at); end && *end <= scene.offset) {
      at = *end;
    } else {
      return scene.at(at, "this quote is never closed",
                      "close it on the same line, or begin the text with | for several lines");
    }
  }
  return std::nullopt;
}

// A closing quote was forgotten, and the next text's opening one closed it: it shows where that one ends.
Explanation swallowed_lines(const Scene& scene) {
  const Node* last = scene.builder.last_node();
  if (last == nullptr || last->kind != NodeKind::scalar) return std::nullopt;
  if (last->style != NodeStyle::single_quoted && last->style != NodeStyle::double_quoted) return std::nullopt;
  const auto end = end_of_quoted(scene.text, last->offset);
  if (!end || *end > scene.offset) return std::nullopt;
  const auto between = scene.text.substr(*end, scene.offset - *end);
  if (between.find('\n') != std::string_view::npos) return std::nullopt;
  const auto quoted_text = scene.text.substr(last->offset, *end - last->offset);
  const auto lines = std::count(quoted_text.begin(), quoted_text.end(), '\n');
  if (lines > 0) {
    return scene.at(last->offset,
                    "a quote opens here and closes only in line " + std::to_string(last->line + lines),
                    "is the closing quote missing in this line?");
  }
  if (scene.says("flow not found")) {
    return scene.here(
        "a comma is missing in front of this",
        "if it belongs to the text before it: put all of it into one pair of quotes; within '…' "
        "write '' for ', within \"…\" write \\\" for \"");
  }
  if (scene.says("end of map not found") || scene.says("end of sequence not found")) {
    return scene.here("something follows the closing quote",
                      "put the whole text into one pair of quotes; within '…' write '' for ', within \"…\" "
                      "write \\\" for \"");
  }
  return std::nullopt;
}

// The innermost bracket between the last complete value and where the parser gave up that nothing closes.
std::optional<std::size_t> unclosed_bracket(const Scene& scene) {
  const Node* last = scene.builder.last_node();
  std::vector<std::size_t> open;
  for (std::size_t at = last == nullptr ? 0 : last->offset; at < scene.offset; ++at) {
    const char byte = scene.text[at];
    const bool begins =
        at == 0 || std::string_view(" \t\r\n[{,:").find(scene.text[at - 1]) != std::string_view::npos;
    if (byte == '[' || byte == '{') {
      open.push_back(at);
    } else if ((byte == ']' || byte == '}') && !open.empty()) {
      open.pop_back();
    } else if (begins && (byte == '"' || byte == '\'')) {
      at = end_of_quoted(scene.text, at).value_or(scene.text.size()) - 1;
    } else if (begins && byte == '#') {
      at = end_of_line(scene.text, at);
    }
  }
  if (!open.empty()) return open.back();
  const Node* bracket = scene.builder.open_bracket();
  if (bracket == nullptr) return std::nullopt;
  return skip_properties(scene.text, bracket->offset);
}

// The dash of a list item within brackets: the bracket above was never closed.
Explanation dash_in_brackets(const Scene& scene) {
  if (!scene.says("illegal block entry")) return std::nullopt;
  const auto open = unclosed_bracket(scene);
  if (!open) return std::nullopt;
  const char bracket = scene.text[*open];
  const Place dash = place_at(scene.text, scene.offset, scene.builder.source());
  return scene.at(*open, std::string("this ") + bracket + " is not closed",
                  std::string("close it with ") + (bracket == '[' ? "]" : "}") + ": in line " +
                      std::to_string(dash.line) +
                      " a dash begins a list item, which can't stand within brackets");
}

Explanation bracket(const Scene& scene) {
  if (scene.says("illegal flow end")) {
    const Node* open = scene.builder.open_bracket();
    const std::string found(1, scene.byte());
    if (open == nullptr) {
      return scene.here("this " + found + " closes nothing",
                        "delete it, or put the text that it belongs to into quotes");
    }
    const std::string wanted = open->kind == NodeKind::sequence ? "]" : "}";
    return scene.here("this " + found + " should be " + wanted, "the bracket that it closes is in line " +
                                                                    std::to_string(open->line) + ", column " +
                                                                    std::to_string(open->column));
  }
  if (!scene.says("flow not found")) return std::nullopt;
  const Node* open = scene.builder.open_bracket();
  if (open == nullptr) return std::nullopt;
  const bool list = open->kind == NodeKind::sequence;
  const std::string_view rest = trim(scene.text.substr(std::min(scene.offset, scene.text.size())));
  std::string detail = std::string("close it with ") + (list ? "]" : "}");
  if (!rest.empty()) {
    const Place stuck = place_at(scene.text, scene.offset, scene.builder.source());
    detail += ", or put a comma between its members: in line " + std::to_string(stuck.line) + ", column " +
              std::to_string(stuck.column) + " it can't go on";
  }
  const std::size_t at = skip_properties(scene.text, open->offset);
  return scene.at(at, std::string("this ") + (list ? "[" : "{") + " is not closed", detail);
}

Explanation colon(const Scene& scene) {
  if (!scene.says("illegal map value")) return std::nullopt;
  const std::size_t start = scene.line_start();
  const auto before = content_of(scene.text.substr(start, scene.offset - start));
  if (before.size() > kMaxKeyLength) {
    return scene.at(scene.offset - before.size(),
                    "this key is longer than " + std::to_string(kMaxKeyLength) + " characters",
                    "YAML has no longer ones; no field and no zone has such a name", before.size());
  }
  if (before.find(": ") != std::string_view::npos) {
    return scene.here("a second colon in one line",
                      "a text that holds \": \" goes into quotes; a mapping goes into lines of its own");
  }
  if (scene.line().substr(0, 4) == "--- ") {
    return scene.here("a mapping can't begin behind ---", "begin it on the next line");
  }
  const auto previous = line_before(scene.text, start);
  if (previous) {
    if (const auto key = key_without_space(*previous)) {
      return scene.at(static_cast<std::size_t>(previous->data() - scene.text.data()) +
                          static_cast<std::size_t>(key->data() - previous->data()) + key->size(),
                      "a space is missing behind this colon", "write " + std::string(*key) + ": value");
    }
    if (indentation_of(scene.line()) > indentation_of(*previous)) {
      return scene.at(start + indentation_of(scene.line()), "this line is indented too deep",
                      "the line above has a value already: keys of one mapping begin in the same column",
                      scene.offset - start - indentation_of(scene.line()));
    }
  }
  return scene.here("a colon where no key can end",
                    "a key is one word on one line; a text that holds \": \" goes into quotes");
}

Explanation indentation(const Scene& scene) {
  if (!scene.says("end of map not found") && !scene.says("end of sequence not found")) return std::nullopt;
  const auto before = scene.text.substr(scene.line_start(), scene.offset - scene.line_start());
  if (before.find_first_not_of(' ') != std::string_view::npos) {
    return scene.here("this can't follow what is before it on the line",
                      "put the whole text into quotes, or begin a new line");
  }
  const auto content = scene.line().substr(before.size());
  if (content.size() > 1 && content[0] == '-' && kBlank.find(content[1]) == std::string_view::npos &&
      content.substr(0, 3) != "---") {
    return scene.here("a space is missing behind this dash", "write - " + escape_cut(content.substr(1), 80));
  }
  if (content.substr(0, 2) == "- " && scene.says("map")) {
    return scene.here("a list item where a key is expected",
                      "indent the dash like the list that it belongs to");
  }
  return scene.here("the indentation of this line fits no line above it",
                    "begin it in the same column as the lines it belongs to");
}

// `*net`: what marks the value that it stands for.
std::string name_of_anchor(std::string_view alias) {
  return alias.size() > 1 ? "&" + std::string(alias.substr(1)) : "&name";
}

Explanation value_start(const Scene& scene) {
  const auto word = scene.text.substr(scene.offset, end_of_word(scene.text, scene.offset) - scene.offset);
  if (scene.says("referenced anchor is not defined") || scene.says("alias not found") ||
      scene.says("found while scanning alias") || scene.says("while scanning an alias")) {
    return scene.here("no anchor above has the name of this alias",
                      "a text that begins with * goes into quotes: \"" + std::string(word) +
                          "\"; an alias stands for what is marked with " + name_of_anchor(word) +
                          " above it, in the same document");
  }
  if (scene.says("anchor not found") || scene.says("while scanning anchor") ||
      scene.says("while scanning an anchor")) {
    return scene.here("an anchor without a name", "a text that begins with & goes into quotes");
  }
  if (scene.says("unknown token")) {
    const std::string found(1, scene.byte());
    return scene.here("a text can't begin with " + found,
                      "put it into quotes: \"" + std::string(word) + "\"");
  }
  if (scene.says("illegal block entry")) {
    return scene.here("a list item can't begin here",
                      "put the dash on a line of its own, or the text into quotes");
  }
  if (scene.says("illegal map key"))
    return scene.here("a question mark where no key can begin", "put the text into quotes");
  return std::nullopt;
}

Explanation escape_sequence(const Scene& scene) {
  if (scene.says("unknown escape character")) {
    return scene.at(scene.offset == 0 ? 0 : scene.offset - 1, "an unknown escape after the backslash",
                    "write \\\\ for a backslash, or use single quotes: within '…' a backslash is itself", 2);
  }
  if (scene.says("invalid unicode")) {
    return scene.here("this \\u escape is no character",
                      "half of a surrogate pair? Write the character itself, or \\U with eight digits");
  }
  if (scene.says("scanning hex number")) {
    return scene.here("an escape needs more hexadecimal digits here",
                      "\\x takes two, \\u four and \\U eight");
  }
  return std::nullopt;
}

Explanation rare(const Scene& scene) {
  static constexpr std::array<std::array<std::string_view, 3>, 12> kRare = {{
      {"major version too large", "this YAML version is unknown", "leave the %YAML line out"},
      {"bad YAML version", "this is no YAML version", "leave the %YAML line out"},
      {"YAML directive", "a %YAML line is wrong or given twice", "leave it out"},
      {"TAG directive", "a %TAG line is wrong or given twice", "leave it out: a manifest needs no tags"},
      {"multiple tags", "two tags for one value", "a manifest needs no tags: leave them out"},
      {"multiple anchors", "two anchors for one value", "one name is enough"},
      {"multiple aliases", "two aliases for one value", "one of them is enough"},
      {"after an alias", "nothing may follow an alias",
       "it stands for the whole value: use a merge key (<<) to add fields"},
      {"in block scalar", "this can't stand behind | or >", "begin the text on the next line"},
      {"zero indentation", "the indentation behind | or > must be 1 to 9", "leave the digit out"},
      {"bad file", "lists and mappings are nested too deep", "a manifest needs fewer than ten levels"},
      {"tag", "this tag is not complete", "a text that begins with ! goes into quotes"},
  }};
  for (const auto& [part, summary, detail] : kRare) {
    if (scene.says(part)) return scene.here(std::string(summary), std::string(detail));
  }
  return std::nullopt;
}

}  // namespace

Diagnostic explain_syntax_error(const TreeBuilder& builder, const Mark& mark, std::string_view message) {
  const std::string_view text = builder.text();
  const std::size_t skipped =
      text.substr(0, kByteOrderMark.size()) == kByteOrderMark ? kByteOrderMark.size() : 0;
  const Scene scene{builder, text, std::min<std::size_t>(mark.offset + skipped, text.size()), message};
  for (const auto explain : {merge_conflict, tab, open_quote, swallowed_lines, dash_in_brackets, bracket,
                             colon, indentation, value_start, escape_sequence, rare}) {
    if (auto explanation = explain(scene)) return *explanation;
  }
  return scene.here("this is not YAML: " + std::string(message), {});
}

}  // namespace zonepin
