// Who zonepin is towards one org: puts a credential on requests, and on no other org's.
#pragma once

#include "base/http.h"
#include "base/result.h"
#include "base/secret.h"

namespace zonepin::okta {

class Authorizer {
 public:
  virtual ~Authorizer() = default;
  // The value of the Authorization header for this request, sent at once; further headers may be added to it.
  virtual Result<Secret> authorize(HttpRequest& request) = 0;
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
