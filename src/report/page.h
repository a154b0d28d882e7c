// Words set into lines of a given width: what every text report is made with. For this room only.
// Promises: no line is wider than the page, none ends with a space, none holds a byte that a terminal acts
// upon but our own colours, nor a letter that the style's charset lacks; without colours the text is the
// same.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/style.h"

namespace zonepin {

enum class Ink { plain, strong, faint, good, attention, bad };

// Stands unbroken on one line if the page is wide enough. `text` is escaped already.
struct Word {
  std::string text;
  Ink ink = Ink::plain;
};
using Words = std::vector<Word>;

// One word for each stretch of an escaped text between spaces.
void append_words(Words& words, std::string_view escaped, Ink ink = Ink::plain);
Words words_of(std::string_view escaped, Ink ink = Ink::plain);
// Puts `text` right after the last word, as a comma is.
void attach(Words& words, std::string_view text);

// GitHub Actions takes a line that starts with `::name` as a command; an address that starts so is none. A
// Page sees to it by itself.
bool starts_workflow_command(std::string_view escaped);
// What may stand at the start of a line.
std::string harmless_at_start(std::string_view escaped);

// Where a block's text starts, and the label before it.
inline constexpr std::size_t kBlockIndent = 2;
inline constexpr std::size_t kFieldIndent = 6;
inline constexpr std::size_t kLabelColumns = 10;

class Page {
 public:
  explicit Page(const Style& style);

  // Columns that a line holds after `indent`.
  std::size_t room_after(std::size_t indent) const { return width_ - indent; }

  // The first line starts at `indent`, the ones it runs over to at `hang`.
  void line(std::size_t indent, const Words& words, std::size_t hang);
  // `      label     words`, further lines below the words.
  void field(std::string_view label, const Words& words);
  // An empty line, unless the page is empty or ends with one.
  void gap();

  std::string take() { return std::move(text_); }

 private:
  void start_line(std::size_t indent);
  void end_line();
  void set(const Words& words, std::size_t hang);
  void set_spelled(const Words& words, std::size_t hang);
  void put(const Word& word);
  void put_in_pieces(const Word& word, std::size_t hang);
  void use(Ink ink);

  std::string text_;
  std::size_t width_;
  bool color_;
  Charset charset_;
  std::size_t column_ = 0;
  bool line_is_empty_ = true;
  Ink ink_ = Ink::plain;
};

}  // namespace zonepin
