#include "manifest/append.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "manifest/decode.h"
#include "manifest/problems.h"
#include "manifest/write.h"
#include "manifest/yaml.h"

namespace zonepin {

namespace {

Manifests read_text(const std::string& text) {
  return decode_manifests({{"", text}});
}

bool says_the_same(const std::vector<Document>& documents, const std::vector<Document>& others) {
  return std::equal(
      documents.begin(), documents.end(), others.begin(), others.end(),
      [](const Document& a, const Document& b) { return without_places(a) == without_places(b); });
}

bool says_the_same(std::vector<OrgEntry> orgs, std::vector<OrgEntry> others) {
  for (auto* list : {&orgs, &others}) {
    for (OrgEntry& org : *list) org.place = org.host_place = Place{};
  }
  return orgs == others;
}

// The lines of a text, by the offset that each begins at.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {
    std::size_t at = 0;
    while (at < text.size()) {
      starts_.push_back(at);
      const std::size_t end = text.find('\n', at);
      at = end == std::string_view::npos ? text.size() : end + 1;
    }
  }

  std::size_t count() const { return starts_.size(); }
  std::size_t start(std::size_t line) const { return line < starts_.size() ? starts_[line] : text_.size(); }
  std::string_view line(std::size_t index) const {
    return text_.substr(start(index), start(index + 1) - start(index));
  }

  bool is_marker(std::size_t index) const {
    const std::string_view head = line(index).substr(0, 4);
    const bool marks = head.substr(0, 3) == "---" || head.substr(0, 3) == "...";
    return marks &&
           (head.size() == 3 || head[3] == ' ' || head[3] == '\t' || head[3] == '\r' || head[3] == '\n');
  }

  // Blank, or a comment that stands no deeper than `column` (from 0): of what follows, not of what was
  // before.
  bool is_between(std::size_t index, std::size_t column) const {
    const std::string_view text = line(index);
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos || (text[first] == '#' && first <= column);
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
};

// Where `tokens:` of one document ends, as a line (from 0) in front of which entries can be put.
struct ListEnd {
  std::size_t indent = 0;          // of its `- `
  std::vector<std::size_t> lines;  // the likeliest first
};

// The line (from 0) that the node begins in, and all below it.
std::size_t last_line(const Tree& tree, NodeId id) {
  const Node& node = tree.node(id);
  std::size_t line = node.line - 1;
  if (node.kind != NodeKind::sequence && node.kind != NodeKind::mapping) return line;
  for (NodeId child = node.first; child != kNoNode; child = tree.node(child).next)
    line = std::max(line, last_line(tree, child));
  return line;
}

// Blanks in front of the `- ` of a member, if its line holds nothing else in front of it.
std::optional<std::size_t> indent_of(const Lines& lines, const Node& member) {
  const std::string_view line = lines.line(member.line - 1).substr(0, member.column - 1);
  const std::size_t dash = line.find('-');
  if (dash == std::string_view::npos || line.find_first_not_of(' ') != dash) return std::nullopt;
  if (line.find_first_not_of(' ', dash + 1) != std::string_view::npos) return std::nullopt;
  return dash;
}

std::optional<ListEnd> end_of_tokens(const Tree& tree, const Lines& lines, NodeId root) {
  if (tree.node(root).kind != NodeKind::mapping || tree.node(root).style == NodeStyle::flow)
    return std::nullopt;
  const auto fields = tree.written_fields(root);
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& field) { return tree.scalar(field.key) == "tokens"; });
  if (found == fields.end()) return std::nullopt;
  const Node& list = tree.node(found->value);
  if (list.kind != NodeKind::sequence || list.style == NodeStyle::flow || list.size == 0) return std::nullopt;
  const auto indent = indent_of(lines, tree.node(list.first));
  if (!indent) return std::nullopt;

  std::size_t end = lines.count();
  if (std::next(found) != fields.end()) {
    end = tree.node(std::next(found)->key).line - 1;
  } else {
    for (std::size_t line = last_line(tree, found->value) + 1; line < end; ++line) {
      if (lines.is_marker(line)) end = line;
    }
  }
  // A comment in line with the entries, or deeper, is one of theirs.
  const std::size_t key = tree.node(found->key).column - 1;
  const std::size_t column = *indent > key ? *indent - 1 : key;
  std::size_t before = end;
  while (before > 0 && lines.is_between(before - 1, column)) --before;
  return ListEnd{*indent, {before, end}};
}

std::string with_line_ends_of(std::string_view text, const std::string& added) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || end == 0 || text[end - 1] != '\r') return added;
  std::string result;
  for (const char c : added) {
    if (c == '\n') result += '\r';
    result += c;
  }
  return result;
}

std::string inserted(std::string_view text, std::size_t offset, const std::string& added) {
  std::string lines = offset > 0 && text[offset - 1] != '\n' ? "\n" + added : added;
  std::string result(text.substr(0, offset));
  result += with_line_ends_of(text, lines);
  result += text.substr(offset);
  return result;
}

std::optional<NodeId> root_at(const Tree& tree, const Place& place) {
  for (const NodeId root : tree.documents()) {
    const Place found = tree.place(root);
    if (found.line == place.line && found.column == place.column) return root;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Appended> append_entries(std::string_view text, std::optional<std::size_t> document,
                                       const Draft& draft) {
  const std::string file(text);
  const Manifests before = read_text(file);
  const auto reads_as = [&](const std::string& candidate, const std::vector<Document>& wanted) {
    const Manifests read = read_text(candidate);
    return !has_errors(read.diagnostics) && says_the_same(read.documents, wanted) &&
           says_the_same(read.orgs, before.orgs);
  };
  Diagnostics found;
  Problems problems(found);
  const Tree tree = parse_yaml(file, 0, problems);
  const Lines lines(file);

  if (document && *document < before.documents.size()) {
    std::vector<Document> wanted = before.documents;
    for (const auto& token : draft.tokens) wanted[*document].tokens.push_back(token.part);
    const auto root = root_at(tree, before.documents[*document].place);
    const auto end = root ? end_of_tokens(tree, lines, *root) : std::nullopt;
    for (const std::size_t line : end ? end->lines : std::vector<std::size_t>{}) {
      std::string candidate = inserted(file, lines.start(line), write_entries(draft.tokens, end->indent));
      if (reads_as(candidate, wanted)) return Appended{std::move(candidate), AppendedTo::list};
    }
  }

  std::vector<Document> wanted = before.documents;
  wanted.push_back(document_of(draft));
  std::string candidate = inserted(file, file.size(), "---\n" + write_document(draft));
  if (reads_as(candidate, wanted)) return Appended{std::move(candidate), AppendedTo::document};
  return std::nullopt;
}

}  // namespace zonepin
