#include "base/http.h"

#include <doctest/doctest.h>

#include "base/world.h"

namespace zonepin {
namespace {

TEST_CASE("methods") {
  for (const HttpMethod method : {HttpMethod::get, HttpMethod::put, HttpMethod::post, HttpMethod::delete_}) {
    CHECK(parse_method(to_string(method)) == method);
  }
  CHECK(to_string(HttpMethod::delete_) == "DELETE");
  for (const char* text : {"", "get", "PATCH", "GET ", "DELETED"})
    CHECK_FALSE(parse_method(text).has_value());
}

TEST_CASE("headers are found by name without case, in order") {
  const HttpHeaders headers = {{"Link", "<a>; rel=\"self\""}, {"Date", "now"}, {"link", "<b>; rel=\"next\""}};
  CHECK(header(headers, "LINK") == "<a>; rel=\"self\"");
  CHECK(headers_named(headers, "lInK") ==
        std::vector<std::string_view>{"<a>; rel=\"self\"", "<b>; rel=\"next\""});
  CHECK_FALSE(header(headers, "Lin").has_value());
  CHECK_FALSE(header(headers, "Links").has_value());
  CHECK(headers_named(headers, "X").empty());
}

TEST_CASE("percent encoding leaves only unreserved characters") {
  struct Row {
    const char* text;
    const char* encoded;
  };
  const Row rows[] = {
      {"", ""},
      {"AZaz09-._~", "AZaz09-._~"},
      {"ci@acme.example", "ci%40acme.example"},
      {"a b+c/d?e#f&g=h%", "a%20b%2Bc%2Fd%3Fe%23f%26g%3Dh%25"},
      {"../x", "..%2Fx"},
      {"ü\x1b\r\n", "%C3%BC%1B%0D%0A"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(percent_encode(row.text) == row.encoded);
    CHECK(percent_decode(row.encoded) == row.text);
  }
  CHECK(percent_encode(std::string_view("\0", 1)) == "%00");
  CHECK(percent_decode("%c3%bc+x") == "ü+x");
  for (const char* text : {"%", "a%4", "%zz", "%4g", "%g4", "%%41"}) {
    CAPTURE(text);
    CHECK_FALSE(percent_decode(text).has_value());
  }
}

TEST_CASE("which faults leave no doubt that nothing was carried out") {
  for (const TransportFault fault :
       {TransportFault::resolve, TransportFault::refused, TransportFault::tls, TransportFault::proxy}) {
    CHECK(never_sent(fault));
  }
  for (const TransportFault fault : {TransportFault::timeout, TransportFault::lost, TransportFault::too_large,
                                     TransportFault::cancelled}) {
    CHECK_FALSE(never_sent(fault));
  }
}

}  // namespace
}  // namespace zonepin
