#include "okta/auth.h"

#include <utility>

namespace zonepin::okta {

std::unique_ptr<Machine> Authorizer::renewal(Governor&, std::uint64_t, std::optional<Milliseconds>) {
  return nullptr;
}

bool Authorizer::worth_another_try(std::uint64_t, const HttpResponse&) {
  return false;
}

void Authorizer::tell_secrets(const std::function<void(const Secret&)>&) {}

void Authorizer::want_scopes(const std::vector<std::string>&) {}

FixedAuthorizer::FixedAuthorizer(std::string scheme, Secret token) {
  std::string value = std::move(scheme) + " ";
  value += token.reveal();
  value_ = Secret(std::move(value));
}

Result<Secret> FixedAuthorizer::authorize(HttpRequest&) {
  return value_.clone();
}

}  // namespace zonepin::okta
