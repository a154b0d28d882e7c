// DPoP proofs (RFC 9449, FACTS 6.3): one short-lived JWT per request, signed with a key that the access token
// is bound to. Inside of this room only.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/org.h"

namespace zonepin::sim {

enum class NonceRule { required, not_required };

struct ProofDemand {
  std::string url;                // of the request, without its query
  std::string_view access_token;  // empty: at the token endpoint, where a proof has no `ath`
  NonceRule nonce = NonceRule::required;
};

struct ProofRefusal {
  std::string error;  // invalid_dpop_proof, use_dpop_nonce
  std::string description;
};

// The thumbprint of the key of the request's proof. A proof that is taken is taken once.
tl::expected<std::string, ProofRefusal> check_proof(State& state, const SimRequest& request,
                                                    const ProofDemand& demand, Instant now);

// The nonce that proofs should have now. The three before it are still taken.
std::string current_nonce(const State& state, Instant now);

}  // namespace zonepin::sim
