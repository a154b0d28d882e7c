// Sets of whole numbers of one unsigned type, as sorted stretches that neither overlap nor touch: equal sets
// are equal values. Exact at both ends of the type; every operation is linear in the stretches.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace zonepin {

// From `first` to `last`, both included; `last` is not before `first`.
template <class Number>
struct Interval {
  Number first{};
  Number last{};

  bool operator==(const Interval&) const = default;
};

template <class Number>
class IntervalSet {
 public:
  using Stretch = Interval<Number>;

  IntervalSet() = default;  // empty

  // In any order; stretches may overlap.
  explicit IntervalSet(std::vector<Stretch> stretches) {
    std::sort(stretches.begin(), stretches.end(), starts_earlier);
    stretches_.reserve(stretches.size());
    for (const Stretch& stretch : stretches) append(stretch);
  }

  bool empty() const { return stretches_.empty(); }
  const std::vector<Stretch>& stretches() const { return stretches_; }

  bool contains(Number number) const {
    const auto after = std::upper_bound(stretches_.begin(), stretches_.end(), number,
                                        [](Number n, const Stretch& stretch) { return n < stretch.first; });
    return after != stretches_.begin() && number <= std::prev(after)->last;
  }

  bool contains(const IntervalSet& inner) const {
    auto outer = stretches_.begin();
    for (const Stretch& stretch : inner.stretches_) {
      while (outer != stretches_.end() && outer->last < stretch.first) ++outer;
      if (outer == stretches_.end() || stretch.first < outer->first || outer->last < stretch.last)
        return false;
    }
    return true;
  }

  IntervalSet united_with(const IntervalSet& other) const {
    IntervalSet result;
    result.stretches_.reserve(stretches_.size() + other.stretches_.size());
    auto a = stretches_.begin();
    auto b = other.stretches_.begin();
    while (a != stretches_.end() || b != other.stretches_.end()) {
      const bool take_a = b == other.stretches_.end() || (a != stretches_.end() && starts_earlier(*a, *b));
      result.append(take_a ? *a++ : *b++);
    }
    return result;
  }

  IntervalSet common_with(const IntervalSet& other) const {
    IntervalSet result;
    auto a = stretches_.begin();
    auto b = other.stretches_.begin();
    while (a != stretches_.end() && b != other.stretches_.end()) {
      const Number first = std::max(a->first, b->first);
      const Number last = std::min(a->last, b->last);
      if (first <= last) result.stretches_.push_back({first, last});
      if (a->last < b->last) {
        ++a;
      } else {
        ++b;
      }
    }
    return result;
  }

  IntervalSet without(const IntervalSet& other) const {
    IntervalSet result;
    auto cut = other.stretches_.begin();
    for (const Stretch& stretch : stretches_) {
      while (cut != other.stretches_.end() && cut->last < stretch.first) ++cut;
      result.append_rest(stretch, cut, other.stretches_.end());
    }
    return result;
  }

  bool operator==(const IntervalSet&) const = default;

 private:
  using Place = typename std::vector<Stretch>::const_iterator;

  static bool starts_earlier(const Stretch& a, const Stretch& b) { return a.first < b.first; }

  // REQUIRES: `stretch` does not start before the last one. The difference of firsts can't overflow where
  // their sum could.
  void append(const Stretch& stretch) {
    if (!stretches_.empty()) {
      Stretch& last = stretches_.back();
      if (stretch.first <= last.last || stretch.first - last.last == 1) {
        last.last = std::max(last.last, stretch.last);
        return;
      }
    }
    stretches_.push_back(stretch);
  }

  // What is left of `stretch`; `cut` is the first that does not end before it. A cut may reach into the next
  // stretch: the caller's place stays where it is.
  void append_rest(const Stretch& stretch, Place cut, Place end) {
    Number first = stretch.first;
    for (; cut != end && cut->first <= stretch.last; ++cut) {
      if (first < cut->first) stretches_.push_back({first, static_cast<Number>(cut->first - 1)});
      if (stretch.last <= cut->last) return;
      first = static_cast<Number>(cut->last + 1);
    }
    stretches_.push_back({first, stretch.last});
  }

  std::vector<Stretch> stretches_;
};

}  // namespace zonepin
