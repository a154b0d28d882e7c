#include "report/page.h"

#include <algorithm>

#include "base/text.h"

namespace zonepin {

namespace {

std::string_view code_of(Ink ink) {
  switch (ink) {
    case Ink::plain: return "\x1b[0m";
    case Ink::strong: return "\x1b[1m";
    case Ink::faint: return "\x1b[2m";
    case Ink::good: return "\x1b[32m";
    case Ink::attention: return "\x1b[33m";
    case Ink::bad: return "\x1b[31m";
  }
  return "";
}

}  // namespace

bool starts_workflow_command(std::string_view text) {
  const bool starts_so = text.size() > 2 && text.substr(0, 2) == "::" &&
                         ((text[2] >= 'a' && text[2] <= 'z') || (text[2] >= 'A' && text[2] <= 'Z'));
  return starts_so && text.find_first_not_of("0123456789abcdef:./,") != std::string_view::npos;
}

std::string harmless_at_start(std::string_view text) {
  return starts_workflow_command(text) ? "\\x3a" + std::string(text.substr(1)) : std::string(text);
}

void append_words(Words& words, std::string_view escaped, Ink ink) {
  for (const std::string_view part : split(escaped, ' ')) {
    if (!part.empty()) words.push_back({std::string(part), ink});
  }
}

Words words_of(std::string_view escaped, Ink ink) {
  Words words;
  append_words(words, escaped, ink);
  return words;
}

void attach(Words& words, std::string_view text) {
  if (words.empty()) words.push_back({});
  words.back().text += text;
}

Page::Page(const Style& style)
    : width_(std::clamp(style.width, kMinPageWidth, kMaxPageWidth)),
      color_(style.color),
      charset_(style.charset) {}

void Page::line(std::size_t indent, const Words& words, std::size_t hang) {
  start_line(indent);
  set(words, hang);
  end_line();
}

void Page::field(std::string_view label, const Words& words) {
  start_line(kFieldIndent);
  put({in_charset(label, charset_), Ink::faint});
  use(Ink::plain);
  const std::size_t start = kFieldIndent + kLabelColumns;
  text_.append(column_ < start ? start - column_ : 1, ' ');
  column_ = std::max(start, column_ + 1);
  line_is_empty_ = true;
  set(words, start);
  end_line();
}

void Page::set(const Words& words, std::size_t hang) {
  if (charset_ == Charset::utf8) return set_spelled(words, hang);
  Words spelled;
  spelled.reserve(words.size());
  for (const Word& word : words) spelled.push_back({in_charset(word.text, charset_), word.ink});
  set_spelled(spelled, hang);
}

void Page::set_spelled(const Words& words, std::size_t hang) {
  for (const Word& word : words) {
    if (!line_is_empty_ && column_ + 1 + display_width(word.text) > width_) {
      end_line();
      start_line(hang);
    }
    if (line_is_empty_ &&
        (starts_workflow_command(word.text) || column_ + display_width(word.text) > width_)) {
      put_in_pieces(word, hang);
    } else {
      put(word);
    }
  }
}

void Page::gap() {
  if (text_.empty() || (text_.size() >= 2 && text_.compare(text_.size() - 2, 2, "\n\n") == 0)) return;
  text_ += '\n';
}

void Page::start_line(std::size_t indent) {
  text_.append(indent, ' ');
  column_ = indent;
  line_is_empty_ = true;
}

void Page::end_line() {
  use(Ink::plain);
  while (!text_.empty() && text_.back() == ' ') text_.pop_back();
  text_ += '\n';
}

void Page::put(const Word& word) {
  if (word.text.empty()) return;
  if (word.ink != ink_) use(Ink::plain);
  if (!line_is_empty_) {
    text_ += ' ';
    ++column_;
  }
  use(word.ink);
  text_ += word.text;
  column_ += display_width(word.text);
  line_is_empty_ = false;
}

void Page::put_in_pieces(const Word& word, std::size_t hang) {
  std::string start = harmless_at_start(word.text);
  std::string_view rest = start;
  while (!rest.empty()) {
    const std::size_t taken = bytes_within(rest, width_ - column_);
    std::string_view piece = rest.substr(0, taken);
    rest.remove_prefix(taken);
    while (!rest.empty() && !piece.empty() && piece.back() == ' ') piece.remove_suffix(1);
    put({std::string(piece), word.ink});
    if (rest.empty()) return;
    end_line();
    start_line(hang);
    if (starts_workflow_command(rest)) {
      start = harmless_at_start(rest);
      rest = start;
    }
  }
}

void Page::use(Ink ink) {
  if (ink == ink_) return;
  if (color_) text_ += code_of(ink);
  ink_ = ink;
}

}  // namespace zonepin
