// IP addresses of callers and gateways, IPv4 and IPv6, compared as numbers.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/state.h"

namespace zonepin::sim {

enum class AddressFamily { v4, v6 };

struct Address {
  AddressFamily family = AddressFamily::v4;
  std::array<std::uint8_t, 16> bytes{};  // network order; an IPv4 address takes the first four

  auto operator<=>(const Address&) const = default;
};

// Strict: dotted decimal with four parts, or RFC 4291. `::ffff:192.0.2.1` is the IPv4 address (a socket open
// to both families shows IPv4 callers so). A zone index (`fe80::1%eth0`) is dropped.
std::optional<Address> parse_address(std::string_view text);

struct AddressRange {
  Address first;
  Address last;  // inclusive; the same family, not less than first

  bool contains(const Address& address) const;
  bool operator==(const AddressRange&) const = default;
};

// type CIDR: `192.0.2.1/24` (bits beyond the prefix count for nothing); type RANGE: `192.0.2.1-192.0.2.9`, or
// one address. None for anything else.
std::optional<AddressRange> parse_range(std::string_view type, std::string_view value);

// As Okta gives it back: a RANGE of one address is written twice (FACTS 3.2).
std::string normalised_gateway(std::string_view type, std::string_view value);

// Whether some gateway holds the address. None, [] and null gateways hold nothing.
bool holds(const Zone& zone, const Address& address);

}  // namespace zonepin::sim
