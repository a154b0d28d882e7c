// Sets of IP addresses, IPv4 and IPv6 together: what a zone holds, where a token can be used from. Equal sets
// are equal values; exact at both ends of both spaces.
//
// IPv4-mapped IPv6: Okta sees one client, however its address is written, so ::ffff:192.0.2.1 is 192.0.2.1
// and nothing else. A range within ::ffff:0:0/96 is one of IPv4 (address.h reads it so); that block is no
// part of the IPv6 space, and a wider IPv6 range (::/0, ::/64) speaks of the IPv6 addresses around it, not of
// IPv4. So everything is 0.0.0.0/0 and ::/0, 2^128 addresses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/address.h"
#include "model/interval_set.h"

namespace zonepin {

__extension__ typedef unsigned __int128 Uint128;

class AddressSet {
 public:
  AddressSet() = default;  // empty
  explicit AddressSet(const std::vector<IpRange>& ranges);
  static AddressSet everything();

  bool empty() const { return v4_.empty() && v6_.empty(); }
  bool contains(const IpAddress& address) const;
  bool contains(const AddressSet& inner) const;  // `inner` is a subset, equal ones included

  AddressSet united_with(const AddressSet& other) const;
  AddressSet common_with(const AddressSet& other) const;
  AddressSet without(const AddressSet& other) const;
  AddressSet complement() const;

  // How many addresses: decimal, from "0" to "340282366920938463463374607431768211456".
  std::string count() const;

  // The stretches in order, IPv4 first.
  std::vector<IpRange> ranges() const;

  // The fewest CIDRs that make up the set, in order, IPv4 first; at most `limit` of them. One that holds all
  // of
  // ::ffff:0:0/96 stands for the IPv6 addresses in it, as above.
  std::vector<Cidr> cidrs(std::size_t limit = SIZE_MAX) const;
  // How many that are in all, without making them.
  std::size_t cidr_count() const;

  bool operator==(const AddressSet&) const = default;

 private:
  IntervalSet<std::uint32_t> v4_;
  IntervalSet<Uint128> v6_;
};

// With a prefix length always: `192.0.2.1/32`.
std::string cidr_text(const Cidr& cidr);

}  // namespace zonepin
