// Which credential belongs to which org, from the environment that people already have (DESIGN 8).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "base/world.h"
#include "model/org.h"
#include "okta/auth.h"

namespace zonepin::okta {

enum class CredentialKind { ssws, access_token, service_app };
std::string_view to_string(CredentialKind kind);

struct Credential {
  CredentialKind kind = CredentialKind::ssws;
  Secret secret;         // the token, or the private key in PEM form
  std::string variable;  // where the secret came from, for messages
  // A service app only:
  std::string client_id;
  std::string key_id;                   // empty: none
  std::string rsa_algorithm = "RS256";  // what an RSA key signs with; for EC the curve decides
  std::vector<std::string> scopes;      // empty: what the command needs
};

// OKTA_BASE_URL, or okta.com: what a label is completed with.
Result<std::string> base_domain(Environment& environment, Files& files);

// The org that OKTA_ORG_NAME (with OKTA_BASE_URL) or OKTA_CLIENT_ORGURL names; none when neither is set. Two
// that disagree are an error that names both. Each also as …_FILE.
Result<std::optional<OrgAddress>> org_of_environment(Environment& environment, Files& files);

// Whether variables without a suffix may speak for this org: it is the environment's, or the environment
// names none and it is the only one on the command line.
enum class PlainVariables { belong, belong_elsewhere };

// The client id of a service app that a manifest names for an org, and where.
struct ClientId {
  std::string id;
  std::string place;  // file:line
};

// The one credential for `org`: its suffixed variables (OKTA_API_TOKEN__ACME_OKTA_COM), else the plain ones
// where they belong to it. Each also as …_FILE. None when there is none. A manifest's client id stands in for
// a plain OKTA_API_CLIENT_ID, needs a private key beside it like that one, and must be equal to a suffixed
// one. More than one kind, two values that disagree, half a service app, an unreadable file or control
// characters are Trouble::usage, naming the variables; values are trimmed and never shown.
Result<std::optional<Credential>> credential_for(const OrgAddress& org, PlainVariables plain,
                                                 Environment& environment, Files& files,
                                                 const std::optional<ClientId>& client = std::nullopt);

// The plain credential variables that are set: what a message about a missing credential can point at. Names
// only.
std::vector<std::string> plain_credential_variables(Environment& environment);

// What a run does with an org.
struct Access {
  bool writes = false;
  bool users = false;  // looks up logins
};

// What a service app asks for unless OKTA_API_SCOPES says otherwise: no more than the run needs, because Okta
// refuses all for one that is not granted.
std::vector<std::string> scopes_for(Access access);

// The doors must outlive it. A private key that can't be used is Trouble::usage.
Result<std::unique_ptr<Authorizer>> authorizer_for(const Credential& credential, const OrgAddress& org,
                                                   Access access, Clock& clock, Random& random);

}  // namespace zonepin::okta
