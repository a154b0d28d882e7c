// doctor: what a person would try by hand when zonepin can't do its job, in order, one line each.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "okta/codec.h"

namespace zonepin {

namespace {

// Assertions and proofs are good for 5 minutes (FACTS 6); a minute off is worth a word.
constexpr Milliseconds kSkewWarning = std::chrono::minutes(1);
constexpr Milliseconds kSkewFailure = std::chrono::minutes(4);
// Below this share of a window, in percent, others are using the org heavily.
constexpr std::int64_t kLowHeadroom = 20;

enum class Health { ok, warning, failure, unchecked };

struct Checkup {
  std::string check;
  Health health = Health::ok;
  std::string message;
  std::string mend;
};

std::string_view to_string(Health health) {
  switch (health) {
    case Health::ok: return "ok";
    case Health::warning: return "warning";
    case Health::failure: return "failure";
    case Health::unchecked: return "unchecked";
  }
  return "unchecked";
}

// All that one org is asked, and what came of it.
class Examination {
 public:
  Examination(Stage& stage, Session& session, std::size_t link)
      : stage_(stage), session_(session), link_(link) {}

  std::vector<Checkup> examine() {
    const OrgLink& link = session_.link(link_);
    add({"org", Health::ok, link.org.url(), {}});
    add({"credential", Health::ok, std::string(okta::to_string(link.kind)) + " from " + link.variable, {}});
    check_proxy();
    const bool ssws = link.kind == okta::CredentialKind::ssws;
    const bool reached = ssws ? check_owner() : true;
    if (!reached) return std::move(checkups_);
    if (!check_tokens()) return std::move(checkups_);
    check_zones();
    add({"write",
         Health::unchecked,
         "whether tokens may be replaced and revoked can't be told without a write",
         {}});
    check_lockout(ssws);
    return std::move(checkups_);
  }

  int exit_code() const { return code_; }

 private:
  void add(Checkup checkup) { checkups_.push_back(std::move(checkup)); }

  void add_failure(std::string check, const Error& error) {
    const int code = code_of(error.trouble) == kUnauthorised ? kUnauthorised : kFailure;
    code_ = std::max(code_, code);
    add({std::move(check), Health::failure, error.message, error.mend});
  }

  void check_proxy() {
    for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
      const auto value = stage_.world().environment.get(name);
      if (!value || value->empty()) continue;
      const bool loopback = is_loopback_host(session_.link(link_).org.endpoint.host);
      return add({"proxy",
                  Health::ok,
                  std::string(name) + (loopback ? " is set, but not used for a loopback address"
                                                : " is set: requests go through it"),
                  {}});
    }
    add({"proxy", Health::ok, "none", {}});
  }

  // The first answer also tells whether the org can be reached at all, and what time it is there.
  void check_first_answer(const HttpResponse& response) {
    if (answered_) return;
    answered_ = true;
    const bool tls = session_.link(link_).org.endpoint.scheme == "https";
    add({"connection",
         Health::ok,
         tls ? "reached over TLS, certificate and host name verified"
             : "reached without TLS, which loopback addresses may",
         {}});
    const auto date = parse_http_date(header(response.headers, "Date").value_or(""));
    if (!date) return add({"clock", Health::unchecked, "Okta's answer has no Date to compare with", {}});
    const Milliseconds skew = stage_.world().clock.now() - *date;
    const Milliseconds size = skew < Milliseconds(0) ? -skew : skew;
    const std::string words =
        size < std::chrono::seconds(2)
            ? "agrees with Okta's"
            : format_length(size) + (skew > Milliseconds(0) ? " ahead of Okta's" : " behind Okta's");
    const Health health = size >= kSkewFailure   ? Health::failure
                          : size >= kSkewWarning ? Health::warning
                                                 : Health::ok;
    if (health == Health::failure) code_ = std::max(code_, kFailure);
    add({"clock", health, words,
         health == Health::ok ? ""
                              : "set this machine's clock: assertions and proofs are good for 5 minutes"});
  }

  // A failed first call says what is in the way of all of them.
  std::optional<HttpResponse> ask(const std::string& check, okta::Operation operation) {
    auto response = session_.call(link_, {operation, {}, {}, {}});
    if (!response) {
      add_failure(check, response.error());
      return std::nullopt;
    }
    check_first_answer(*response);
    return std::move(*response);
  }

  bool check_owner() {
    const auto response = ask("owner", okta::Operation::get_current_user);
    if (!response) return false;
    const auto user = okta::decode_user(response->body);
    if (!user) {
      add_failure("owner", user.error());
      return true;
    }
    owner_id_ = user->id;
    const bool active = user->status.empty() || user->status == "ACTIVE" || user->status == "PROVISIONED";
    add({"owner", active ? Health::ok : Health::warning,
         (user->login.empty() ? std::string() : in_quotes(user->login) + " ") + escape(user->id) +
             (user->status.empty() ? "" : ", " + escape_cut(user->status, 40)),
         active ? "" : "a token ends with its owner: give the token another one"});
    return true;
  }

  bool check_tokens() {
    const auto response = ask("read tokens", okta::Operation::list_tokens);
    if (!response) return false;
    auto tokens = okta::decode_tokens(response->body);
    if (!tokens) {
      add_failure("read tokens", tokens.error());
      return false;
    }
    tokens_ = std::move(*tokens);
    const bool none = tokens_.empty();
    add({"read tokens", none ? Health::warning : Health::ok,
         plural(tokens_.size(), "API token") + " on the first page",
         none ? "a role that sees less looks like an org that has less: check the credential's admin role"
              : ""});
    check_headroom(*response);
    return true;
  }

  void check_zones() {
    const auto response = ask("read zones", okta::Operation::list_zones);
    if (!response) return;
    const auto zones = okta::decode_zones(response->body);
    if (!zones) return add_failure("read zones", zones.error());
    const auto usable = static_cast<std::size_t>(std::count_if(zones->begin(), zones->end(), is_usable));
    add({"read zones",
         Health::ok,
         plural(zones->size(), "network zone") + " on the first page, " + std::to_string(usable) +
             " that a token can use",
         {}});
  }

  void check_headroom(const HttpResponse& response) {
    const okta::RateHeaders rate = okta::rate_headers(response.headers, stage_.world().clock.now());
    if (!rate.limit || !rate.remaining || *rate.limit == 0) {
      return add({"rate limit", Health::unchecked, "Okta's answer does not tell its limits", {}});
    }
    const bool low = *rate.remaining * 100 < *rate.limit * kLowHeadroom;
    add({"rate limit", low ? Health::warning : Health::ok,
         std::to_string(*rate.remaining) + " of " + std::to_string(*rate.limit) +
             " requests left in this window",
         low ? "others use this org heavily right now; runs will wait" : ""});
  }

  void check_lockout(bool ssws) {
    if (!ssws)
      return add(
          {"lockout", Health::ok, "no network condition of an API token can lock this credential out", {}});
    std::vector<std::string> own;
    for (const Token& token : tokens_) {
      if (token.user_id == owner_id_) own.push_back(token.id + " (" + in_quotes(token.name) + ")");
    }
    if (own.empty())
      return add({"lockout", Health::ok, "none of the tokens listed belongs to this credential's owner", {}});
    const std::size_t shown = std::min<std::size_t>(own.size(), 5);
    const std::string more = own.size() > shown ? " and " + std::to_string(own.size() - shown) + " more" : "";
    own.resize(shown);
    add({"lockout", Health::warning, "zonepin runs with one of its owner's tokens: " + join(own, ", ") + more,
         "a plan that changes one of these can lock zonepin out: look twice, or use a service app"});
  }

  Stage& stage_;
  Session& session_;
  std::size_t link_;
  std::vector<Checkup> checkups_;
  std::vector<Token> tokens_;
  std::optional<std::string> owner_id_;
  bool answered_ = false;
  int code_ = kDone;
};

std::string text_of(const std::string& host, const std::vector<Checkup>& checkups) {
  std::string text = host + "\n";
  for (const Checkup& checkup : checkups) {
    std::string label(to_string(checkup.health));
    label.resize(10, ' ');
    text += "  " + label + checkup.check + ": " + checkup.message +
            (checkup.mend.empty() ? "" : "; " + checkup.mend) + "\n";
  }
  return text;
}

nlohmann::ordered_json json_of(const std::string& host, const std::vector<Checkup>& checkups) {
  nlohmann::ordered_json checks = nlohmann::ordered_json::array();
  for (const Checkup& checkup : checkups) {
    checks.push_back({{"check", checkup.check},
                      {"result", to_string(checkup.health)},
                      {"message", checkup.message},
                      {"mend", checkup.mend}});
  }
  return {{"host", host}, {"checks", std::move(checks)}};
}

}  // namespace

int doctor_command(Stage& stage) {
  const auto orgs = orgs_named(stage);
  if (!orgs) return stage.fail(orgs.error());
  std::vector<OrgNamed> named;
  for (const OrgAddress& org : *orgs) named.push_back({org, {}});
  auto session = Session::open(stage, named, {});
  if (!session) return stage.fail(session.error());
  std::vector<int> codes;
  nlohmann::ordered_json documents = nlohmann::ordered_json::array();
  for (std::size_t link = 0; link < session->size(); ++link) {
    Examination examination(stage, *session, link);
    const auto checkups = examination.examine();
    const std::string host = session->link(link).org.authority();
    if (!stage.json()) stage.out(text_of(host, checkups));
    documents.push_back(json_of(host, checkups));
    codes.push_back(examination.exit_code());
  }
  if (stage.json()) {
    const nlohmann::ordered_json document = {{"format_version", "1.0"}, {"orgs", std::move(documents)}};
    stage.out(document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  }
  return combine(codes);
}

}  // namespace zonepin
