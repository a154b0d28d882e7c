#include "sim/dpop.h"

#include <vector>

#include "sim/base64url.h"
#include "sim/jwt.h"
#include "sim/public_key.h"

namespace zonepin::sim {

namespace {

constexpr std::chrono::minutes kProofLife{5};  // FACTS 6.3; a clock that is ahead gets no more
constexpr int kOldNonces = 3;                  // FACTS 6.3: a new one each day, an old one is good for 3 days

std::int64_t nonce_period(const State& state, Instant now) {
  const std::chrono::seconds length(state.settings.dpop_nonce_seconds);
  return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count() / length.count();
}

bool is_known_nonce(const State& state, std::string_view nonce, Instant now) {
  const std::int64_t period = nonce_period(state, now);
  for (int back = 0; back <= kOldNonces; ++back) {
    if (nonce_of_period(state, period - back) == nonce) return true;
  }
  return false;
}

tl::unexpected<ProofRefusal> wrong_proof(std::string description) {
  return tl::unexpected<ProofRefusal>(ProofRefusal{"invalid_dpop_proof", std::move(description)});
}

tl::unexpected<ProofRefusal> wrong_claim(const char* name) {
  return wrong_proof("'" + std::string(name) + "' claim in the DPoP proof JWT is invalid.");
}

// The thumbprint of the key in its header, with which it is signed.
tl::expected<std::string, ProofRefusal> check_signature(const Jwt& proof) {
  const auto jwk = proof.header.find("jwk");
  if (jwk == proof.header.end()) return wrong_proof("The DPoP proof JWT header has no 'jwk'.");
  const std::string text = jwk->dump();
  const std::optional<PublicKey> key = PublicKey::from_jwk(text);
  const std::optional<std::string> thumbprint = jwk_thumbprint(text);
  if (!key || !thumbprint) return wrong_proof("The 'jwk' in the DPoP proof JWT header is invalid.");
  if (!key->verifies(claim_text(proof.header, "alg"), proof.signed_text, proof.signature)) {
    return wrong_proof("The DPoP proof JWT signature is invalid.");
  }
  return *thumbprint;
}

tl::expected<Jwt, ProofRefusal> proof_of(const SimRequest& request) {
  const std::vector<std::string_view> lines = headers_named(request.headers, "DPoP");
  if (lines.empty()) return wrong_proof("The DPoP proof JWT header is missing.");
  std::optional<Jwt> proof = lines.size() == 1 ? parse_jwt(lines.front()) : std::nullopt;
  if (!proof) return wrong_proof("The DPoP proof JWT is malformed.");
  if (claim_text(proof->header, "typ") != "dpop+jwt") {
    return wrong_proof("The 'typ' in the DPoP proof JWT header is invalid.");
  }
  return std::move(*proof);
}

}  // namespace

std::string current_nonce(const State& state, Instant now) {
  return nonce_of_period(state, nonce_period(state, now));
}

tl::expected<std::string, ProofRefusal> check_proof(State& state, const SimRequest& request,
                                                    const ProofDemand& demand, Instant now) {
  const auto proof = proof_of(request);
  if (!proof) return tl::unexpected<ProofRefusal>(proof.error());
  auto thumbprint = check_signature(*proof);
  if (!thumbprint) return thumbprint;
  const Json& claims = proof->claims;
  if (claim_text(claims, "htm") != request.method) return wrong_claim("htm");
  if (claim_text(claims, "htu") != demand.url) return wrong_claim("htu");
  const std::optional<Instant> issued = claim_instant(claims, "iat");
  if (!issued || *issued < now - kProofLife || *issued > now + kProofLife) return wrong_claim("iat");
  const bool has_good_nonce = is_known_nonce(state, claim_text(claims, "nonce"), now);
  if (demand.nonce == NonceRule::required && !has_good_nonce) {
    return tl::unexpected<ProofRefusal>(
        ProofRefusal{"use_dpop_nonce", "Authorization server requires nonce in DPoP proof."});
  }
  const std::string id = claim_text(claims, "jti");
  if (id.empty()) return wrong_claim("jti");
  const bool is_for_token = demand.access_token.empty();
  if (!is_for_token && claim_text(claims, "ath") != sha256_base64url(demand.access_token))
    return wrong_claim("ath");
  if (!state.oauth.proofs.take(*thumbprint + " " + id, *issued + kProofLife, now)) {
    return wrong_proof("The DPoP proof JWT has already been used.");
  }
  return thumbprint;
}

}  // namespace zonepin::sim
