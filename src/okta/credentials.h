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

enum class CredentialKind { ssws, access_token };
std::string_view to_string(CredentialKind kind);

struct Credential {
  CredentialKind kind = CredentialKind::ssws;
  Secret token;
  std::string variable;  // where it came from, for messages
};

// OKTA_BASE_URL, or okta.com: what a label is completed with.
Result<std::string> base_domain(Environment& environment);

// The org that OKTA_ORG_NAME (with OKTA_BASE_URL) or OKTA_CLIENT_ORGURL names; none when neither is set. Two that disagree are
// an error that names both.
Result<std::optional<OrgAddress>> org_of_environment(Environment& environment);

// Whether variables without a suffix may speak for this org: it is the environment's, or the environment names none and it is the
// only one on the command line.
enum class PlainVariables { belong, belong_elsewhere };

// The one credential for `org`: its suffixed variables (OKTA_API_TOKEN__ACME_OKTA_COM), else the plain ones where they belong to it.
// None when there is none. More than one kind, two values that disagree, an unreadable …_FILE or control characters are
// Trouble::usage, naming the variables; values are trimmed and never shown.
Result<std::optional<Credential>> credential_for(const OrgAddress& org, PlainVariables plain, Environment& environment,
                                                 Files& files);

// The plain credential variables that are set: what a message about a missing credential can point at. Names only.
std::vector<std::string> plain_credential_variables(Environment& environment);

std::unique_ptr<Authorizer> authorizer_for(const Credential& credential);

}  // namespace zonepin::okta
