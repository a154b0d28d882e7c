// A service app towards its org: private_key_jwt for an access token, DPoP when the org asks for it (FACTS
// 6).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/world.h"
#include "model/org.h"
#include "okta/auth.h"
#include "okta/jose.h"

namespace zonepin::okta {

// How long a client assertion may live: one hour exactly fails with any clock skew (FACTS 6.2).
inline constexpr std::chrono::minutes kAssertionLife{5};
// An access token is renewed when less than this is left of it.
inline constexpr std::chrono::seconds kTokenMargin{60};

struct ServiceAppIdentity {
  OrgAddress org;
  std::string client_id;
  std::string key_id;  // `kid`; empty: none
  std::vector<std::string> scopes;
};

class ServiceApp : public Authorizer {
 public:
  // The doors must outlive it. `key` signs the assertions; DPoP gets a key of its own when it is asked for.
  ServiceApp(ServiceAppIdentity identity, SigningKey key, Clock& clock, Random& random);

  bool ready() override;
  std::unique_ptr<Machine> renewal(Governor& governor, std::uint64_t seed,
                                   std::optional<Milliseconds> deadline) override;
  Result<Secret> authorize(HttpRequest& request) override;
  std::optional<Error> trouble() const override { return trouble_; }
  std::uint64_t generation() const override { return generation_; }
  bool worth_another_try(std::uint64_t generation, const HttpResponse& response) override;
  void tell_secrets(const std::function<void(const Secret&)>& listener) override { on_secret_ = listener; }
  void want_scopes(const std::vector<std::string>& scopes) override;
  std::vector<std::string> granted_scopes() const override { return granted_; }
  bool lacks_a_scope() const override { return lacks_a_scope_; }

 private:
  class Renewal;
  enum class Next { done, again, failed };

  Result<Secret> authorize_token_request(HttpRequest& request);
  Result<std::string> assertion();
  Result<std::string> proof(const HttpRequest& request, bool for_token);
  Next take_token_answer(const HttpResponse& response);
  Next take_token_refusal(const HttpResponse& response);
  void hear(const HttpHeaders& headers);
  std::string fresh_id();

  ServiceAppIdentity identity_;
  SigningKey key_;
  Clock& clock_;
  Random& random_;
  std::optional<SigningKey> dpop_key_;  // made when the org asks for DPoP
  std::string dpop_nonce_;
  Secret token_;
  bool token_is_dpop_ = false;
  Instant token_ends_{};
  std::uint64_t generation_ = 0;  // of token and nonce
  bool renewed_after_401_ =
      false;              // the token is the second of its kind, and nothing was answered with it yet
  int nonce_rounds_ = 0;  // of this renewal
  std::optional<Error> trouble_;
  bool lacks_a_scope_ = false;
  std::vector<std::string> granted_;
  std::function<void(const Secret&)> on_secret_;  // may be empty
};

}  // namespace zonepin::okta
