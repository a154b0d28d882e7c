// Every way in which Okta, or somebody in its place, says no: one line each.
#include "okta/refusal.h"

#include <doctest/doctest.h>

namespace zonepin::okta {
namespace {

struct RefusalRow {
  const char* name;
  Call call;
  HttpResponse response;
  Trouble trouble;
  const char* message;
  const char* mend;
};

const Call kList{Operation::list_tokens, {}, {}, {}};
const Call kZones{Operation::list_zones, {}, {}, {}};
const Call kPut{Operation::replace_token, "00T1", "{}", {}};
const Call kUser{Operation::get_user, "ann@acme.example", {}, {}};

std::string okta_body(const std::string& code, const std::string& summary, const std::string& causes = {}) {
  return R"({"errorCode":")" + code + R"(","errorSummary":")" + summary + R"(","errorLink":")" + code +
         R"(","errorId":"oae1","errorCauses":[)" + causes + "]}";
}

HttpResponse answer(int status, std::string body, HttpHeaders headers = {}) {
  headers.push_back({"X-Okta-Request-Id", "Req1"});
  return {status, std::move(headers), std::move(body)};
}

TEST_CASE("each refusal says what was tried, what came back, and what to do") {
  const RefusalRow rows[] = {
      {"a wrong token", kList, answer(401, okta_body("E0000011", "Invalid token provided")),
       Trouble::unauthorised,
       R"(could not list the API tokens at acme.okta.com: HTTP 401 E0000011 "Invalid token provided" (errorId oae1, request Req1))",
       "the token may be wrong, revoked or of another org, its owner deactivated, or it is used from outside "
       "its network zones"},
      {"a feature that is not there", kZones,
       answer(401, okta_body("E0000015", "You do not have permission")), Trouble::unauthorised,
       R"(could not list the network zones at acme.okta.com: HTTP 401 E0000015 "You do not have permission" (errorId oae1, request Req1))",
       "this org does not have the feature (API tokens, network zones); ask Okta"},
      {"may not read", kZones, answer(403, okta_body("E0000006", "no")), Trouble::unauthorised,
       R"(could not list the network zones at acme.okta.com: HTTP 403 E0000006 "no" (errorId oae1, request Req1))",
       "the credential's admin role must allow reading this (OAuth scope okta.networkZones.read), and the "
       "call must come from a permitted network"},
      {"may not write", kPut, answer(403, okta_body("E0000006", "no")), Trouble::unauthorised,
       R"(could not replace the condition of token 00T1 at acme.okta.com: HTTP 403 E0000006 "no" (errorId oae1, request Req1))",
       "the credential's admin role must allow managing API tokens (OAuth scope okta.apiTokens.manage), and "
       "the call must come from a permitted network"},
      {"may not see users", kUser, answer(403, okta_body("E0000006", "no")), Trouble::unauthorised,
       R"(could not look up user "ann@acme.example" at acme.okta.com: HTTP 403 E0000006 "no" (errorId oae1, request Req1))",
       "the credential's admin role must allow reading this (OAuth scope okta.users.read), and the call must "
       "come from a permitted network"},
      {"causes", kPut,
       answer(
           400,
           okta_body(
               "E0000001", "Api validation failed: network",
               R"({"errorSummary":"one"},{"errorSummary":"two\n"},7,{"errorSummary":"three"},{"errorSummary":"four"})")),
       Trouble::failure,
       R"(HTTP 400 E0000001 "Api validation failed: network"; one; two\n; three (errorId oae1, request Req1))",
       ""},
      {"gone", kPut, answer(404, okta_body("E0000007", "Not found: Resource not found: 00T1 (ApiToken)")),
       Trouble::failure, R"x(HTTP 404 E0000007 "Not found: Resource not found: 00T1 (ApiToken)")x", ""},
      {"no such path", kList, answer(404, okta_body("E0000008", "The requested path was not found")),
       Trouble::failure, R"(HTTP 404 E0000008)", "is acme.okta.com the right org?"},
      {"too many", kList,
       answer(429, okta_body("E0000047", "API call exceeded rate limit due to too many requests.")),
       Trouble::unfinished, R"(HTTP 429 E0000047)",
       "the rate limit is used up; run it again in some minutes"},
      {"read-only", kPut, answer(503, okta_body("E0000010", "Service is in read only mode")),
       Trouble::unfinished, R"(HTTP 503 E0000010)", "Okta is read-only for the moment; run it again later"},
      {"internal", kList, answer(500, okta_body("E0000009", "Internal Server Error")), Trouble::failure,
       R"(HTTP 500 E0000009)", "Okta is in trouble; run it again, and see status.okta.com"},
      {"OAuth's body", kList,
       answer(403, R"({"error":"access_denied","error_description":"outside the permitted network zones."})"),
       Trouble::unauthorised,
       R"(HTTP 403 access_denied "outside the permitted network zones." (request Req1))",
       "the credential's admin role must allow reading this (OAuth scope okta.apiTokens.read), and the call "
       "must come from a permitted network"},
      {"DPoP's challenge", kList,
       answer(
           400, "",
           {{"WWW-Authenticate", "Basic realm=\"x\""},
            {"www-authenticate",
             R"(DPoP algs="RS256", error="invalid_dpop_proof", error_description="The proof \"x\" was used")"}}),
       Trouble::failure, R"(HTTP 400 invalid_dpop_proof "The proof \"x\" was used" (request Req1))",
       "this credential is bound to a key (DPoP), and a proof of that key is what Okta misses"},
      {"a challenge without quotes", kList,
       answer(401, "", {{"WWW-Authenticate", "Bearer error=invalid_token, realm=x"}}), Trouble::unauthorised,
       R"(HTTP 401 invalid_token (request Req1))", "the token may be wrong"},
      {"a challenge without an error", kList,
       answer(401, "", {{"WWW-Authenticate", "Basic realm=\"proxy\""}}), Trouble::unauthorised,
       R"(HTTP 401, an empty answer (request Req1))", "the token may be wrong"},
      {"a proxy's page",
       kList,
       {403, {{"Content-Type", "text/html; charset=utf-8\x1b"}}, "<html>Blocked by S3CRET</html>"},
       Trouble::unauthorised,
       R"(HTTP 403, an answer that is not Okta's (text/html; charset=utf-8\x1b))",
       "is acme.okta.com an Okta org? A proxy may have answered in its place"},
      {"a page of another kind of error",
       kList,
       {502, {}, "<html>"},
       Trouble::failure,
       "HTTP 502, an answer that is not Okta's",
       "Okta is in trouble"},
      {"nothing at all",
       kList,
       {404, {}, ""},
       Trouble::failure,
       "HTTP 404, an empty answer",
       "is acme.okta.com an Okta org?"},
      {"a redirect",
       kList,
       {302, {{"Location", "https://acme-admin.okta.com/\x1b[31m"}}, ""},
       Trouble::failure,
       R"(HTTP 302, a redirect to https://acme-admin.okta.com/\x1b[31m)",
       "use the host that the org lives at: an -admin host and a renamed org redirect"},
      {"a redirect to nowhere",
       kList,
       {301, {}, "moved"},
       Trouble::failure,
       "HTTP 301, a redirect to nowhere",
       "use the host"},
      {"JSON of somebody else",
       kList,
       {400, {{"Content-Type", "application/json"}}, R"({"message":"S3CRET"})"},
       Trouble::failure,
       "HTTP 400, an answer that is not Okta's (application/json)",
       "is acme.okta.com an Okta org?"},
      {"a deep body",
       kList,
       {400, {}, std::string(100'000, '[')},
       Trouble::failure,
       "HTTP 400, an answer that is not Okta's",
       ""},
      {"members of the wrong type",
       kList,
       {400, {}, R"({"errorCode":{"a":1},"errorSummary":["x"],"errorCauses":{}})"},
       Trouble::failure,
       "HTTP 400, an answer that is not Okta's",
       ""},
      {"terminal escapes in what Okta says", kList,
       answer(400, okta_body("E0000001", "\\u001b[31mred\\u202e")), Trouble::failure,
       R"(HTTP 400 E0000001 "\x1b[31mred\u202e")", ""},
  };
  for (const RefusalRow& row : rows) {
    CAPTURE(row.name);
    const Error error = explain(row.call, refusal_of(row.response), "acme.okta.com");
    CHECK(error.trouble == row.trouble);
    CHECK_MESSAGE(error.message.find(row.message) != std::string::npos, error.message);
    CHECK_MESSAGE(error.mend.find(row.mend) != std::string::npos, error.mend);
    CHECK(error.message.find("could not ") == 0);
    CHECK(error.message.find("S3CRET") == std::string::npos);
    CHECK((error.message + error.mend).find_first_of("\n\x1b") == std::string::npos);
  }
}

TEST_CASE("a long summary is cut") {
  const Error error = explain(kList, refusal_of(answer(400, okta_body("E0000001", std::string(10'000, 'x')))),
                              "acme.okta.com");
  CHECK(error.message.size() < 500);
}

TEST_CASE("what became of a connection, and what to do about it") {
  struct Row {
    TransportFault fault;
    Trouble trouble;
    const char* mend;
  };
  const Row rows[] = {{TransportFault::resolve, Trouble::failure, "host name"},
                      {TransportFault::refused, Trouble::failure, "host and port"},
                      {TransportFault::tls, Trouble::failure, "--ca-file"},
                      {TransportFault::proxy, Trouble::failure, "https_proxy"},
                      {TransportFault::timeout, Trouble::failure, "run it again"},
                      {TransportFault::lost, Trouble::failure, "run it again"},
                      {TransportFault::too_large, Trouble::failure, "Okta org"},
                      {TransportFault::cancelled, Trouble::interrupted, ""}};
  for (const Row& row : rows) {
    const Error error = explain(kPut, {row.fault, "what curl said"}, "acme.okta.com");
    CHECK(error.message == "could not replace the condition of token 00T1 at acme.okta.com: what curl said");
    CHECK(error.trouble == row.trouble);
    CHECK(error.mend.find(row.mend) != std::string::npos);
  }
}

}  // namespace
}  // namespace zonepin::okta
