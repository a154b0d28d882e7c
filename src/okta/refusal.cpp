#include "okta/refusal.h"

#include <nlohmann/json.hpp>

#include "base/json_text.h"
#include "base/text.h"

namespace zonepin::okta {

namespace {

constexpr std::size_t kMaxErrorDepth = 16;
constexpr std::size_t kMaxSummaryColumns = 300;
constexpr std::size_t kMaxCauses = 3;

std::string member(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Fills in what the body says; false when it is no error body of Okta's.
bool read_body(const std::string& body, Refusal& refusal) {
  if (nests_deeper_than(body, kMaxErrorDepth)) return false;
  const nlohmann::json json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object()) return false;
  refusal.code = member(json, "errorCode");
  refusal.summary = member(json, "errorSummary");
  refusal.error_id = member(json, "errorId");
  if (refusal.code.empty()) {
    refusal.code = member(json, "error");
    refusal.summary = member(json, "error_description");
  }
  const auto causes = json.find("errorCauses");
  if (causes != json.end() && causes->is_array()) {
    for (const nlohmann::json& cause : *causes) {
      if (cause.is_object() && !member(cause, "errorSummary").empty())
        refusal.causes.push_back(member(cause, "errorSummary"));
    }
  }
  return !refusal.code.empty();
}

// `DPoP error="invalid_dpop_proof", error_description="…"`: the value of one parameter, quoted or not (RFC
// 9110 11.2).
std::string parameter(std::string_view challenge, std::string_view name) {
  const std::string key = std::string(name) + "=";
  std::size_t from = challenge.find(key);
  while (from != std::string_view::npos && from != 0 &&
         std::string_view(" \t,").find(challenge[from - 1]) == std::string_view::npos) {
    from = challenge.find(key, from + 1);
  }
  if (from == std::string_view::npos) return {};
  challenge.remove_prefix(from + key.size());
  if (challenge.empty() || challenge.front() != '"')
    return std::string(challenge.substr(0, challenge.find_first_of(" \t,")));
  std::string value;
  for (std::size_t at = 1; at < challenge.size() && challenge[at] != '"'; ++at) {
    if (challenge[at] == '\\' && at + 1 < challenge.size()) ++at;
    value += challenge[at];
  }
  return value;
}

Trouble trouble_of(const Refusal& refusal) {
  if (refusal.status == 401 || refusal.status == 403) return Trouble::unauthorised;
  if (refusal.status == 429 || is_read_only(refusal)) return Trouble::unfinished;
  return Trouble::failure;
}

std::string mend_401(const Refusal& refusal) {
  if (refusal.code == "E0000015")
    return "this org does not have the feature (API tokens, network zones); ask Okta";
  return "the token may be wrong, revoked or of another org, its owner deactivated, or it is used from "
         "outside its "
         "network zones";
}

std::string mend_403(const Call& call) {
  return std::string("the credential's admin role") +
         (is_write(call.operation) ? " must allow managing API tokens" : " must allow reading this") +
         (call.operation == Operation::list_zones ? " (OAuth scope okta.networkZones.read)"
          : call.operation == Operation::get_user ? " (OAuth scope okta.users.read)"
          : is_write(call.operation)              ? " (OAuth scope okta.apiTokens.manage)"
                                                  : " (OAuth scope okta.apiTokens.read)") +
         ", and the call must come from a permitted network";
}

std::string mend_of(const Call& call, const Refusal& refusal, const std::string& authority) {
  const int status = refusal.status;
  if (status >= 300 && status < 400)
    return "use the host that the org lives at: an -admin host and a renamed org redirect";
  if (refusal.code == "invalid_dpop_proof" || refusal.code == "use_dpop_nonce") {
    return "this credential is bound to a key (DPoP), and a proof of that key is what Okta misses";
  }
  if (refusal.foreign && status < 500 && status != 401)
    return "is " + authority + " an Okta org? A proxy may have answered in its place";
  if (status == 401) return mend_401(refusal);
  if (status == 403) return mend_403(call);
  if (status == 404 && refusal.code == "E0000007" && call.operation == Operation::get_token) {
    return "`zonepin list tokens` shows the ids of those that are live";
  }
  if (status == 404 && refusal.code != "E0000007") return "is " + authority + " the right org?";
  if (status == 429) return "the rate limit is used up; run it again in some minutes";
  if (is_read_only(refusal)) return "Okta is read-only for the moment; run it again later";
  if (status >= 500) return "Okta is in trouble; run it again, and see status.okta.com";
  return {};
}

}  // namespace

Refusal refusal_of(const HttpResponse& response) {
  Refusal refusal;
  refusal.status = response.status;
  refusal.request_id = std::string(header(response.headers, "X-Okta-Request-Id").value_or(""));
  if (read_body(response.body, refusal)) return refusal;
  for (const std::string_view challenge : headers_named(response.headers, "WWW-Authenticate")) {
    refusal.code = parameter(challenge, "error");
    refusal.summary = parameter(challenge, "error_description");
    if (!refusal.code.empty()) return refusal;
  }
  refusal.foreign = true;
  if (response.status >= 300 && response.status < 400) {
    refusal.summary =
        "a redirect to " + std::string(header(response.headers, "Location").value_or("nowhere"));
  } else {
    const std::string_view type = header(response.headers, "Content-Type").value_or("");
    refusal.summary = response.body.empty() ? "an empty answer"
                                            : "an answer that is not Okta's" +
                                                  (type.empty() ? "" : " (" + std::string(type) + ")");
  }
  return refusal;
}

std::string words_of(const Refusal& refusal) {
  std::string words = "HTTP " + std::to_string(refusal.status);
  if (!refusal.code.empty()) words += " " + escape_cut(refusal.code, 40);
  if (!refusal.summary.empty()) {
    words += refusal.foreign ? ", " + escape_cut(refusal.summary, kMaxSummaryColumns)
                             : " " + in_quotes(refusal.summary, kMaxSummaryColumns);
  }
  for (std::size_t at = 0; at < refusal.causes.size() && at < kMaxCauses; ++at) {
    words += "; " + escape_cut(refusal.causes[at], kMaxSummaryColumns);
  }
  std::vector<std::string> ids;
  if (!refusal.error_id.empty()) ids.push_back("errorId " + escape_cut(refusal.error_id, 64));
  if (!refusal.request_id.empty()) ids.push_back("request " + escape_cut(refusal.request_id, 64));
  if (!ids.empty()) words += " (" + join(ids, ", ") + ")";
  return words;
}

Error explain(const Call& call, const Refusal& refusal, const std::string& authority) {
  return {trouble_of(refusal),
          "could not " + describe(call) + " at " + escape(authority) + ": " + words_of(refusal),
          mend_of(call, refusal, escape(authority))};
}

Error explain(const Call& call, const TransportError& error, const std::string& authority) {
  std::string mend;
  switch (error.fault) {
    case TransportFault::resolve: mend = "check the org's host name"; break;
    case TransportFault::refused: mend = "check host and port, and that this machine may reach them"; break;
    case TransportFault::tls:
      mend =
          "the host must speak TLS on this port, with a certificate that is valid for its name; a company "
          "proxy's certificate "
          "authority goes in with --ca-file";
      break;
    case TransportFault::proxy: mend = "check https_proxy and no_proxy"; break;
    case TransportFault::timeout:
    case TransportFault::lost: mend = "run it again: what was done is not done twice"; break;
    case TransportFault::too_large: mend = "is this an Okta org?"; break;
    case TransportFault::cancelled: break;
  }
  // A transport names the host, too; here it was said already.
  std::string_view what = error.message;
  const std::string host = escape(authority) + ": ";
  if (what.substr(0, host.size()) == host) what.remove_prefix(host.size());
  const Trouble trouble = error.fault == TransportFault::cancelled ? Trouble::interrupted : Trouble::failure;
  return {trouble, "could not " + describe(call) + " at " + host + std::string(what), std::move(mend)};
}

bool is_read_only(const Refusal& refusal) {
  return refusal.code == "E0000010";
}

}  // namespace zonepin::okta
