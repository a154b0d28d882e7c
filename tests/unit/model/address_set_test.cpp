// The laws of address sets for every set of a small world, at both ends of both spaces; CIDRs, counts and
// texts by table.
#include "model/address_set.h"

#include <doctest/doctest.h>

#include <bit>

namespace zonepin {
namespace {

IpAddress at(const char* text) {
  return *parse_address(text);
}

IpAddress plus(IpAddress address, std::uint64_t steps) {
  address.low += steps;
  return address;
}

enum class Edge { first, last };

// 16 addresses, aligned to 16, of which fewer are taken from the edge that matters.
struct Window {
  const char* what;
  IpAddress first;
  Edge edge;
};
const Window kWindows[] = {{"the start of IPv4", at("0.0.0.0"), Edge::first},
                           {"the end of IPv4", at("255.255.255.240"), Edge::last},
                           {"the start of IPv6", at("::"), Edge::first},
                           {"the end of IPv6", at("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0"), Edge::last},
                           {"before the mapped block", at("::fffe:ffff:fff0"), Edge::last},
                           {"after the mapped block", at("::1:0:0:0"), Edge::first}};

// Bits of `addresses` addresses, at the edge of the window's 16.
unsigned placed(const Window& window, unsigned mask, unsigned addresses) {
  return window.edge == Edge::last ? mask << (16 - addresses) : mask;
}

// The addresses of the window whose bits are set, one range each, the last first.
AddressSet set_of(const Window& window, unsigned mask) {
  std::vector<IpRange> ranges;
  for (unsigned bit = 16; bit-- > 0;) {
    if ((mask >> bit & 1U) != 0) ranges.push_back(range_of(plus(window.first, bit)));
  }
  return AddressSet(ranges);
}

std::vector<AddressSet> sets_of(const Window& window, unsigned addresses) {
  std::vector<AddressSet> sets;
  for (unsigned mask = 0; mask < 1U << addresses; ++mask) {
    sets.push_back(set_of(window, placed(window, mask, addresses)));
  }
  return sets;
}

std::vector<IpRange> runs_of(const Window& window, unsigned mask) {
  std::vector<IpRange> runs;
  for (unsigned bit = 0; bit < 16; ++bit) {
    if ((mask >> bit & 1U) == 0) continue;
    const IpAddress address = plus(window.first, bit);
    if (bit != 0 && (mask >> (bit - 1) & 1U) != 0) {
      runs.back().last = address;
    } else {
      runs.push_back({address, address});
    }
  }
  return runs;
}

// By the tree of aligned blocks: a full one is one CIDR.
std::size_t fewest_cidrs(unsigned mask, unsigned size) {
  if (mask == 0) return 0;
  if (mask == (1U << size) - 1) return 1;
  const unsigned half = size / 2;
  return fewest_cidrs(mask & ((1U << half) - 1), half) + fewest_cidrs(mask >> half, half);
}

AddressSet sum_of(const std::vector<Cidr>& cidrs) {
  std::vector<IpRange> ranges;
  for (const Cidr& cidr : cidrs) ranges.push_back(range_of(cidr));
  return AddressSet(ranges);
}

AddressSet set_of(const std::vector<const char*>& texts) {
  std::vector<IpRange> ranges;
  for (const std::string text : texts) {
    if (text.find('-') != std::string::npos) {
      ranges.push_back(*parse_range(text));
    } else if (text.find('/') != std::string::npos) {
      ranges.push_back(range_of(*parse_cidr(text)));
    } else {
      ranges.push_back(range_of(*parse_address(text)));
    }
  }
  return AddressSet(ranges);
}

std::string texts_of(const AddressSet& set) {
  std::string text;
  for (const Cidr& cidr : set.cidrs()) text += (text.empty() ? "" : " ") + cidr_text(cidr);
  return text;
}

TEST_CASE("one set over 16 addresses: form, members, count, CIDRs, complement") {
  for (const Window& window : kWindows) {
    CAPTURE(window.what);
    std::size_t wrong = 0;
    const auto hold = [&](bool law) { wrong += law ? 0U : 1U; };
    for (unsigned mask = 0; mask < 1U << 16; ++mask) {
      const AddressSet set = set_of(window, mask);
      const auto size = static_cast<unsigned>(std::popcount(mask));
      hold(set.ranges() == runs_of(window, mask));
      hold(set == AddressSet(set.ranges()));
      hold(set.empty() == (mask == 0));
      hold(set.count() == std::to_string(size));
      const std::vector<Cidr> cidrs = set.cidrs();
      hold(sum_of(cidrs) == set);
      hold(cidrs.size() == fewest_cidrs(mask, 16) && set.cidr_count() == cidrs.size());
      const AddressSet others = set.complement();
      hold(others.complement() == set);
      hold(others.common_with(set).empty() && others.united_with(set) == AddressSet::everything());
      hold(others.count() == "340282366920938463463374607431768211" + std::to_string(456 - size));
      for (unsigned bit = 0; bit < 16; ++bit) {
        const IpAddress address = plus(window.first, bit);
        const bool member = (mask >> bit & 1U) != 0;
        hold(set.contains(address) == member);
      }
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("pairs over 8 addresses: union, intersection, difference, subset are those of the masks") {
  for (const Window& window : kWindows) {
    CAPTURE(window.what);
    const std::vector<AddressSet> sets = sets_of(window, 8);
    std::size_t wrong = 0;
    const auto hold = [&](bool law) { wrong += law ? 0U : 1U; };
    for (unsigned a = 0; a < 256; ++a) {
      const AddressSet others = sets[a].complement();
      for (unsigned b = 0; b < 256; ++b) {
        hold(sets[a].united_with(sets[b]) == sets[a | b]);
        hold(sets[a].common_with(sets[b]) == sets[a & b]);
        hold(sets[a].without(sets[b]) == sets[a & ~b]);
        hold(sets[a].contains(sets[b]) == ((b & ~a) == 0));
        hold((sets[a] == sets[b]) == (a == b));
        hold(others.without(sets[b]) == sets[a | b].complement());
        hold(sets[b].without(others) == sets[a & b]);
        hold(others.contains(sets[b]) == ((a & b) == 0));
      }
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("triples over 5 addresses: the operations are associative and distribute") {
  for (const Window& window : kWindows) {
    CAPTURE(window.what);
    const std::vector<AddressSet> sets = sets_of(window, 5);
    std::size_t wrong = 0;
    const auto hold = [&](bool law) { wrong += law ? 0U : 1U; };
    for (const AddressSet& a : sets) {
      for (const AddressSet& b : sets) {
        for (const AddressSet& c : sets) {
          hold(a.united_with(b).united_with(c) == a.united_with(b.united_with(c)));
          hold(a.common_with(b).common_with(c) == a.common_with(b.common_with(c)));
          hold(a.common_with(b.united_with(c)) == a.common_with(b).united_with(a.common_with(c)));
          hold(a.united_with(b.common_with(c)) == a.united_with(b).common_with(a.united_with(c)));
          hold(a.without(b).without(c) == a.without(b.united_with(c)));
          hold(a.without(b.without(c)) == a.without(b).united_with(a.common_with(c)));
        }
      }
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("the fewest CIDRs, and how many addresses they are") {
  struct Row {
    std::vector<const char*> given;
    const char* cidrs;
    const char* count;
  };
  const Row rows[] = {
      {{}, "", "0"},
      {{"0.0.0.0/0"}, "0.0.0.0/0", "4294967296"},
      {{"0.0.0.0-255.255.255.255"}, "0.0.0.0/0", "4294967296"},
      {{"0.0.0.0"}, "0.0.0.0/32", "1"},
      {{"255.255.255.255"}, "255.255.255.255/32", "1"},
      {{"203.0.113.77/24"}, "203.0.113.0/24", "256"},
      {{"203.0.113.0/25", "203.0.113.128/25"}, "203.0.113.0/24", "256"},
      {{"10.0.0.0-10.0.0.6", "10.0.0.7"}, "10.0.0.0/29", "8"},
      {{"10.0.0.1-10.0.0.6"}, "10.0.0.1/32 10.0.0.2/31 10.0.0.4/31 10.0.0.6/32", "6"},
      {{"192.0.2.9", "2001:db8::1", "192.0.2.8"}, "192.0.2.8/31 2001:db8::1/128", "3"},
      {{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127"}, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127", "2"},
      {{"2001:db8::/32"}, "2001:db8::/32", "79228162514264337593543950336"},
      // Mapped addresses are IPv4, and IPv6 ranges around them are not.
      {{"::ffff:203.0.113.0/120"}, "203.0.113.0/24", "256"},
      {{"::ffff:0:0/96"}, "0.0.0.0/0", "4294967296"},
      {{"::ffff:192.0.2.1-::ffff:192.0.2.2"}, "192.0.2.1/32 192.0.2.2/32", "2"},
      {{"::/0"}, "::/0", "340282366920938463463374607427473244160"},
      {{"::/64"}, "::/64", "18446744069414584320"},
      {{"::fffe:0:0/95"}, "::fffe:0:0/95", "4294967296"},
      {{"::fffe:0:0/96"}, "::fffe:0:0/95", "4294967296"},
      {{"::fffe:0:1-::fffe:ffff:ffff", "::1:0:0:0/80"},
       "::fffe:0:1/128 ::fffe:0:2/127 ::fffe:0:4/126 ::fffe:0:8/125 ::fffe:0:10/124 ::fffe:0:20/123 "
       "::fffe:0:40/122 ::fffe:0:80/121 ::fffe:0:100/120 ::fffe:0:200/119 ::fffe:0:400/118 ::fffe:0:800/117 "
       "::fffe:0:1000/116 ::fffe:0:2000/115 ::fffe:0:4000/114 ::fffe:0:8000/113 ::fffe:1:0/112 "
       "::fffe:2:0/111 ::fffe:4:0/110 ::fffe:8:0/109 ::fffe:10:0/108 ::fffe:20:0/107 ::fffe:40:0/106 "
       "::fffe:80:0/105 ::fffe:100:0/104 ::fffe:200:0/103 ::fffe:400:0/102 ::fffe:800:0/101 "
       "::fffe:1000:0/100 ::fffe:2000:0/99 ::fffe:4000:0/98 ::fffe:8000:0/97 ::1:0:0:0/80",
       "281479271677951"},
      {{"0.0.0.0/0", "::/0"}, "0.0.0.0/0 ::/0", "340282366920938463463374607431768211456"},
  };
  for (const Row& row : rows) {
    const AddressSet set = set_of(row.given);
    CHECK(texts_of(set) == row.cidrs);
    CHECK(set.count() == row.count);
    CHECK(set.cidr_count() == set.cidrs().size());
    CHECK(sum_of(set.cidrs()) == set);
  }
}

TEST_CASE("a limit cuts the list of CIDRs, not their number") {
  const AddressSet others = set_of({"203.0.113.7", "2001:db8::7"}).complement();
  CHECK(others.cidr_count() == 32 + 128);
  CHECK(others.cidrs(3) == std::vector<Cidr>{{at("0.0.0.0"), 1}, {at("128.0.0.0"), 2}, {at("192.0.0.0"), 5}});
  CHECK(others.cidrs(0).empty());
  CHECK(others.cidrs(33).back() == Cidr{at("::"), 3});
  CHECK(others.cidrs(1000).size() == 160);
}

TEST_CASE("an address is a member however it is written") {
  const AddressSet set = set_of({"::ffff:192.0.2.0/120", "2001:db8::/64"});
  CHECK(set.contains(at("192.0.2.7")));
  CHECK(set.contains(at("::ffff:192.0.2.7")));
  CHECK(set.contains(at("2001:db8:0:0::7")));
  CHECK_FALSE(set.contains(at("::192.0.2.7")));
  CHECK_FALSE(set_of({"::/0"}).contains(at("::ffff:192.0.2.7")));
  CHECK(set_of({"::/0"}).complement() == set_of({"0.0.0.0/0"}));
}

}  // namespace
}  // namespace zonepin
