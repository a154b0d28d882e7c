#include "okta/credentials.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace zonepin::okta {

namespace {

constexpr std::size_t kMaxSecretBytes = std::size_t{64} << 10;

struct Variable {
  std::string_view name;
  CredentialKind kind;
};

constexpr std::array<Variable, 3> kVariables = {{{"OKTA_API_TOKEN", CredentialKind::ssws},
                                                 {"OKTA_CLIENT_TOKEN", CredentialKind::ssws},
                                                 {"OKTA_ACCESS_TOKEN", CredentialKind::access_token}}};

// The variable's own value; an empty one counts as not set.
std::optional<std::string> value_of(Environment& environment, const std::string& name) {
  auto value = environment.get(name);
  if (value && trim(*value).empty()) return std::nullopt;
  return value;
}

Result<Secret> checked(std::string value, const std::string& variable) {
  const std::string trimmed(trim(value));
  wipe(value);
  Secret secret(trimmed);
  const bool plain = std::all_of(secret.reveal().begin(), secret.reveal().end(),
                                 [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  if (secret.empty()) return fail(Trouble::usage, variable + " is empty", "put the credential in, or unset it");
  if (!plain) {
    return fail(Trouble::usage, variable + " holds spaces, control characters or other text that no token has",
                "copy the credential again");
  }
  return secret;
}

// NAME or NAME_FILE; both is an error.
Result<std::optional<Credential>> read_one(const std::string& name, CredentialKind kind, Environment& environment, Files& files) {
  const std::string file_name = name + "_FILE";
  auto value = value_of(environment, name);
  const auto path = value_of(environment, file_name);
  if (value && path) {
    return fail(Trouble::usage, name + " and " + file_name + " are both set", "unset one of them");
  }
  if (!value && !path) return std::optional<Credential>();
  std::string source = name;
  if (path) {
    auto text = files.read(std::string(trim(*path)), kMaxSecretBytes);
    if (!text) return fail(Trouble::usage, file_name + ": " + text.error().message, text.error().mend);
    value = std::move(*text);
    source = file_name;
  }
  auto secret = checked(std::move(*value), source);
  if (!secret) return fail(secret.error());
  return std::optional<Credential>(Credential{kind, std::move(*secret), source});
}

Result<std::optional<Credential>> read_all(const std::string& suffix, Environment& environment, Files& files) {
  std::optional<Credential> found;
  for (const Variable& variable : kVariables) {
    auto one = read_one(std::string(variable.name) + suffix, variable.kind, environment, files);
    if (!one) return fail(one.error());
    if (!*one) continue;
    if (!found) {
      found = std::move(**one);
      continue;
    }
    if (found->kind != (*one)->kind) {
      return fail(Trouble::usage, found->variable + " and " + (*one)->variable + " are two kinds of credential for one org",
                  "unset one of them");
    }
    if (found->token.reveal() != (*one)->token.reveal()) {
      return fail(Trouble::usage, found->variable + " and " + (*one)->variable + " disagree", "unset one of them");
    }
  }
  return found;
}

}  // namespace

std::string_view to_string(CredentialKind kind) {
  switch (kind) {
    case CredentialKind::ssws: return "SSWS API token";
    case CredentialKind::access_token: return "OAuth access token";
  }
  return "credential";
}

Result<std::string> base_domain(Environment& environment) {
  const auto text = value_of(environment, "OKTA_BASE_URL");
  if (!text) return std::string("okta.com");
  const auto org = parse_org("https://x." + std::string(trim(*text)));
  if (!org) {
    return fail(Trouble::usage, "OKTA_BASE_URL is " + in_quotes(*text) + ", which is no domain",
                "it is okta.com, oktapreview.com or another of Okta's domains, without https://");
  }
  return std::string(trim(*text));
}

Result<std::optional<OrgAddress>> org_of_environment(Environment& environment) {
  std::optional<OrgAddress> named;
  if (const auto name = value_of(environment, "OKTA_ORG_NAME")) {
    const auto domain = base_domain(environment);
    if (!domain) return fail(domain.error());
    auto org = parse_org(trim(*name), *domain);
    if (!org) return fail(Trouble::usage, "OKTA_ORG_NAME: " + org.error().message, org.error().mend);
    named = std::move(*org);
  }
  if (const auto url = value_of(environment, "OKTA_CLIENT_ORGURL")) {
    auto org = parse_org(trim(*url));
    if (!org) return fail(Trouble::usage, "OKTA_CLIENT_ORGURL: " + org.error().message, org.error().mend);
    if (named && *named != *org) {
      return fail(Trouble::usage,
                  "OKTA_ORG_NAME (" + named->authority() + ") and OKTA_CLIENT_ORGURL (" + org->authority() + ") disagree",
                  "unset one of them");
    }
    named = std::move(*org);
  }
  return named;
}

Result<std::optional<Credential>> credential_for(const OrgAddress& org, PlainVariables plain, Environment& environment,
                                                 Files& files) {
  auto own = read_all("__" + environment_suffix(org), environment, files);
  if (!own || *own || plain == PlainVariables::belong_elsewhere) return own;
  return read_all("", environment, files);
}

std::vector<std::string> plain_credential_variables(Environment& environment) {
  std::vector<std::string> names;
  for (const Variable& variable : kVariables) {
    for (const char* ending : {"", "_FILE"}) {
      const std::string name = std::string(variable.name) + ending;
      if (value_of(environment, name)) names.push_back(name);
    }
  }
  return names;
}

std::unique_ptr<Authorizer> authorizer_for(const Credential& credential) {
  const bool ssws = credential.kind == CredentialKind::ssws;
  return std::make_unique<FixedAuthorizer>(ssws ? "SSWS" : "Bearer", credential.token.clone());
}

}  // namespace zonepin::okta
