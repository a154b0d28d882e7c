#include "cli/blotter.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "okta/jose.h"

namespace zonepin {

namespace {

constexpr std::string_view kBlot = "(secret)";
constexpr std::size_t kLeastSecret = 8;
// Base64 of `{"`, which every JWT begins with; and what is shorter than the shortest header and claims.
constexpr std::string_view kJwtStart = "eyJ";
constexpr std::size_t kLeastJwt = 40;

std::size_t start_of(std::string_view text, std::size_t at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(text[at])) << 8 |
         static_cast<unsigned char>(text[at + 1]);
}

bool is_jwt_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.';
}

// How long the JWT is that begins here; 0: there is none.
std::size_t jwt_at(std::string_view text, std::size_t at) {
  if (text.substr(at, kJwtStart.size()) != kJwtStart) return 0;
  std::size_t end = at;
  while (end < text.size() && is_jwt_character(text[end])) ++end;
  const std::string_view word = text.substr(at, end - at);
  return word.size() >= kLeastJwt && word.find('.') != std::string_view::npos ? word.size() : 0;
}

// What of base64 is the secret's alone when `before` bytes stand before it: the first and the last character
// may hold bits of its neighbours.
std::string base64_core(std::string_view secret, std::size_t before) {
  std::string bytes(before, '\0');
  bytes += secret;
  const std::string all = okta::base64url(bytes);
  const std::size_t first = (before * 8 + 5) / 6;
  const std::size_t last = bytes.size() * 8 / 6;
  wipe(bytes);
  return all.substr(first, last - first);
}

std::string in_json(std::string_view secret) {
  std::string text;
  for (const char c : secret) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

// Real line ends, and those that people write into one line of an environment.
std::vector<std::string> long_lines(std::string_view pem) {
  std::string text(pem);
  for (std::size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at))
    text.replace(at, 2, "\n");
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view body = trim(line);
    if (body.size() >= kLeastSecret && !body.starts_with("-----")) lines.emplace_back(body);
  }
  wipe(text);
  return lines;
}

}  // namespace

Blotter::Blotter() {
  starts_.set(start_of(kJwtStart, 0));
}

void Blotter::add(std::string pattern) {
  if (pattern.size() < kLeastSecret) return wipe(pattern);
  starts_.set(start_of(pattern, 0));
  patterns_.emplace_back(std::move(pattern));
}

void Blotter::hide(const Secret& secret) {
  const std::string_view text = secret.reveal();
  if (text.size() < kLeastSecret) return;
  if (text.find("-----BEGIN") != std::string_view::npos) {
    for (std::string& line : long_lines(text)) add(std::move(line));
    return;
  }
  add(std::string(text));
  if (std::string json = in_json(text); json != text) add(std::move(json));
  for (std::size_t before = 0; before < 3; ++before) {
    std::string core = base64_core(text, before);
    std::string standard = core;
    std::replace(standard.begin(), standard.end(), '-', '+');
    std::replace(standard.begin(), standard.end(), '_', '/');
    if (standard != core) add(std::move(standard));
    add(std::move(core));
  }
}

std::size_t Blotter::secret_at(std::string_view text, std::size_t at) const {
  std::size_t longest = 0;
  for (const Secret& pattern : patterns_) {
    const std::string_view word = pattern.reveal();
    if (word.size() > longest && text.substr(at, word.size()) == word) longest = word.size();
  }
  return longest;
}

std::string Blotter::blot(std::string_view text) const {
  std::string said;
  said.reserve(text.size());
  std::size_t kept = 0;  // everything before it was taken over
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (!starts_[start_of(text, at)]) continue;
    const std::size_t length = std::max(secret_at(text, at), jwt_at(text, at));
    if (length == 0) continue;
    said += text.substr(kept, at - kept);
    said += kBlot;
    kept = at + length;
    at = kept - 1;
  }
  said += text.substr(kept);
  return said;
}

bool Blotter::finds_secret(std::string_view text) const {
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (starts_[start_of(text, at)] && secret_at(text, at) != 0) return true;
  }
  return false;
}

}  // namespace zonepin
