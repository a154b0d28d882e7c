#include "manifest/tree_builder.h"

#include <algorithm>

#include "manifest/source_text.h"
#include "manifest/text_check.h"

namespace zonepin {

namespace {

NodeStyle style_at(std::string_view text, std::size_t offset) {
  switch (offset < text.size() ? text[offset] : ' ') {
    case '"': return NodeStyle::double_quoted;
    case '\'': return NodeStyle::single_quoted;
    case '|': return NodeStyle::literal;
    case '>': return NodeStyle::folded;
    default: return NodeStyle::plain;
  }
}

bool is_quoted(NodeStyle style) {
  return style == NodeStyle::single_quoted || style == NodeStyle::double_quoted;
}

}  // namespace

TreeBuilder::TreeBuilder(std::uint32_t source, std::string_view text, Problems& problems)
    : tree_(source, text), problems_(problems) {
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) skipped_ = kByteOrderMark.size();
}

void TreeBuilder::begin_document(const Mark& mark) {
  check_separator(mark);
  anchors_.clear();
  root_ = kNoNode;
  in_document_ = true;
}

void TreeBuilder::check_separator(const Mark& mark) {
  const Node here = place_node(NodeKind::null, mark);
  check_directives(here.offset);
  if (tree_.documents_.empty()) return;
  // yaml-cpp begins a new document wherever the old one can't go on. YAML wants a marker between them.
  if (text().substr(here.offset, 3) == "---") return;
  const std::size_t last = end_of_last_node();
  if (here.offset > last && text().substr(last, here.offset - last).find("\n...") != std::string_view::npos) {
    return;
  }
  stop(place_of(here), "this line belongs to nothing above it",
       "indent it like the lines it belongs to; a new document begins with a line ---");
}

void TreeBuilder::end_document() {
  tree_.documents_.push_back(root_);
  in_document_ = false;
  for (Diagnostic& suspicion : suspicions_) problems_.add(std::move(suspicion));
  suspicions_.clear();
}

void TreeBuilder::finish() {
  check_directives(text().size());
}

void TreeBuilder::give_up() {
  if (!in_document_ && !tree_.documents_.empty()) tree_.documents_.pop_back();
}

void TreeBuilder::null(const Mark& mark, Anchor anchor) {
  Node node = place_node(NodeKind::null, mark);
  check_key(node);
  check_null_item(node);
  if (const auto dash = dash_of_empty_item(node)) node = *dash;
  complete(add(node), anchor, kNodeWeight);
}

void TreeBuilder::alias(const Mark& mark, Anchor anchor) {
  Node node = place_node(NodeKind::alias, mark);
  check_key(node);
  check_indentation(node);
  const Anchored& target = anchors_[anchor];
  if (!target.complete) {
    stop(place_of(node), "this alias stands within what it stands for",
         "a value can't hold itself: write it out");
  }
  alias_weight_ += target.weight;
  if (alias_weight_ > kMaxAliasBytes) {
    stop(place_of(node),
         "the aliases up to here stand for more than " + std::to_string(kMaxAliasBytes >> 20) + " MB of text",
         "aliases of aliases multiply: write fewer of them");
  }
  node.first = target.id;
  add(node);
  if (!open_.empty()) open_.back().weight += target.weight;
}

void TreeBuilder::scalar(const Mark& mark, std::string_view tag, Anchor anchor, std::string_view value) {
  Node node = place_node(NodeKind::scalar, mark);
  check_indentation(node);
  const Node at_tag = node;
  if (!value.empty()) skip_to_content(node);  // an empty one may not be there at all: `key: !!str`
  node.style = tag == "?" ? NodeStyle::plain : style_at(text(), node.offset);
  const bool says_quoted = tag == "!" && node.style != NodeStyle::plain;
  node.tag = says_quoted ? NodeTag::none : known_tag(tag, at_tag);
  check_block_header(node);
  if (is_quoted(node.style) && !end_of_quoted(text(), node.offset)) {
    // yaml-cpp takes the end of the file for the closing quote.
    stop(place_of(node), "this quote is never closed",
         "close it on the same line, or begin the text with | for several lines");
  }
  set_text(node, value);
  const NodeId id = add(node);
  if (node.tag != NodeTag::none) check_tag(id);
  const bool in_brackets = !open_.empty() && tree_.node(open_.back().id).style == NodeStyle::flow;
  if (!node.in_source && node.style == NodeStyle::plain && !in_brackets) check_folding(node);
  if (!node.in_source && is_quoted(node.style)) check_quoted_lines(node);
  complete(id, anchor, kNodeWeight + value.size());
}

void TreeBuilder::open(NodeKind kind, const Mark& mark, std::string_view tag, Anchor anchor,
                       NodeStyle style) {
  Node node = place_node(kind, mark);
  check_key(node);
  check_indentation(node);
  node.style = style;
  node.first = kNoNode;
  if (open_.size() >= kMaxManifestDepth) stop_at_depth(node);
  node.tag = known_tag(tag, node);
  const NodeId id = add(node);
  if (node.tag != NodeTag::none) check_tag(id);
  if (anchor != 0) anchors_[anchor] = {id, 0, false};
  Level level;
  level.id = id;
  level.anchor = anchor;
  open_.push_back(level);
}

void TreeBuilder::close() {
  const Level level = open_.back();
  if (tree_.node(level.id).kind == NodeKind::mapping) close_mapping(level.id);
  open_.pop_back();
  complete(level.id, level.anchor, level.weight);
}

const Node* TreeBuilder::open_bracket() const {
  for (auto level = open_.rbegin(); level != open_.rend(); ++level) {
    const Node& node = tree_.node(level->id);
    if (node.style == NodeStyle::flow) return &node;
  }
  return nullptr;
}

const Node* TreeBuilder::last_node() const {
  return tree_.nodes_.empty() ? nullptr : &tree_.nodes_.back();
}

// --- parts
// ----------------------------------------------------------------------------------------------------------

Node TreeBuilder::place_node(NodeKind kind, const Mark& mark) const {
  Node node;
  node.kind = kind;
  node.offset = std::min(mark.offset + skipped_, static_cast<std::uint32_t>(text().size()));
  node.line = mark.line + 1;
  node.column = mark.column + 1 + (mark.line == 0 ? skipped_ : 0);
  return node;
}

// The parser's mark is at the tag or anchor, if there is one. People look for the value.
void TreeBuilder::skip_to_content(Node& node) const {
  const std::size_t content = skip_properties(text(), node.offset);
  if (content == node.offset || content >= text().size()) return;
  const auto between = text().substr(node.offset, content - node.offset);
  const auto lines = std::count(between.begin(), between.end(), '\n');
  const std::size_t line_break = between.rfind('\n');
  node.column =
      static_cast<std::uint32_t>(lines == 0 ? node.column + between.size() : between.size() - line_break);
  node.line += static_cast<std::uint32_t>(lines);
  node.offset = static_cast<std::uint32_t>(content);
}

// Where the youngest node ends at the earliest. Exact for all that stands on one line, and for quotes.
std::size_t TreeBuilder::end_of_last_node() const {
  if (tree_.nodes_.empty()) return 0;
  const Node& node = tree_.nodes_.back();
  if (node.kind != NodeKind::scalar) return node.offset;
  if (is_quoted(node.style)) return end_of_quoted(text(), node.offset).value_or(text().size());
  const std::size_t size = tree_.scalar(static_cast<NodeId>(tree_.nodes_.size() - 1)).size();
  return std::min(node.offset + size, text().size());
}

NodeId TreeBuilder::add(const Node& node) {
  if (tree_.nodes_.size() >= kMaxManifestNodes) {
    stop(place_of(node), "more than " + std::to_string(kMaxManifestNodes) + " values in one file",
         "split it: several files and documents may speak of one org");
  }
  const auto id = static_cast<NodeId>(tree_.nodes_.size());
  tree_.nodes_.push_back(node);
  if (open_.empty()) {
    root_ = id;
    return id;
  }
  Level& level = open_.back();
  if (level.last == kNoNode) {
    tree_.nodes_[level.id].first = id;
  } else {
    tree_.nodes_[level.last].next = id;
  }
  level.last = id;
  ++tree_.nodes_[level.id].size;
  return id;
}

void TreeBuilder::complete(NodeId id, Anchor anchor, std::uint64_t weight) {
  if (anchor != 0) anchors_[anchor] = {id, weight, true};
  if (!open_.empty()) open_.back().weight += weight;
}

void TreeBuilder::set_text(Node& node, std::string_view value) {
  const std::size_t begin = node.offset + (is_quoted(node.style) ? 1U : 0U);
  node.in_source = begin <= text().size() && text().substr(begin, value.size()) == value;
  if (node.in_source) {
    node.first = static_cast<std::uint32_t>(begin);
    node.size = static_cast<std::uint32_t>(value.size());
  } else {
    node.first = static_cast<std::uint32_t>(tree_.texts_.size());
    tree_.texts_.emplace_back(value);
  }
}

void TreeBuilder::stop(const Place& place, std::string summary, std::string detail) const {
  throw Unreadable{{Severity::error, std::move(summary), std::move(detail), place}};
}

Place TreeBuilder::place_of(const Node& node) const {
  const std::size_t length = end_of_word(text(), node.offset) - node.offset;
  return {source(), node.line, node.column, static_cast<std::uint32_t>(std::max<std::size_t>(length, 1))};
}

}  // namespace zonepin
