// Link headers: the way to the next page, and nowhere else.
#include "okta/paging.h"

#include <doctest/doctest.h>

namespace zonepin::okta {
namespace {

const Endpoint kAcme{"https", "acme.okta.com", 443};
constexpr const char* kHere = "/api/v1/zones?limit=200";

struct LinkRow {
  const char* name;
  std::vector<std::string> lines;
  const char* expected;  // empty: no further page
};

TEST_CASE("the next page is found in every legal form") {
  const LinkRow rows[] = {
      {"no header", {}, ""},
      {"only self", {R"(<https://acme.okta.com/api/v1/zones>; rel="self")"}, ""},
      {"a line each",
       {R"(<https://acme.okta.com/api/v1/zones>; rel="self")",
        R"(<https://acme.okta.com/api/v1/zones?after=x>; rel="next")"},
       "/api/v1/zones?after=x"},
      {"the other order",
       {R"(<https://acme.okta.com/a?after=x>; rel="next")", R"(<https://acme.okta.com/a>; rel="self")"},
       "/a?after=x"},
      {"several in a line",
       {R"(<https://acme.okta.com/a>; rel="self", <https://acme.okta.com/a?after=x>; rel="next")"},
       "/a?after=x"},
      {"without spaces",
       {R"(<https://acme.okta.com/a>;rel="self",<https://acme.okta.com/a?after=x>;rel="next")"},
       "/a?after=x"},
      {"unquoted", {"<https://acme.okta.com/a?after=x>; rel=next"}, "/a?after=x"},
      {"capitals", {R"(<https://acme.okta.com/a?after=x>; REL="NEXT")"}, "/a?after=x"},
      {"capitals in the host", {R"(<HTTPS://ACME.OKTA.COM/a?after=x>; rel="next")"}, "/a?after=x"},
      {"the port said", {R"(<https://acme.okta.com:443/a?after=x>; rel="next")"}, "/a?after=x"},
      {"other parameters around",
       {R"(<https://acme.okta.com/a?after=x>; title="one, two; rel=\"self\""; rel="next"; type=x)"},
       "/a?after=x"},
      {"several relations", {R"(<https://acme.okta.com/a?after=x>; rel="last next")"}, "/a?after=x"},
      {"a tab between", {"<https://acme.okta.com/a?after=x>\t;\trel\t=\t\"prev\tnext\""}, "/a?after=x"},
      {"only the first rel counts", {R"(<https://acme.okta.com/a?after=x>; rel="self"; rel="next")"}, ""},
      {"a word that holds it", {R"(<https://acme.okta.com/a?after=x>; rel="nextish")"}, ""},
      {"commas and semicolons in the target",
       {R"(<https://acme.okta.com/a?after=x,y;z>; rel="next")"},
       "/a?after=x,y;z"},
      {"empty members", {R"(, ,<https://acme.okta.com/a?after=x>; ; rel="next",)"}, "/a?after=x"},
      {"from the root", {R"(</api/v1/zones?after=x>; rel="next")"}, "/api/v1/zones?after=x"},
      {"only a query", {R"(<?after=x&limit=2>; rel="next")"}, "/api/v1/zones?after=x&limit=2"},
      {"a relative path", {R"(<zones?after=x>; rel="next")"}, "/api/v1/zones?after=x"},
      {"dots", {R"(<../v2/./zones?after=../x>; rel="next")"}, "/api/v2/zones?after=../x"},
      {"more dots than path", {R"(</../../a/..?b>; rel="next")"}, "/?b"},
      {"without a scheme", {R"(<//acme.okta.com/a?after=x>; rel="next")"}, "/a?after=x"},
      {"without a path", {R"(<https://acme.okta.com?after=x>; rel="next")"}, "/?after=x"},
      {"a fragment is not sent", {R"(<https://acme.okta.com/a?after=x#frag>; rel="next")"}, "/a?after=x"},
      {"a colon in the query", {R"(<?after=12:30://x>; rel="next")"}, "/api/v1/zones?after=12:30://x"},
      {"broken: no end", {R"(<https://acme.okta.com/a?after=x; rel="next")"}, ""},
      {"broken: what came before it stays",
       {R"(<https://acme.okta.com/a?after=x>; rel="next", oops)"},
       "/a?after=x"},
      {"broken: what comes after it is not read",
       {R"(oops, <https://acme.okta.com/a?after=x>; rel="next")"},
       ""},
      {"an open quote", {R"(<https://acme.okta.com/a?after=x>; rel="next)"}, "/a?after=x"},
  };
  for (const LinkRow& row : rows) {
    CAPTURE(row.name);
    HttpHeaders headers;
    for (std::size_t at = 0; at < row.lines.size(); ++at)
      headers.push_back({at % 2 == 0 ? "link" : "Link", row.lines[at]});
    const auto next = next_page(headers, kAcme, kHere);
    REQUIRE_MESSAGE(next.has_value(), next.error().message);
    CHECK(next->value_or("") == row.expected);
  }
}

TEST_CASE("a link elsewhere is an error, never a request") {
  const char* targets[] = {"https://evil.example/a",
                           "https://acme.okta.com.evil.example/a",
                           "http://acme.okta.com/a",
                           "https://acme.okta.com:8443/a",
                           "https://acme.oktapreview.com/a",
                           "https://user@acme.okta.com/a",
                           "https://acme.okta.com@evil.example/a",
                           "//evil.example/a",
                           "https://acme-admin.okta.com/a",
                           "https:///a",
                           "ftp://acme.okta.com/a",
                           "javascript:alert(1)",
                           "mailto:x@acme.okta.com",
                           "https:acme.okta.com/a",
                           "/a b",
                           "/a\x7f",
                           "/\xc3\xbc",
                           "https://acme.okta.com\\@evil.example/a"};
  for (const char* target : targets) {
    CAPTURE(target);
    const auto next = next_page({{"Link", "<" + std::string(target) + ">; rel=\"next\""}}, kAcme, kHere);
    REQUIRE_FALSE(next.has_value());
    CHECK(next.error().trouble == Trouble::failure);
    CHECK(next.error().message.find("Okta's link to the next page") == 0);
  }
}

TEST_CASE("an org on loopback, with a port") {
  const Endpoint loopback{"http", "::1", 8080};
  CHECK(next_page({{"Link", "<http://[::1]:8080/a?after=x>; rel=\"next\""}}, loopback, kHere)->value_or("") ==
        "/a?after=x");
  CHECK_FALSE(
      next_page({{"Link", "<http://[::1]:8081/a?after=x>; rel=\"next\""}}, loopback, kHere).has_value());
  CHECK(next_page({{"Link", "<//[::1]:8080/a?after=x>; rel=\"next\""}}, loopback, kHere)->value_or("") ==
        "/a?after=x");
}

}  // namespace
}  // namespace zonepin::okta
