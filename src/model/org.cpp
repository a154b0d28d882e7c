#include "model/org.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "base/text.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxHostLength = 253;  // RFC 1035, in text form
constexpr std::size_t kMaxLabelLength = 63;
constexpr int kHttpsPort = 443;
constexpr int kHttpPort = 80;

// The domains under which Okta itself gives out orgs. Each org has a second host there, `NAME-admin`, for the
// console.
constexpr std::array<std::string_view, 6> kOktaDomains = {"okta.com",     "oktapreview.com", "okta-emea.com",
                                                          "okta-gov.com", "okta.mil",        "trexcloud.com"};

bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_label_character(char c) {
  return (c >= 'a' && c <= 'z') || is_ascii_digit(c) || c == '-';
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

int default_port(std::string_view scheme) {
  return scheme == "http" ? kHttpPort : kHttpsPort;
}

tl::unexpected<Error> refuse(std::string message, std::string mend = {}) {
  return fail(Trouble::usage, std::move(message), std::move(mend));
}

// The address in its shortest form (RFC 5952); none when it is no IPv6 address.
std::optional<std::string> canonical_ipv6(std::string_view text) {
  in6_addr address{};
  if (inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> shortest{};
  if (inet_ntop(AF_INET6, &address, shortest.data(), shortest.size()) == nullptr) return std::nullopt;
  return std::string(shortest.data());
}

// Four decimal octets. inet_pton refuses the rest (fewer parts, hexadecimal, leading zeros), which inet_aton
// would take.
bool is_ipv4(std::string_view host) {
  in_addr address{};
  return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1;
}

// Whether a resolver could take the host for a number rather than a name: its last label is one (0x7f.1,
// 127.1).
bool ends_in_number(std::string_view host) {
  std::string_view last = split(host, '.').back();
  if (last.substr(0, 2) == "0x") return true;
  return !last.empty() && std::all_of(last.begin(), last.end(), is_ascii_digit);
}

// What people write, taken apart. Nothing of it is checked yet.
struct OrgParts {
  std::string scheme;  // empty: not given
  std::string host;    // lower case, without brackets
  bool is_ipv6 = false;
  std::optional<std::string_view> port;
};

// Only what can't hold a secret is repeated in messages: user names, passwords and queries are not.
Result<std::string_view> authority_of(std::string_view rest) {
  if (rest.find('@') != std::string_view::npos) {
    return refuse("an org address holds no user name or password", "leave out everything up to the @");
  }
  const std::size_t end = rest.find_first_of("/?#\\");
  const std::string_view authority = rest.substr(0, end);
  if (end == std::string_view::npos || rest.substr(end) == "/") return authority;
  return refuse("an org address ends with its host: no path, query or fragment",
                authority.empty() ? "" : "write " + in_quotes(authority));
}

Result<OrgParts> split_ipv6(std::string_view authority, OrgParts parts) {
  const std::size_t close = authority.find(']');
  if (close == std::string_view::npos) {
    return refuse("org " + in_quotes(authority) + ": the bracket of the IPv6 address is not closed");
  }
  const auto address = canonical_ipv6(authority.substr(1, close - 1));
  if (!address) return refuse("org " + in_quotes(authority) + " is no IPv6 address");
  parts.host = *address;
  parts.is_ipv6 = true;
  const std::string_view after = authority.substr(close + 1);
  if (after.empty()) return parts;
  if (after.front() != ':')
    return refuse("org " + in_quotes(authority) + ": after the IPv6 address only a port may follow");
  parts.port = after.substr(1);
  return parts;
}

Result<OrgParts> split_authority(std::string_view authority, OrgParts parts) {
  if (!authority.empty() && authority.front() == '[') return split_ipv6(authority, std::move(parts));
  const auto colons = std::count(authority.begin(), authority.end(), ':');
  if (colons > 1) {
    // ::1:8080 is an address of its own as well as a slip: without brackets only loopback is understood.
    const auto address = canonical_ipv6(authority);
    if (!address || !is_loopback_host(*address)) {
      return refuse("org " + in_quotes(authority) + " is no host with a port",
                    "write an IPv6 address in brackets: [::1]:8080");
    }
    parts.host = *address;
    parts.is_ipv6 = true;
    return parts;
  }
  const std::size_t colon = authority.find(':');
  parts.host = lowercase(authority.substr(0, colon));
  if (colon != std::string_view::npos) parts.port = authority.substr(colon + 1);
  return parts;
}

Result<OrgParts> take_apart(std::string_view text) {
  OrgParts parts;
  const std::size_t scheme_end = text.find("://");
  if (scheme_end != std::string_view::npos) {
    parts.scheme = lowercase(text.substr(0, scheme_end));
    if (parts.scheme != "https" && parts.scheme != "http") {
      return refuse("an org address starts with https://, or with nothing before the host");
    }
    text.remove_prefix(scheme_end + 3);
  }
  const auto authority = authority_of(text);
  if (!authority) return fail(authority.error());
  if (authority->empty()) return refuse("the org address has no host", "write for instance acme.okta.com");
  return split_authority(*authority, std::move(parts));
}

// The text is not repeated: in a URL whose end got lost a password stands here.
Result<int> port_number(std::string_view text) {
  int port = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, port);
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), is_ascii_digit);
  if (!digits || read.ec != std::errc() || read.ptr != end || port < 1 || port > 65535) {
    return refuse("what follows the colon of an org address is its port, a number from 1 to 65535");
  }
  return port;
}

Result<void> check_characters(std::string_view text) {
  if (text.empty()) return refuse("the org is empty", "write for instance acme.okta.com");
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      return refuse("the org holds characters beyond ASCII", "write the name in its ASCII form (xn--…)");
    }
    if (c <= ' ' || c == '\x7f') return refuse("the org holds a space or a control character");
  }
  return {};
}

Result<void> check_label(std::string_view label, std::string_view host) {
  if (label.empty())
    return refuse("org " + in_quotes(host) + ": two dots follow each other, or one stands at an end");
  if (label.size() > kMaxLabelLength)
    return refuse("org " + in_quotes(host) + ": a part of it is longer than 63 characters");
  if (label.front() == '-' || label.back() == '-') {
    return refuse("org " + in_quotes(host) + ": " + in_quotes(label) + " starts or ends with a hyphen");
  }
  const auto bad = std::find_if_not(label.begin(), label.end(), is_label_character);
  if (bad == label.end()) return {};
  return refuse("org " + in_quotes(host) + ": no host name holds " + in_quotes(std::string_view(&*bad, 1)),
                "letters, digits, hyphens and dots: for instance acme.okta.com");
}

// The console's own host answers API calls with pages; naming the right one saves a search.
Result<void> check_okta_host(std::string_view host) {
  for (const std::string_view domain : kOktaDomains) {
    if (host == domain) {
      return refuse("org " + in_quotes(host) + " is Okta's domain, not an org",
                    "write for instance acme." + std::string(domain));
    }
    if (!ends_with(host, "-admin." + std::string(domain))) continue;
    const std::string_view name =
        host.substr(0, host.size() - domain.size() - std::string_view("-admin.").size());
    if (name.empty()) continue;
    const std::string right = std::string(name) + "." + std::string(domain);
    return refuse("org " + in_quotes(host) + " is the host of the Admin Console, not of the API",
                  "use " + in_quotes(right));
  }
  return {};
}

Result<void> check_name(std::string_view host) {
  if (host.empty()) return refuse("the org address has no host", "write for instance acme.okta.com");
  if (host.size() > kMaxHostLength)
    return refuse("org " + in_quotes(host) + " is longer than 253 characters");
  if (host.back() == '.') return refuse("org " + in_quotes(host) + " ends with a dot", "leave the dot out");
  for (const std::string_view label : split(host, '.')) {
    if (auto checked = check_label(label, host); !checked) return checked;
  }
  if (is_loopback_host(host) || is_ipv4(host)) return {};
  if (ends_in_number(host))
    return refuse("org " + in_quotes(host) + " is neither a host name nor an IPv4 address of four numbers");
  if (host.find('.') == std::string_view::npos) {
    return refuse("org " + in_quotes(host) + " is no whole host name",
                  "write it whole: " + std::string(host) + ".okta.com");
  }
  return check_okta_host(host);
}

// A label stands alone: no scheme, no port, no dot, and not a name for this machine.
bool is_label(const OrgParts& parts) {
  return parts.scheme.empty() && !parts.port && !parts.is_ipv6 && !parts.host.empty() &&
         parts.host.find('.') == std::string::npos && !is_loopback_host(parts.host);
}

Result<OrgAddress> address_of(const OrgParts& parts) {
  const bool loopback = is_loopback_host(parts.host);
  OrgAddress org;
  org.endpoint.host = parts.host;
  org.endpoint.scheme = parts.scheme;
  if (parts.scheme.empty()) org.endpoint.scheme = loopback && parts.port ? "http" : "https";
  org.endpoint.port = default_port(org.endpoint.scheme);
  if (parts.port) {
    const auto port = port_number(*parts.port);
    if (!port) return fail(port.error());
    org.endpoint.port = *port;
  }
  if (!parts.is_ipv6) {
    if (const auto checked = check_name(parts.host); !checked) return fail(checked.error());
  }
  if (org.endpoint.scheme == "http" && !loopback) {
    return refuse("org " + in_quotes(org.url()) +
                      ": http:// is for loopback addresses only, a credential would travel in the open",
                  "write https://" + org.authority());
  }
  return org;
}

}  // namespace

std::string OrgAddress::authority() const {
  const bool brackets = endpoint.host.find(':') != std::string::npos;
  std::string text = brackets ? "[" + endpoint.host + "]" : endpoint.host;
  if (endpoint.port != default_port(endpoint.scheme)) text += ":" + std::to_string(endpoint.port);
  return text;
}

std::string OrgAddress::url() const {
  return endpoint.scheme + "://" + authority();
}

Result<OrgAddress> parse_org(std::string_view text, std::string_view base_domain) {
  if (const auto checked = check_characters(text); !checked) return fail(checked.error());
  const auto parts = take_apart(text);
  if (!parts) return fail(parts.error());
  if (!is_label(*parts)) return address_of(*parts);
  // The label is checked by itself: a wrong base domain must not be blamed on it, nor the other way round.
  if (const auto checked = check_label(parts->host, parts->host); !checked) return fail(checked.error());
  const std::string whole = parts->host + "." + std::string(base_domain);
  if (const auto checked = check_characters(whole); !checked) return fail(checked.error());
  const auto whole_parts = take_apart(whole);
  if (!whole_parts) return fail(whole_parts.error());
  return address_of(*whole_parts);
}

std::string environment_suffix(const OrgAddress& org) {
  std::string suffix = org.endpoint.host;
  if (org.endpoint.port != default_port(org.endpoint.scheme))
    suffix += ":" + std::to_string(org.endpoint.port);
  for (char& c : suffix) {
    if (c >= 'a' && c <= 'z') {
      c = static_cast<char>(c - 'a' + 'A');
    } else if (!is_ascii_digit(c) && !(c >= 'A' && c <= 'Z')) {
      c = '_';
    }
  }
  return suffix;
}

bool is_loopback_host(std::string_view host) {
  if (lowercase(host) == "localhost") return true;
  if (host.substr(0, 4) == "127." && is_ipv4(host)) return true;
  return canonical_ipv6(host) == "::1";
}

}  // namespace zonepin
