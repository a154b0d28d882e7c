#include "cli/selection.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/digest.h"
#include "base/ensure.h"
#include "base/text.h"
#include "model/glob.h"

namespace zonepin {

namespace {

std::optional<std::size_t> whole_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

bool fits_only(const std::string& glob, const OrgAddress& org) {
  const std::string lower = lowercase(glob);
  return fits_glob(lower, org.authority()) || fits_glob(lower, lowercase(org.endpoint.host));
}

}  // namespace

std::optional<Shard> parse_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto number = whole_number(text.substr(0, slash));
  const auto of = whole_number(text.substr(slash + 1));
  if (!number || !of || *of > kMaxShards || *number < 1 || *number > *of) return std::nullopt;
  return Shard{*number, *of};
}

std::size_t shard_of(const OrgAddress& org, std::size_t of) {
  ensure(of > 0, "there is at least one shard");
  constexpr std::size_t kDigits = 16;  // of 8 bytes
  const std::string digest = sha256(lowercase(org.authority()));
  std::uint64_t number = 0;
  std::from_chars(digest.data(), digest.data() + kDigits, number, 16);
  return static_cast<std::size_t>(number % of) + 1;
}

Result<void> check_only(const std::string& glob) {
  const auto fault = check_glob(glob);
  if (!fault) return {};
  return fail(Trouble::usage, "--only: " + in_quotes(glob) + " " + fault->summary, fault->detail);
}

Result<std::vector<OrgAddress>> selected(const Selection& selection, const std::vector<OrgAddress>& orgs) {
  for (const std::string& glob : selection.only) {
    const bool used =
        std::any_of(orgs.begin(), orgs.end(), [&](const OrgAddress& org) { return fits_only(glob, org); });
    if (used) continue;
    return fail(Trouble::usage, "--only " + in_quotes(glob) + ": no org of this run has such a host",
                "it is a glob on the whole host: *.oktapreview.com");
  }
  std::vector<OrgAddress> taken;
  for (const OrgAddress& org : orgs) {
    const bool fits =
        selection.only.empty() || std::any_of(selection.only.begin(), selection.only.end(),
                                              [&](const std::string& glob) { return fits_only(glob, org); });
    const bool mine = !selection.shard || shard_of(org, selection.shard->of) == selection.shard->number;
    if (fits && mine) taken.push_back(org);
  }
  return taken;
}

}  // namespace zonepin
