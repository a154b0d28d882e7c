#include "model/address_set.h"

#include <algorithm>
#include <bit>

namespace zonepin {

namespace {

using V4 = IntervalSet<std::uint32_t>;
using V6 = IntervalSet<Uint128>;

constexpr unsigned kWord = 64;

constexpr Uint128 number_of(std::uint64_t high, std::uint64_t low) {
  return (static_cast<Uint128>(high) << kWord) | low;
}

constexpr Uint128 kV6Last = ~Uint128{0};
// ::ffff:0:0/96, and the block of the same size right before it: the two halves of ::fffe:0:0/95.
constexpr Interval<Uint128> kMapped = {number_of(0, 0xffff'0000'0000), number_of(0, 0xffff'ffff'ffff)};
constexpr Interval<Uint128> kMappedTwin = {number_of(0, 0xfffe'0000'0000), number_of(0, 0xfffe'ffff'ffff)};

const V6& mapped() {
  static const V6 set({kMapped});
  return set;
}

std::uint32_t v4_number(const IpAddress& address) {
  return static_cast<std::uint32_t>(address.low);
}
Uint128 v6_number(const IpAddress& address) {
  return number_of(address.high, address.low);
}

IpAddress address_of(std::uint32_t number) {
  return {IpFamily::v4, 0, number};
}
IpAddress address_of(Uint128 number) {
  return {IpFamily::v6, static_cast<std::uint64_t>(number >> kWord), static_cast<std::uint64_t>(number)};
}

int trailing_zeros(std::uint32_t number) {
  return std::countr_zero(number);
}
int trailing_zeros(Uint128 number) {
  const auto low = static_cast<std::uint64_t>(number);
  return low != 0 ? std::countr_zero(low)
                  : static_cast<int>(kWord) + std::countr_zero(static_cast<std::uint64_t>(number >> kWord));
}

int leading_zeros(std::uint32_t number) {
  return std::countl_zero(number);
}
int leading_zeros(Uint128 number) {
  const auto high = static_cast<std::uint64_t>(number >> kWord);
  return high != 0 ? std::countl_zero(high)
                   : static_cast<int>(kWord) + std::countl_zero(static_cast<std::uint64_t>(number));
}

std::size_t ones(std::uint32_t number) {
  return static_cast<std::size_t>(std::popcount(number));
}
std::size_t ones(Uint128 number) {
  const auto in_word = [](Uint128 word) {
    return static_cast<std::size_t>(std::popcount(static_cast<std::uint64_t>(word)));
  };
  return in_word(number >> kWord) + in_word(number);
}

template <class Number>
constexpr int kBits = static_cast<int>(sizeof(Number) * 8);

// The largest block that starts at stretch.first and stays within: how many of its last bits are free.
template <class Number>
int largest_block(const Interval<Number>& stretch) {
  const int aligned = trailing_zeros(stretch.first);
  const Number more = stretch.last - stretch.first;  // one less than the length
  if (more == static_cast<Number>(~Number{0})) return kBits<Number>;
  const int fits = kBits<Number> - 1 - leading_zeros(static_cast<Number>(more + 1));
  return std::min(aligned, fits);
}

template <class Number>
void append_cidrs(const std::vector<Interval<Number>>& stretches, std::size_t limit,
                  std::vector<Cidr>& cidrs) {
  for (Interval<Number> rest : stretches) {
    while (cidrs.size() < limit) {
      const int block = largest_block(rest);
      cidrs.push_back({address_of(rest.first), static_cast<unsigned>(kBits<Number> - block)});
      // All bits of a block but one, twice: the shift by the whole width that C++ leaves open never happens.
      const Number last = block == 0 ? rest.first
                                     : static_cast<Number>(rest.first | (static_cast<Number>(~Number{0}) >>
                                                                         (kBits<Number> - block)));
      if (last == rest.last) break;
      rest.first = static_cast<Number>(last + 1);
    }
  }
}

// Blocks grow up to the place where first and last part ways, and shrink after it: one for each bit that is
// set in the length of either side. `end` is one past the last, 0 where that is past all numbers.
template <class Number>
std::size_t count_cidrs(const Interval<Number>& stretch) {
  const auto end = static_cast<Number>(stretch.last + 1);
  if (end == 0) return stretch.first == 0 ? 1 : ones(static_cast<Number>(Number{0} - stretch.first));
  const int bit = kBits<Number> - 1 - leading_zeros(static_cast<Number>(stretch.first ^ end));
  const auto middle = static_cast<Number>((end >> bit) << bit);
  return ones(static_cast<Number>(middle - stretch.first)) + ones(static_cast<Number>(end - middle));
}

template <class Number>
std::size_t count_cidrs(const std::vector<Interval<Number>>& stretches) {
  std::size_t total = 0;
  for (const Interval<Number>& stretch : stretches) total += count_cidrs(stretch);
  return total;
}

// The set as CIDRs say it: the mapped block, which holds nothing, is filled in where that makes them fewer. A
// CIDR that holds the block and more holds its twin, so all depends on that one.
std::vector<Interval<Uint128>> filled(const V6& set) {
  if (!set.contains(kMappedTwin.first) || !set.contains(V6({kMappedTwin}))) return set.stretches();
  return set.united_with(mapped()).stretches();
}

std::string decimal(Uint128 number) {
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(number % 10)));
    number /= 10;
  } while (number != 0);
  return {digits.rbegin(), digits.rend()};
}

template <class Number>
Uint128 sum_of(const std::vector<Interval<Number>>& stretches) {
  Uint128 sum = 0;
  for (const Interval<Number>& stretch : stretches)
    sum += static_cast<Uint128>(stretch.last - stretch.first) + 1;
  return sum;
}

}  // namespace

AddressSet::AddressSet(const std::vector<IpRange>& ranges) {
  std::vector<Interval<std::uint32_t>> v4;
  std::vector<Interval<Uint128>> v6;
  for (const IpRange& range : ranges) {
    if (range.first.family == IpFamily::v4) {
      v4.push_back({v4_number(range.first), v4_number(range.last)});
    } else {
      v6.push_back({v6_number(range.first), v6_number(range.last)});
    }
  }
  v4_ = V4(std::move(v4));
  if (!v6.empty()) v6_ = V6(std::move(v6)).without(mapped());
}

AddressSet AddressSet::everything() {
  AddressSet all;
  all.v4_ = V4({{0, ~std::uint32_t{0}}});
  all.v6_ = V6({{0, kV6Last}}).without(mapped());
  return all;
}

bool AddressSet::contains(const IpAddress& address) const {
  return address.family == IpFamily::v4 ? v4_.contains(v4_number(address)) : v6_.contains(v6_number(address));
}

bool AddressSet::contains(const AddressSet& inner) const {
  return v4_.contains(inner.v4_) && v6_.contains(inner.v6_);
}

AddressSet AddressSet::united_with(const AddressSet& other) const {
  AddressSet result;
  result.v4_ = v4_.united_with(other.v4_);
  result.v6_ = v6_.united_with(other.v6_);
  return result;
}

AddressSet AddressSet::common_with(const AddressSet& other) const {
  AddressSet result;
  result.v4_ = v4_.common_with(other.v4_);
  result.v6_ = v6_.common_with(other.v6_);
  return result;
}

AddressSet AddressSet::without(const AddressSet& other) const {
  AddressSet result;
  result.v4_ = v4_.without(other.v4_);
  result.v6_ = v6_.without(other.v6_);
  return result;
}

AddressSet AddressSet::complement() const {
  return everything().without(*this);
}

std::string AddressSet::count() const {
  constexpr const char* kTwoToThe128 = "340282366920938463463374607431768211456";
  const Uint128 sum = sum_of(v4_.stretches()) + sum_of(v6_.stretches());
  return sum == 0 && !empty() ? kTwoToThe128 : decimal(sum);
}

std::vector<IpRange> AddressSet::ranges() const {
  std::vector<IpRange> ranges;
  ranges.reserve(v4_.stretches().size() + v6_.stretches().size());
  for (const auto& stretch : v4_.stretches())
    ranges.push_back({address_of(stretch.first), address_of(stretch.last)});
  for (const auto& stretch : v6_.stretches())
    ranges.push_back({address_of(stretch.first), address_of(stretch.last)});
  return ranges;
}

std::vector<Cidr> AddressSet::cidrs(std::size_t limit) const {
  std::vector<Cidr> cidrs;
  append_cidrs(v4_.stretches(), limit, cidrs);
  append_cidrs(filled(v6_), limit, cidrs);
  return cidrs;
}

std::size_t AddressSet::cidr_count() const {
  return count_cidrs(v4_.stretches()) + count_cidrs(filled(v6_));
}

std::string cidr_text(const Cidr& cidr) {
  return to_string(cidr.address) + "/" + std::to_string(cidr.prefix);
}

}  // namespace zonepin
