// HTTP messages as values: what the wire room makes, a transport carries and the simulator answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zonepin {

enum class HttpMethod { get, put, post, delete_ };

std::string_view to_string(HttpMethod method);  // "GET"
std::optional<HttpMethod> parse_method(std::string_view text);

struct HttpHeader {
  std::string name;
  std::string value;

  bool operator==(const HttpHeader&) const = default;
};

using HttpHeaders = std::vector<HttpHeader>;  // In order; a name may stand several times.

// The first value of a header, names compared without case.
std::optional<std::string_view> header(const HttpHeaders& headers, std::string_view name);
std::vector<std::string_view> headers_named(const HttpHeaders& headers, std::string_view name);

struct HttpRequest {
  HttpMethod method = HttpMethod::get;
  std::string target;  // Path and query, from "/"; the host belongs to the transport.
  HttpHeaders headers;
  std::string body;

  bool operator==(const HttpRequest&) const = default;
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;
  std::string body;

  bool operator==(const HttpResponse&) const = default;
};

// RFC 3986: everything but unreserved characters as %XX, for one path segment or query value.
std::string percent_encode(std::string_view text);
std::optional<std::string> percent_decode(
    std::string_view text);  // none when a % is not followed by two digits

}  // namespace zonepin
