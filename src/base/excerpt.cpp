#include "base/excerpt.h"

#include <algorithm>
#include <vector>

#include "base/escape.h"
#include "base/text.h"

namespace zonepin {

namespace {

constexpr std::size_t kExcerptColumns = 100;
constexpr std::size_t kColumnsBefore = 40;  // of the place, when the line goes on long enough after it

// Bytes on each side of the place that are looked at: a character has at most four (and up to four combining
// marks of four), so this fills the columns, and a line of many megabytes costs no more than a short one.
constexpr std::size_t kWindowBytes = kExcerptColumns * 20;

struct LinePiece {
  std::size_t offset;  // in the line
  std::size_t columns;
  std::string text;
};

bool is_inside_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::vector<LinePiece> pieces_of(std::string_view line, std::size_t begin, std::size_t end, Charset charset) {
  std::vector<LinePiece> pieces;
  Escaper escaper(line.substr(begin, end - begin), EscapeAlso::nothing);
  std::size_t offset = begin;
  while (!escaper.at_end()) {
    LinePiece piece{offset, 0, {}};
    const Escaper::Piece taken = escaper.next(piece.text);
    piece.columns = taken.columns;
    if (charset != Charset::utf8) {
      piece.text = in_charset(piece.text, charset);
      piece.columns = piece.text.size();
    }
    offset += taken.bytes;
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

// A stretch [first, last) of pieces and the columns that it takes.
struct Stretch {
  std::size_t first;
  std::size_t last;
  std::size_t columns;
};

// Grows from the piece at `place`: first to the left by kColumnsBefore, then to the right, then to the left
// again with what is left over.
Stretch choose(const std::vector<LinePiece>& pieces, std::size_t place) {
  Stretch chosen{place, place, 0};
  const auto grow_left = [&](std::size_t limit) {
    while (chosen.first > 0 && chosen.columns + pieces[chosen.first - 1].columns <= limit) {
      chosen.columns += pieces[--chosen.first].columns;
    }
  };
  grow_left(kColumnsBefore);
  while (chosen.last < pieces.size() && chosen.columns + pieces[chosen.last].columns <= kExcerptColumns) {
    chosen.columns += pieces[chosen.last++].columns;
  }
  grow_left(kExcerptColumns);
  return chosen;
}

}  // namespace

Excerpt excerpt_around(std::string_view line, std::size_t offset, std::size_t length, Charset charset) {
  const std::string_view cut_mark = ellipsis_of(charset);
  offset = std::min(offset, line.size());
  const std::size_t mark_end = offset + std::min(length, line.size() - offset);
  std::size_t begin = offset > kWindowBytes ? offset - kWindowBytes : 0;
  while (begin > 0 && begin < offset && is_inside_character(line[begin])) ++begin;
  const std::size_t end = std::min(line.size(), offset + kWindowBytes);

  const std::vector<LinePiece> pieces = pieces_of(line, begin, end, charset);
  std::size_t place = pieces.size();
  while (place > 0 && offset < end && pieces[place - 1].offset > offset) --place;
  if (offset < end && place > 0)
    --place;  // The piece that holds the offset, even when that points into its middle.
  const Stretch chosen = choose(pieces, place);

  Excerpt excerpt{{}, 0, 0};
  if (begin > 0 || chosen.first > 0) {
    excerpt.text += cut_mark;
    excerpt.mark_column += display_width(cut_mark);
  }
  for (std::size_t i = chosen.first; i < chosen.last; ++i) {
    const LinePiece& piece = pieces[i];
    excerpt.text += piece.text;
    if (i < place) excerpt.mark_column += piece.columns;
    if (i >= place && piece.offset < mark_end) excerpt.mark_columns += piece.columns;
  }
  if (chosen.last < pieces.size() || end < line.size()) excerpt.text += cut_mark;
  excerpt.mark_columns = std::max<std::size_t>(excerpt.mark_columns, 1);
  return excerpt;
}

}  // namespace zonepin
