#include "model/org.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.h"

namespace zonepin {
namespace {

struct Accepted {
  const char* text;
  const char* url;
  const char* host;
  int port;
};

TEST_CASE("every way that people write an org") {
  const Accepted rows[] = {
      // a label
      {"acme", "https://acme.okta.com", "acme.okta.com", 443},
      {"ACME", "https://acme.okta.com", "acme.okta.com", 443},
      {"dev-12345", "https://dev-12345.okta.com", "dev-12345.okta.com", 443},
      {"a", "https://a.okta.com", "a.okta.com", 443},
      {"2130706433", "https://2130706433.okta.com", "2130706433.okta.com", 443},
      {"acme/", "https://acme.okta.com", "acme.okta.com", 443},
      // each of Okta's domains
      {"acme.okta.com", "https://acme.okta.com", "acme.okta.com", 443},
      {"acme.oktapreview.com", "https://acme.oktapreview.com", "acme.oktapreview.com", 443},
      {"acme.okta-emea.com", "https://acme.okta-emea.com", "acme.okta-emea.com", 443},
      {"acme.okta-gov.com", "https://acme.okta-gov.com", "acme.okta-gov.com", 443},
      {"acme.okta.mil", "https://acme.okta.mil", "acme.okta.mil", 443},
      {"acme.trexcloud.com", "https://acme.trexcloud.com", "acme.trexcloud.com", 443},
      // a custom domain
      {"id.acme.example", "https://id.acme.example", "id.acme.example", 443},
      {"id-admin.acme.example", "https://id-admin.acme.example", "id-admin.acme.example", 443},
      {"xn--bcher-kva.example", "https://xn--bcher-kva.example", "xn--bcher-kva.example", 443},
      {"acme-admin-team.okta.com", "https://acme-admin-team.okta.com", "acme-admin-team.okta.com", 443},
      {"admin.okta.com", "https://admin.okta.com", "admin.okta.com", 443},
      {"127.0.0.1.acme.example", "https://127.0.0.1.acme.example", "127.0.0.1.acme.example", 443},
      // URL, port, trailing slash, upper case
      {"https://acme.okta.com", "https://acme.okta.com", "acme.okta.com", 443},
      {"https://acme.okta.com/", "https://acme.okta.com", "acme.okta.com", 443},
      {"HTTPS://Acme.OKTA.com/", "https://acme.okta.com", "acme.okta.com", 443},
      {"acme.okta.com/", "https://acme.okta.com", "acme.okta.com", 443},
      {"https://acme.okta.com:443", "https://acme.okta.com", "acme.okta.com", 443},
      {"acme.okta.com:443/", "https://acme.okta.com", "acme.okta.com", 443},
      {"acme.okta.com:8443", "https://acme.okta.com:8443", "acme.okta.com", 8443},
      {"https://id.acme.example:65535", "https://id.acme.example:65535", "id.acme.example", 65535},
      {"https://id.acme.example:1", "https://id.acme.example:1", "id.acme.example", 1},
      {"https://10.0.0.5:8443", "https://10.0.0.5:8443", "10.0.0.5", 8443},
      {"https://[2001:DB8::0:5]", "https://[2001:db8::5]", "2001:db8::5", 443},
      {"[2001:db8::5]:8443", "https://[2001:db8::5]:8443", "2001:db8::5", 8443},
      // loopback: http when it has a port and nothing else is said
      {"http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1", 8080},
      {"http://127.0.0.1", "http://127.0.0.1", "127.0.0.1", 80},
      {"http://127.0.0.1:80/", "http://127.0.0.1", "127.0.0.1", 80},
      {"http://127.255.255.254:1", "http://127.255.255.254:1", "127.255.255.254", 1},
      {"127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1", 8080},
      {"127.0.0.1", "https://127.0.0.1", "127.0.0.1", 443},
      {"https://127.0.0.1:8080", "https://127.0.0.1:8080", "127.0.0.1", 8080},
      {"localhost:8080", "http://localhost:8080", "localhost", 8080},
      {"LOCALHOST:8080", "http://localhost:8080", "localhost", 8080},
      {"localhost", "https://localhost", "localhost", 443},
      {"https://localhost:443", "https://localhost", "localhost", 443},
      {"http://localhost:443", "http://localhost:443", "localhost", 443},
      {"::1", "https://[::1]", "::1", 443},
      {"[::1]", "https://[::1]", "::1", 443},
      {"[::1]:8080", "http://[::1]:8080", "::1", 8080},
      {"http://[::1]:8080/", "http://[::1]:8080", "::1", 8080},
      {"http://::1", "http://[::1]", "::1", 80},
      {"http://[0:0:0:0:0:0:0:1]:80", "http://[::1]", "::1", 80},
      {"https://[::1]:443", "https://[::1]", "::1", 443},
  };
  for (const Accepted& row : rows) {
    CAPTURE(row.text);
    const auto org = parse_org(row.text);
    if (!org) FAIL_CHECK(org.error().message);
    if (!org) continue;
    CHECK(org->url() == row.url);
    CHECK(org->endpoint.host == row.host);
    CHECK(org->endpoint.port == row.port);
    // The one way that we keep it is itself a way to write it, and means the same.
    const auto again = parse_org(org->url());
    REQUIRE(again.has_value());
    CHECK(*again == *org);
  }
}

TEST_CASE("a label takes the base domain") {
  struct Row {
    const char* text;
    const char* base_domain;
    const char* expected;  // empty: refused
  };
  const Row rows[] = {
      {"acme", "oktapreview.com", "https://acme.oktapreview.com"},
      {"acme", "OktaPreview.com", "https://acme.oktapreview.com"},
      {"acme", "okta.mil", "https://acme.okta.mil"},
      {"acme", "trexcloud.com:1802", "https://acme.trexcloud.com:1802"},
      {"acme.okta.com", "oktapreview.com", "https://acme.okta.com"},
      {"localhost", "oktapreview.com", "https://localhost"},
      {"acme", "", ""},
      {"acme", ".okta.com", ""},
      {"acme", "https://okta.com", ""},
      {"acme", "okta.com/path", ""},
      {"acme", "x@evil.example", ""},
      {"acme", "okta.com ", ""},
      {"acme-admin", "oktapreview.com", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CAPTURE(row.base_domain);
    const auto org = parse_org(row.text, row.base_domain);
    CHECK((org ? org->url() : "") == row.expected);
  }
}

struct Refused {
  const char* text;
  const char* says;  // in the message or what mends it
};

void check_refused(std::string_view text, std::string_view says) {
  const std::string shown = escape(text);
  CAPTURE(shown);
  const auto org = parse_org(text);
  if (org) FAIL_CHECK("accepted as " << org->url());
  if (org) return;
  CHECK(org.error().trouble == Trouble::usage);
  const std::string words = org.error().message + " | " + org.error().mend;
  CAPTURE(words);
  CHECK(words.find(says) != std::string::npos);
  CHECK(escape_cut(words, 10'000).size() >= words.size());
  CHECK(
      std::none_of(words.begin(), words.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
}

TEST_CASE("what no org is written like") {
  const Refused rows[] = {
      // empty, spaces, what is no printable ASCII
      {"", "empty"},
      {" ", "space"},
      {"acme ", "space"},
      {" acme.okta.com", "space"},
      {"ac me.okta.com", "space"},
      {"acme.okta.com\n", "control character"},
      {"acme\x1b[31m.okta.com", "control character"},
      {"acme\x7f", "control character"},
      {"bücher.example", "ASCII"},
      {"\u202e.okta.com", "ASCII"},
      {"acme\xff", "ASCII"},
      {"acmе.okta.com", "ASCII"},  // a Cyrillic letter
      // parts of a URL that an org has not
      {"https://", "no host"},
      {"https:///", "no host"},
      {"https://:443", "no host"},
      {"/", "no host"},
      {"://acme.okta.com", "https://"},
      {"ftp://acme.okta.com", "https://"},
      {"javascript://acme.okta.com", "https://"},
      {"//acme.okta.com", "no path"},
      {"https://acme.okta.com//", "write \"acme.okta.com\""},
      {"https://acme.okta.com/api/v1", "write \"acme.okta.com\""},
      {"https://acme.okta.com?x=1", "no path, query or fragment"},
      {"https://acme.okta.com/?x=1", "no path, query or fragment"},
      {"https://acme.okta.com#x", "no path, query or fragment"},
      {"https://acme.okta.com\\@evil.example", "no user name"},
      {"acme.okta.com\\x", "no path"},
      {"https://acme.okta.com@evil.example", "no user name"},
      {"https://user:pass@acme.okta.com", "no user name"},
      {"user@acme.okta.com", "no user name"},
      {"https://https://acme.okta.com", "no path"},
      {"https:acme.okta.com", "port"},
      // ports
      {"acme.okta.com:", "1 to 65535"},
      {"acme.okta.com:0", "1 to 65535"},
      {"acme.okta.com:65536", "1 to 65535"},
      {"acme.okta.com:99999999999999999999", "1 to 65535"},
      {"acme.okta.com:https", "1 to 65535"},
      {"acme.okta.com:-1", "1 to 65535"},
      {"acme.okta.com:+1", "1 to 65535"},
      {"acme.okta.com:8x", "1 to 65535"},
      {"[::1]:", "1 to 65535"},
      {"[::1]:0", "1 to 65535"},
      {"acme.okta.com:1:2", "brackets"},
      // names
      {"acme.okta.com.", "dot"},
      {".acme.okta.com", "dot"},
      {"acme..okta.com", "dots"},
      {".", "dot"},
      {"-acme.okta.com", "hyphen"},
      {"acme-.okta.com", "hyphen"},
      {"-", "hyphen"},
      {"acme_eu", "\"_\""},
      {"acme*", "\"*\""},
      {"*.okta.com", "\"*\""},
      {"https://{yourOktaDomain}", "\"{\""},
      {"acme%2e.okta.com", "\"%\""},
      {"acme,other", "\",\""},
      {"https://acme", "acme.okta.com"},
      {"acme:8443", "no whole host name"},
      {"okta.com", "not an org"},
      {"https://oktapreview.com", "not an org"},
      // the Admin Console
      {"https://acme-admin.okta.com", "use \"acme.okta.com\""},
      {"acme-admin", "use \"acme.okta.com\""},
      {"ACME-ADMIN.okta.com", "use \"acme.okta.com\""},
      {"acme-admin.oktapreview.com", "use \"acme.oktapreview.com\""},
      {"acme-admin.okta-emea.com:443", "use \"acme.okta-emea.com\""},
      {"acme-admin.okta-gov.com", "use \"acme.okta-gov.com\""},
      {"acme-admin.okta.mil/", "use \"acme.okta.mil\""},
      {"acme-admin.trexcloud.com", "use \"acme.trexcloud.com\""},
      // http beyond this machine, and what only looks like this machine
      {"http://acme.okta.com", "write https://acme.okta.com"},
      {"http://10.0.0.5", "loopback"},
      {"http://localhost.evil.example", "loopback"},
      {"http://127.0.0.1.evil.example:8080", "loopback"},
      {"http://128.0.0.1", "loopback"},
      {"http://[::2]", "loopback"},
      {"http://[::ffff:127.0.0.1]:8080", "loopback"},
      {"http://0.0.0.0:8080", "loopback"},
      {"http://0x7f.1", "IPv4"},
      {"http://0x7f000001", "IPv4"},
      {"http://2130706433", "IPv4"},
      {"http://127.1", "IPv4"},
      {"http://127.0.0.01", "IPv4"},
      {"http://0177.0.0.1", "IPv4"},
      {"http://127.0.0.1.", "dot"},
      {"127.0.0.256", "IPv4"},
      {"1.2.3.4.5", "IPv4"},
      // IPv6
      {"::1:8080", "brackets"},
      {"2001:db8::5", "brackets"},
      {"[::1", "not closed"},
      {"[]", "IPv6"},
      {"[::g]", "IPv6"},
      {"[::1]8080", "port"},
      {"[::1%25lo]", "IPv6"},
      {"[fe80::1%eth0]", "IPv6"},
      {"[127.0.0.1]", "IPv6"},
      {"::1]", "brackets"},
  };
  for (const Refused& row : rows) check_refused(row.text, row.says);
  check_refused(std::string_view("acme\0.okta.com", 14), "control character");
  check_refused(std::string(64, 'a'), "63");
  check_refused(std::string(64, 'a') + ".okta.com", "63");
  std::string long_name;
  for (int i = 0; i < 64; ++i) long_name += "abc.";
  check_refused(long_name + "okta.com", "253");
}

TEST_CASE("what may be a secret is not repeated") {
  for (const char* text : {"https://user:hunter2@acme.okta.com", "https://acme.okta.com/?token=hunter2",
                           "https://acme.okta.com/hunter2", "https://acme.okta.com#hunter2",
                           "hunter2://acme.okta.com", "hunter2@acme.okta.com", "https://user:hunter2"}) {
    CAPTURE(text);
    const auto org = parse_org(text);
    REQUIRE_FALSE(org.has_value());
    CHECK((org.error().message + org.error().mend).find("hunter2") == std::string::npos);
  }
}

TEST_CASE("the suffix of an org's variables is made of its whole host") {
  const char* rows[][2] = {
      {"acme.oktapreview.com", "ACME_OKTAPREVIEW_COM"},
      {"https://acme.okta.com:443/", "ACME_OKTA_COM"},
      {"acme.okta.com:8443", "ACME_OKTA_COM_8443"},
      {"dev-1.okta-emea.com", "DEV_1_OKTA_EMEA_COM"},
      {"127.0.0.1:8080", "127_0_0_1_8080"},
      {"[::1]:8080", "__1_8080"},
  };
  for (const auto& row : rows) {
    CAPTURE(row[0]);
    const auto org = parse_org(row[0]);
    REQUIRE(org.has_value());
    CHECK(environment_suffix(*org) == row[1]);
  }
}

TEST_CASE("loopback is this machine and nothing that looks like it") {
  for (const char* host :
       {"localhost", "LocalHost", "127.0.0.1", "127.255.255.255", "::1", "0:0:0:0:0:0:0:1", "0::1"}) {
    CAPTURE(host);
    CHECK(is_loopback_host(host));
  }
  for (const char* host :
       {"", "localhost.", "localhost.evil.example", "evil.localhost.example", "127.0.0.1.evil.example",
        "127.1", "127", "0x7f.0.0.1", "0177.0.0.1", "2130706433", "127.0.0.256", "127.0.0.1 ", "128.0.0.1",
        "0.0.0.0", "::", "::2", "::ffff:127.0.0.1", "[::1]", "::1%lo"}) {
    CAPTURE(host);
    CHECK_FALSE(is_loopback_host(host));
  }
}

TEST_CASE("orgs are ordered by the way they are kept") {
  CHECK(*parse_org("a") < *parse_org("b"));
  CHECK((*parse_org("https://A.okta.com/") <=> *parse_org("a")) == std::strong_ordering::equal);
  CHECK(*parse_org("http://localhost:8080") != *parse_org("https://localhost:8080"));
}

}  // namespace
}  // namespace zonepin
