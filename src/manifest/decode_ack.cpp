#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "manifest/decode_parts.h"

namespace zonepin {

namespace {

template <typename Names>
std::string listed(const Names& names) {
  return join(std::vector<std::string>(names.begin(), names.end()), ", ");
}

std::string decode_guard(Reader& reader, const Value& guard) {
  auto text = reader.text(guard, "the guards are " + listed(kGuardNames));
  if (!text) return {};
  if (is_guard_name(text->value)) return std::move(text->value);
  std::string detail;
  if (const std::string word = lowercase(text->value); word == "allow-revoke" || word == "allow_revoke") {
    detail = "revokes are allowed on the command line: --allow-revoke";
  } else if (is_check_name(text->value)) {
    detail = "this is a rule of check: its findings are accepted under waivers:";
  } else {
    detail = did_you_mean(text->value, {kGuardNames.begin(), kGuardNames.end()});
    if (detail.empty()) detail = "the guards are " + listed(kGuardNames);
  }
  reader.problems().error(text->place, "there is no guard " + in_quotes(text->value), detail);
  return {};
}

std::string decode_check_name(Reader& reader, const Value& rule) {
  auto text = reader.text(rule, "the rules of check are " + listed(kCheckNames));
  if (!text) return {};
  if (is_check_name(text->value)) return std::move(text->value);
  std::string detail;
  if (is_guard_name(text->value)) {
    detail = "this is a guard of apply: it is lifted under acks:";
  } else {
    detail = did_you_mean(text->value, {kCheckNames.begin(), kCheckNames.end()});
    if (detail.empty()) detail = "the rules of check are " + listed(kCheckNames);
  }
  reader.problems().error(text->place, "there is no rule " + in_quotes(text->value) + " to waive", detail);
  return {};
}

}  // namespace

Ack decode_ack(Reader& reader, const Value& entry) {
  Ack ack;
  ack.place = entry.place;
  const auto fields = reader.mapping(entry, {"guard", "token", "until", "reason"},
                                     "write guard:, token: and reason: below each other");
  if (!fields) return ack;
  require(reader, *fields, "guard", "this ack", "name the guard that is lifted: " + listed(kGuardNames));
  require(reader, *fields, "token", "this ack", "a guard is lifted for one token: add its id");
  require(reader, *fields, "reason", "this ack", "name a ticket, or who decided it");
  if (const Value guard = fields->get("guard"); guard.given()) ack.guard = decode_guard(reader, guard);
  if (const Value token = fields->get("token"); token.given()) ack.token_id = decode_token_id(reader, token);
  if (const Value until = fields->get("until"); until.given()) ack.until = decode_until(reader, until);
  if (const Value reason = fields->get("reason"); reason.given()) ack.reason = decode_reason(reader, reason);
  return ack;
}

Waiver decode_waiver(Reader& reader, const Value& entry) {
  Waiver waiver;
  waiver.place = entry.place;
  const auto fields = reader.mapping(entry, {"rule", "match", "until", "reason"},
                                     "write rule:, match:, until: and reason: below each other");
  if (!fields) return waiver;
  require(reader, *fields, "rule", "this waiver",
          "name the rule whose finding is accepted: " + listed(kCheckNames));
  require(reader, *fields, "match", "this waiver", "say for which tokens: match: { name: partner-sync }");
  require(reader, *fields, "until", "this waiver", "a finding is accepted for a while: add its last day");
  require(reader, *fields, "reason", "this waiver", "name a ticket, or who decided it");
  if (const Value rule = fields->get("rule"); rule.given()) waiver.rule = decode_check_name(reader, rule);
  if (const Value match = fields->get("match"); match.given()) waiver.match = decode_match(reader, match);
  if (const Value until = fields->get("until"); until.given()) {
    waiver.until = decode_until(reader, until).value_or(Instant{});
  }
  if (const Value reason = fields->get("reason"); reason.given())
    waiver.reason = decode_reason(reader, reason);
  return waiver;
}

}  // namespace zonepin
