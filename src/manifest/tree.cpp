#include "manifest/tree.h"

#include "manifest/source_text.h"

namespace zonepin {

void Nodes::push_back(const Node& node) {
  if (pieces_.empty() || pieces_.back().size() == kPiece) {
    pieces_.emplace_back();
    if (pieces_.size() > 1) pieces_.back().reserve(kPiece);  // a small file stays small
  }
  pieces_.back().push_back(node);
}

std::string_view Tree::scalar(NodeId id) const {
  const Node& node = nodes_[resolve(id)];
  if (node.kind != NodeKind::scalar) return {};
  return node.in_source ? text_.substr(node.first, node.size) : std::string_view(texts_[node.first]);
}

std::vector<NodeId> Tree::items(NodeId sequence) const {
  const Node& node = nodes_[resolve(sequence)];
  std::vector<NodeId> items;
  if (node.kind != NodeKind::sequence) return items;
  items.reserve(node.size);
  for (NodeId child = node.first; child != kNoNode; child = nodes_[child].next) items.push_back(child);
  return items;
}

std::vector<Field> Tree::fields(NodeId mapping) const {
  const NodeId id = resolve(mapping);
  if (merged_.empty()) return written_fields(id);
  const auto found = merged_.find(id);
  return found == merged_.end() ? written_fields(id) : found->second;
}

std::vector<Field> Tree::written_fields(NodeId mapping) const {
  std::vector<Field> fields;
  append_written_fields(mapping, fields);
  return fields;
}

void Tree::append_written_fields(NodeId mapping, std::vector<Field>& fields) const {
  const Node& node = nodes_[resolve(mapping)];
  if (node.kind != NodeKind::mapping) return;
  fields.reserve(node.size / 2);
  for (NodeId key = node.first; key != kNoNode;) {
    const NodeId value = nodes_[key].next;
    if (value == kNoNode) break;  // only in a tree whose parse stopped half-way
    fields.push_back({key, value});
    key = nodes_[value].next;
  }
}

Place Tree::place(NodeId id) const {
  return written_place(resolve(id));
}

Place Tree::written_place(NodeId id) const {
  const Node& node = nodes_[id];
  return {source_, node.line, node.column, length_at(node)};
}

std::uint32_t Tree::length_at(const Node& node) const {
  std::size_t length = 1;
  switch (node.kind) {
    case NodeKind::null:
    case NodeKind::sequence: break;
    case NodeKind::alias: length = end_of_word(text_, node.offset) - node.offset; break;
    case NodeKind::mapping:  // a block mapping begins with its first key
      if (node.style == NodeStyle::block && node.first != kNoNode &&
          nodes_[node.first].offset == node.offset) {
        length = length_at(nodes_[node.first]);
      }
      break;
    case NodeKind::scalar:
      if (node.style == NodeStyle::single_quoted || node.style == NodeStyle::double_quoted) {
        length = end_of_quoted(text_, node.offset).value_or(node.offset + 1) - node.offset;
      } else if (node.in_source) {
        length = node.size;
      } else if (node.style == NodeStyle::plain) {
        length = texts_[node.first].size();  // folded from several lines
      }
      break;
  }
  // The line's end is looked for only within the node: a file of one long line must not cost its square.
  const std::size_t line_break = text_.substr(node.offset, length).find_first_of("\r\n");
  if (line_break != std::string_view::npos) length = line_break;
  return static_cast<std::uint32_t>(length == 0 ? 1 : length);
}

}  // namespace zonepin
