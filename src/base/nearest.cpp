#include <algorithm>

#include "base/text.h"

namespace zonepin {

namespace {

// Longer texts are no slips of the pen, and comparing them would cost what it is not worth.
constexpr std::size_t kMaxComparedBytes = 200;

// Between two candidates that are equally near, differences in case are counted this far.
constexpr std::size_t kMaxCaseDifferences = 8;

// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. The rows live as
// long as the object, so that 20,000 comparisons allocate nothing.
class Comparison {
 public:
  explicit Comparison(std::string_view wanted)
      : wanted_(wanted), before_(wanted.size() + 1), above_(wanted.size() + 1), row_(wanted.size() + 1) {}

  // The distance if it is at most `limit`, else anything larger. Only cells that far off the diagonal are
  // worked out.
  std::size_t distance(std::string_view other, std::size_t limit) {
    const std::size_t beyond = limit + 1;
    const std::size_t width = wanted_.size();
    if (std::max(width, other.size()) - std::min(width, other.size()) > limit) return beyond;
    for (std::size_t j = 0; j <= width; ++j) row_[j] = std::min(j, beyond);
    for (std::size_t i = 1; i <= other.size(); ++i) {
      std::swap(before_, above_);
      std::swap(above_, row_);
      if (fill_row(other, i, limit) > limit) return beyond;
    }
    return row_[width];
  }

 private:
  // The least value of the row.
  std::size_t fill_row(std::string_view other, std::size_t i, std::size_t limit) {
    const std::size_t beyond = limit + 1;
    const std::size_t first = i > limit ? i - limit : 1;
    const std::size_t last = std::min(wanted_.size(), i + limit);
    row_[first - 1] = first == 1 ? std::min(i, beyond) : beyond;
    std::size_t least = row_[first - 1];
    for (std::size_t j = first; j <= last; ++j) {
      const std::size_t replace = above_[j - 1] + (wanted_[j - 1] == other[i - 1] ? 0 : 1);
      std::size_t value = std::min({replace, row_[j - 1] + 1, above_[j] + 1, beyond});
      if (i > 1 && j > 1 && wanted_[j - 1] == other[i - 2] && wanted_[j - 2] == other[i - 1]) {
        value = std::min(value, before_[j - 2] + 1);
      }
      row_[j] = value;
      least = std::min(least, value);
    }
    if (last < wanted_.size()) row_[last + 1] = beyond;  // The next row looks one cell further.
    return least;
  }

  std::string_view wanted_;
  std::vector<std::size_t> before_;
  std::vector<std::size_t> above_;
  std::vector<std::size_t> row_;
};

std::size_t slip_limit(std::size_t one, std::size_t other) {
  return std::max(one, other) / 3;
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view wanted,
                                        const std::vector<std::string_view>& candidates) {
  if (wanted.size() > kMaxComparedBytes) return std::nullopt;
  const std::string folded = lowercase(wanted);
  Comparison without_case(folded);
  Comparison with_case(wanted);
  std::optional<std::string_view> best;
  std::size_t best_distance = kMaxComparedBytes;
  std::size_t best_with_case = 0;
  for (const std::string_view candidate : candidates) {
    const std::size_t limit = std::min(slip_limit(wanted.size(), candidate.size()), best_distance);
    if (candidate.size() > wanted.size() + limit || wanted.size() > candidate.size() + limit) continue;
    const std::size_t distance = without_case.distance(lowercase(candidate), limit);
    if (distance > limit) continue;
    const std::size_t exact = with_case.distance(candidate, distance + kMaxCaseDifferences);
    if (best && distance == best_distance && exact >= best_with_case) continue;
    best = candidate;
    best_distance = distance;
    best_with_case = exact;
  }
  return best;
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string_view>& candidates) {
  const auto found = nearest(wanted, candidates);
  if (!found || *found == wanted) return {};
  return "did you mean " + in_quotes(*found) + "?";
}

}  // namespace zonepin
