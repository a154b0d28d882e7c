// A manifest with its comments, each where it belongs: at the head, above a field or an entry, behind it on
// its line, or at the end of a block. What is written anew from it keeps them there, whatever moves.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/diagnostic.h"
#include "manifest/tree.h"

namespace zonepin {

// A comment on a line of its own, without its indentation.
struct Remark {
  std::string text;
  bool blank_before = false;
};
using Remarks = std::vector<Remark>;

struct LayoutMember;

// A value: a scalar, an alias, or a list or mapping with its members in the order of the text.
struct LayoutValue {
  NodeId node = kNoNode;
  std::string anchor;  // with its &; empty: none
  std::string header;  // the comment behind the key, the dash or the bracket that a list or mapping follows
  std::vector<LayoutMember> members;
  Remarks rest;  // at the end of the block
};

// A field (with a key) or a member of a list.
struct LayoutMember {
  NodeId key = kNoNode;
  LayoutValue value;
  Remarks above;
  bool blank_before = false;  // behind the comments above it
  std::string trailing;       // the comment behind it
};

// One document with its markers.
struct LayoutDocument {
  Remarks preface;  // in front of the ---
  bool is_marked = false;
  std::string marker_comment;
  Remarks head;
  bool blank_after_head = false;
  LayoutValue root;       // without a node: there is only a marker, or comments
  bool is_ended = false;  // by ...
  std::string end_comment;
};

// Or what can't be carried over, and where.
using Layout = std::variant<std::vector<LayoutDocument>, Diagnostic>;

// REQUIRES: the tree is of a valid manifest, its text without byte order mark and carriage returns.
Layout layout_of(const Tree& tree, std::uint32_t source);

}  // namespace zonepin
