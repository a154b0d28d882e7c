#include "report/table.h"

#include <algorithm>
#include <numeric>

#include "base/ensure.h"
#include "base/text.h"
#include "report/page.h"

namespace zonepin {

namespace {

constexpr std::size_t kGapColumns = 2;

struct Sized {
  std::size_t index = 0;  // of the column and its cells
  std::size_t least = 0;
  std::size_t width = 0;
};

std::string_view cell_or_dash(const std::string& cell) {
  return cell.empty() ? std::string_view("-") : cell;
}

std::string cut_cell(std::string_view escaped, std::size_t width, Charset charset) {
  if (display_width(escaped) <= width) return std::string(escaped);
  const std::string_view mark = ellipsis_of(charset);
  const std::size_t columns = display_width(mark);
  if (width <= columns) return std::string(escaped.substr(0, bytes_within(escaped, width)));
  return std::string(escaped.substr(0, bytes_within(escaped, width - columns))).append(mark);
}

std::vector<Row> printable(std::vector<Row> rows, Charset charset) {
  for (Row& row : rows) {
    for (std::string& cell : row) cell = in_charset(cell, charset);
    row.front() = harmless_at_start(row.front());
  }
  return rows;
}

std::vector<Sized> natural_sizes(const std::vector<Column>& columns, const std::vector<Row>& rows) {
  std::vector<Sized> sizes;
  for (std::size_t at = 0; at < columns.size(); ++at) {
    const std::size_t title = display_width(columns[at].title);
    Sized size{at, std::max(columns[at].least, title), title};
    for (const Row& row : rows) size.width = std::max(size.width, display_width(cell_or_dash(row[at])));
    size.least = std::min(size.least, size.width);
    sizes.push_back(size);
  }
  return sizes;
}

template <class Width>
std::size_t total(const std::vector<Sized>& sizes, Width width) {
  std::size_t sum = sizes.empty() ? 0 : kGapColumns * (sizes.size() - 1);
  for (const Sized& size : sizes) sum += width(size);
  return sum;
}

std::size_t least_total(const std::vector<Sized>& sizes) {
  return total(sizes, [](const Sized& size) { return size.least; });
}

// A cell is worth reading at twice its least width; beyond that it gives way to an optional column.
std::size_t easy_total(const std::vector<Sized>& sizes) {
  return total(sizes, [](const Sized& size) { return std::min(size.width, 2 * size.least); });
}

void leave_out_optional(const std::vector<Column>& columns, std::size_t width, std::vector<Sized>& sizes) {
  for (std::size_t at = columns.size(); at-- > 0 && easy_total(sizes) > width;) {
    if (!columns[at].optional) continue;
    sizes.erase(
        std::remove_if(sizes.begin(), sizes.end(), [&](const Sized& size) { return size.index == at; }),
        sizes.end());
  }
}

// Takes columns off the widest that can give, until the table fits.
void shrink(std::size_t width, std::vector<Sized>& sizes) {
  std::size_t sum = total(sizes, [](const Sized& size) { return size.width; });
  while (sum > width) {
    Sized* widest = nullptr;
    for (Sized& size : sizes) {
      if (size.width > size.least && (widest == nullptr || size.width > widest->width)) widest = &size;
    }
    ensure(widest != nullptr, "a table of least widths fits");
    // One wide cell may hold thousands of columns: halve what is too much, so that this ends soon.
    const std::size_t step =
        std::max<std::size_t>(1, std::min(widest->width - widest->least, sum - width) / 2);
    widest->width -= step;
    sum -= step;
  }
}

std::string row_line(const std::vector<Sized>& sizes, const Row& row, Charset charset) {
  std::string line;
  for (std::size_t at = 0; at < sizes.size(); ++at) {
    const std::string cell = cut_cell(cell_or_dash(row[sizes[at].index]), sizes[at].width, charset);
    line += cell;
    if (at + 1 < sizes.size()) line.append(sizes[at].width - display_width(cell) + kGapColumns, ' ');
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line + "\n";
}

std::string blocks_text(const std::vector<Column>& columns, const std::vector<Row>& rows,
                        const Style& style) {
  Page page(style);
  for (const Row& row : rows) {
    page.gap();
    page.line(0, words_of(cell_or_dash(row.front()), Ink::strong), kBlockIndent);
    for (std::size_t at = 1; at < columns.size(); ++at) {
      page.field(lowercase(columns[at].title), words_of(cell_or_dash(row[at])));
    }
  }
  return page.take();
}

}  // namespace

std::string table_text(const std::vector<Column>& columns, const std::vector<Row>& raw, const Style& style) {
  const std::vector<Row> rows = printable(raw, style.charset);
  const std::size_t width =
      std::clamp<std::size_t>(std::max(style.width, style.table_width), kMinPageWidth, kMaxPageWidth);
  std::vector<Sized> sizes = natural_sizes(columns, rows);
  leave_out_optional(columns, width, sizes);
  if (least_total(sizes) > width) return blocks_text(columns, rows, style);
  shrink(width, sizes);
  Row titles;
  for (const Column& column : columns) titles.push_back(column.title);
  std::string head = row_line(sizes, titles, style.charset);
  if (style.color) head = "\x1b[1m" + head.substr(0, head.size() - 1) + "\x1b[0m\n";
  std::string text = head;
  for (const Row& row : rows) text += row_line(sizes, row, style.charset);
  return text;
}

}  // namespace zonepin
