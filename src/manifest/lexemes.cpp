#include "manifest/lexemes.h"

#include <algorithm>

#include "manifest/source_text.h"

namespace zonepin {

namespace {

constexpr std::string_view kWhite = " \t\n";

bool is_white(char byte) {
  return kWhite.find(byte) != std::string_view::npos;
}

// A plain scalar may go on over several lines: its text stands there, with other white space.
std::optional<std::size_t> end_of_plain(std::string_view text, std::size_t begin, std::string_view value) {
  std::size_t at = begin;
  for (const char byte : value) {
    if (is_white(byte)) continue;
    while (at < text.size() && is_white(text[at])) ++at;
    if (at == text.size() || text[at] != byte) return std::nullopt;
    ++at;
  }
  return at == begin ? std::nullopt : std::optional<std::size_t>(at);
}

std::optional<std::size_t> end_of_scalar(const Tree& tree, NodeId id) {
  const Node& node = tree.node(id);
  const std::string_view text = tree.source_text();
  switch (node.style) {
    case NodeStyle::single_quoted:
    case NodeStyle::double_quoted: return end_of_quoted(text, node.offset);
    case NodeStyle::literal:
    case NodeStyle::folded: {
      const auto lines = block_lines(tree, id);
      return lines ? std::optional<std::size_t>(lines->end) : std::nullopt;
    }
    case NodeStyle::plain:
    case NodeStyle::block:
    case NodeStyle::flow: break;
  }
  return end_of_plain(text, node.offset, tree.scalar(id));
}

class Lexer {
 public:
  explicit Lexer(const Tree& tree) : tree_(tree), text_(tree.source_text()) { find_next_node(); }

  std::optional<std::vector<Lexeme>> run() {
    for (;;) {
      skip_white();
      if (at_ == text_.size()) break;
      if (!take_lexeme()) return std::nullopt;
    }
    if (next_ < tree_.size()) return std::nullopt;
    return std::move(lexemes_);
  }

 private:
  void skip_white() {
    while (at_ < text_.size() && is_white(text_[at_])) step();
  }

  void step() {
    if (text_[at_] == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    }
    ++at_;
  }

  // The next node that stands in the text as one piece.
  void find_next_node() {
    while (next_ < tree_.size() && tree_.node(next_).kind != NodeKind::scalar &&
           tree_.node(next_).kind != NodeKind::alias) {
      ++next_;
    }
  }

  bool take_lexeme() {
    if (next_ < tree_.size() && tree_.node(next_).offset <= at_) return take_node();
    const auto [kind, end] = punctuation();
    add(kind, end, kNoNode);
    return true;
  }

  bool take_node() {
    const Node& node = tree_.node(next_);
    if (node.offset != at_) return false;
    const NodeId id = next_++;
    find_next_node();
    if (node.kind == NodeKind::alias) {
      add(LexemeKind::alias, end_of_word(text_, at_), id);
      return true;
    }
    const auto end = end_of_scalar(tree_, id);
    if (!end || *end <= at_) return false;
    const bool is_block = node.style == NodeStyle::literal || node.style == NodeStyle::folded;
    if (is_block) {
      add_block(id, *end);
    } else {
      add(LexemeKind::scalar, *end, id);
    }
    return true;
  }

  // A comment may stand behind | and >, in front of the lines.
  void add_block(NodeId id, std::size_t end) {
    const std::size_t header_end = end_of_line(text_, at_);
    const std::size_t comment = text_.substr(at_, header_end - at_).find('#');
    const std::size_t comment_at = comment == std::string_view::npos ? header_end : at_ + comment;
    add(LexemeKind::scalar, comment_at, id);
    lexemes_.back().end = static_cast<std::uint32_t>(end);
    if (comment_at < header_end) add(LexemeKind::comment, header_end, kNoNode);
    while (at_ < end) step();
    last_line_ = line_;
  }

  struct Punctuation {
    LexemeKind kind;
    std::size_t end;
  };
  Punctuation punctuation() const {
    const bool starts_line = at_ == line_start_;
    const auto marker = text_.substr(at_, 3);
    const bool ends = at_ + 3 >= text_.size() || is_white(text_[at_ + 3]);
    if (starts_line && ends && marker == "---") return {LexemeKind::document_start, at_ + 3};
    if (starts_line && ends && marker == "...") return {LexemeKind::document_end, at_ + 3};
    switch (text_[at_]) {
      case '#': return {LexemeKind::comment, end_of_line(text_, at_)};
      case '&': return {LexemeKind::anchor, end_of_word(text_, at_)};
      case '-': return {LexemeKind::dash, at_ + 1};
      case ':': return {LexemeKind::colon, at_ + 1};
      case ',': return {LexemeKind::comma, at_ + 1};
      case '[':
      case '{': return {LexemeKind::open, at_ + 1};
      case ']':
      case '}': return {LexemeKind::close, at_ + 1};
      default: return {LexemeKind::other, std::max(end_of_word(text_, at_), at_ + 1)};
    }
  }

  void add(LexemeKind kind, std::size_t end, NodeId node) {
    Lexeme lexeme;
    lexeme.kind = kind;
    lexeme.node = node;
    lexeme.begin = static_cast<std::uint32_t>(at_);
    lexeme.line = line_;
    lexeme.column = static_cast<std::uint32_t>(at_ - line_start_) + 1;
    lexeme.own_line =
        kind == LexemeKind::comment &&
        text_.substr(line_start_, at_ - line_start_).find_first_not_of(kWhite) == std::string_view::npos;
    lexeme.blank_before = !lexemes_.empty() && line_ > last_line_ + 1;
    while (at_ < end) step();
    last_line_ = line_;
    while (end > lexeme.begin && is_white(text_[end - 1])) --end;
    lexeme.end = static_cast<std::uint32_t>(end);
    lexemes_.push_back(lexeme);
  }

  const Tree& tree_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t last_line_ = 1;  // where the youngest lexeme ended
  NodeId next_ = 0;
  std::vector<Lexeme> lexemes_;
};

}  // namespace

std::optional<std::vector<Lexeme>> lexemes_of(const Tree& tree) {
  return Lexer(tree).run();
}

std::optional<BlockLines> block_lines(const Tree& tree, NodeId scalar) {
  const std::string_view text = tree.source_text();
  const std::string_view value = tree.scalar(scalar);
  const std::size_t content = value.find_first_not_of('\n');
  if (content == std::string_view::npos) return std::nullopt;
  const std::size_t own_spaces = std::min(value.find_first_not_of(' ', content), value.size()) - content;
  const std::size_t below = end_of_line(text, tree.node(scalar).offset) + 1;
  std::optional<BlockLines> lines;
  for (std::size_t line = below; line < text.size(); line = end_of_line(text, line) + 1) {
    const std::size_t end = end_of_line(text, line);
    const std::size_t spaces = std::min(text.find_first_not_of(' ', line), text.size()) - line;
    if (line + spaces >= end) continue;
    if (!lines) {
      if (spaces < own_spaces) return std::nullopt;
      lines =
          BlockLines{static_cast<std::uint32_t>(line), 0, static_cast<std::uint32_t>(spaces - own_spaces)};
    }
    if (spaces < lines->indentation || lines->indentation == 0) break;
    lines->end = static_cast<std::uint32_t>(end);
  }
  if (lines && lines->end == 0) return std::nullopt;
  return lines;
}

Place place_of(const Lexeme& lexeme, std::uint32_t source) {
  return {source, lexeme.line, lexeme.column, std::max<std::uint32_t>(lexeme.end - lexeme.begin, 1)};
}

}  // namespace zonepin
