#include "okta/service_app.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "okta/refusal.h"

namespace zonepin::okta {

namespace {

constexpr std::string_view kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
// Answers of the token endpoint that only ask for another proof, in one renewal.
constexpr int kMaxNonceRounds = 3;
// What is taken for the life of a token that does not tell (FACTS 6.2: one hour, fixed).
constexpr std::int64_t kDefaultLifeSeconds = 3'600;

std::int64_t seconds_of(Instant instant) {
  return std::chrono::duration_cast<std::chrono::seconds>(instant.time_since_epoch()).count();
}

std::string_view without_query(std::string_view target) {
  return target.substr(0, target.find('?'));
}

// `DPoP error="use_dpop_nonce"`, as resource servers challenge (RFC 9449 section 9).
bool asks_for_nonce(const HttpResponse& response) {
  const Refusal refusal = refusal_of(response);
  return refusal.code == "use_dpop_nonce" && header(response.headers, "DPoP-Nonce").has_value();
}

std::string mend_of(const Refusal& refusal) {
  const std::string& says = refusal.summary;
  const auto mentions = [&](std::string_view words) {
    return lowercase(says).find(words) != std::string::npos;
  };
  if (refusal.code == "invalid_client" && mentions("expire"))
    return "check this machine's clock: the assertion ends 5 minutes after it is made";
  if (refusal.code == "invalid_client" && mentions("future"))
    return "check this machine's clock: it is ahead of Okta's";
  if (refusal.code == "invalid_client" && mentions("already been used"))
    return "run it again; if it stays so, something between here and Okta sends requests twice";
  if (refusal.code == "invalid_client") {
    return "check the client id, that the private key is one of the app's, and its key id "
           "(OKTA_API_PRIVATE_KEY_ID)";
  }
  if (refusal.code == "invalid_scope" || refusal.code == "consent_required") {
    return "grant the app okta.apiTokens.read, okta.networkZones.read and, for apply, okta.apiTokens.manage, "
           "or name those it has in OKTA_API_SCOPES";
  }
  if (refusal.code == "access_denied")
    return "the app's client may be used from certain network zones only: check where this runs";
  if (refusal.code == "invalid_dpop_proof")
    return "check this machine's clock: a proof is good for 5 minutes";
  if (refusal.status == 404) return "is this the right org?";
  return {};
}

}  // namespace

// Asks the org's token endpoint until there is a token, or a reason why there is none.
class ServiceApp::Renewal : public Machine {
 public:
  Renewal(ServiceApp& app, Governor& governor, std::uint64_t seed, std::optional<Milliseconds> deadline)
      : app_(app), lane_(governor, seed, deadline) {
    ask();
  }

  Lane& lane() override { return lane_; }
  bool finished() const override { return finished_; }
  void interrupt() override { lane_.stop(); }

  void advance(Milliseconds) override {
    for (const Ended& ended : lane_.take_ended()) {
      finished_ = true;
      if (ended.withheld) {
        app_.trouble_ = ended.withheld;
      } else if (ended.error) {
        app_.trouble_ = explain(ended.call, *ended.error, app_.identity_.org.authority());
      } else if (!ended.response) {
        app_.trouble_ =
            Error{Trouble::unfinished, "the time ran out before there was an access token", "run it again"};
      } else if (app_.take_token_answer(*ended.response) == Next::again) {
        finished_ = false;
        ask();
      }
    }
  }

 private:
  void ask() { lane_.submit({Operation::get_access_token, {}, {}, {}}); }

  ServiceApp& app_;
  Lane lane_;
  bool finished_ = false;
};

ServiceApp::ServiceApp(ServiceAppIdentity identity, SigningKey key, Clock& clock, Random& random)
    : identity_(std::move(identity)), key_(std::move(key)), clock_(clock), random_(random) {}

void ServiceApp::want_scopes(const std::vector<std::string>& scopes) {
  identity_.scopes = scopes;
  token_ = Secret();
  trouble_.reset();
  lacks_a_scope_ = false;
}

bool ServiceApp::ready() {
  return !token_.empty() && clock_.now() + kTokenMargin < token_ends_;
}

std::unique_ptr<Machine> ServiceApp::renewal(Governor& governor, std::uint64_t seed,
                                             std::optional<Milliseconds> deadline) {
  token_ = Secret();
  nonce_rounds_ = 0;
  return std::make_unique<Renewal>(*this, governor, seed, deadline);
}

Result<Secret> ServiceApp::authorize(HttpRequest& request) {
  if (request.method == HttpMethod::post) return authorize_token_request(request);
  if (!token_is_dpop_) return Secret("Bearer " + std::string(token_.reveal()));
  auto made = proof(request, false);
  if (!made) return fail(made.error());
  request.headers.push_back({"DPoP", std::move(*made)});
  return Secret("DPoP " + std::string(token_.reveal()));
}

Result<Secret> ServiceApp::authorize_token_request(HttpRequest& request) {
  const auto signed_assertion = assertion();
  if (!signed_assertion) return fail(signed_assertion.error());
  if (on_secret_) on_secret_(Secret(*signed_assertion));
  request.body = "grant_type=client_credentials&scope=" + percent_encode(join(identity_.scopes, " ")) +
                 "&client_assertion_type=" + percent_encode(kAssertionType) +
                 "&client_assertion=" + *signed_assertion;
  if (dpop_key_) {
    auto made = proof(request, true);
    if (!made) return fail(made.error());
    request.headers.push_back({"DPoP", std::move(*made)});
  }
  return Secret();
}

// 128 bits: never the same twice (a jti may be used once only).
std::string ServiceApp::fresh_id() {
  std::string bytes;
  for (int half = 0; half < 2; ++half) {
    const std::uint64_t value = random_.next();
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(value >> shift & 0xff);
  }
  return base64url(bytes);
}

Result<std::string> ServiceApp::assertion() {
  nlohmann::json header = {{"alg", key_.algorithm()}, {"typ", "JWT"}};
  if (!identity_.key_id.empty()) header["kid"] = identity_.key_id;
  const Instant now = clock_.now();
  const nlohmann::json claims = {{"iss", identity_.client_id},
                                 {"sub", identity_.client_id},
                                 {"aud", identity_.org.url() + "/oauth2/v1/token"},
                                 {"iat", seconds_of(now)},
                                 {"exp", seconds_of(now + kAssertionLife)},
                                 {"jti", fresh_id()}};
  return key_.sign(header.dump(), claims.dump());
}

Result<std::string> ServiceApp::proof(const HttpRequest& request, bool for_token) {
  const std::string header = "{\"typ\":\"dpop+jwt\",\"alg\":\"" + dpop_key_->algorithm() +
                             "\",\"jwk\":" + dpop_key_->public_jwk() + "}";
  nlohmann::json claims = {{"htm", std::string(to_string(request.method))},
                           {"htu", identity_.org.url() + std::string(without_query(request.target))},
                           {"iat", seconds_of(clock_.now())},
                           {"jti", fresh_id()}};
  if (!dpop_nonce_.empty()) claims["nonce"] = dpop_nonce_;
  if (!for_token) claims["ath"] = sha256_base64url(token_.reveal());
  return dpop_key_->sign(header, claims.dump());
}

void ServiceApp::hear(const HttpHeaders& headers) {
  const auto nonce = header(headers, "DPoP-Nonce");
  if (!nonce || *nonce == dpop_nonce_) return;
  dpop_nonce_ = std::string(*nonce);
  ++generation_;
}

ServiceApp::Next ServiceApp::take_token_answer(const HttpResponse& response) {
  hear(response.headers);
  if (response.status != 200) return take_token_refusal(response);
  const nlohmann::json json = nlohmann::json::parse(response.body, nullptr, false);
  const auto text = [&](const char* key) {
    return json.is_object() && json.contains(key) && json.at(key).is_string()
               ? json.at(key).get<std::string>()
               : std::string();
  };
  std::string token = text("access_token");
  const std::string type = lowercase(text("token_type"));
  if (token.empty() || (type != "bearer" && type != "dpop") || (type == "dpop" && !dpop_key_)) {
    wipe(token);
    trouble_ = Error{Trouble::failure,
                     "the token endpoint of " + identity_.org.authority() +
                         " answered without an access token that can be used",
                     "is this an Okta org? A proxy may have answered in its place"};
    return Next::failed;
  }
  const bool told = json.contains("expires_in") && json.at("expires_in").is_number_integer();
  token_ends_ = clock_.now() +
                std::chrono::seconds(told ? json.at("expires_in").get<std::int64_t>() : kDefaultLifeSeconds);
  // A token that lives shorter than the margin is used all the same: renewed with every request would be no
  // better.
  token_ends_ = std::max(token_ends_, clock_.now() + kTokenMargin + std::chrono::seconds(1));
  token_is_dpop_ = type == "dpop";
  token_ = Secret(std::move(token));
  if (on_secret_) on_secret_(token_);
  granted_.clear();
  const std::string scopes = text("scope");
  for (const std::string_view scope : split(scopes, ' ')) {
    if (!scope.empty()) granted_.emplace_back(scope);
  }
  ++generation_;
  trouble_.reset();
  return Next::done;
}

ServiceApp::Next ServiceApp::take_token_refusal(const HttpResponse& response) {
  const Refusal refusal = refusal_of(response);
  const bool wants_dpop = refusal.code == "invalid_dpop_proof" && !dpop_key_;
  const bool wants_nonce = refusal.code == "use_dpop_nonce" && !dpop_nonce_.empty();
  if ((wants_dpop || wants_nonce) && ++nonce_rounds_ <= kMaxNonceRounds) {
    if (!dpop_key_) {
      auto key = SigningKey::generate();
      if (!key) {
        trouble_ = key.error();
        return Next::failed;
      }
      dpop_key_ = std::move(*key);
    }
    return Next::again;
  }
  lacks_a_scope_ = refusal.code == "invalid_scope" || refusal.code == "consent_required";
  const bool ours = response.status == 400 || response.status == 401 || response.status == 403;
  const Error told = explain({Operation::get_access_token, {}, {}, {}}, refusal, identity_.org.authority());
  const std::string mend = mend_of(refusal);
  trouble_ =
      Error{ours ? Trouble::unauthorised : told.trouble, told.message, mend.empty() ? told.mend : mend};
  return Next::failed;
}

bool ServiceApp::worth_another_try(std::uint64_t generation, const HttpResponse& response) {
  hear(response.headers);
  const bool refused = response.status == 400 || response.status == 401;
  if (!refused) {
    if (generation == generation_) renewed_after_401_ = false;
    return false;
  }
  if (dpop_key_ && asks_for_nonce(response)) return true;
  if (response.status != 401 || refusal_of(response).code == "E0000015") return false;
  if (generation < generation_ || token_.empty()) return true;  // a new token is there, or on its way
  if (renewed_after_401_) return false;
  renewed_after_401_ = true;
  token_ = Secret();
  return true;
}

}  // namespace zonepin::okta
