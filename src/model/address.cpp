#include "model/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace zonepin {

namespace {

constexpr unsigned kWordBits = 64;
constexpr std::uint64_t kAllOnes = ~std::uint64_t{0};
constexpr std::uint64_t kMappedMark = 0xffff;  // bits 80 to 95 of ::ffff:192.0.2.1
constexpr unsigned kMappedPrefix = 96;

using Octets = std::array<std::uint8_t, 16>;

std::uint64_t number_of(const Octets& octets, std::size_t from, std::size_t count) {
  std::uint64_t number = 0;
  for (std::size_t i = from; i < from + count; ++i) number = (number << 8) | octets.at(i);
  return number;
}

bool is_mapped(const IpAddress& address) {
  return address.family == IpFamily::v6 && address.high == 0 && (address.low >> 32) == kMappedMark;
}

// As written: a mapped address stays one of IPv6, for its prefix length counts from there.
std::optional<IpAddress> parse_as_written(std::string_view text) {
  // inet_pton takes a C string: what stands behind a NUL would go unseen.
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string terminated(text);
  Octets octets{};
  if (inet_pton(AF_INET, terminated.c_str(), octets.data()) == 1) {
    return IpAddress{IpFamily::v4, 0, number_of(octets, 0, 4)};
  }
  if (inet_pton(AF_INET6, terminated.c_str(), octets.data()) != 1) return std::nullopt;
  return IpAddress{IpFamily::v6, number_of(octets, 0, 8), number_of(octets, 8, 8)};
}

std::optional<unsigned> parse_prefix(std::string_view text, IpFamily family) {
  unsigned prefix = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, prefix);
  if (error != std::errc{} || stopped != end || prefix > bits_of(family)) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return prefix;
}

// The last `count` bits of a word, count <= 64.
std::uint64_t tail_mask(unsigned count) {
  return count == 0 ? 0 : kAllOnes >> (kWordBits - count);
}

IpAddress with_tail(const IpAddress& address, unsigned tail_bits, std::uint64_t fill) {
  const std::uint64_t low_mask = tail_mask(std::min(tail_bits, kWordBits));
  const std::uint64_t high_mask = tail_mask(tail_bits > kWordBits ? tail_bits - kWordBits : 0);
  IpAddress result = address;
  result.low = (address.low & ~low_mask) | (fill & low_mask);
  result.high = (address.high & ~high_mask) | (fill & high_mask);
  return result;
}

std::optional<IpAddress> successor(const IpAddress& address) {
  IpAddress next = address;
  if (address.family == IpFamily::v4) {
    if (address.low == tail_mask(32)) return std::nullopt;
    ++next.low;
    return next;
  }
  if (address.low == kAllOnes && address.high == kAllOnes) return std::nullopt;
  ++next.low;
  if (next.low == 0) ++next.high;
  return next;
}

}  // namespace

std::optional<IpAddress> parse_address(std::string_view text) {
  const auto address = parse_as_written(text);
  if (!address || !is_mapped(*address)) return address;
  return IpAddress{IpFamily::v4, 0, address->low & tail_mask(32)};
}

std::optional<Cidr> parse_cidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = parse_as_written(text.substr(0, slash));
  if (!address) return std::nullopt;
  const auto prefix = parse_prefix(text.substr(slash + 1), address->family);
  if (!prefix) return std::nullopt;
  if (!is_mapped(*address) || *prefix < kMappedPrefix) return Cidr{*address, *prefix};
  return Cidr{{IpFamily::v4, 0, address->low & tail_mask(32)}, *prefix - kMappedPrefix};
}

std::optional<IpRange> parse_range(std::string_view text) {
  const std::size_t hyphen = text.find('-');
  if (hyphen == std::string_view::npos) return std::nullopt;
  const auto first = parse_address(trim(text.substr(0, hyphen)));
  const auto last = parse_address(trim(text.substr(hyphen + 1)));
  if (!first || !last || first->family != last->family || *last < *first) return std::nullopt;
  return IpRange{*first, *last};
}

std::optional<IpRange> parse_gateway(std::string_view text) {
  text = trim(text);
  if (text.find('-') != std::string_view::npos) return parse_range(text);
  if (text.find('/') == std::string_view::npos) {
    const auto address = parse_address(text);
    return address ? std::optional<IpRange>(range_of(*address)) : std::nullopt;
  }
  const auto cidr = parse_cidr(text);
  return cidr ? std::optional<IpRange>(range_of(*cidr)) : std::nullopt;
}

Cidr base_of(const Cidr& cidr) {
  return {with_tail(cidr.address, bits_of(cidr.address.family) - cidr.prefix, 0), cidr.prefix};
}

IpRange range_of(const Cidr& cidr) {
  const unsigned tail = bits_of(cidr.address.family) - cidr.prefix;
  return {with_tail(cidr.address, tail, 0), with_tail(cidr.address, tail, kAllOnes)};
}

IpRange range_of(const IpAddress& address) {
  return {address, address};
}

std::vector<Cidr> cidrs_of(const IpRange& range) {
  std::vector<Cidr> cidrs;
  std::optional<IpAddress> next = range.first;
  // At most two for each length of prefix.
  while (next && *next <= range.last) {
    Cidr largest{*next, bits_of(next->family)};
    while (largest.prefix > 0) {
      const Cidr wider{*next, largest.prefix - 1};
      const IpRange reach = range_of(wider);
      if (reach.first != *next || range.last < reach.last) break;
      largest = wider;
    }
    cidrs.push_back(largest);
    next = successor(range_of(largest).last);
  }
  return cidrs;
}

std::vector<IpRange> joined(std::vector<IpRange> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const IpRange& one, const IpRange& other) {
    return one.first != other.first ? one.first < other.first : one.last < other.last;
  });
  std::vector<IpRange> result;
  for (const IpRange& range : ranges) {
    const bool apart = result.empty() || result.back().last.family != range.first.family ||
                       (result.back().last < range.first && successor(result.back().last) != range.first);
    if (apart) {
      result.push_back(range);
    } else {
      result.back().last = std::max(result.back().last, range.last);
    }
  }
  return result;
}

std::string to_string(const IpAddress& address) {
  Octets octets{};
  const bool v4 = address.family == IpFamily::v4;
  const std::size_t count = v4 ? 4 : 16;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t behind = count - 1 - i;  // octets that follow
    const std::uint64_t word = behind >= 8 ? address.high : address.low;
    octets.at(i) = static_cast<std::uint8_t>(word >> (8 * (behind % 8)));
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_ntop(v4 ? AF_INET : AF_INET6, octets.data(), text.data(), text.size()) == nullptr) return {};
  return text.data();
}

std::string to_string(const Cidr& cidr) {
  if (cidr.prefix == bits_of(cidr.address.family)) return to_string(cidr.address);
  return to_string(cidr.address) + "/" + std::to_string(cidr.prefix);
}

}  // namespace zonepin
