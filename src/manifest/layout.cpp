#include "manifest/layout.h"

#include <optional>
#include <utility>

#include "manifest/lexemes.h"

namespace zonepin {

namespace {

// Ends the walk: nothing is written then.
struct NotCarried {
  Diagnostic diagnostic;
};

class LayoutWalk {
 public:
  LayoutWalk(const Tree& tree, std::uint32_t source, std::vector<Lexeme> lexemes)
      : tree_(tree), source_(source), lexemes_(std::move(lexemes)) {}

  std::vector<LayoutDocument> run() {
    std::size_t next_root = 0;
    Remarks remarks = take_remarks();
    while (!at_end() || documents_.empty() || !remarks.empty()) {
      documents_.emplace_back();
      LayoutDocument& document = documents_.back();
      if (is_at(LexemeKind::document_start)) {
        document.preface = std::exchange(remarks, {});
        ++at_;
        document.is_marked = true;
        take_line_comment(document.marker_comment, document.head);
        remarks = take_remarks();
      }
      read_body(document, std::move(remarks), next_root);
      if (is_at(LexemeKind::document_end)) {
        ++at_;
        document.is_ended = true;
        Remarks behind;
        take_line_comment(document.end_comment, behind);
      }
      remarks = take_remarks();
      if (!at_end() && !is_at(LexemeKind::document_start) && !document.is_ended) refuse(peek());
    }
    return std::move(documents_);
  }

 private:
  // --- documents

  void read_body(LayoutDocument& document, Remarks remarks, std::size_t& next_root) {
    if (at_end() || is_at(LexemeKind::document_start) || is_at(LexemeKind::document_end)) {
      append(document.head, std::move(remarks));
      return;
    }
    const auto& roots = tree_.documents();
    while (next_root < roots.size() && tree_.node(roots[next_root]).kind == NodeKind::null) ++next_root;
    if (next_root == roots.size()) refuse(peek());
    LayoutMember whole;
    whole.blank_before = peek().blank_before;
    read_value(whole, roots[next_root++], 0);
    document.root = std::move(whole.value);
    if (!document.root.anchor.empty()) refuse(lexemes_[0]);
    append(remarks, std::move(whole.above));
    if (!document.root.header.empty()) remarks.push_back({std::exchange(document.root.header, {}), false});
    if (!whole.trailing.empty()) document.root.rest.push_back({std::move(whole.trailing), false});
    append(document.root.rest, take_remarks());
    split_head(document, std::move(remarks), whole.blank_before);
  }

  // What stands above the first field of a document is its head; but where an empty line divides it, the last
  // part speaks of that field.
  void split_head(LayoutDocument& document, Remarks remarks, bool blank_before) {
    if (!document.root.members.empty()) {
      LayoutMember& first = document.root.members.front();
      append(remarks, std::move(first.above));
      first.above.clear();
      blank_before = first.blank_before;
    }
    std::size_t split = remarks.size();
    if (!blank_before && !document.root.members.empty()) {
      while (split > 0 && !remarks[split - 1].blank_before) --split;
      split = split == 0 ? remarks.size() : split - 1;
    }
    // A blank line at the very start divides nothing.
    if (split == 0) split = remarks.size();
    document.blank_after_head = split < remarks.size() || blank_before;
    for (std::size_t i = 0; i < remarks.size(); ++i) {
      Remarks& into = i < split ? document.head : document.root.members.front().above;
      into.push_back(std::move(remarks[i]));
    }
    if (!document.root.members.empty()) {
      LayoutMember& first = document.root.members.front();
      first.blank_before = false;
      if (!first.above.empty()) first.above.front().blank_before = false;
    }
  }

  // --- values

  // What stands between a key or dash and its value belongs to the key's line, else above it.
  void read_value(LayoutMember& member, NodeId id, std::uint32_t parent_column) {
    const Node& node = tree_.node(id);
    const bool is_collection = node.kind == NodeKind::sequence || node.kind == NodeKind::mapping;
    const bool is_block = is_collection && node.style == NodeStyle::block;
    LayoutValue& value = member.value;
    value.node = id;
    for (;;) {
      if (is_at(LexemeKind::anchor) && value.anchor.empty() && !anchors_key(node)) {
        value.anchor = text_of(take());
      } else if (is_line_comment()) {
        add_header(member, text_of(take()));
      } else if (is_at(LexemeKind::comment) && !is_block) {
        member.above.push_back(remark_of(take()));
      } else {
        break;
      }
    }
    if (!is_collection) {
      expect(node.kind == NodeKind::alias ? LexemeKind::alias : LexemeKind::scalar, id);
    } else if (is_block) {
      node.kind == NodeKind::mapping ? read_block_mapping(value) : read_block_list(value, parent_column);
      return;
    } else {
      read_brackets(member);
    }
    take_trailing(member);
  }

  // `&a key: value` marks the key. Then the mapping has no line break in front of it.
  bool anchors_key(const Node& node) const {
    if (node.kind != NodeKind::mapping || node.style != NodeStyle::block) return false;
    return at_ + 1 < lexemes_.size() && lexemes_[at_ + 1].line == peek().line &&
           lexemes_[at_ + 1].kind != LexemeKind::comment;
  }

  void read_block_mapping(LayoutValue& value) {
    std::uint32_t column = 0;
    for (const Field& field : tree_.written_fields(value.node)) {
      LayoutMember member;
      begin_member(member);
      if (column == 0 && !at_end()) column = peek().column;
      read_field(member, field, column);
      value.members.push_back(std::move(member));
    }
    take_rest(value, column);
  }

  void read_block_list(LayoutValue& value, std::uint32_t parent_column) {
    std::uint32_t column = 0;
    for (const NodeId item : tree_.items(value.node)) {
      LayoutMember member;
      begin_member(member);
      if (column == 0 && !at_end()) column = peek().column;
      expect(LexemeKind::dash, kNoNode);
      read_value(member, item, column);
      value.members.push_back(std::move(member));
    }
    // In the column of its key, a list can't be told from what follows it.
    take_rest(value, column == parent_column ? column + 1 : column);
  }

  void read_brackets(LayoutMember& holder) {
    LayoutValue& value = holder.value;
    expect(LexemeKind::open, kNoNode);
    if (is_line_comment()) add_header(holder, text_of(take()));
    const bool is_mapping = tree_.node(value.node).kind == NodeKind::mapping;
    const std::vector<Field> fields = is_mapping ? tree_.written_fields(value.node) : std::vector<Field>();
    const std::vector<NodeId> items = tree_.items(value.node);
    const std::size_t count = is_mapping ? fields.size() : items.size();
    for (std::size_t i = 0; i < count; ++i) {
      LayoutMember member;
      skip_commas(member.above);
      begin_member(member);
      if (is_mapping) {
        read_field(member, fields[i], 0);
      } else {
        read_value(member, items[i], 0);
      }
      if (is_at(LexemeKind::comma)) ++at_;
      take_trailing(member);
      value.members.push_back(std::move(member));
    }
    skip_commas(value.rest);
    expect(LexemeKind::close, kNoNode);
  }

  void read_field(LayoutMember& member, const Field& field, std::uint32_t column) {
    member.key = field.key;
    expect(LexemeKind::scalar, field.key);
    expect(LexemeKind::colon, kNoNode);
    read_value(member, field.value, column);
  }

  // --- comments

  void begin_member(LayoutMember& member) {
    append(member.above, take_remarks());
    member.blank_before = !at_end() && peek().blank_before;
  }

  // Comments that are indented at least like the block that ends here are its own.
  void take_rest(LayoutValue& value, std::uint32_t column) {
    while (is_at(LexemeKind::comment) && peek().column >= column) value.rest.push_back(remark_of(take()));
  }

  // In brackets a comma may stand anywhere between.
  void skip_commas(Remarks& remarks) {
    while (is_at(LexemeKind::comma) || is_at(LexemeKind::comment)) {
      const Lexeme& lexeme = take();
      if (lexeme.kind == LexemeKind::comment) remarks.push_back(remark_of(lexeme));
    }
  }

  Remarks take_remarks() {
    Remarks remarks;
    while (is_at(LexemeKind::comment)) remarks.push_back(remark_of(take()));
    return remarks;
  }

  void take_trailing(LayoutMember& member) {
    if (is_line_comment()) take_line_comment(member.trailing, member.above);
  }

  // The first comment of a line stays on it; there is no room for a second one.
  void take_line_comment(std::string& comment, Remarks& otherwise) {
    if (!is_line_comment()) return;
    std::string text = text_of(take());
    if (comment.empty()) {
      comment = std::move(text);
    } else {
      otherwise.push_back({std::move(text), false});
    }
  }

  void add_header(LayoutMember& member, std::string text) {
    if (member.value.header.empty()) {
      member.value.header = std::move(text);
    } else {
      member.above.push_back({std::move(text), false});
    }
  }

  Remark remark_of(const Lexeme& lexeme) const { return {text_of(lexeme), lexeme.blank_before}; }

  static void append(Remarks& remarks, Remarks more) {
    for (Remark& remark : more) remarks.push_back(std::move(remark));
  }

  // --- lexemes

  bool at_end() const { return at_ == lexemes_.size(); }
  const Lexeme& peek() const { return lexemes_[at_]; }
  const Lexeme& take() { return lexemes_[at_++]; }
  bool is_at(LexemeKind kind) const { return !at_end() && peek().kind == kind; }
  bool is_line_comment() const { return is_at(LexemeKind::comment) && !peek().own_line; }
  std::string text_of(const Lexeme& lexeme) const {
    return std::string(tree_.source_text().substr(lexeme.begin, lexeme.end - lexeme.begin));
  }

  void expect(LexemeKind kind, NodeId node) {
    if (at_end()) refuse(lexemes_.back());
    if (peek().kind != kind || peek().node != node) refuse(peek());
    ++at_;
  }

  [[noreturn]] void refuse(const Lexeme& lexeme) const {
    const Place place = place_of(lexeme, source_);
    const char first = tree_.source_text()[lexeme.begin];
    if (first == '!') {
      throw NotCarried{{Severity::error, "fmt does not carry tags over",
                        "a manifest needs none: leave it out, and put a text that looks like something else "
                        "into quotes",
                        place}};
    }
    if (first == '%') {
      throw NotCarried{{Severity::error, "fmt does not carry directives over",
                        "a manifest is read as YAML 1.2 anyway: leave this line out", place}};
    }
    if (first == '?') {
      throw NotCarried{{Severity::error, "fmt does not carry keys behind a question mark over",
                        "write key: value", place}};
    }
    if (lexeme.kind == LexemeKind::anchor) {
      throw NotCarried{{Severity::error, "fmt does not carry an anchor over that stands here",
                        "one anchor stands behind the key or the dash of the value that it names", place}};
    }
    throw NotCarried{{Severity::error, "fmt does not know how to carry over what stands here",
                      "write it on a line of its own, as key: value or as a list item", place}};
  }

  const Tree& tree_;
  std::uint32_t source_;
  std::vector<Lexeme> lexemes_;
  std::size_t at_ = 0;
  std::vector<LayoutDocument> documents_;
};

}  // namespace

Layout layout_of(const Tree& tree, std::uint32_t source) {
  auto lexemes = lexemes_of(tree);
  if (!lexemes) {
    return Diagnostic{Severity::error,
                      "fmt does not find every text of this file again",
                      "a text that goes on over several lines in an unusual way? Write it on one line",
                      {source, 1, 1, 1}};
  }
  try {
    return LayoutWalk(tree, source, std::move(*lexemes)).run();
  } catch (const NotCarried& obstacle) {
    return obstacle.diagnostic;
  }
}

}  // namespace zonepin
