// Link headers (RFC 8288) in every legal form: the way from one page of a list to the next (FACTS 1.5).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http.h"
#include "base/result.h"
#include "base/world.h"

namespace zonepin::okta {

// More pages than this are taken for an endless list.
inline constexpr std::size_t kMaxPages = 5'000;

struct Link {
  std::string target;
  std::vector<std::string> relations;  // of `rel`, in lower case
};

// The links of one header value. What is not well formed ends the reading of that value; what came before it
// stays.
std::vector<Link> parse_links(std::string_view value);

// Path and query of the page with rel="next", or none on the last page. The link may be relative or absolute;
// one that leads to another scheme, host or port is an error: a credential goes only to the org it belongs
// to.
Result<std::optional<std::string>> next_page(const HttpHeaders& headers, const Endpoint& endpoint,
                                             std::string_view current_target);

}  // namespace zonepin::okta
