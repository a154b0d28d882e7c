#include "report/unified_diff.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/text.h"

namespace zonepin {

namespace {

using DiffLines = std::vector<std::string_view>;

constexpr std::size_t kContext = 3;
constexpr std::size_t kMostEdits =
    2'000;  // beyond it, what differs is one change; memory grows with its square

// With their line breaks.
DiffLines lines_of(std::string_view text) {
  DiffLines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

// Lines that stand in both texts, as pairs of their indices, rising in both.
using CommonLines = std::vector<std::pair<std::size_t, std::size_t>>;

// Myers' greedy search for the fewest edits (An O(ND) Difference Algorithm, 1986), of what lies between a
// common start and a common end.
class EditSearch {
 public:
  EditSearch(const DiffLines& before, const DiffLines& after) : before_(before), after_(after) {
    const std::size_t most = std::min(before.size(), after.size());
    while (start_ < most && before[start_] == after[start_]) ++start_;
    while (end_ < most - start_ && before[before.size() - 1 - end_] == after[after.size() - 1 - end_]) ++end_;
    rows_ = static_cast<long>(before.size() - start_ - end_);
    columns_ = static_cast<long>(after.size() - start_ - end_);
  }

  CommonLines run() {
    CommonLines common;
    for (std::size_t i = 0; i < start_; ++i) common.emplace_back(i, i);
    if (search()) {
      const CommonLines middle = walk_back();
      common.insert(common.end(), middle.rbegin(), middle.rend());
    }
    for (std::size_t i = end_; i-- > 0;) common.emplace_back(before_.size() - 1 - i, after_.size() - 1 - i);
    return common;
  }

 private:
  // Furthest row on each diagonal, for 0, 1, 2 … edits; diagonal k of the step with d edits is at k + d + 1.
  using Furthest = std::vector<long>;

  bool same(long row, long column) const {
    return before_[start_ + static_cast<std::size_t>(row)] ==
           after_[start_ + static_cast<std::size_t>(column)];
  }

  static long at(const Furthest& furthest, long edits, long diagonal) {
    return furthest[static_cast<std::size_t>(diagonal + edits + 1)];
  }

  // The row that a step begins on: one further down, or one further right.
  static long begin_of(const Furthest& last, long edits, long diagonal) {
    if (edits == 0) return 0;
    const bool down = diagonal != -edits && (diagonal == edits || at(last, edits - 1, diagonal - 1) >=
                                                                      at(last, edits - 1, diagonal + 1));
    return down ? at(last, edits - 1, diagonal - 1) + 1 : at(last, edits - 1, diagonal + 1);
  }

  bool search() {
    const long most = std::min<long>(rows_ + columns_, static_cast<long>(kMostEdits));
    for (long edits = 0; edits <= most; ++edits) {
      Furthest now(static_cast<std::size_t>(2 * edits + 3), -1);
      for (long diagonal = -edits; diagonal <= edits; diagonal += 2) {
        long row = begin_of(steps_.empty() ? now : steps_.back(), edits, diagonal);
        while (row >= 0 && row < rows_ && row - diagonal >= 0 && row - diagonal < columns_ &&
               same(row, row - diagonal)) {
          ++row;
        }
        now[static_cast<std::size_t>(diagonal + edits + 1)] = row;
        if (row >= rows_ && row - diagonal >= columns_) {
          steps_.push_back(std::move(now));
          last_diagonal_ = diagonal;
          return true;
        }
      }
      steps_.push_back(std::move(now));
    }
    return false;
  }

  CommonLines walk_back() const {
    CommonLines common;
    long diagonal = last_diagonal_;
    for (long edits = static_cast<long>(steps_.size()) - 1; edits >= 0; --edits) {
      const Furthest& last = steps_[static_cast<std::size_t>(std::max<long>(edits - 1, 0))];
      const long begin = begin_of(last, edits, diagonal);
      for (long row = at(steps_[static_cast<std::size_t>(edits)], edits, diagonal); row-- > begin;) {
        common.emplace_back(start_ + static_cast<std::size_t>(row),
                            start_ + static_cast<std::size_t>(row - diagonal));
      }
      if (edits == 0) break;
      const bool down = diagonal != -edits && (diagonal == edits || at(last, edits - 1, diagonal - 1) >=
                                                                        at(last, edits - 1, diagonal + 1));
      diagonal += down ? -1 : 1;
    }
    return common;
  }

  const DiffLines& before_;
  const DiffLines& after_;
  std::size_t start_ = 0;
  std::size_t end_ = 0;
  long rows_ = 0;
  long columns_ = 0;
  std::vector<Furthest> steps_;
  long last_diagonal_ = 0;
};

// One line of the result: its sign and its text. The numbers are those of the next line in both texts.
struct DiffEntry {
  char sign;
  std::string_view text;
  std::size_t before;
  std::size_t after;
};

std::vector<DiffEntry> entries_of(const DiffLines& before, const DiffLines& after) {
  CommonLines common = EditSearch(before, after).run();
  common.emplace_back(before.size(), after.size());
  std::vector<DiffEntry> entries;
  std::size_t b = 0;
  std::size_t a = 0;
  for (const auto& [next_b, next_a] : common) {
    for (; b < next_b; ++b) entries.push_back({'-', before[b], b, a});
    for (; a < next_a; ++a) entries.push_back({'+', after[a], b, a});
    if (b < before.size()) {
      entries.push_back({' ', before[b], b, a});
      ++b;
      ++a;
    }
  }
  return entries;
}

class DiffWriter {
 public:
  DiffWriter(std::vector<DiffEntry> entries, const Style& style)
      : entries_(std::move(entries)), style_(style) {}

  std::string write(std::string_view path) {
    const std::string shown = escape(path);
    add_line("--- " + shown, "\x1b[1m");
    add_line("+++ " + shown, "\x1b[1m");
    for (std::size_t at = next_change(0); at < entries_.size();) {
      const std::size_t end = end_of_hunk(at);
      write_hunk(at - std::min(at, kContext), std::min(end + kContext, entries_.size()));
      at = next_change(end);
    }
    return std::move(out_);
  }

 private:
  std::size_t next_change(std::size_t from) const {
    while (from < entries_.size() && entries_[from].sign == ' ') ++from;
    return from;
  }

  // Behind the last change before more than twice the context.
  std::size_t end_of_hunk(std::size_t from) const {
    std::size_t end = from;
    for (;;) {
      while (end < entries_.size() && entries_[end].sign != ' ') ++end;
      const std::size_t next = next_change(end);
      if (next == entries_.size() || next - end > 2 * kContext) return end;
      end = next;
    }
  }

  void write_hunk(std::size_t begin, std::size_t end) {
    std::size_t before = 0;
    std::size_t after = 0;
    for (std::size_t i = begin; i < end; ++i) {
      if (entries_[i].sign != '+') ++before;
      if (entries_[i].sign != '-') ++after;
    }
    add_line(
        "@@ -" + range(entries_[begin].before, before) + " +" + range(entries_[begin].after, after) + " @@",
        "\x1b[36m");
    for (std::size_t i = begin; i < end; ++i) write_entry(entries_[i]);
  }

  static std::string range(std::size_t from, std::size_t count) {
    const std::string first = std::to_string(count == 0 ? from : from + 1);
    return count == 1 ? first : first + "," + std::to_string(count);
  }

  void write_entry(const DiffEntry& entry) {
    std::string_view text = entry.text;
    const bool ends = !text.empty() && text.back() == '\n';
    if (ends) text.remove_suffix(1);
    const bool returns = !text.empty() && text.back() == '\r';
    if (returns) text.remove_suffix(1);
    std::string line(1, entry.sign);
    const auto parts = split(text, '\t');
    for (std::size_t i = 0; i < parts.size(); ++i) line += (i == 0 ? "" : "\t") + escape_message(parts[i]);
    if (returns) line += '\r';
    add_line(line, entry.sign == '-' ? "\x1b[31m" : entry.sign == '+' ? "\x1b[32m" : "");
    if (!ends) add_line("\\ No newline at end of file", "");
  }

  void add_line(const std::string& line, std::string_view color) {
    const bool colored = style_.color && !color.empty();
    if (colored) out_ += color;
    out_ += line;
    if (colored) out_ += "\x1b[0m";
    out_ += '\n';
  }

  std::vector<DiffEntry> entries_;
  Style style_;
  std::string out_;
};

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view path,
                         const Style& style) {
  if (before == after) return {};
  return DiffWriter(entries_of(lines_of(before), lines_of(after)), style).write(path);
}

}  // namespace zonepin
