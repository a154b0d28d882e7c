#include "model/token.h"

#include <algorithm>

#include "base/text.h"

namespace zonepin {

namespace {

constexpr std::size_t kMaxIdLength = 64;

bool is_letter_or_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

bool is_token_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdLength && text != "current" &&
         std::all_of(text.begin(), text.end(), is_letter_or_digit);
}

bool is_user_id(std::string_view text) {
  return text.size() == 20 && text.substr(0, 3) == "00u" &&
         std::all_of(text.begin(), text.end(), is_letter_or_digit);
}

void Users::add(const std::string& login, const std::string& id) {
  ids.emplace(login, id);
  if (!id.empty())
    logins.emplace(id, login);  // the first one stays: what Okta tells comes before what was asked
}

std::string_view Users::login_of(const std::optional<std::string>& user_id) const {
  if (!user_id) return {};
  const auto found = logins.find(*user_id);
  return found == logins.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<Instant> last_use_of(const Token& token) {
  if (!token.expires_at || !token.token_window) return std::nullopt;
  const auto expires = parse_instant(*token.expires_at);
  const auto window = parse_duration(*token.token_window);
  if (!expires || !window) return std::nullopt;
  return subtract(*expires, *window);
}

NetworkCondition effective_network(const Token& token) {
  return token.network ? *token.network : anywhere();
}

bool is_usable(const Zone& zone) {
  return zone.status == "ACTIVE" && zone.type == "IP" && zone.usage == "POLICY";
}

// The lasting reason first: an inactive zone can be switched on, a dynamic one never becomes an IP zone.
std::string why_unusable(const Zone& zone) {
  if (zone.type.empty()) return "has no type";
  if (zone.type != "IP") return "is of type " + escape_cut(zone.type, 40);
  if (zone.usage.empty()) return "has no usage";
  if (zone.usage != "POLICY") return "is a " + escape_cut(zone.usage, 40) + " zone";
  if (zone.status.empty()) return "has no status";
  if (zone.status != "ACTIVE") return "is " + escape_cut(zone.status, 40);
  return {};
}

}  // namespace zonepin
