#include "sim/jwt.h"

#include <cmath>
#include <vector>

#include "base/text.h"
#include "sim/base64url.h"

namespace zonepin::sim {

namespace {

constexpr std::size_t kMaxJwtBytes = 32'768;

std::optional<Json> json_object_of(std::string_view part) {
  const std::optional<std::string> text = from_base64url(part);
  if (!text) return std::nullopt;
  auto json = parse_json(*text);
  if (!json || !json->is_object()) return std::nullopt;
  return std::move(*json);
}

}  // namespace

std::optional<Jwt> parse_jwt(std::string_view text) {
  if (text.size() > kMaxJwtBytes) return std::nullopt;
  const std::vector<std::string_view> parts = split(text, '.');
  if (parts.size() != 3) return std::nullopt;
  std::optional<Json> header = json_object_of(parts[0]);
  std::optional<Json> claims = json_object_of(parts[1]);
  std::optional<std::string> signature = from_base64url(parts[2]);
  if (!header || !claims || !signature) return std::nullopt;
  return Jwt{std::move(*header), std::move(*claims), std::string(text.substr(0, text.rfind('.'))),
             std::move(*signature)};
}

std::string claim_text(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<Instant> claim_instant(const Json& object, const char* name) {
  constexpr double kMostSeconds = 253'402'300'799.0;  // the end of 9999
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  const double seconds = found->get<double>();
  if (!std::isfinite(seconds) || seconds < 0 || seconds > kMostSeconds) return std::nullopt;
  return Instant(Milliseconds(static_cast<std::int64_t>(seconds * 1000.0)));
}

}  // namespace zonepin::sim
