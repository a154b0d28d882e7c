// IP addresses, IPv4 and IPv6, as numbers: what zones, pins and egress are made of. An IPv4-mapped IPv6
// address
// (::ffff:192.0.2.1) is the IPv4 address.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zonepin {

enum class IpFamily : std::uint8_t { v4, v6 };

// Ordered by family, then by number.
struct IpAddress {
  IpFamily family = IpFamily::v4;
  std::uint64_t high = 0;  // the first 64 bits; 0 for IPv4
  std::uint64_t low = 0;   // the others; IPv4: 32 bits

  auto operator<=>(const IpAddress&) const = default;
};

// From `first` to `last`, both included: of one family, `last` not before `first`.
struct IpRange {
  IpAddress first;
  IpAddress last;

  bool contains(const IpAddress& address) const { return first <= address && address <= last; }
  bool contains(const IpRange& other) const { return contains(other.first) && contains(other.last); }
  bool operator==(const IpRange&) const = default;
};

// An address and how many of its first bits count. The others may be set: see base_of().
struct Cidr {
  IpAddress address;
  unsigned prefix = 0;  // at most 32, in IPv6 128

  bool operator==(const Cidr&) const = default;
};

inline constexpr unsigned bits_of(IpFamily family) {
  return family == IpFamily::v4 ? 32 : 128;
}

// Four decimal octets without leading zeros, or RFC 4291 without a zone index.
std::optional<IpAddress> parse_address(std::string_view text);

// `192.0.2.0/24`; a prefix length without leading zeros.
std::optional<Cidr> parse_cidr(std::string_view text);

// `192.0.2.1-192.0.2.9`, in order; blanks around the hyphen are allowed.
std::optional<IpRange> parse_range(std::string_view text);

// What a zone's gateway may be: any of the three, blanks around it allowed. Bits behind a prefix do not
// count.
std::optional<IpRange> parse_gateway(std::string_view text);

// The CIDR with the bits behind its prefix cleared.
Cidr base_of(const Cidr& cidr);
IpRange range_of(const Cidr& cidr);
IpRange range_of(const IpAddress& address);

// The fewest CIDRs that make up the range, in order.
std::vector<Cidr> cidrs_of(const IpRange& range);

// Sorted; ranges that overlap or touch become one.
std::vector<IpRange> joined(std::vector<IpRange> ranges);

// The shortest form (RFC 5952); of a single address without a prefix length.
std::string to_string(const IpAddress& address);
std::string to_string(const Cidr& cidr);

}  // namespace zonepin
