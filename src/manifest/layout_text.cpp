#include "manifest/layout_text.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "manifest/layout_order.h"
#include "manifest/lexemes.h"
#include "manifest/plain_text.h"
#include "manifest/scalar_text.h"
#include "manifest/scalar_type.h"
#include "manifest/shape.h"
#include "manifest/source_text.h"

namespace zonepin {

namespace {

constexpr std::size_t kStep = 2;  // columns that a block is indented by

class LayoutWriter {
 public:
  explicit LayoutWriter(const Tree& tree) : tree_(tree) {}

  std::string write(const std::vector<LayoutDocument>& documents) {
    for (const LayoutDocument& document : documents) write_document(document);
    return std::move(out_);
  }

 private:
  // --- documents

  void write_document(const LayoutDocument& document) {
    write_remarks(document.preface, 0);
    if (document.is_marked) write_marker("---", document.marker_comment);
    write_remarks(document.head, 0, Blank::not_first);
    const auto& fields = document.root.members;
    if (!fields.empty()) {
      const bool divides = document.blank_after_head || !fields.front().above.empty();
      if (!document.head.empty() && divides) out_ += '\n';
      write_fields(document.root, shape_of_document(tree_, document.root.node), 0);
    }
    write_remarks(document.root.rest, 0);
    if (document.is_ended) write_marker("...", document.end_comment);
  }

  void write_marker(std::string_view marker, const std::string& comment) {
    out_ += marker;
    end_line(comment);
  }

  // --- blocks: every one begins on a new line and ends with one

  enum class Blank { as_given, not_first };

  void write_remarks(const Remarks& remarks, std::size_t indent, Blank blank = Blank::as_given) {
    for (const Remark& remark : remarks) {
      if (remark.blank_before && blank == Blank::as_given) write_blank();
      blank = Blank::as_given;
      out_.append(indent, ' ');
      out_ += remark.text;
      out_ += '\n';
    }
  }

  // One at most, and none at the start.
  void write_blank() {
    if (out_.empty() || (out_.size() >= 2 && out_.substr(out_.size() - 2) == "\n\n")) return;
    out_ += '\n';
  }

  void write_above(const LayoutMember& member, std::size_t indent, Blank blank) {
    write_remarks(member.above, indent, blank);
    const bool is_first = blank == Blank::not_first && member.above.empty();
    if (member.blank_before && !is_first) write_blank();
  }

  void write_fields(const LayoutValue& mapping, Shape shape, std::size_t indent) {
    Blank blank = Blank::not_first;
    for (const LayoutMember& field : mapping.members) {
      write_above(field, indent, blank);
      blank = Blank::as_given;
      out_.append(indent, ' ');
      write_field(field, shape, indent);
    }
  }

  // From the key on.
  void write_field(const LayoutMember& field, Shape shape, std::size_t indent) {
    const std::string key = key_text(field.key);
    out_ += key + ":";
    const Shape of_value = shape_of_field(shape, tree_.scalar(field.key));
    write_value(field, of_value, indent, indent + display_width(key) + 1);
  }

  void write_items(const LayoutValue& list, Shape shape, std::size_t indent) {
    Blank blank = Blank::not_first;
    for (const LayoutMember& item : list.members) {
      write_above(item, indent, blank);
      blank = Blank::as_given;
      const Shape of_item = shape_of_member(shape);
      if (begins_on_dash(item.value, of_item, indent)) {
        write_entry(item, of_item, indent);
        continue;
      }
      out_.append(indent, ' ');
      out_ += '-';
      write_value(item, of_item, indent, indent + 1);
    }
  }

  // A mapping in lines whose first field stands behind the dash.
  bool begins_on_dash(const LayoutValue& value, Shape shape, std::size_t indent) const {
    if (value.members.empty() || tree_.node(value.node).kind != NodeKind::mapping) return false;
    if (!value.anchor.empty() || !value.header.empty()) return false;
    return !brackets_that_fit(value, shape, indent + 2);
  }

  void write_entry(const LayoutMember& entry, Shape shape, std::size_t indent) {
    const LayoutValue& mapping = entry.value;
    LayoutMember first = mapping.members.front();
    // What stood behind the brackets goes to the first line.
    const bool has_room = first.trailing.empty() && first.value.header.empty();
    if (!entry.trailing.empty() && has_room) first.trailing = entry.trailing;
    if (!entry.trailing.empty() && !has_room) write_remarks({{entry.trailing, false}}, indent);
    out_.append(indent, ' ');
    out_ += "- ";
    write_field(first, shape, indent + kStep);
    for (std::size_t i = 1; i < mapping.members.size(); ++i) {
      write_above(mapping.members[i], indent + kStep, Blank::as_given);
      out_.append(indent + kStep, ' ');
      write_field(mapping.members[i], shape, indent + kStep);
    }
    write_remarks(mapping.rest, indent + kStep);
  }

  // Behind a colon or a dash, which ends in `column`; to the end of the line or of the block.
  void write_value(const LayoutMember& member, Shape shape, std::size_t indent, std::size_t column) {
    const LayoutValue& value = member.value;
    if (!value.anchor.empty()) {
      out_ += " " + value.anchor;
      column += 1 + display_width(value.anchor);
    }
    const Node& node = tree_.node(value.node);
    if (node.kind == NodeKind::scalar) return write_scalar(member, shape, indent, column);
    if (node.kind == NodeKind::alias) return end_with(alias_text(value.node), member.trailing);
    if (const auto text = brackets_that_fit(value, shape, column + 1))
      return end_with(*text, member.trailing);
    write_block(member, shape, indent);
  }

  void write_block(const LayoutMember& member, Shape shape, std::size_t indent) {
    const LayoutValue& value = member.value;
    const bool has_header = !value.header.empty();
    end_line(has_header ? value.header : member.trailing);
    if (tree_.node(value.node).kind == NodeKind::mapping) {
      write_fields(value, shape, indent + kStep);
    } else {
      write_items(value, shape, indent + kStep);
    }
    write_remarks(value.rest, indent + kStep);
    if (has_header && !member.trailing.empty()) write_remarks({{member.trailing, false}}, indent + kStep);
  }

  void end_with(const std::string& text, const std::string& comment) {
    out_ += ' ';
    out_ += text;
    end_line(comment);
  }

  void end_line(const std::string& comment) {
    if (!comment.empty()) out_ += "  " + comment;
    out_ += '\n';
  }

  // --- scalars

  void write_scalar(const LayoutMember& member, Shape shape, std::size_t indent, std::size_t column) {
    const NodeId id = member.value.node;
    const std::size_t inner = indent + kStep;
    const std::string text = scalar_text(id, shape, ScalarSpot::line);
    const bool fits = column + 1 + display_width(text) <= kManifestWidth;
    if (keeps_lines(id) && (has_breaks(id) || !fits)) {
      out_ += " " + block_header(id);
      end_line(member.trailing);
      return write_block_lines(id, inner);
    }
    if (!fits && spans_lines(id) && can_be_folded(id)) {
      out_ += " >-";
      end_line(member.trailing);
      return write_folded(tree_.scalar(id), inner);
    }
    end_with(text, member.trailing);
  }

  bool is_block_scalar(NodeId id) const {
    const NodeStyle style = tree_.node(id).style;
    return style == NodeStyle::literal || style == NodeStyle::folded;
  }

  bool has_breaks(NodeId id) const { return tree_.scalar(id).find('\n') != std::string_view::npos; }

  // Empty lines at the end of a text are hard to see and easy to lose: those go into quotes.
  bool keeps_lines(NodeId id) const {
    if (!is_block_scalar(id) || !block_lines(tree_, id)) return false;
    const std::string_view value = tree_.scalar(id);
    const std::string_view end = value.substr(value.find_last_not_of(" \t\n") + 1);
    const std::size_t line_break = end.find('\n');
    return line_break == std::string_view::npos || line_break + 1 == end.size();
  }

  std::string block_header(NodeId id) const {
    const std::string_view value = tree_.scalar(id);
    std::string header = tree_.node(id).style == NodeStyle::literal ? "|" : ">";
    const std::size_t content = value.find_first_not_of('\n');
    if (content != std::string_view::npos && value[content] == ' ') header += std::to_string(kStep);
    if (value.back() != '\n') header += '-';
    return header;
  }

  void write_block_lines(NodeId id, std::size_t indent) {
    const auto lines = block_lines(tree_, id);
    const std::string_view text = tree_.source_text();
    const std::string_view value = tree_.scalar(id);
    out_.append(std::min(value.find_first_not_of('\n'), value.size()), '\n');
    for (std::size_t line = lines->begin; line < lines->end;) {
      const std::size_t end = std::min<std::size_t>(end_of_line(text, line), lines->end);
      if (end > line + lines->indentation) {
        out_.append(indent, ' ');
        out_ += text.substr(line + lines->indentation, end - line - lines->indentation);
      }
      out_ += '\n';
      line = end + 1;
    }
  }

  // Plain or quoted, over more than one line.
  bool spans_lines(NodeId id) const {
    const Node& node = tree_.node(id);
    if (node.in_source || is_block_scalar(id)) return false;
    if (node.style == NodeStyle::plain) return true;
    const auto end = end_of_quoted(tree_.source_text(), node.offset);
    return end && end_of_line(tree_.source_text(), node.offset) < *end;
  }

  // Into words with single spaces between.
  bool can_be_folded(NodeId id) const {
    const std::string_view value = tree_.scalar(id);
    return value.find("  ") == std::string_view::npos && value.front() != ' ' && value.back() != ' ' &&
           escape_message(value) == value;
  }

  void write_folded(std::string_view value, std::size_t indent) {
    std::size_t column = 0;
    for (const std::string_view word : split(value, ' ')) {
      const std::size_t width = display_width(word);
      if (column > 0 && column + 1 + width <= kManifestWidth) {
        out_ += ' ';
        column += 1 + width;
      } else {
        if (column > 0) out_ += '\n';
        out_.append(indent, ' ');
        column = indent + width;
      }
      out_ += word;
    }
    out_ += '\n';
  }

  std::string key_text(NodeId key) const { return scalar_text(key, Shape::text, ScalarSpot::line); }

  std::string scalar_text(NodeId id, Shape shape, ScalarSpot spot) const {
    const std::string_view value = tree_.scalar(id);
    switch (type_of(tree_, id)) {
      case ScalarType::boolean: return lowercase(value);
      case ScalarType::integer:
        if (const auto number = integer_value(value)) return std::to_string(*number);
        break;
      case ScalarType::null:
      case ScalarType::floating: break;
      case ScalarType::string: return text_text(id, shape, spot);
    }
    return std::string(value);
  }

  std::string text_text(NodeId id, Shape shape, ScalarSpot spot) const {
    const std::string_view value = tree_.scalar(id);
    const Node& node = tree_.node(id);
    if (shape == Shape::point && is_plain_point(value)) return std::string(value);
    const bool is_merge_key = value == "<<" && node.style == NodeStyle::plain;
    if (is_merge_key) return std::string(value);
    const bool has_wildcard = shape == Shape::glob && value.find_first_of("*?[") != std::string_view::npos;
    if (!has_wildcard && is_plain_text(value, spot)) return std::string(value);
    return yaml_quoted(value);
  }

  std::string alias_text(NodeId alias) const {
    const std::size_t begin = tree_.node(alias).offset;
    return std::string(tree_.source_text().substr(begin, end_of_word(tree_.source_text(), begin) - begin));
  }

  // --- brackets

  // None: it carries a comment, is too large, or is something that goes into lines of its own.
  std::optional<std::string> brackets_that_fit(const LayoutValue& value, Shape shape,
                                               std::size_t column) const {
    if (!value.members.empty() && !is_small(shape)) return std::nullopt;
    std::string text;
    if (!append_brackets(text, value, shape)) return std::nullopt;
    if (!value.members.empty() && column + display_width(text) > kManifestWidth) return std::nullopt;
    return text;
  }

  bool append_brackets(std::string& text, const LayoutValue& value, Shape shape) const {
    if (!value.header.empty() || !value.rest.empty()) return false;
    const bool is_mapping = tree_.node(value.node).kind == NodeKind::mapping;
    const bool is_empty = value.members.empty();
    text += is_mapping ? (is_empty ? "{" : "{ ") : "[";
    for (std::size_t i = 0; i < value.members.size(); ++i) {
      const LayoutMember& member = value.members[i];
      if (!member.above.empty() || !member.trailing.empty()) return false;
      if (i > 0) text += ", ";
      Shape of_member = shape_of_member(shape);
      if (is_mapping) {
        text += scalar_text(member.key, Shape::text, ScalarSpot::brackets) + ": ";
        of_member = shape_of_field(shape, tree_.scalar(member.key));
      }
      if (!append_in_brackets(text, member.value, of_member)) return false;
      if (text.size() > kMostInBrackets) return false;
    }
    text += is_mapping ? (is_empty ? "}" : " }") : "]";
    return true;
  }

  bool append_in_brackets(std::string& text, const LayoutValue& value, Shape shape) const {
    if (!value.anchor.empty()) text += value.anchor + " ";
    switch (tree_.node(value.node).kind) {
      case NodeKind::alias: text += alias_text(value.node); return true;
      case NodeKind::sequence:
      case NodeKind::mapping: return append_brackets(text, value, shape);
      case NodeKind::scalar:
        if (keeps_lines(value.node) && has_breaks(value.node)) return false;
        text += scalar_text(value.node, shape, ScalarSpot::brackets);
        return true;
      case NodeKind::null: break;
    }
    return false;
  }

  // Bytes: no line of that many fits, whatever they are, and none is put together in vain.
  static constexpr std::size_t kMostInBrackets = kManifestWidth * 8;

  const Tree& tree_;
  std::string out_;
};

}  // namespace

std::string text_of_layout(const Tree& tree, const std::vector<LayoutDocument>& documents) {
  return LayoutWriter(tree).write(documents);
}

}  // namespace zonepin
