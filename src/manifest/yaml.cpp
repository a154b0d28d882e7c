#include "manifest/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <istream>
#include <streambuf>
#include <string>

#include "manifest/limits.h"
#include "manifest/source_text.h"
#include "manifest/syntax_error.h"
#include "manifest/text_check.h"
#include "manifest/tree_builder.h"

namespace zonepin {

namespace {

Mark mark_of(const YAML::Mark& mark) {
  const auto number = [](int value) { return static_cast<std::uint32_t>(std::max(value, 0)); };
  return {number(mark.pos), number(mark.line), number(mark.column)};
}

constexpr std::array<bool, 256> structural_bytes() {
  std::array<bool, 256> table{};
  for (const char c : {'[', ']', '{', '}', ',', ':'}) table[static_cast<unsigned char>(c)] = true;
  return table;
}

// Hands the text to yaml-cpp bit by bit and stops when too much of it was taken since the last event.
class PacedText : public std::streambuf {
 public:
  // `skipped` bytes at the start of `text` are not handed on.
  PacedText(std::string_view text, std::size_t skipped, std::uint32_t source) : text_(text), source_(source) {
    char* begin = const_cast<char*>(text.data());  // NOLINT: a streambuf asks for it; nothing writes
    setg(begin, begin + skipped, begin + text.size());
  }

  void event() {
    pending_bytes_ = 0;
    pending_marks_ = 0;
  }

 protected:
  std::streamsize xsgetn(char* out, std::streamsize wanted) override {
    const std::streamsize count = std::min<std::streamsize>({wanted, egptr() - gptr(), kMostAtOnce});
    std::copy_n(gptr(), count, out);
    count_marks(std::string_view(gptr(), static_cast<std::size_t>(count)));
    gbump(static_cast<int>(count));
    return count;
  }

 private:
  static constexpr std::streamsize kMostAtOnce = 1 << 20;

  void count_marks(std::string_view part) {
    static constexpr auto kStructural = structural_bytes();
    pending_bytes_ += part.size();
    for (const char c : part) pending_marks_ += kStructural[static_cast<unsigned char>(c)] ? 1U : 0U;
    if (pending_bytes_ <= kMaxPendingBytes && pending_marks_ <= kMaxPendingMarks) return;
    throw Unreadable{{Severity::error,
                      "one value is too large: more than " + std::to_string(kMaxPendingBytes >> 20) +
                          " MB or " + std::to_string(kMaxPendingMarks) +
                          " brackets, commas and colons without an end",
                      "write lists as lines that begin with a dash, not in brackets",
                      place_at(text_, static_cast<std::size_t>(gptr() - eback()), source_)}};
  }

  std::string_view text_;
  std::uint32_t source_;
  std::size_t pending_bytes_ = 0;
  std::size_t pending_marks_ = 0;
};

// yaml-cpp's events, told to the builder.
class Events : public YAML::EventHandler {
 public:
  Events(TreeBuilder& builder, PacedText& input) : builder_(builder), input_(input) {}

  void OnDocumentStart(const YAML::Mark& mark) override { builder_.begin_document(mark_of(mark)); }
  void OnDocumentEnd() override {
    input_.event();
    builder_.end_document();
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    input_.event();
    builder_.null(mark_of(mark), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    input_.event();
    builder_.alias(mark_of(mark), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    input_.event();
    builder_.scalar(mark_of(mark), tag, anchor, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    input_.event();
    builder_.open(NodeKind::sequence, mark_of(mark), tag, anchor, style_of(style));
  }
  void OnSequenceEnd() override { builder_.close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    input_.event();
    builder_.open(NodeKind::mapping, mark_of(mark), tag, anchor, style_of(style));
  }
  void OnMapEnd() override { builder_.close(); }

 private:
  static NodeStyle style_of(YAML::EmitterStyle::value style) {
    return style == YAML::EmitterStyle::Flow ? NodeStyle::flow : NodeStyle::block;
  }

  TreeBuilder& builder_;
  PacedText& input_;
};

}  // namespace

Tree parse_yaml(std::string_view text, std::uint32_t source, Problems& problems) {
  TreeBuilder builder(source, text, problems);
  if (const auto unreadable = check_text(text, source)) {
    problems.add(*unreadable);
    return builder.take();
  }
  const bool marked = text.substr(0, kByteOrderMark.size()) == kByteOrderMark;
  PacedText buffer(text, marked ? kByteOrderMark.size() : 0, source);
  std::istream stream(&buffer);
  stream.exceptions(std::ios::badbit);  // lets what PacedText throws through
  try {
    YAML::Parser parser(stream);
    Events events(builder, buffer);
    while (parser.HandleNextDocument(events)) {
    }
    builder.finish();
  } catch (const Unreadable& unreadable) {
    problems.add(unreadable.diagnostic);
    builder.give_up();
  } catch (const YAML::Exception& exception) {
    problems.add(explain_syntax_error(builder, mark_of(exception.mark), exception.msg));
    builder.give_up();
  }
  return builder.take();
}

}  // namespace zonepin
