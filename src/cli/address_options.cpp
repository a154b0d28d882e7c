#include "cli/address_options.h"

#include "base/text.h"
#include "model/address.h"

namespace zonepin {

namespace {

constexpr const char* kWanted =
    "write an address, a CIDR or a range: 203.0.113.10, 203.0.113.0/24, "
    "203.0.113.1-203.0.113.9";

}  // namespace

Result<Asked> parse_asked(const std::string& text) {
  const auto range = parse_gateway(text);
  if (!range) return fail(Trouble::usage, "--ip: " + in_quotes(text) + " is no IP address", kWanted);
  const std::string trimmed(trim(text));
  const auto cidr = parse_cidr(trimmed);
  if (cidr && base_of(*cidr) != *cidr) {
    return fail(
        Trouble::usage, "--ip: " + in_quotes(text) + " has host bits behind its prefix",
        "the network is " + to_string(base_of(*cidr)) + ", the address alone is " + to_string(cidr->address));
  }
  return Asked{trimmed, AddressSet({*range})};
}

Result<ZoneOverride> parse_override(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0) {
    return fail(Trouble::usage, "--zone-override: " + in_quotes(text) + " is not NAME=CIDR,...",
                "name the zone and all that it would hold: corp-offices=203.0.113.0/24,198.51.100.7");
  }
  ZoneOverride edit{text.substr(0, equals), {}};
  const std::string list = text.substr(equals + 1);
  if (trim(list) == "none") return edit;
  for (const std::string_view part : split(list, ',')) {
    if (!parse_gateway(part)) {
      const std::string what =
          trim(part).empty() ? "an address is missing" : in_quotes(part) + " is no address";
      return fail(Trouble::usage, "--zone-override " + in_quotes(edit.zone) + ": " + what,
                  std::string(kWanted) + "; none for a zone that would be empty");
    }
    edit.gateways.emplace_back(trim(part));
  }
  return edit;
}

}  // namespace zonepin
