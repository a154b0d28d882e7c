#include "sim/state.h"

#include <algorithm>

#include "sim/mix.h"

namespace zonepin::sim {

namespace {

std::string spelled(std::uint64_t place, std::size_t count) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr std::size_t kPerWord = 10;  // 62^10 < 2^64
  std::string text;
  for (std::uint64_t word = 0; text.size() < count; ++word) {
    std::uint64_t bits = mixed(place + word);
    for (std::size_t i = 0; i < kPerWord && text.size() < count; ++i) {
      text += kAlphabet[bits % kAlphabet.size()];
      bits /= kAlphabet.size();
    }
  }
  return text;
}

// At most 80: neighbours of the counter are 8 words apart.
std::string letters(State& state, std::size_t count) {
  return spelled(mixed(state.settings.seed) + (state.counter++ << 3U), count);
}

bool names_zone(const Network& network, std::string_view zone_id) {
  const auto has = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), zone_id) != list.end();
  };
  return has(network.include) || has(network.exclude);
}

bool can_write(const State& state, const Token& token) {
  const auto owner = state.users.find(token.user_id);
  if (owner == state.users.end()) return false;
  const User& user = owner->second;
  return user.status == "ACTIVE" && (user.role == "SUPER_ADMIN" || user.role == "ORG_ADMIN");
}

}  // namespace

bool is_lapsed(const Token& token, Instant now) {
  return token.expires_at && *token.expires_at <= now;
}

std::optional<Instant> next_expiry(const Token& token, Instant now) {
  if (!token.token_window) return std::nullopt;
  const std::optional<Duration> window = parse_duration(*token.token_window);
  if (!window) return std::nullopt;
  return add(floor_to_second(now), *window);
}

std::vector<std::string> tokens_using(const State& state, std::string_view zone_id, Instant now) {
  std::vector<std::string> ids;
  for (const auto& [id, token] : state.tokens) {
    if (!is_lapsed(token, now) && token.network && names_zone(*token.network, zone_id)) ids.push_back(id);
  }
  return ids;
}

const Token* token_to_use(const State& state, Instant now) {
  const Token* first = nullptr;
  for (const auto& [id, token] : state.tokens) {
    if (token.secret.empty() || is_lapsed(token, now) || !can_write(state, token)) continue;
    if (token.name == "zonepin-ci") return &token;
    if (first == nullptr) first = &token;
  }
  return first;
}

Instant floor_to_second(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant);
}

std::string make_id(State& state, std::string_view prefix) {
  constexpr std::size_t kIdLength = 20;
  return std::string(prefix) + letters(state, kIdLength - prefix.size());
}

std::string org_id_of(const State& state) {
  constexpr std::uint64_t kFarFromIds = 0x6f7267U;
  return "00o" + spelled(mixed(state.settings.seed ^ kFarFromIds), 17);
}

std::string make_error_id(State& state) {
  return "oae" + letters(state, 22);
}

std::string make_request_id(State& state) {
  return letters(state, 27);
}

std::string make_secret(State& state) {
  return "00" + letters(state, 40);
}

std::string make_access_token(State& state) {
  return "eyJ" + letters(state, 77);
}

std::string nonce_of_period(const State& state, std::int64_t period) {
  constexpr std::uint64_t kFarFromIds = 0x6e6f6e6365U;
  return spelled(mixed(state.settings.seed ^ kFarFromIds) + (static_cast<std::uint64_t>(period) << 3U), 32);
}

}  // namespace zonepin::sim
