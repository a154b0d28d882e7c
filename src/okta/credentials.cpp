#include "okta/credentials.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "okta/service_app.h"

namespace zonepin::okta {

namespace {

constexpr std::size_t kMaxSecretBytes = std::size_t{64} << 10;

// What a value is, and under which names people have it: Terraform's first, then the SDKs'.
struct Names {
  std::string_view terraform;
  std::string_view sdk;  // empty: none
};
constexpr Names kSswsToken = {"OKTA_API_TOKEN", "OKTA_CLIENT_TOKEN"};
constexpr Names kAccessToken = {"OKTA_ACCESS_TOKEN", ""};
constexpr Names kClientId = {"OKTA_API_CLIENT_ID", "OKTA_CLIENT_CLIENTID"};
constexpr Names kPrivateKey = {"OKTA_API_PRIVATE_KEY", "OKTA_CLIENT_PRIVATEKEY"};
constexpr Names kKeyId = {"OKTA_API_PRIVATE_KEY_ID", "OKTA_CLIENT_PRIVATEKEYID"};
constexpr Names kAlgorithm = {"OKTA_API_PRIVATE_KEY_ALGORITHM", ""};
constexpr Names kScopes = {"OKTA_API_SCOPES", "OKTA_CLIENT_SCOPES"};
constexpr std::array<std::string_view, 3> kRsaAlgorithms = {"RS256", "RS384", "RS512"};
constexpr std::array<Names, 4> kCredentialNames = {kSswsToken, kAccessToken, kClientId, kPrivateKey};

// The variable's own value; an empty one counts as not set.
std::optional<std::string> value_of(Environment& environment, const std::string& name) {
  auto value = environment.get(name);
  if (value && trim(*value).empty()) return std::nullopt;
  return value;
}

struct Found {
  Secret value;  // trimmed, not empty
  std::string variable;
};

// Reads what the variables of one suffix say.
class Variables {
 public:
  Variables(std::string suffix, Environment& environment, Files& files)
      : suffix_(std::move(suffix)), environment_(environment), files_(files) {}

  // Under either name; two that differ are an error.
  Result<std::optional<Found>> read(const Names& names) {
    auto first = read_name(names.terraform);
    if (!first || names.sdk.empty()) return first;
    auto second = read_name(names.sdk);
    if (!second || !*second) return second ? std::move(first) : std::move(second);
    if (!*first) return second;
    if ((*first)->value.reveal() == (*second)->value.reveal()) return first;
    return fail(Trouble::usage, (*first)->variable + " and " + (*second)->variable + " disagree",
                "unset one of them");
  }

  bool have_suffix() const { return !suffix_.empty(); }

 private:
  // NAME or NAME_FILE with the suffix (before or behind _FILE); more than one of them is an error.
  Result<std::optional<Found>> read_name(std::string_view name) {
    const std::string plain = std::string(name) + suffix_;
    std::vector<std::string> variables;
    if (value_of(environment_, plain)) variables.push_back(plain);
    const std::string file = std::string(name) + "_FILE" + suffix_;
    if (value_of(environment_, file)) variables.push_back(file);
    if (!suffix_.empty() && value_of(environment_, plain + "_FILE")) variables.push_back(plain + "_FILE");
    if (variables.empty()) return std::optional<Found>();
    if (variables.size() > 1) {
      return fail(Trouble::usage, variables[0] + " and " + variables[1] + " are both set",
                  "unset one of them");
    }
    const std::string& variable = variables.front();
    std::string value = *value_of(environment_, variable);
    if (variable != plain) {
      auto text = files_.read(std::string(trim(value)), kMaxSecretBytes);
      if (!text) return fail(Trouble::usage, variable + ": " + text.error().message, text.error().mend);
      value = std::move(*text);
    }
    Found found{Secret(std::string(trim(value))), variable};
    wipe(value);
    if (found.value.empty())
      return fail(Trouble::usage, variable + " is empty", "put the value in, or unset it");
    return std::optional<Found>(std::move(found));
  }

  std::string suffix_;
  Environment& environment_;
  Files& files_;
};

// Tokens and ids are one line of visible ASCII.
Result<void> check_visible(const Found& found) {
  const std::string_view text = found.value.reveal();
  if (std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; })) return {};
  return fail(Trouble::usage,
              found.variable + " holds spaces, control characters or other text that does not belong there",
              "copy the value again");
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    const bool separator = c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!separator) word += c;
    if (separator && !word.empty()) words.push_back(std::exchange(word, {}));
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

// The variable holds the key itself, or the path of a file that does.
Result<Secret> private_key(Found found, Files& files) {
  if (found.value.reveal().find("-----BEGIN") != std::string_view::npos) return std::move(found.value);
  const std::string path(found.value.reveal());
  auto text = files.read(path, kMaxSecretBytes);
  if (!text) {
    return fail(Trouble::usage,
                found.variable + " is neither a private key in PEM form nor a file that can be read",
                "put in the key, or the path of its file");
  }
  return Secret(std::move(*text));
}

Result<std::optional<Credential>> token_credential(std::optional<Found> found, CredentialKind kind) {
  if (!found) return std::optional<Credential>();
  if (auto visible = check_visible(*found); !visible) return fail(visible.error());
  Credential credential;
  credential.kind = kind;
  credential.secret = std::move(found->value);
  credential.variable = std::move(found->variable);
  return std::optional<Credential>(std::move(credential));
}

// The manifest's client id (see credential_for()), else that of the variables.
Result<std::optional<Found>> client_id(Variables& variables, const std::optional<ClientId>& of_manifest) {
  auto own = variables.read(kClientId);
  if (!own || !of_manifest) return own;
  if (*own && variables.have_suffix() && (*own)->value.reveal() != of_manifest->id) {
    return fail(Trouble::usage, (*own)->variable + " and client_id at " + of_manifest->place + " disagree",
                "unset the one, or correct the other");
  }
  return std::optional<Found>(Found{Secret(of_manifest->id), "client_id at " + of_manifest->place});
}

Result<std::optional<Credential>> service_app(Variables& variables,
                                              const std::optional<ClientId>& of_manifest, Files& files) {
  auto key = variables.read(kPrivateKey);
  if (!key) return fail(key.error());
  // What a manifest says of an app is nothing to one who comes without its key.
  auto client = *key ? client_id(variables, of_manifest) : variables.read(kClientId);
  if (!client) return fail(client.error());
  if (!*client && !*key) return std::optional<Credential>();
  if (!*client || !*key) {
    return fail(Trouble::usage,
                *client ? (*client)->variable + " is set, but there is no private key beside it"
                        : (*key)->variable + " is set, but there is no client id beside it",
                *client ? "set OKTA_API_PRIVATE_KEY" : "set OKTA_API_CLIENT_ID");
  }
  auto key_id = variables.read(kKeyId);
  if (!key_id) return fail(key_id.error());
  auto scopes = variables.read(kScopes);
  if (!scopes) return fail(scopes.error());
  auto algorithm = variables.read(kAlgorithm);
  if (!algorithm) return fail(algorithm.error());
  for (const auto* found : {&*client, &*key_id}) {
    if (!*found) continue;
    if (auto visible = check_visible(**found); !visible) return fail(visible.error());
  }
  Credential credential;
  credential.kind = CredentialKind::service_app;
  credential.variable = (*key)->variable;
  credential.client_id = std::string((*client)->value.reveal());
  if (*key_id) credential.key_id = std::string((*key_id)->value.reveal());
  if (*scopes) credential.scopes = split_words((*scopes)->value.reveal());
  if (*algorithm) {
    credential.rsa_algorithm = std::string((*algorithm)->value.reveal());
    const auto& known = kRsaAlgorithms;
    if (std::find(known.begin(), known.end(), credential.rsa_algorithm) == known.end()) {
      return fail(Trouble::usage, (*algorithm)->variable + " is none of RS256, RS384 and RS512",
                  "it is for RSA keys alone: unset it unless Okta knows this key under RS384 or RS512");
    }
  }
  auto pem = private_key(std::move(**key), files);
  if (!pem) return fail(pem.error());
  credential.secret = std::move(*pem);
  return std::optional<Credential>(std::move(credential));
}

Result<std::optional<Credential>> read_all(const std::string& suffix, const std::optional<ClientId>& client,
                                           Environment& environment, Files& files) {
  Variables variables(suffix, environment, files);
  auto ssws = variables.read(kSswsToken);
  if (!ssws) return fail(ssws.error());
  auto access = variables.read(kAccessToken);
  if (!access) return fail(access.error());
  std::array<Result<std::optional<Credential>>, 3> kinds = {
      token_credential(std::move(*ssws), CredentialKind::ssws),
      token_credential(std::move(*access), CredentialKind::access_token),
      service_app(variables, client, files)};
  std::optional<Credential> chosen;
  for (auto& kind : kinds) {
    if (!kind) return fail(kind.error());
    if (!*kind) continue;
    if (chosen) {
      return fail(Trouble::usage,
                  chosen->variable + " and " + (*kind)->variable + " are two kinds of credential for one org",
                  "unset one of them");
    }
    chosen = std::move(**kind);
  }
  return chosen;
}

}  // namespace

std::string_view to_string(CredentialKind kind) {
  switch (kind) {
    case CredentialKind::ssws: return "SSWS API token";
    case CredentialKind::access_token: return "OAuth access token";
    case CredentialKind::service_app: return "service app";
  }
  return "credential";
}

Result<std::string> base_domain(Environment& environment, Files& files) {
  auto text = Variables({}, environment, files).read({"OKTA_BASE_URL", ""});
  if (!text) return fail(text.error());
  if (!*text) return std::string("okta.com");
  std::string domain((*text)->value.reveal());
  if (!parse_org("https://x." + domain)) {
    return fail(Trouble::usage, (*text)->variable + " is " + in_quotes(domain) + ", which is no domain",
                "it is okta.com, oktapreview.com or another of Okta's domains, without https://");
  }
  return domain;
}

Result<std::optional<OrgAddress>> org_of_environment(Environment& environment, Files& files) {
  Variables variables({}, environment, files);
  std::optional<OrgAddress> named;
  const auto name = variables.read({"OKTA_ORG_NAME", ""});
  if (!name) return fail(name.error());
  if (*name) {
    const auto domain = base_domain(environment, files);
    if (!domain) return fail(domain.error());
    auto org = parse_org((*name)->value.reveal(), *domain);
    if (!org) return fail(Trouble::usage, (*name)->variable + ": " + org.error().message, org.error().mend);
    named = std::move(*org);
  }
  const auto url = variables.read({"OKTA_CLIENT_ORGURL", ""});
  if (!url) return fail(url.error());
  if (!*url) return named;
  auto org = parse_org((*url)->value.reveal());
  if (!org) return fail(Trouble::usage, (*url)->variable + ": " + org.error().message, org.error().mend);
  if (named && *named != *org) {
    return fail(Trouble::usage,
                (*name)->variable + " (" + named->authority() + ") and " + (*url)->variable + " (" +
                    org->authority() + ") disagree",
                "unset one of them");
  }
  return std::optional<OrgAddress>(std::move(*org));
}

Result<std::optional<Credential>> credential_for(const OrgAddress& org, PlainVariables plain,
                                                 Environment& environment, Files& files,
                                                 const std::optional<ClientId>& client) {
  auto own = read_all("__" + environment_suffix(org), client, environment, files);
  if (!own || *own || plain == PlainVariables::belong_elsewhere) return own;
  return read_all("", client, environment, files);
}

std::vector<std::string> plain_credential_variables(Environment& environment) {
  std::vector<std::string> set;
  for (const Names& names : kCredentialNames) {
    for (const std::string_view name : {names.terraform, names.sdk}) {
      for (const char* ending : {"", "_FILE"}) {
        const std::string variable = std::string(name) + ending;
        if (!name.empty() && value_of(environment, variable)) set.push_back(variable);
      }
    }
  }
  return set;
}

std::vector<std::string> scopes_for(Access access) {
  std::vector<std::string> scopes = {"okta.apiTokens.read", "okta.networkZones.read"};
  if (access.users) scopes.push_back("okta.users.read");
  if (access.writes) scopes.push_back("okta.apiTokens.manage");
  return scopes;
}

Result<std::unique_ptr<Authorizer>> authorizer_for(const Credential& credential, const OrgAddress& org,
                                                   Access access, Clock& clock, Random& random) {
  switch (credential.kind) {
    case CredentialKind::ssws: return std::make_unique<FixedAuthorizer>("SSWS", credential.secret.clone());
    case CredentialKind::access_token:
      return std::make_unique<FixedAuthorizer>("Bearer", credential.secret.clone());
    case CredentialKind::service_app: break;
  }
  auto key = SigningKey::from_pem(credential.secret, credential.rsa_algorithm);
  if (!key)
    return fail(key.error().trouble, credential.variable + ": " + key.error().message, key.error().mend);
  ServiceAppIdentity identity{org, credential.client_id, credential.key_id, credential.scopes};
  if (identity.scopes.empty()) identity.scopes = scopes_for(access);
  return std::make_unique<ServiceApp>(std::move(identity), std::move(*key), clock, random);
}

}  // namespace zonepin::okta
