// doctor: what a person would try by hand when zonepin can't do its job, in order, one line each.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "okta/codec.h"
#include "report/checkup_report.h"

namespace zonepin {

namespace {

// Assertions and proofs are good for 5 minutes (FACTS 6); a minute off is worth a word.
constexpr Milliseconds kSkewWarning = std::chrono::minutes(1);
constexpr Milliseconds kSkewFailure = std::chrono::minutes(4);
// Below this share of a window, in percent, others are using the org heavily.
constexpr std::int64_t kLowHeadroom = 20;

struct ScopeUse {
  const char* scope;
  Health if_missing;
  const char* needed_for;
};
constexpr std::array<ScopeUse, 4> kScopes = {
    {{"okta.apiTokens.read", Health::failure, "everything"},
     {"okta.networkZones.read", Health::failure, "everything"},
     {"okta.apiTokens.manage", Health::warning, "apply and revoke"},
     {"okta.users.read", Health::warning, "manifests that name owners by login"}}};

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The first of these variables that says something, as libcurl looks for them.
std::optional<std::pair<std::string, std::string>> first_set(Environment& environment,
                                                             std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto value = environment.get(name);
    if (value && !trim(*value).empty()) return std::pair(std::string(name), std::string(trim(*value)));
  }
  return std::nullopt;
}

// What of a proxy's URL may be shown: it may hold a password.
std::string without_user(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::string rest = scheme == std::string::npos ? url : url.substr(scheme + 3);
  return rest.substr(rest.rfind('@') == std::string::npos ? 0 : rest.rfind('@') + 1);
}

// Whether no_proxy holds the host: `*`, or a name that is the host or a domain above it.
bool excepts(const std::string& no_proxy, const std::string& host) {
  std::string list = lowercase(no_proxy);
  std::replace(list.begin(), list.end(), ' ', ',');
  for (std::string_view word : split(list, ',')) {
    if (word == "*") return true;
    if (!word.empty() && word.front() == '.') word.remove_prefix(1);
    if (word.empty()) continue;
    if (host == word || host.ends_with("." + std::string(word))) return true;
  }
  return false;
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
    const bool app = link.kind == okta::CredentialKind::service_app;
    if (link.kind == okta::CredentialKind::access_token)
      add({"scopes", Health::unchecked, "a ready access token does not tell its scopes", {}});
    const bool reached = ssws ? check_owner() : !app || check_scopes();
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
    Environment& environment = stage_.world().environment;
    const auto proxy = first_set(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
    if (!proxy) return add({"proxy", Health::ok, "none", {}});
    const std::string& host = session_.link(link_).org.endpoint.host;
    const auto except = first_set(environment, {"no_proxy", "NO_PROXY"});
    std::string words = proxy->first + " names " + escape_cut(without_user(proxy->second), 80);
    if (is_loopback_host(host)) {
      words += ", which is not used for a loopback address";
    } else if (except && excepts(except->second, host)) {
      words += ", but " + except->first + " excepts this host: requests go straight to it";
    } else {
      words += ": requests go through it";
    }
    add({"proxy", Health::ok, words, {}});
  }

  // A service app is asked for every scope that zonepin may want. Where Okta refuses that, each is asked for
  // by itself, and the rest is looked at with those that were granted.
  bool check_scopes() {
    const OrgLink& link = session_.link(link_);
    okta::Authorizer& authorizer = *link.authorizer;
    const std::vector<std::string> chosen = link.chosen_scopes;
    std::vector<std::string> wanted = chosen;
    if (chosen.empty()) {
      for (const ScopeUse& use : kScopes) wanted.emplace_back(use.scope);
    }
    authorizer.want_scopes(wanted);
    // The access token comes first; what this very call ends in is looked at when it is asked for its own
    // sake.
    const okta::Call any{okta::Operation::list_zones, {}, {}, {}};
    auto first = session_.call(link_, any);
    std::vector<std::string> granted = authorizer.granted_scopes();
    if (authorizer.lacks_a_scope()) {
      granted.clear();
      for (const std::string& scope : wanted) {
        authorizer.want_scopes({scope});
        const auto ignored = session_.call(link_, any);
        if (!authorizer.trouble()) granted.push_back(scope);
      }
      if (!granted.empty()) authorizer.want_scopes(granted);
    }
    if (authorizer.trouble()) {
      add_failure("access token",
                  authorizer.lacks_a_scope() || first ? *authorizer.trouble() : first.error());
      return false;
    }
    add({"access token", Health::ok, "given out by the org's authorization server", {}});
    report_scopes(granted, chosen);
    return true;
  }

  void report_scopes(const std::vector<std::string>& granted, const std::vector<std::string>& chosen) {
    if (granted.empty())
      return add({"scopes", Health::unchecked, "the answer of the token endpoint does not tell them", {}});
    std::vector<std::string> shown;
    for (const std::string& scope : granted) shown.push_back(escape_cut(scope, 80));
    add({"scopes", Health::ok, join(shown, ", "), {}});
    for (const ScopeUse& use : kScopes) {
      if (has(granted, use.scope)) continue;
      if (use.if_missing == Health::failure) code_ = std::max(code_, kUnauthorised);
      const bool left_out = !chosen.empty() && !has(chosen, use.scope);
      add({"scopes", use.if_missing,
           std::string(use.scope) + " is missing, which is needed for " + use.needed_for,
           left_out ? "OKTA_API_SCOPES leaves it out: add it there, or unset that"
                    : "have a super admin grant it to the app (Okta API Scopes)"});
    }
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
    if (!ssws) {
      return add(
          {"lockout", Health::ok, "no network condition of an API token can lock this credential out", {}});
    }
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

}  // namespace

int doctor_command(Stage& stage) {
  const auto orgs = orgs_named(stage);
  if (!orgs) return stage.fail(orgs.error());
  std::vector<OrgNamed> named;
  for (const OrgAddress& org : *orgs) named.push_back({org, {}});
  auto session = Session::open(stage, named, {});
  if (!session) return stage.fail(session.error());
  int code = kDone;
  std::vector<OrgCheckups> reports;
  for (std::size_t link = 0; link < session->size(); ++link) {
    Examination examination(stage, *session, link);
    auto checkups = examination.examine();
    reports.push_back({session->link(link).org.authority(), std::move(checkups)});
    code = std::max(code, examination.exit_code());  // 7 before 1 before 0
  }
  stage.out(stage.json() ? checkups_json(reports) : checkups_text(reports, stage.out_style()));
  return code;
}

}  // namespace zonepin
