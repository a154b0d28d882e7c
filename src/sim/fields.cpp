#include "sim/fields.h"

#include <algorithm>

#include "base/text.h"
#include "sim/state.h"

namespace zonepin::sim {

void Complaint::say(const std::string& place, const std::string& what) {
  if (any()) return;
  text = place.empty() ? what : place + ": " + what;
}

std::optional<Instant> parse_moment(std::string_view text, Instant now) {
  constexpr std::string_view kNow = "now";
  if (text.substr(0, kNow.size()) != kNow) return parse_instant(text);
  const Instant start = floor_to_second(now);
  text.remove_prefix(kNow.size());
  if (text.empty()) return start;
  const std::optional<Duration> duration = parse_duration(text.substr(1));
  if (!duration) return std::nullopt;
  if (text.front() == '+') return add(start, *duration);
  if (text.front() == '-') return subtract(start, *duration);
  return std::nullopt;
}

Fields::Fields(const Json& object, std::string place, Instant now, Complaint& complaint)
    : object_(object), place_(std::move(place)), now_(now), complaint_(complaint) {
  if (!object_.is_object()) complaint_.say(place_, "must be an object");
}

std::string Fields::place_of(const char* name) const {
  return place_.empty() ? name : place_ + "." + name;
}

void Fields::wrong(const char* name, const std::string& what) {
  complaint_.say(place_of(name), what);
}

const Json* Fields::member(const char* name) {
  known_.emplace_back(name);
  if (!object_.is_object()) return nullptr;
  const auto found = object_.find(name);
  return found == object_.end() ? nullptr : &*found;
}

std::optional<std::string> Fields::nullable_text(const char* name, std::optional<std::string> otherwise) {
  const Json* value = member(name);
  if (value == nullptr) return otherwise;
  if (value->is_null()) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  wrong(name, "must be a string");
  return otherwise;
}

std::string Fields::text(const char* name, std::string otherwise) {
  const Json* value = member(name);
  if (value == nullptr) return otherwise;
  if (value->is_string()) return value->get<std::string>();
  wrong(name, "must be a string");
  return otherwise;
}

std::string Fields::required_text(const char* name) {
  std::string value = text(name, "");
  if (value.empty()) wrong(name, "is required, as a string that is not empty");
  return value;
}

std::string Fields::word(const char* name, std::string otherwise,
                         const std::vector<std::string_view>& allowed) {
  std::string value = text(name, std::move(otherwise));
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
    std::vector<std::string> words(allowed.begin(), allowed.end());
    wrong(name, in_quotes(value) + " is none of " + join(words, ", "));
  }
  return value;
}

std::vector<std::string> Fields::texts(const char* name) {
  std::vector<std::string> values;
  const Json* list = member(name);
  if (list == nullptr || list->is_null()) return values;
  if (!list->is_array()) {
    wrong(name, "must be an array of strings");
    return values;
  }
  for (const Json& value : *list) {
    if (!value.is_string()) {
      wrong(name, "must be an array of strings");
      return values;
    }
    values.push_back(value.get<std::string>());
  }
  return values;
}

bool Fields::flag(const char* name, bool otherwise) {
  const Json* value = member(name);
  if (value == nullptr) return otherwise;
  if (value->is_boolean()) return value->get<bool>();
  wrong(name, "must be true or false");
  return otherwise;
}

std::uint64_t Fields::large_number(const char* name, std::uint64_t otherwise) {
  const Json* value = member(name);
  if (value == nullptr) return otherwise;
  if (value->is_number_unsigned()) return value->get<std::uint64_t>();
  wrong(name, "must be a whole number, not negative");
  return otherwise;
}

int Fields::number(const char* name, int otherwise, int least) {
  constexpr std::uint64_t kMost = 1'000'000'000;
  const std::uint64_t value = large_number(name, static_cast<std::uint64_t>(otherwise));
  if (value >= static_cast<std::uint64_t>(least) && value <= kMost) return static_cast<int>(value);
  wrong(name, "must be between " + std::to_string(least) + " and " + std::to_string(kMost));
  return otherwise;
}

std::optional<Instant> Fields::nullable_moment(const char* name, std::optional<Instant> otherwise) {
  const Json* value = member(name);
  if (value == nullptr) return otherwise;
  if (value->is_null()) return std::nullopt;
  if (value->is_string()) {
    const std::optional<Instant> instant = parse_moment(value->get<std::string>(), now_);
    if (instant) return floor_to_second(*instant);
  }
  wrong(name, "must be a date such as 2026-01-02T03:04:05.000Z, now, now-P3D or now+PT1H");
  return otherwise;
}

Instant Fields::moment(const char* name, Instant otherwise) {
  const std::optional<Instant> instant = nullable_moment(name, otherwise);
  if (instant) return *instant;
  wrong(name, "must be a date, not null");
  return otherwise;
}

void Fields::finish() {
  if (!object_.is_object()) return;
  for (const auto& item : object_.items()) {
    if (std::find(known_.begin(), known_.end(), item.key()) != known_.end()) continue;
    std::string what = "unknown field " + in_quotes(item.key());
    const std::string hint = did_you_mean(item.key(), known_);
    if (!hint.empty()) what += ", " + hint;
    complaint_.say(place_, what);
  }
}

}  // namespace zonepin::sim
