// One YAML file as a tree with places: what the text says, before anybody asks whether it is a manifest.
//
// Promises: acyclic (an alias points to a node that was complete before it), no mapping has a key twice, keys
// are scalars, tags are those of YAML 1.2's core schema, depth and size are within limits.h. Scalars keep
// their style, aliases stay visible as such, so that the text can be written again. Comments are not kept:
// they are in the source text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/diagnostic.h"

namespace zonepin {

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = 0xffff'ffff;

enum class NodeKind : std::uint8_t { null, scalar, sequence, mapping, alias };

enum class NodeStyle : std::uint8_t { plain, single_quoted, double_quoted, literal, folded, block, flow };

// `none` leaves the type to the text (plain) or makes it a string (quoted).
enum class NodeTag : std::uint8_t { none, null, boolean, integer, floating, string, sequence, mapping };

// 28 bytes, millions of them: offsets instead of pointers, children linked through `next`.
struct Node {
  NodeKind kind = NodeKind::null;
  NodeStyle style = NodeStyle::plain;
  NodeTag tag = NodeTag::none;
  bool in_source = false;    // scalar: its text stands in the source as it is
  std::uint32_t offset = 0;  // bytes into the source
  std::uint32_t line = 0;    // from 1
  std::uint32_t column = 0;  // from 1, in bytes
  NodeId next = kNoNode;     // the next child of the same parent; in a mapping key, value, key, value …
  std::uint32_t first =
      0;  // collection: first child or kNoNode; alias: target; scalar: offset, or index into texts
  std::uint32_t size = 0;  // collection: children; scalar in the source: bytes
};

// Nodes in pieces of a power of two: it never moves what is there, so the peak is the sum; and a look is
// cheap, of which there are many to a node.
class Nodes {
 public:
  const Node& operator[](NodeId id) const { return pieces_[id / kPiece][id % kPiece]; }
  Node& operator[](NodeId id) { return pieces_[id / kPiece][id % kPiece]; }
  const Node& back() const { return pieces_.back().back(); }
  std::size_t size() const {
    return pieces_.empty() ? 0 : (pieces_.size() - 1) * kPiece + pieces_.back().size();
  }
  bool empty() const { return pieces_.empty(); }
  void push_back(const Node& node);

 private:
  static constexpr std::size_t kPiece = 4096;

  std::vector<std::vector<Node>> pieces_;  // all full but the last
};

struct Field {
  NodeId key = kNoNode;
  NodeId value = kNoNode;
};

class Tree {
 public:
  // `text` must outlive the tree. `source` is its index, for places.
  Tree(std::uint32_t source, std::string_view text) : source_(source), text_(text) {}

  // The root of each document, in order. An empty document is a null.
  const std::vector<NodeId>& documents() const { return documents_; }

  const Node& node(NodeId id) const { return nodes_[id]; }
  // Through an alias, if it is one. All that follows takes an alias as what it stands for.
  // Once is enough: YAML gives an alias no anchor.
  NodeId resolve(NodeId id) const { return nodes_[id].kind == NodeKind::alias ? nodes_[id].first : id; }
  NodeKind kind(NodeId id) const { return node(resolve(id)).kind; }
  std::string_view scalar(NodeId id) const;  // empty unless it is a scalar
  std::vector<NodeId> items(NodeId sequence) const;
  // What a mapping means: its own fields, then those that merge keys (`<<`) bring and it does not have
  // itself.
  std::vector<Field> fields(NodeId mapping) const;
  // As written, `<<` included, nothing merged.
  std::vector<Field> written_fields(NodeId mapping) const;

  // Where the node's text begins, with its length on that line. An alias has the place of what it stands for.
  Place place(NodeId id) const;
  Place written_place(NodeId id) const;  // of the alias itself
  std::string_view source_text() const { return text_; }
  std::size_t size() const { return nodes_.size(); }

 private:
  friend class TreeBuilder;

  std::uint32_t length_at(const Node& node) const;
  void append_written_fields(NodeId mapping, std::vector<Field>& fields) const;

  std::uint32_t source_;
  std::string_view text_;
  Nodes nodes_;
  std::deque<std::string> texts_;  // scalars whose value differs from their source text
  std::vector<NodeId> documents_;
  std::unordered_map<NodeId, std::vector<Field>> merged_;  // of mappings with a merge key: all their fields
};

}  // namespace zonepin
