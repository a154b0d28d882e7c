#include "model/address.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace zonepin {

namespace {

std::vector<std::string> cidr_texts(const std::string& range) {
  std::vector<std::string> texts;
  const auto parsed = parse_range(range);
  REQUIRE(parsed);
  for (const Cidr& cidr : cidrs_of(*parsed)) texts.push_back(to_string(cidr));
  return texts;
}

// A world of 6 bits at the end of an address, small enough to try everything.
IpAddress small(IpFamily family, std::uint64_t number) {
  const std::uint64_t end = family == IpFamily::v4 ? 0xffffffff : ~std::uint64_t{0};
  return {family, family == IpFamily::v4 ? 0 : end, (end & ~std::uint64_t{63}) | number};
}

}  // namespace

TEST_CASE("addresses are read strictly and written in their shortest form") {
  struct Row {
    std::string text;
    std::string shortest;  // empty: refused
  };
  const Row rows[] = {
      {"203.0.113.10", "203.0.113.10"},
      {"0.0.0.0", "0.0.0.0"},
      {"255.255.255.255", "255.255.255.255"},
      {"2001:DB8:0:0::1", "2001:db8::1"},
      {"::", "::"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"::ffff:c000:201", "192.0.2.1"},
      {"::192.0.2.1", "::192.0.2.1"},
      {"64:ff9b::192.0.2.1", "64:ff9b::c000:201"},
      {"", ""},
      {"1.2.3", ""},
      {"1.2.3.4.5", ""},
      {"256.1.1.1", ""},
      {"01.2.3.4", ""},
      {" 1.2.3.4", ""},
      {"1.2.3.4/32", ""},
      {"0x7f.1.1.1", ""},
      {"1:2:3:4:5:6:7:8:9", ""},
      {"1:2:3:4:5:6:7:8::", ""},
      {"1::2::3", ""},
      {"12345::", ""},
      {"fe80::1%eth0", ""},
      {"[::1]", ""},
      {std::string("1.2.3.4\0x", 9), ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto address = parse_address(row.text);
    CHECK(address.has_value() == !row.shortest.empty());
    if (address) CHECK(to_string(*address) == row.shortest);
  }
}

TEST_CASE("a CIDR is an address and a prefix length") {
  struct Row {
    std::string text;
    std::string base;  // without host bits; empty: refused
    std::string last;
  };
  const Row rows[] = {
      {"203.0.113.77/24", "203.0.113.0/24", "203.0.113.255"},
      {"203.0.113.77/32", "203.0.113.77", "203.0.113.77"},
      {"203.0.113.77/0", "0.0.0.0/0", "255.255.255.255"},
      {"2001:db8:1:2:3::/48", "2001:db8:1::/48", "2001:db8:1:ffff:ffff:ffff:ffff:ffff"},
      {"2001:db8::1:2:3/64", "2001:db8::/64", "2001:db8::ffff:ffff:ffff:ffff"},
      {"2001:db8::1:2:3/65", "2001:db8::/65", "2001:db8::7fff:ffff:ffff:ffff"},
      {"::1/128", "::1", "::1"},
      {"::/0", "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
      {"::ffff:203.0.113.1/120", "203.0.113.0/24", "203.0.113.255"},
      {"::ffff:0:0/95", "::fffe:0:0/95", "::ffff:255.255.255.255"},
      {"203.0.113.0", "", ""},
      {"203.0.113.0/", "", ""},
      {"203.0.113.0/33", "", ""},
      {"203.0.113.0/024", "", ""},
      {"203.0.113.0/+8", "", ""},
      {"203.0.113.0/-1", "", ""},
      {"203.0.113.0/8/8", "", ""},
      {"::/129", "", ""},
      {"/8", "", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto cidr = parse_cidr(row.text);
    CHECK(cidr.has_value() == !row.base.empty());
    if (!cidr) continue;
    CHECK(to_string(base_of(*cidr)) == row.base);
    CHECK(range_of(*cidr).first == base_of(*cidr).address);
    CHECK(to_string(range_of(*cidr).last) == row.last);
  }
}

TEST_CASE("a range has an order") {
  CHECK(parse_range("1.2.3.4-1.2.3.4"));
  CHECK(parse_range("1.2.3.4 - 1.2.3.9"));
  CHECK(parse_range("2001:db8::1-2001:db8::2"));
  for (const char* text : {"1.2.3.4", "1.2.3.9-1.2.3.4", "1.2.3.4-::1", "1.2.3.4-1.2.3.5-1.2.3.6", "-", ""}) {
    CAPTURE(text);
    CHECK_FALSE(parse_range(text));
  }
  const auto range = parse_range("1.2.3.4-1.2.3.9");
  REQUIRE(range);
  CHECK(range->contains(*parse_address("1.2.3.9")));
  CHECK_FALSE(range->contains(*parse_address("1.2.3.10")));
  CHECK_FALSE(range->contains(*parse_address("::102:304")));
}

TEST_CASE("a gateway is an address, a CIDR or a range") {
  struct Row {
    const char* text;
    const char* first;
    const char* last;
  };
  const Row rows[] = {{" 192.0.2.7 ", "192.0.2.7", "192.0.2.7"},
                      {"192.0.2.7/24", "192.0.2.0", "192.0.2.255"},
                      {"192.0.2.7 - 192.0.3.1", "192.0.2.7", "192.0.3.1"},
                      {"::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"},
                      {"2001:db8::/127", "2001:db8::", "2001:db8::1"}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto range = parse_gateway(row.text);
    REQUIRE(range);
    CHECK(to_string(range->first) == row.first);
    CHECK(to_string(range->last) == row.last);
  }
  for (const char* text :
       {"", " ", "-", "/", "lab", "192.0.2.7-", "192.0.2.0/33", "192.0.2.0/24-192.0.2.9"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_gateway(text));
  }
}

TEST_CASE("the fewest CIDRs of a range") {
  using Texts = std::vector<std::string>;
  CHECK(cidr_texts("10.0.0.1-10.0.0.1") == Texts{"10.0.0.1"});
  CHECK(cidr_texts("0.0.0.0-255.255.255.255") == Texts{"0.0.0.0/0"});
  CHECK(cidr_texts("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff") == Texts{"::/0"});
  CHECK(cidr_texts("203.0.113.1-203.0.113.4") == Texts{"203.0.113.1", "203.0.113.2/31", "203.0.113.4"});
  CHECK(cidr_texts("255.255.255.254-255.255.255.255") == Texts{"255.255.255.254/31"});
  CHECK(cidr_texts("::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe").size() == 254);
}

TEST_CASE("CIDRs of every small range are that range, without gap or overlap") {
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    for (std::uint64_t first = 0; first < 64; ++first) {
      for (std::uint64_t last = first; last < 64; ++last) {
        const IpRange range{small(family, first), small(family, last)};
        std::uint64_t next = first;
        std::vector<IpRange> parts;
        bool fits = true;
        for (const Cidr& cidr : cidrs_of(range)) {
          const IpRange part = range_of(cidr);
          fits = fits && part.first == small(family, next) && base_of(cidr) == cidr;
          next = (part.last.low & 63) + 1;
          parts.push_back(part);
        }
        REQUIRE(fits);
        REQUIRE(next == last + 1);
        std::reverse(parts.begin(), parts.end());
        REQUIRE(joined(parts) == std::vector<IpRange>{range});
      }
    }
  }
}

TEST_CASE("joined ranges keep families and gaps apart") {
  const auto range = [](const char* text) { return *parse_range(text); };
  CHECK(joined({}).empty());
  CHECK(joined({range("1.2.3.4-1.2.3.5"), range("1.2.3.7-1.2.3.9")}).size() == 2);
  CHECK(joined({range("1.2.3.6-1.2.3.9"), range("1.2.3.4-1.2.3.5")}) ==
        std::vector<IpRange>{range("1.2.3.4-1.2.3.9")});
  CHECK(joined({range("1.2.3.0-1.2.3.9"), range("1.2.3.4-1.2.3.5")}) ==
        std::vector<IpRange>{range("1.2.3.0-1.2.3.9")});
  CHECK(joined({range("255.255.255.255-255.255.255.255"), range("::-::1")}).size() == 2);
}

}  // namespace zonepin
