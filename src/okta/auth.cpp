#include "okta/auth.h"

#include <utility>

namespace zonepin::okta {

FixedAuthorizer::FixedAuthorizer(std::string scheme, Secret token) {
  std::string value = std::move(scheme) + " ";
  value += token.reveal();
  value_ = Secret(std::move(value));
}

Result<Secret> FixedAuthorizer::authorize(HttpRequest&) { return value_.clone(); }

}  // namespace zonepin::okta
