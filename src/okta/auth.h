// Who zonepin is towards one org: puts a credential on requests, and on no other org's.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/http.h"
#include "base/result.h"
#include "base/secret.h"
#include "okta/machine.h"

namespace zonepin::okta {

class Authorizer {
 public:
  virtual ~Authorizer() = default;

  // Whether requests can be authorized now. If not, what renewal() gives is run to its end first.
  virtual bool ready() { return true; }
  // The calls that make it ready; they are authorized by this authorizer, too.
  virtual std::unique_ptr<Machine> renewal(Governor& governor, std::uint64_t seed,
                                           std::optional<Milliseconds> deadline);
  // Why it can't become ready: every request would fail.
  virtual std::optional<Error> trouble() const { return std::nullopt; }

  // The value of the Authorization header for this very request, sent at once; further headers may be added
  // to it.
  virtual Result<Secret> authorize(HttpRequest& request) = 0;

  // Which state of it a request is authorized with: grows with every new token and nonce.
  virtual std::uint64_t generation() const { return 0; }
  // Told of every answer to a request that was authorized in `generation`. Whether it was refused for a
  // reason that a fresh authorization mends (an access token that ended early, a DPoP nonce).
  virtual bool worth_another_try(std::uint64_t generation, const HttpResponse& response);

  // Who wants to know of every secret that Okta gives out on the way: such a one is no more to be seen than
  // the credential itself.
  virtual void tell_secrets(const std::function<void(const Secret&)>& listener);

  // Asks for other scopes from now on; nothing where scopes are not asked for.
  virtual void want_scopes(const std::vector<std::string>& scopes);
  // Those of the last access token; none where Okta did not tell.
  virtual std::vector<std::string> granted_scopes() const { return {}; }
  // trouble() is that a scope was not granted to the app.
  virtual bool lacks_a_scope() const { return false; }
};

// A credential that is sent as it is: `SSWS <token>` or `Bearer <token>`.
class FixedAuthorizer : public Authorizer {
 public:
  FixedAuthorizer(std::string scheme, Secret token);
  Result<Secret> authorize(HttpRequest& request) override;

 private:
  Secret value_;
};

}  // namespace zonepin::okta
