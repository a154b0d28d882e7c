#include "manifest/layout_order.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace zonepin {

namespace {

class Ordering {
 public:
  Ordering(const Tree& tree, std::uint32_t source) : tree_(tree), source_(source) {}

  void order(LayoutValue& value, Shape shape) {
    if (tree_.node(value.node).kind == NodeKind::alias) return;
    const bool is_mapping = tree_.kind(value.node) == NodeKind::mapping;
    if (is_mapping) {
      std::stable_sort(value.members.begin(), value.members.end(),
                       [&](const LayoutMember& one, const LayoutMember& other) {
                         return rank_of(shape, tree_.scalar(one.key)) <
                                rank_of(shape, tree_.scalar(other.key));
                       });
    }
    for (LayoutMember& member : value.members) {
      const Shape of_member =
          is_mapping ? shape_of_field(shape, tree_.scalar(member.key)) : shape_of_member(shape);
      order(member.value, of_member);
      settle(member);
      if (!is_mapping) lift(member);
    }
  }

  // In the order of the new text.
  std::optional<Diagnostic> check_aliases(const LayoutValue& value) {
    const Node& node = tree_.node(value.node);
    if (node.kind == NodeKind::alias) return check_alias(value.node);
    for (const LayoutMember& member : value.members) {
      if (auto misplaced = check_aliases(member.value)) return misplaced;
    }
    // What is not complete can't be meant by an alias within it; a name given again is of the younger one.
    if (!value.anchor.empty()) anchors_[value.anchor.substr(1)] = value.node;
    return std::nullopt;
  }

 private:
  // A value of one line has room for one comment, behind it.
  void settle(LayoutMember& member) const {
    LayoutValue& value = member.value;
    if (!value.members.empty()) return;
    if (member.trailing.empty()) std::swap(member.trailing, value.header);
    if (!value.header.empty()) member.above.push_back({std::exchange(value.header, {}), false});
    for (Remark& remark : value.rest) member.above.push_back(std::move(remark));
    value.rest.clear();
  }

  // Between a dash and the field behind it is no room for comments.
  void lift(LayoutMember& item) const {
    LayoutValue& value = item.value;
    const bool on_dash = value.anchor.empty() && value.header.empty();
    if (!on_dash || value.members.empty() || tree_.node(value.node).kind != NodeKind::mapping) return;
    LayoutMember& first = value.members.front();
    first.blank_before = false;
    if (!first.above.empty()) first.above.front().blank_before = false;
    for (Remark& remark : first.above) item.above.push_back(std::move(remark));
    first.above.clear();
  }

  std::optional<Diagnostic> check_alias(NodeId alias) const {
    const Place place = tree_.written_place(alias);
    const std::string name(
        tree_.source_text().substr(tree_.node(alias).offset + 1, place.length > 1 ? place.length - 1 : 0));
    const auto anchor = anchors_.find(name);
    if (anchor != anchors_.end() && anchor->second == tree_.node(alias).first) return std::nullopt;
    Place here = place;
    here.source = source_;
    return Diagnostic{Severity::error, "in the order of fmt this alias would not find its anchor",
                      "fields have a fixed order: put the anchor " + in_quotes("&" + name) +
                          " where it comes first in that order, or write the value out",
                      here};
  }

  const Tree& tree_;
  std::uint32_t source_;
  std::map<std::string, NodeId> anchors_;
};

}  // namespace

Shape shape_of_document(const Tree& tree, NodeId root) {
  for (const Field& field : tree.fields(root)) {
    if (tree.scalar(field.key) == "kind" && tree.scalar(field.value) == "Orgs") return Shape::orgs_document;
  }
  return Shape::tokens_document;
}

std::optional<Diagnostic> put_in_order(const Tree& tree, std::uint32_t source,
                                       std::vector<LayoutDocument>& documents) {
  for (LayoutDocument& document : documents) {
    if (document.root.node == kNoNode) continue;
    Ordering ordering(tree, source);
    ordering.order(document.root, shape_of_document(tree, document.root.node));
    if (auto misplaced = ordering.check_aliases(document.root)) return misplaced;
  }
  return std::nullopt;
}

}  // namespace zonepin
