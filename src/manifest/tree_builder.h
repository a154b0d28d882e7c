// Builds a Tree from the events of a YAML parser, and checks on the way what the parser does not: limits,
// quotes that are never closed, keys given twice, tags, merge keys. Knows no parser: yaml.cpp feeds it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "manifest/limits.h"
#include "manifest/problems.h"
#include "manifest/tree.h"

namespace zonepin {

// Where the parser says something begins, counted from 0 as it does, in the text after a byte order mark.
struct Mark {
  std::uint32_t offset = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// Thrown out of the parser: the rest of this file can't be read.
struct Unreadable {
  Diagnostic diagnostic;
};

using Anchor = std::size_t;  // the parser's number for an anchor, 0 for none

class TreeBuilder {
 public:
  // What is wrong and does not end the parse goes to `problems`.
  TreeBuilder(std::uint32_t source, std::string_view text, Problems& problems);

  void begin_document(const Mark& mark);
  void end_document();
  void null(const Mark& mark, Anchor anchor);
  void alias(const Mark& mark, Anchor anchor);
  void scalar(const Mark& mark, std::string_view tag, Anchor anchor, std::string_view value);
  void open(NodeKind kind, const Mark& mark, std::string_view tag, Anchor anchor, NodeStyle style);
  void close();

  // The innermost list or mapping in brackets that is still open.
  const Node* open_bracket() const;
  const Node* last_node() const;  // the youngest node; none before the first
  // The text is read to its end. May stop like the others.
  void finish();
  // The parse ended before the text did. A document that ended just there is no whole one.
  void give_up();
  // The tree of all documents that ended; call it last.
  Tree take() { return std::move(tree_); }
  std::uint32_t source() const { return tree_.source_; }
  std::string_view text() const { return tree_.text_; }

 private:
  // A list or mapping that is not closed yet.
  struct Level {
    NodeId id = kNoNode;
    NodeId last = kNoNode;
    Anchor anchor = 0;
    std::uint64_t weight = kNodeWeight;  // of all that stands in it, aliases written out
  };
  // What an anchor stands for; not `complete` while it is open, so that nothing can hold itself.
  struct Anchored {
    NodeId id = kNoNode;
    std::uint64_t weight = 0;
    bool complete = false;
  };

  void check_separator(const Mark& mark);
  std::size_t end_of_last_node() const;
  Node place_node(NodeKind kind, const Mark& mark) const;
  void skip_to_content(Node& node) const;
  NodeId add(const Node& node);
  void complete(NodeId id, Anchor anchor, std::uint64_t weight);
  void set_text(Node& node, std::string_view value);
  NodeTag known_tag(std::string_view tag, const Node& where);
  void check_tag(NodeId id);
  void check_indentation(const Node& node) const;
  void check_deeper(const Node& node) const;
  std::optional<Node> dash_of_empty_item(const Node& node) const;
  void check_null_item(const Node& node) const;
  void check_block_header(const Node& node) const;
  void check_directives(std::size_t to);
  void check_key(const Node& node) const;
  void check_brackets(const Node& node) const;
  void check_folding(const Node& node);
  void check_quoted_lines(const Node& node);
  void close_mapping(NodeId id);
  void check_colons(const std::vector<Field>& fields) const;
  bool all_differ(const std::vector<Field>& fields) const;
  void check_duplicates(const std::vector<Field>& fields);
  std::vector<NodeId> merge_sources(NodeId value);
  void merge(NodeId id, const std::vector<Field>& written);
  bool is_merge_key(NodeId key) const;

  [[noreturn]] void stop_at_depth(const Node& node) const;
  [[noreturn]] void stop(const Place& place, std::string summary, std::string detail) const;
  Place place_of(const Node& node) const;

  Tree tree_;
  Problems& problems_;
  std::uint32_t skipped_ = 0;  // bytes of a byte order mark
  std::vector<Level> open_;
  NodeId root_ = kNoNode;
  bool in_document_ = false;
  std::unordered_map<Anchor, Anchored> anchors_;
  std::uint64_t alias_weight_ = 0;
  Diagnostics suspicions_;      // warnings that would only repeat what a parse that fails says better
  std::vector<Field> closing_;  // the fields of the mapping that is being closed; kept for its memory
};

}  // namespace zonepin
