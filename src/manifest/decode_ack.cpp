#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "manifest/decode_parts.h"

namespace zonepin {

namespace {

std::string guard_names() {
  std::vector<std::string> names(kGuardNames.begin(), kGuardNames.end());
  return join(names, ", ");
}

std::string decode_guard(Reader& reader, const Value& guard) {
  auto text = reader.text(guard);
  if (!text) return {};
  if (is_guard_name(text->value)) return std::move(text->value);
  std::string detail;
  if (const std::string word = lowercase(text->value); word == "allow-revoke" || word == "allow_revoke") {
    detail = "revokes are allowed on the command line: --allow-revoke";
  } else {
    detail = did_you_mean(text->value, {kGuardNames.begin(), kGuardNames.end()});
    if (detail.empty()) detail = "the guards are " + guard_names();
  }
  reader.problems().error(text->place, "there is no guard " + in_quotes(text->value), detail);
  return {};
}

// A date ends with its day, UTC; an instant is itself.
std::optional<Instant> decode_until(Reader& reader, const Value& until) {
  const auto text = reader.text(until);
  if (!text) return std::nullopt;
  if (const auto date = parse_date(text->value)) return *date + std::chrono::days{1};
  if (const auto instant = parse_instant(text->value)) return instant;
  reader.problems().error(text->place, "until can't be " + in_quotes(text->value),
                          "write a date, 2026-12-31, or an instant, 2026-12-31T18:00:00Z");
  return std::nullopt;
}

void require(Reader& reader, const Fields& fields, std::string_view name, std::string detail) {
  if (!fields.missing(name)) return;
  reader.problems().error(fields.place(), std::string(name) + " is missing in this ack", std::move(detail));
}

}  // namespace

Ack decode_ack(Reader& reader, const Value& entry) {
  Ack ack;
  ack.place = entry.place;
  const auto fields = reader.mapping(entry, {"guard", "token", "until", "reason"});
  if (!fields) return ack;
  require(reader, *fields, "guard", "name the guard that is lifted: " + guard_names());
  require(reader, *fields, "token", "a guard is lifted for one token: add its id");
  require(reader, *fields, "reason", "name a ticket, or who decided it");
  if (const Value guard = fields->get("guard"); guard.given()) ack.guard = decode_guard(reader, guard);
  if (const Value token = fields->get("token"); token.given()) ack.token_id = decode_token_id(reader, token);
  if (const Value until = fields->get("until"); until.given()) ack.until = decode_until(reader, until);
  if (const Value reason = fields->get("reason"); reason.given()) ack.reason = decode_reason(reader, reason);
  return ack;
}

}  // namespace zonepin
