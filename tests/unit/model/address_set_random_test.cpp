// A million random operations against a model that can't be wrong: both spaces cut into 32 cells, a set is
// the cells whose bits are set.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>

#include "model/address_set.h"

namespace zonepin {
namespace {

constexpr unsigned kCellsEach = 32;
constexpr std::size_t kOperations = 1'000'000;
constexpr std::size_t kOperationsPerWorld = 2'000;
constexpr std::uint64_t kSeed = 0x5eed'0001;
constexpr Uint128 kMappedFirst = static_cast<Uint128>(0xffff'0000'0000);
constexpr Uint128 kMappedLast = static_cast<Uint128>(0xffff'ffff'ffff);

using Cells = std::uint64_t;  // the 32 low bits are IPv4's

// Random cuts, some of them next to each other, and the ends.
class World {
 public:
  explicit World(std::mt19937_64& random) {
    cut(random, IpFamily::v4, 0, 0xffff'ffff);
    // Half of the cells before the mapped block and half behind it: none lies across.
    cut(random, IpFamily::v6, 0, kMappedFirst - 1);
    cut(random, IpFamily::v6, kMappedLast + 1, ~Uint128{0});
  }

  const IpRange& cell(unsigned index) const { return cells_[index]; }

  AddressSet set_of(Cells cells) const {
    std::vector<IpRange> ranges;
    for (unsigned index = 0; index < cells_.size(); ++index) {
      if ((cells >> index & 1U) != 0) ranges.push_back(cells_[index]);
    }
    std::reverse(ranges.begin(), ranges.end());
    return AddressSet(ranges);
  }

  // Without the set's own way of joining what touches.
  bool is(const AddressSet& set, Cells cells) const {
    const std::vector<IpRange> ranges = set.ranges();
    std::size_t at = 0;
    for (unsigned index = 0; index < cells_.size(); ++index) {
      if ((cells >> index & 1U) == 0) continue;
      if (at == ranges.size() || ranges[at].first != cells_[index].first) return false;
      while (!ends_run(cells, index)) ++index;
      if (ranges[at++].last != cells_[index].last) return false;
    }
    return at == ranges.size();
  }

  std::string count_of(Cells cells) const {
    if (cells == ~Cells{0}) return "340282366920938463463374607431768211456";
    Uint128 sum = 0;
    for (unsigned index = 0; index < sizes_.size(); ++index) {
      if ((cells >> index & 1U) != 0) sum += sizes_[index];
    }
    std::string digits;
    for (; sum != 0; sum /= 10)
      digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(sum % 10)));
    return digits.empty() ? "0" : digits;
  }

 private:
  static bool ends_run(Cells cells, unsigned index) {
    const bool at_edge =
        index + 1 == kCellsEach || index + 1 == kCellsEach * 3 / 2 || index + 1 == kCellsEach * 2;
    return at_edge || (cells >> (index + 1) & 1U) == 0;
  }

  void cut(std::mt19937_64& random, IpFamily family, Uint128 first, Uint128 last) {
    const unsigned cells = family == IpFamily::v4 ? kCellsEach : kCellsEach / 2;
    std::vector<Uint128> starts = {first, first + 1, last};
    while (starts.size() < cells) {
      const Uint128 wide = (static_cast<Uint128>(random()) << 64) | random();
      const Uint128 near = starts[random() % starts.size()] + random() % 3;
      const Uint128 start = random() % 3 == 0 ? near : first + wide % (last - first);
      if (start >= first && start <= last && std::count(starts.begin(), starts.end(), start) == 0)
        starts.push_back(start);
    }
    std::sort(starts.begin(), starts.end());
    for (std::size_t index = 0; index < starts.size(); ++index) {
      const Uint128 end = index + 1 < starts.size() ? starts[index + 1] - 1 : last;
      cells_.push_back({address(family, starts[index]), address(family, end)});
      sizes_.push_back(end - starts[index] + 1);
    }
  }

  static IpAddress address(IpFamily family, Uint128 number) {
    return {family, static_cast<std::uint64_t>(number >> 64), static_cast<std::uint64_t>(number)};
  }

  std::vector<IpRange> cells_;
  std::vector<Uint128> sizes_;
};

struct Pair {
  AddressSet set;
  Cells cells = 0;
};

// One step: the operation, both ways. False when they differ.
bool step(std::mt19937_64& random, const World& world, std::array<Pair, 12>& pool) {
  Pair& a = pool[random() % pool.size()];
  const Pair& b = pool[random() % pool.size()];
  const auto kind = random() % 71;  // the last step walks all CIDRs of a set: a rare one
  switch (kind / 10) {
    case 0: a = {a.set.united_with(b.set), a.cells | b.cells}; break;
    case 1: a = {a.set.common_with(b.set), a.cells & b.cells}; break;
    case 2: a = {a.set.without(b.set), a.cells & ~b.cells}; break;
    case 3: a = {a.set.complement(), ~a.cells}; break;
    case 4: {
      const Cells fresh = random() & random();
      a = {world.set_of(fresh), fresh};
      return a.set.count() == world.count_of(fresh);
    }
    case 5: return a.set.contains(b.set) == ((b.cells & ~a.cells) == 0);
    case 6: {
      const auto index = static_cast<unsigned>(random() % (2 * kCellsEach));
      const bool member = (a.cells >> index & 1U) != 0;
      const IpRange& cell = world.cell(index);
      return a.set.contains(cell.first) == member && a.set.contains(cell.last) == member;
    }
    default: {
      std::vector<IpRange> ranges;
      for (const Cidr& cidr : a.set.cidrs()) ranges.push_back(range_of(cidr));
      return a.set.cidr_count() == ranges.size() && AddressSet(ranges) == a.set &&
             a.set.count() == world.count_of(a.cells);
    }
  }
  return world.is(a.set, a.cells);
}

TEST_CASE("a million random operations agree with the model") {
  std::mt19937_64 random(kSeed);
  std::size_t done = 0;
  while (done < kOperations) {
    const World world(random);
    std::array<Pair, 12> pool;
    for (std::size_t steps = 0; steps < kOperationsPerWorld; ++steps, ++done) {
      const bool agrees = step(random, world, pool);
      if (!agrees) FAIL("operation " << done << " differs (seed " << kSeed << ")");
    }
  }
  CHECK(done == kOperations);
}

TEST_CASE("random small ranges have the fewest CIDRs") {
  std::mt19937_64 random(kSeed + 1);
  for (int round = 0; round < 20'000; ++round) {
    const auto first = static_cast<std::uint32_t>(random());
    const auto last =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(first + random() % 5'000, 0xffff'ffff));
    const AddressSet set(std::vector<IpRange>{{{IpFamily::v4, 0, first}, {IpFamily::v4, 0, last}}});
    const std::vector<Cidr> cidrs = set.cidrs();
    std::size_t wrong = cidrs.size() == set.cidr_count() ? 0 : 1;
    // None of them merges with its neighbour, and all are aligned: then there are no fewer.
    for (std::size_t at = 0; at < cidrs.size(); ++at) {
      if (base_of(cidrs[at]) != cidrs[at]) ++wrong;
      if (at == 0 || cidrs[at].prefix != cidrs[at - 1].prefix) continue;
      if (base_of({cidrs[at].address, cidrs[at].prefix - 1}).address == cidrs[at - 1].address) ++wrong;
    }
    REQUIRE(wrong == 0);
  }
}

}  // namespace
}  // namespace zonepin
