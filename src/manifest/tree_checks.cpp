// The checks of TreeBuilder that yaml-cpp leaves out: tags, tabs, keys, duplicates, merge keys.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/text.h"
#include "manifest/scalar_type.h"
#include "manifest/source_text.h"
#include "manifest/tree_builder.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxScannedKey = std::size_t{1} << 20;
constexpr std::string_view kYamlTag = "tag:yaml.org,2002:";

constexpr std::array<std::pair<std::string_view, NodeTag>, 7> kKnownTags = {{{"str", NodeTag::string},
                                                                             {"int", NodeTag::integer},
                                                                             {"float", NodeTag::floating},
                                                                             {"bool", NodeTag::boolean},
                                                                             {"null", NodeTag::null},
                                                                             {"seq", NodeTag::sequence},
                                                                             {"map", NodeTag::mapping}}};

bool tag_fits(NodeTag tag, NodeKind kind, ScalarType type) {
  switch (tag) {
    case NodeTag::none: return true;
    case NodeTag::sequence: return kind == NodeKind::sequence;
    case NodeTag::mapping: return kind == NodeKind::mapping;
    case NodeTag::string: return kind == NodeKind::scalar;
    case NodeTag::null: return kind == NodeKind::scalar && type == ScalarType::null;
    case NodeTag::boolean: return kind == NodeKind::scalar && type == ScalarType::boolean;
    case NodeTag::integer: return kind == NodeKind::scalar && type == ScalarType::integer;
    case NodeTag::floating:
      return kind == NodeKind::scalar && (type == ScalarType::floating || type == ScalarType::integer);
  }
  return false;
}

std::string line_and_column(const Place& place) {
  return "line " + std::to_string(place.line) + ", column " + std::to_string(place.column);
}

}  // namespace

NodeTag TreeBuilder::known_tag(std::string_view tag, const Node& where) {
  if (tag.empty() || tag == "?") return NodeTag::none;
  // Written in front of a plain scalar, it makes a string of it.
  if (tag == "!") return where.kind == NodeKind::scalar ? NodeTag::string : NodeTag::none;
  if (tag.substr(0, kYamlTag.size()) == kYamlTag) {
    const auto name = tag.substr(kYamlTag.size());
    for (const auto& [known, value] : kKnownTags) {
      if (name == known) return value;
    }
    tag = name;
  }
  problems_.error(
      place_of(where), "the tag " + in_quotes(tag) + " is unknown here",
      "a manifest needs no tags: leave it out; a text that looks like something else goes into quotes");
  return NodeTag::none;
}

void TreeBuilder::check_tag(NodeId id) {
  const Node& node = tree_.node(id);
  if (tag_fits(node.tag, node.kind, core_type(tree_.scalar(id)))) return;
  problems_.error(tree_.place(id), "the value does not fit its tag", "leave the tag out");
  tree_.nodes_[id].tag = NodeTag::none;
}

// yaml-cpp takes a tab in front of a value for indentation; YAML does not (6.1). Within brackets it is mere
// white space.
void TreeBuilder::check_indentation(const Node& node) const {
  check_deeper(node);
  if (node.column == 1) return;
  if (!open_.empty() && tree_.node(open_.back().id).style == NodeStyle::flow) return;
  const std::size_t line_start = node.offset + 1 - node.column;
  const auto tab = tab_in_indentation(text(), line_start);
  if (!tab || *tab >= node.offset) return;
  const Place place = {source(), node.line, static_cast<std::uint32_t>(*tab - line_start) + 1, 1};
  stop(place, "a tab indents this line", "indent with spaces: YAML forbids tabs there");
}

// A value below its key or dash stands deeper than that; only a list may begin in the column of its key.
void TreeBuilder::check_deeper(const Node& node) const {
  if (open_.empty()) return;
  const Level& level = open_.back();
  const Node& parent = tree_.node(level.id);
  if (parent.style == NodeStyle::flow) return;
  std::uint32_t column = 0;
  std::uint32_t line = parent.line;
  if (parent.kind == NodeKind::mapping) {
    const bool is_value = parent.size % 2 != 0;
    const bool is_list = node.kind == NodeKind::sequence && text().substr(node.offset, 1) == "-";
    if (!is_value || is_list || tree_.node(level.last).line == node.line) return;
    const Node& key = tree_.node(parent.first);
    const std::size_t before = text().find_last_not_of(' ', key.offset == 0 ? 0 : key.offset - 1);
    const bool question_mark =
        before != std::string_view::npos && before < key.offset && text()[before] == '?';
    column = question_mark ? key.column - static_cast<std::uint32_t>(key.offset - before) : key.column;
    line = key.line;
  } else if (text().substr(parent.offset, 1) == "-") {
    column = parent.column;
  }
  if (line == 1 && column > skipped_) column -= skipped_;  // a byte order mark indents nothing
  if (node.column > column) return;
  stop(place_of(node), "this value is not indented deeper than what it belongs to",
       "put two more spaces in front of it");
}

// A dash with nothing behind it: the parser's mark is at whatever follows, perhaps lines below. None: the
// mark is right.
std::optional<Node> TreeBuilder::dash_of_empty_item(const Node& node) const {
  if (open_.empty()) return std::nullopt;
  const Node& parent = tree_.node(open_.back().id);
  if (parent.kind != NodeKind::sequence || parent.style == NodeStyle::flow) return std::nullopt;
  Node dash = node;
  std::size_t end = node.offset;
  for (;;) {
    const std::size_t start = start_of_line(text(), end);
    std::string_view line = text().substr(start, end - start);
    const std::size_t content = std::min(line.find_first_not_of(" \t\r"), line.size());
    if (content < line.size() && line[content] != '#') {
      line = line.substr(0, line.find(" #"));
      line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
      if (line.empty() || line.back() != '-') return std::nullopt;
      dash.offset = static_cast<std::uint32_t>(start + line.size() - 1);
      dash.column = static_cast<std::uint32_t>(line.size());
      break;
    }
    if (start == 0) return std::nullopt;
    end = start - 1;
    --dash.line;
  }
  // `- ~`, on the dash's line or deeper below
  const bool deeper = node.line == dash.line
                          ? end_of_indentation(text(), node.offset) < end_of_line(text(), node.offset)
                          : node.column > dash.column;
  if (deeper && !null_word(text(), node.offset).empty()) return std::nullopt;
  return dash;
}

// `[a,, b]`
void TreeBuilder::check_null_item(const Node& node) const {
  if (open_.empty() || text().substr(node.offset, 1) != ",") return;
  const Node& parent = tree_.node(open_.back().id);
  if (parent.kind != NodeKind::sequence || parent.style != NodeStyle::flow) return;
  stop(place_of(node), "nothing stands before this comma", "one comma between two members is enough");
}

// `|#`; and `>+`, of which yaml-cpp takes away a line break.
void TreeBuilder::check_block_header(const Node& node) const {
  if (node.style != NodeStyle::literal && node.style != NodeStyle::folded) return;
  const std::size_t end = std::min(text().find_first_not_of("+-0123456789", node.offset + 1), text().size());
  const auto header = text().substr(node.offset, end - node.offset);
  if (node.style == NodeStyle::folded && header.find('+') != std::string_view::npos) {
    problems_.error(place_at(text(), node.offset, source(), header.size()),
                    "folded lines that keep the empty ones at their end are not read here",
                    "write > instead, or |+ for lines that stay lines");
  }
  if (text().substr(end, 1) != "#") return;
  stop(place_at(text(), end, source()), "a space is missing in front of this comment", "write | # …");
}

// yaml-cpp skips every line that begins with %, known or not. Such lines stand in front of a `---` only.
void TreeBuilder::check_directives(std::size_t to) {
  std::size_t found = 0;
  for (std::size_t line = end_of_last_node(); line < to;) {
    const bool starts_line = line == skipped_ || (line > 0 && text()[line - 1] == '\n');
    if (starts_line && text()[line] == '%') {
      found = line + 1;
      const auto words = text().substr(line, end_of_line(text(), line) - line);
      const Place place = place_at(text(), line, source(), words.size());
      if (words.substr(0, 5) == "%YAML") {
        const auto version = trim(words.substr(5));
        if (version.substr(0, 3) != "1.2") {
          problems_.warning(place, "this file is read as YAML 1.2",
                            "yes, no, on and off are texts there; leave this line out");
        }
      } else if (words.substr(0, 5) != "%TAG ") {
        stop(place, "a line that begins with % is no part of a document",
             "put the text into quotes, or leave the line out");
      }
    }
    line = std::min(text().find('\n', line), text().size() - 1) + 1;
  }
  if (found == 0 || text().substr(to, 3) == "---") return;
  stop(place_at(text(), found - 1, source()), "no --- follows this directive",
       "leave it out, or write --- below it");
}

void TreeBuilder::check_key(const Node& node) const {
  if (open_.empty()) return;
  const Node& parent = tree_.node(open_.back().id);
  if (parent.kind != NodeKind::mapping || parent.size % 2 != 0) return;
  check_brackets(node);
  const std::size_t colon = text().substr(node.offset, kMaxScannedKey).find(": ");
  if (node.kind == NodeKind::null && colon != std::string_view::npos && colon > kMaxKeyLength) {
    stop(place_of(node), "this key is longer than " + std::to_string(kMaxKeyLength) + " characters",
         "YAML has no longer ones; no field and no zone has such a name");
  }
  const std::string_view what = node.kind == NodeKind::null       ? "a key is missing here"
                                : node.kind == NodeKind::alias    ? "an alias can't be a key here"
                                : node.kind == NodeKind::sequence ? "a list can't be a key here"
                                                                  : "a mapping can't be a key here";
  const bool template_text = node.offset > 0 && text().substr(node.offset - 1, 2) == "{{";
  stop(place_of(node), std::string(what),
       template_text ? "is this a template, {{ … }}? Fill it in first: a manifest is plain YAML"
                     : "a key is a plain word, followed by a colon and a space");
}

// Brackets that are never closed look like a key to yaml-cpp, however many there are.
void TreeBuilder::check_brackets(const Node& node) const {
  const std::size_t at = skip_properties(text(), node.offset);
  if (at >= text().size() || (text()[at] != '[' && text()[at] != '{')) return;
  const BracketScan scan = scan_brackets(text(), at);
  if (scan.depth > kMaxManifestDepth) stop_at_depth(node);
  if (scan.closed) return;
  const bool list = text()[at] == '[';
  stop(place_of(node), std::string("this ") + (list ? "[" : "{") + " is not closed",
       std::string("close it with ") + (list ? "]" : "}"));
}

void TreeBuilder::stop_at_depth(const Node& node) const {
  stop(place_of(node),
       "lists and mappings are nested more than " + std::to_string(kMaxManifestDepth) + " deep",
       "a manifest needs fewer than ten levels");
}

// `- b` indented deeper than the item above is no item but more of its text, silently.
void TreeBuilder::check_folding(const Node& node) {
  const std::size_t line_break = text().find('\n', node.offset);
  if (line_break == std::string_view::npos) return;
  const std::size_t next = std::min(text().find_first_not_of(" \t\r\n", line_break), text().size());
  if (text().substr(next, 2) != "- ") return;
  const auto between = text().substr(line_break, next - line_break);
  const auto lines = std::count(between.begin(), between.end(), '\n');
  const Place place = {source(), node.line + static_cast<std::uint32_t>(lines),
                       static_cast<std::uint32_t>(between.size() - between.rfind('\n')), 1};
  problems_.warning(place, "this is no list item: it goes on with the text of the line above",
                    "indent the dash exactly like the one above it");
}

// Between a quote that was never closed and the next one that opens, whole entries become one text, silently.
void TreeBuilder::check_quoted_lines(const Node& node) {
  const std::size_t end = end_of_quoted(text(), node.offset).value_or(node.offset);
  for (std::size_t line = end_of_line(text(), node.offset); line < end; line = end_of_line(text(), line)) {
    line = std::min(text().find_first_not_of(" \t\r\n", line), end);
    const auto words = text().substr(line, end_of_line(text(), line) - line);
    const std::size_t word = std::min(words.find_first_of(" \"'"), words.size());
    const bool item = words.substr(0, 2) == "- ";
    const bool key = word > 1 && word < words.size() && words[word - 1] == ':';
    if (line >= end || (!item && !key)) continue;
    const auto before = text().substr(node.offset, line - node.offset);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    suspicions_.push_back(
        {Severity::warning,
         "line " + std::to_string(node.line + lines) + " belongs to the text that this quote opens",
         "is the closing quote missing in this line?", place_of(node)});
    return;
  }
}

void TreeBuilder::close_mapping(NodeId id) {
  closing_.clear();
  tree_.append_written_fields(id, closing_);
  const std::vector<Field>& written = closing_;
  if (tree_.node(id).style == NodeStyle::block) check_colons(written);
  check_duplicates(written);
  const bool merges = std::any_of(written.begin(), written.end(),
                                  [this](const Field& field) { return is_merge_key(field.key); });
  if (merges) merge(id, written);
}

// yaml-cpp reads a line without a colon as a key without a value.
void TreeBuilder::check_colons(const std::vector<Field>& fields) const {
  for (const Field& field : fields) {
    const Node& value = tree_.node(field.value);
    if (value.kind != NodeKind::null || value.offset > tree_.node(field.key).offset) continue;
    stop(tree_.place(field.key), "a colon is missing after " + in_quotes(tree_.scalar(field.key)),
         "write key: value, with a space behind the colon, and - before each member of a list");
  }
}

// For the few keys that nearly every mapping has; of more it is not known.
bool TreeBuilder::all_differ(const std::vector<Field>& fields) const {
  constexpr std::size_t kFew = 8;
  if (fields.size() > kFew) return false;
  for (std::size_t i = 1; i < fields.size(); ++i) {
    const std::string_view key = tree_.scalar(fields[i].key);
    for (std::size_t j = 0; j < i; ++j) {
      if (tree_.scalar(fields[j].key) == key) return false;
    }
  }
  return true;
}

void TreeBuilder::check_duplicates(const std::vector<Field>& fields) {
  if (all_differ(fields)) return;
  std::vector<NodeId> keys;
  keys.reserve(fields.size());
  for (const Field& field : fields) keys.push_back(field.key);
  std::sort(keys.begin(), keys.end(), [this](NodeId a, NodeId b) {
    const int order = tree_.scalar(a).compare(tree_.scalar(b));
    return order != 0 ? order < 0 : a < b;
  });
  std::size_t first = 0;
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (tree_.scalar(keys[i]) != tree_.scalar(keys[first])) {
      first = i;
      continue;
    }
    problems_.error(tree_.place(keys[i]), "the key " + in_quotes(tree_.scalar(keys[i])) + " is given twice",
                    "first in " + line_and_column(tree_.place(keys[first])) + ": keep one of the two");
  }
}

bool TreeBuilder::is_merge_key(NodeId key) const {
  const Node& node = tree_.node(key);
  return node.style == NodeStyle::plain && node.tag == NodeTag::none && tree_.scalar(key) == "<<";
}

std::vector<NodeId> TreeBuilder::merge_sources(NodeId value) {
  std::vector<NodeId> sources;
  if (tree_.kind(value) == NodeKind::mapping) return {tree_.resolve(value)};
  if (tree_.kind(value) == NodeKind::sequence) {
    for (const NodeId item : tree_.items(value)) {
      if (tree_.kind(item) == NodeKind::mapping) {
        sources.push_back(tree_.resolve(item));
      } else {
        problems_.error(tree_.written_place(item),
                        "<< merges mappings, but this is " + describe(tree_, item));
      }
    }
    return sources;
  }
  problems_.error(tree_.written_place(value), "<< merges mappings, but this is " + describe(tree_, value),
                  "write <<: *name, where a mapping above is marked &name");
  return sources;
}

// A mapping's own fields win over merged ones, and the first source wins over the later ones.
void TreeBuilder::merge(NodeId id, const std::vector<Field>& written) {
  std::vector<Field> fields;
  std::set<std::string_view> names;
  for (const Field& field : written) {
    if (is_merge_key(field.key)) continue;
    names.insert(tree_.scalar(field.key));
    fields.push_back(field);
  }
  for (const Field& field : written) {
    if (!is_merge_key(field.key)) continue;
    for (const NodeId source : merge_sources(field.value)) {
      for (const Field& merged : tree_.fields(source)) {
        if (names.insert(tree_.scalar(merged.key)).second) fields.push_back(merged);
      }
    }
  }
  tree_.merged_[id] = std::move(fields);
}

}  // namespace zonepin
