#include "sim/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace zonepin::sim {

namespace {

constexpr int kBitsV4 = 32;
constexpr int kBitsV6 = 128;

int bits_of(AddressFamily family) {
  return family == AddressFamily::v4 ? kBitsV4 : kBitsV6;
}

bool is_mapped_v4(const std::array<std::uint8_t, 16>& bytes) {
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::equal(kMapped.begin(), kMapped.end(), bytes.begin());
}

// The bits from `prefix` on, all 0 or all 1.
Address with_tail(Address address, int prefix, bool ones) {
  for (int bit = prefix; bit < bits_of(address.family); ++bit) {
    const auto index = static_cast<std::size_t>(bit / 8);
    const auto mask = static_cast<std::uint8_t>(0x80U >> static_cast<unsigned>(bit % 8));
    const unsigned byte = address.bytes.at(index);
    address.bytes.at(index) =
        static_cast<std::uint8_t>(ones ? byte | mask : byte & ~static_cast<unsigned>(mask));
  }
  return address;
}

std::optional<AddressRange> parse_cidr(std::string_view value) {
  const std::size_t slash = value.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<Address> address = parse_address(value.substr(0, slash));
  const std::string_view digits = value.substr(slash + 1);
  if (!address || digits.empty() || digits.size() > 3) return std::nullopt;
  int prefix = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (prefix < 0 || prefix > bits_of(address->family)) return std::nullopt;
  return AddressRange{with_tail(*address, prefix, false), with_tail(*address, prefix, true)};
}

std::optional<AddressRange> parse_from_to(std::string_view value) {
  const std::vector<std::string_view> parts = split(value, '-');
  if (parts.size() > 2) return std::nullopt;
  const std::optional<Address> first = parse_address(trim(parts.front()));
  const std::optional<Address> last = parse_address(trim(parts.back()));
  if (!first || !last || first->family != last->family || *last < *first) return std::nullopt;
  return AddressRange{*first, *last};
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    return std::nullopt;  // inet_pton would not see what follows it
  Address address;
  if (inet_pton(AF_INET, std::string(text).c_str(), address.bytes.data()) == 1) return address;
  address.family = AddressFamily::v6;
  const std::string without_zone(text.substr(0, text.find('%')));
  if (inet_pton(AF_INET6, without_zone.c_str(), address.bytes.data()) != 1) return std::nullopt;
  if (!is_mapped_v4(address.bytes)) return address;
  Address inner;
  std::copy_n(address.bytes.begin() + 12, 4, inner.bytes.begin());
  return inner;
}

bool AddressRange::contains(const Address& address) const {
  return first <= address && address <= last;  // families compare first: the other one is outside
}

std::optional<AddressRange> parse_range(std::string_view type, std::string_view value) {
  if (type == "CIDR") return parse_cidr(value);
  if (type == "RANGE") return parse_from_to(value);
  return std::nullopt;
}

std::string normalised_gateway(std::string_view type, std::string_view value) {
  std::string text(value);
  if (type == "RANGE" && value.find('-') == std::string_view::npos) text += "-" + text;
  return text;
}

bool holds(const Zone& zone, const Address& address) {
  if (!zone.gateways) return false;
  return std::any_of(zone.gateways->begin(), zone.gateways->end(), [&](const Gateway& gateway) {
    const std::optional<AddressRange> range = parse_range(gateway.type, gateway.value);
    return range && range->contains(address);
  });
}

}  // namespace zonepin::sim
