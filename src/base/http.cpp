#include "base/http.h"

#include "base/text.h"

namespace zonepin {

namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool same_name(std::string_view one, std::string_view other) {
  return one.size() == other.size() && starts_with_ignoring_case(one, other);
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(HttpMethod method) {
  switch (method) {
    case HttpMethod::get: return "GET";
    case HttpMethod::put: return "PUT";
    case HttpMethod::post: return "POST";
    case HttpMethod::delete_: return "DELETE";
  }
  return "";
}

std::optional<HttpMethod> parse_method(std::string_view text) {
  for (const HttpMethod method : {HttpMethod::get, HttpMethod::put, HttpMethod::post, HttpMethod::delete_}) {
    if (text == to_string(method)) return method;
  }
  return std::nullopt;
}

std::optional<std::string_view> header(const HttpHeaders& headers, std::string_view name) {
  for (const HttpHeader& each : headers) {
    if (same_name(each.name, name)) return each.value;
  }
  return std::nullopt;
}

std::vector<std::string_view> headers_named(const HttpHeaders& headers, std::string_view name) {
  std::vector<std::string_view> values;
  for (const HttpHeader& each : headers) {
    if (same_name(each.name, name)) values.emplace_back(each.value);
  }
  return values;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4U];
    encoded += kDigits[byte & 0xFU];
  }
  return encoded;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const auto high = hex_digit(text[i + 1]);
    const auto low = hex_digit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    decoded += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return decoded;
}

}  // namespace zonepin
