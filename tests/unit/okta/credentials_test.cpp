// Which credential belongs to which org, from every variable that people have.
#include "okta/credentials.h"

#include <doctest/doctest.h>

#include "support/fakes.h"

namespace zonepin::okta {
namespace {

const OrgAddress kAcme{{"https", "acme.okta.com", 443}};

struct CredentialRow {
  const char* name;
  std::map<std::string, std::string> variables;
  PlainVariables plain;
  const char* secret;    // empty: none is found
  const char* variable;  // where it comes from
};

struct Doors {
  FakeEnvironment environment;
  MemoryFiles files;

  explicit Doors(std::map<std::string, std::string> variables) {
    environment.variables = std::move(variables);
    files.texts = {{"/s/token", "S3CRET-file\n"},
                   {"/s/empty", " \n"},
                   {"/s/nul", std::string("S3CRET\0x", 8)},
                   {"/s/label", "acme\n"},
                   {"/s/domain", "oktapreview.com\n"},
                   {"/s/url", "https://id.acme.example/\n"},
                   {"/s/key", "-----BEGIN PRIVATE KEY-----\nS3CRET\n"}};
    files.unreadable = {"/s/closed"};
  }
};

TEST_CASE("a credential is found under each of its names") {
  constexpr auto kOurs = PlainVariables::belong;
  constexpr auto kOthers = PlainVariables::belong_elsewhere;
  const CredentialRow rows[] = {
      {"nothing", {}, kOurs, "", ""},
      {"Terraform's", {{"OKTA_API_TOKEN", "S3CRET"}}, kOurs, "S3CRET", "OKTA_API_TOKEN"},
      {"the SDKs'", {{"OKTA_CLIENT_TOKEN", "S3CRET"}}, kOurs, "S3CRET", "OKTA_CLIENT_TOKEN"},
      {"an access token", {{"OKTA_ACCESS_TOKEN", "S3CRET"}}, kOurs, "S3CRET", "OKTA_ACCESS_TOKEN"},
      {"trimmed", {{"OKTA_API_TOKEN", " \t\r\nS3CRET\r\n"}}, kOurs, "S3CRET", "OKTA_API_TOKEN"},
      {"from a file", {{"OKTA_API_TOKEN_FILE", "/s/token"}}, kOurs, "S3CRET-file", "OKTA_API_TOKEN_FILE"},
      {"from a file, its path trimmed",
       {{"OKTA_CLIENT_TOKEN_FILE", "/s/token\n"}},
       kOurs,
       "S3CRET-file",
       "OKTA_CLIENT_TOKEN_FILE"},
      {"an access token from a file",
       {{"OKTA_ACCESS_TOKEN_FILE", "/s/token"}},
       kOurs,
       "S3CRET-file",
       "OKTA_ACCESS_TOKEN_FILE"},
      {"an empty one is none",
       {{"OKTA_API_TOKEN", ""}, {"OKTA_CLIENT_TOKEN", "S3CRET"}},
       kOurs,
       "S3CRET",
       "OKTA_CLIENT_TOKEN"},
      {"a blank one is none", {{"OKTA_API_TOKEN", "  \n"}}, kOurs, "", ""},
      {"two names, one value",
       {{"OKTA_API_TOKEN", "S3CRET"}, {"OKTA_CLIENT_TOKEN", " S3CRET "}},
       kOurs,
       "S3CRET",
       "OKTA_API_TOKEN"},
      {"of another org", {{"OKTA_API_TOKEN", "S3CRET"}}, kOthers, "", ""},
      {"by its host",
       {{"OKTA_API_TOKEN__ACME_OKTA_COM", "S3CRET"}},
       kOthers,
       "S3CRET",
       "OKTA_API_TOKEN__ACME_OKTA_COM"},
      {"its host beats the plain one",
       {{"OKTA_API_TOKEN__ACME_OKTA_COM", "S3CRET"}, {"OKTA_ACCESS_TOKEN", "other"}},
       kOurs,
       "S3CRET",
       "OKTA_API_TOKEN__ACME_OKTA_COM"},
      {"of another host", {{"OKTA_API_TOKEN__BETA_OKTA_COM", "other"}}, kOurs, "", ""},
      {"of a host that only starts like it",
       {{"OKTA_API_TOKEN__ACME_OKTA_COM_8443", "other"}},
       kOthers,
       "",
       ""},
      {"a file by its host",
       {{"OKTA_API_TOKEN_FILE__ACME_OKTA_COM", "/s/token"}},
       kOthers,
       "S3CRET-file",
       "OKTA_API_TOKEN_FILE__ACME_OKTA_COM"},
      {"the same, suffix last",
       {{"OKTA_API_TOKEN__ACME_OKTA_COM_FILE", "/s/token"}},
       kOthers,
       "S3CRET-file",
       "OKTA_API_TOKEN__ACME_OKTA_COM_FILE"},
      {"a service app",
       {{"OKTA_API_CLIENT_ID", "0oa1"}, {"OKTA_API_PRIVATE_KEY_FILE", "/s/key"}},
       kOurs,
       "-----BEGIN PRIVATE KEY-----\nS3CRET",
       "OKTA_API_PRIVATE_KEY_FILE"},
  };
  for (const CredentialRow& row : rows) {
    CAPTURE(row.name);
    Doors doors(row.variables);
    const auto found = credential_for(kAcme, row.plain, doors.environment, doors.files);
    REQUIRE_MESSAGE(found.has_value(), found.error().message);
    REQUIRE(found->has_value() == (*row.secret != '\0'));
    if (!*found) continue;
    CHECK((*found)->secret.reveal() == row.secret);
    CHECK((*found)->variable == row.variable);
  }
}

struct ClientRow {
  const char* name;
  std::map<std::string, std::string> variables;
  PlainVariables plain;
  const char* client_id;  // taken; empty: none, or an error
  const char* mistake;    // in the message; empty: none
};

TEST_CASE("a manifest's client id stands in for the plain one, and must be the host's own") {
  constexpr PlainVariables kOurs = PlainVariables::belong;
  constexpr PlainVariables kOthers = PlainVariables::belong_elsewhere;
  const ClientRow rows[] = {
      {"alone with a key", {{"OKTA_API_PRIVATE_KEY_FILE", "/s/key"}}, kOurs, "0oaManifest", ""},
      {"in place of the plain one",
       {{"OKTA_API_PRIVATE_KEY_FILE", "/s/key"}, {"OKTA_API_CLIENT_ID", "0oaPlain"}},
       kOurs,
       "0oaManifest",
       ""},
      {"with the host's own key",
       {{"OKTA_API_PRIVATE_KEY_FILE__ACME_OKTA_COM", "/s/key"}},
       kOthers,
       "0oaManifest",
       ""},
      {"as the host's own says",
       {{"OKTA_API_PRIVATE_KEY_FILE__ACME_OKTA_COM", "/s/key"},
        {"OKTA_API_CLIENT_ID__ACME_OKTA_COM", "0oaManifest"}},
       kOthers,
       "0oaManifest",
       ""},
      {"other than the host's own",
       {{"OKTA_API_PRIVATE_KEY_FILE__ACME_OKTA_COM", "/s/key"},
        {"OKTA_API_CLIENT_ID__ACME_OKTA_COM", "0oaOwn"}},
       kOthers,
       "",
       "OKTA_API_CLIENT_ID__ACME_OKTA_COM and client_id at orgs.yaml:5 disagree"},
      {"a key of another org is not used", {{"OKTA_API_PRIVATE_KEY_FILE", "/s/key"}}, kOthers, "", ""},
      {"no key, no credential", {}, kOurs, "", ""},
      {"a client without a key is half an app as ever",
       {{"OKTA_API_CLIENT_ID", "0oaPlain"}},
       kOurs,
       "",
       "no private key"},
  };
  for (const ClientRow& row : rows) {
    CAPTURE(row.name);
    Doors doors(row.variables);
    const auto found = credential_for(kAcme, row.plain, doors.environment, doors.files,
                                      ClientId{"0oaManifest", "orgs.yaml:5"});
    REQUIRE(found.has_value() == (*row.mistake == '\0'));
    if (!found) {
      CHECK(found.error().trouble == Trouble::usage);
      CHECK(found.error().message.find(row.mistake) != std::string::npos);
      continue;
    }
    REQUIRE(found->has_value() == (*row.client_id != '\0'));
    if (*found) CHECK((*found)->client_id == row.client_id);
  }
  const std::map<std::string, std::string> token_alone = {{"OKTA_API_TOKEN", "S3CRET"}};
  Doors doors(token_alone);
  const auto token =
      credential_for(kAcme, kOurs, doors.environment, doors.files, ClientId{"0oaManifest", "orgs.yaml:5"});
  REQUIRE(token.has_value());
  REQUIRE(token->has_value());
  CHECK((*token)->kind == CredentialKind::ssws);
}

struct MistakeRow {
  const char* name;
  std::map<std::string, std::string> variables;
  std::vector<const char*> named;  // variables that the message must name
};

TEST_CASE("a mistake names the variables, and never the secret") {
  const MistakeRow rows[] = {
      {"two that disagree",
       {{"OKTA_API_TOKEN", "S3CRET1"}, {"OKTA_CLIENT_TOKEN", "S3CRET2"}},
       {"OKTA_API_TOKEN", "OKTA_CLIENT_TOKEN"}},
      {"two kinds",
       {{"OKTA_API_TOKEN", "S3CRET"}, {"OKTA_ACCESS_TOKEN", "S3CRET"}},
       {"OKTA_API_TOKEN", "OKTA_ACCESS_TOKEN"}},
      {"three kinds",
       {{"OKTA_API_TOKEN", "S3CRET"},
        {"OKTA_API_CLIENT_ID", "0oa1"},
        {"OKTA_API_PRIVATE_KEY", "-----BEGIN S3CRET"}},
       {"OKTA_API_TOKEN", "OKTA_API_PRIVATE_KEY"}},
      {"a value and a file",
       {{"OKTA_API_TOKEN", "S3CRET"}, {"OKTA_API_TOKEN_FILE", "/s/token"}},
       {"OKTA_API_TOKEN", "OKTA_API_TOKEN_FILE"}},
      {"a missing file", {{"OKTA_API_TOKEN_FILE", "/s/nowhere"}}, {"OKTA_API_TOKEN_FILE"}},
      {"an unreadable file", {{"OKTA_ACCESS_TOKEN_FILE", "/s/closed"}}, {"OKTA_ACCESS_TOKEN_FILE"}},
      {"an empty file", {{"OKTA_API_TOKEN_FILE", "/s/empty"}}, {"OKTA_API_TOKEN_FILE"}},
      {"a NUL in it", {{"OKTA_API_TOKEN_FILE", "/s/nul"}}, {"OKTA_API_TOKEN_FILE"}},
      {"a space in it", {{"OKTA_API_TOKEN", "S3C RET"}}, {"OKTA_API_TOKEN"}},
      {"a line break in it", {{"OKTA_API_TOKEN", "S3CRET\nX-Evil: 1"}}, {"OKTA_API_TOKEN"}},
      {"an escape in it", {{"OKTA_CLIENT_TOKEN", "S3CRET\x1b"}}, {"OKTA_CLIENT_TOKEN"}},
      {"more than ASCII", {{"OKTA_API_TOKEN", "S3CRET\xc3\xbc"}}, {"OKTA_API_TOKEN"}},
      {"a key without a client",
       {{"OKTA_API_PRIVATE_KEY", "-----BEGIN S3CRET"}},
       {"OKTA_API_PRIVATE_KEY", "OKTA_API_CLIENT_ID"}},
      {"a client without a key",
       {{"OKTA_CLIENT_CLIENTID", "0oa1"}},
       {"OKTA_CLIENT_CLIENTID", "OKTA_API_PRIVATE_KEY"}},
      {"an algorithm that is none",
       {{"OKTA_API_CLIENT_ID", "0oa1"},
        {"OKTA_API_PRIVATE_KEY", "-----BEGIN S3CRET"},
        {"OKTA_API_PRIVATE_KEY_ALGORITHM", "HS256"}},
       {"OKTA_API_PRIVATE_KEY_ALGORITHM", "RS512"}},
      {"by host, and wrong",
       {{"OKTA_API_TOKEN__ACME_OKTA_COM", "S3C RET"}},
       {"OKTA_API_TOKEN__ACME_OKTA_COM"}},
  };
  for (const MistakeRow& row : rows) {
    CAPTURE(row.name);
    Doors doors(row.variables);
    const auto found = credential_for(kAcme, PlainVariables::belong, doors.environment, doors.files);
    REQUIRE_FALSE(found.has_value());
    const std::string text = found.error().message + " " + found.error().mend;
    CHECK(found.error().trouble == Trouble::usage);
    for (const char* name : row.named) CHECK_MESSAGE(text.find(name) != std::string::npos, text);
    CHECK(text.find("S3C") == std::string::npos);
    CHECK(text.find_first_of("\n\x1b") == std::string::npos);
  }
}

struct OrgRow {
  std::map<std::string, std::string> variables;
  const char* expected;  // an authority; empty: none; `!`: an error
};

TEST_CASE("what an RSA key signs with") {
  std::map<std::string, std::string> variables = {{"OKTA_API_CLIENT_ID", "0oa1"},
                                                  {"OKTA_API_PRIVATE_KEY_FILE", "/s/key"}};
  for (const char* algorithm : {"", "RS256", "RS384", "RS512"}) {
    variables["OKTA_API_PRIVATE_KEY_ALGORITHM"] = algorithm;
    Doors doors(variables);
    const auto found = credential_for(kAcme, PlainVariables::belong, doors.environment, doors.files);
    REQUIRE(found.has_value());
    REQUIRE(found->has_value());
    CHECK((*found)->rsa_algorithm == (*algorithm == '\0' ? "RS256" : algorithm));
  }
}

TEST_CASE("the org that the environment names") {
  const OrgRow rows[] = {
      {{}, ""},
      {{{"OKTA_ORG_NAME", "acme"}}, "acme.okta.com"},
      {{{"OKTA_ORG_NAME", " acme\n"}, {"OKTA_BASE_URL", "oktapreview.com"}}, "acme.oktapreview.com"},
      {{{"OKTA_BASE_URL", "oktapreview.com"}}, ""},
      {{{"OKTA_CLIENT_ORGURL", "https://id.acme.example/"}}, "id.acme.example"},
      {{{"OKTA_ORG_NAME", "acme"}, {"OKTA_CLIENT_ORGURL", "https://acme.okta.com"}}, "acme.okta.com"},
      {{{"OKTA_ORG_NAME", "acme"}, {"OKTA_CLIENT_ORGURL", "https://beta.okta.com"}}, "!"},
      {{{"OKTA_CLIENT_ORGURL", "https://acme-admin.okta.com"}}, "!"},
      {{{"OKTA_CLIENT_ORGURL", "http://acme.okta.com"}}, "!"},
      {{{"OKTA_ORG_NAME", "acme"}, {"OKTA_BASE_URL", "https://okta.com"}}, "!"},
      {{{"OKTA_ORG_NAME", "acme"}, {"OKTA_BASE_URL", "not a domain"}}, "!"},
      {{{"OKTA_ORG_NAME", ""}, {"OKTA_CLIENT_ORGURL", " "}}, ""},
      {{{"OKTA_ORG_NAME_FILE", "/s/label"}}, "acme.okta.com"},
      {{{"OKTA_ORG_NAME_FILE", "/s/label"}, {"OKTA_BASE_URL_FILE", "/s/domain"}}, "acme.oktapreview.com"},
      {{{"OKTA_CLIENT_ORGURL_FILE", "/s/url"}}, "id.acme.example"},
      {{{"OKTA_ORG_NAME", "acme"}, {"OKTA_CLIENT_ORGURL_FILE", "/s/url"}}, "!"},
      {{{"OKTA_ORG_NAME", "acme"}, {"OKTA_ORG_NAME_FILE", "/s/label"}}, "!"},
      {{{"OKTA_CLIENT_ORGURL_FILE", "/s/nowhere"}}, "!"},
      {{{"OKTA_BASE_URL_FILE", "/s/empty"}, {"OKTA_ORG_NAME", "acme"}}, "!"},
  };
  for (const OrgRow& row : rows) {
    Doors doors(row.variables);
    const auto org = org_of_environment(doors.environment, doors.files);
    CAPTURE(row.expected);
    if (!org) {
      CHECK(std::string(row.expected) == "!");
      CHECK(org.error().trouble == Trouble::usage);
      continue;
    }
    CHECK((*org ? (*org)->authority() : "") == row.expected);
  }
}

TEST_CASE("what is set is named, not shown") {
  FakeEnvironment environment;
  environment.variables = {{"OKTA_API_TOKEN", "S3CRET"},
                           {"OKTA_CLIENT_TOKEN_FILE", "/s"},
                           {"OKTA_ACCESS_TOKEN", ""},
                           {"OKTA_API_TOKEN__ACME_OKTA_COM", "S3CRET"}};
  CHECK(plain_credential_variables(environment) ==
        std::vector<std::string>{"OKTA_API_TOKEN", "OKTA_CLIENT_TOKEN_FILE"});
}

TEST_CASE("a fixed credential goes out under its scheme") {
  FakeWorld fakes;
  for (const auto& [kind, expected] : {std::pair{CredentialKind::ssws, "SSWS S3CRET"},
                                       std::pair{CredentialKind::access_token, "Bearer S3CRET"}}) {
    Credential credential;
    credential.kind = kind;
    credential.secret = Secret("S3CRET");
    auto authorizer = authorizer_for(credential, kAcme, {}, fakes.clock, fakes.random);
    REQUIRE(authorizer.has_value());
    HttpRequest request;
    CHECK((*authorizer)->ready());
    CHECK((*authorizer)->authorize(request)->reveal() == expected);
    CHECK(request.headers.empty());
  }
}

}  // namespace
}  // namespace zonepin::okta
