// The schedule from JSON text.
#include <algorithm>

#include "base/text.h"
#include "sim/faults.h"
#include "sim/fields.h"
#include "sim/org.h"

namespace zonepin::sim {

namespace {

constexpr int kMostMilliseconds = 3'600'000;

FaultEffect usual_effect(FaultAction action) {
  switch (action) {
    case FaultAction::status:
    case FaultAction::redirect:
    case FaultAction::drop_before: return FaultEffect::none;
    case FaultAction::delay:
    case FaultAction::garbage:
    case FaultAction::drop_after:
    case FaultAction::truncate:
    case FaultAction::wrong_length:
    case FaultAction::trickle: break;
    case FaultAction::echo: return FaultEffect::none;
  }
  return FaultEffect::carried_out;
}

Milliseconds read_wait(Fields& fields, const char* name, Milliseconds otherwise) {
  const int value = fields.number(name, static_cast<int>(otherwise.count()), 0);
  if (value > kMostMilliseconds) fields.wrong(name, "must be at most an hour, 3600000");
  return Milliseconds(value);
}

HttpHeaders read_fault_headers(Fields& fields) {
  HttpHeaders headers;
  const Json* object = fields.member("headers");
  if (object == nullptr) return headers;
  if (!object->is_object()) {
    fields.wrong("headers", "must be an object of names and strings");
    return headers;
  }
  for (const auto& item : object->items()) {
    const bool is_line = item.value().is_string() && !item.key().empty();
    const std::string value = is_line ? item.value().get<std::string>() : std::string();
    if (!is_line || (item.key() + value).find_first_of("\r\n") != std::string::npos) {
      fields.wrong("headers", in_quotes(item.key()) + " must be one line of text");
      continue;
    }
    headers.push_back({item.key(), value});
  }
  return headers;
}

std::int64_t read_offset(Fields& fields, std::int64_t otherwise) {
  const Json* value = fields.member("offset");
  if (value == nullptr) return otherwise;
  constexpr std::int64_t kMost = 1'000'000'000;
  const bool is_good = value->is_number_integer() && value->get<std::int64_t>() != 0 &&
                       value->get<std::int64_t>() > -kMost && value->get<std::int64_t>() < kMost;
  if (is_good) return value->get<std::int64_t>();
  fields.wrong("offset", "must be a whole number that is not 0");
  return otherwise;
}

// What belongs to one action only, so that a slip of the pen is not passed over.
void read_details(Fields& fields, FaultRule& rule) {
  switch (rule.action) {
    case FaultAction::status:
      rule.error_code = fields.text("errorCode", "");
      if (!rule.error_code.empty() && !is_known_error(rule.error_code)) {
        fields.wrong("errorCode", in_quotes(rule.error_code) + " is none that the simulator knows");
      }
      rule.status = fields.number("status", rule.status, 0);
      if (rule.status != 0 && (rule.status < 200 || rule.status > 599))
        fields.wrong("status", "must be between 200 and 599");
      rule.body = fields.text("body", "");
      break;
    case FaultAction::redirect:
      rule.location = fields.text("location", "https://elsewhere.okta.example/");
      break;
    case FaultAction::garbage: rule.body = fields.text("body", ""); break;
    case FaultAction::truncate:
    case FaultAction::trickle:
      rule.bytes = static_cast<std::size_t>(
          fields.number("bytes", static_cast<int>(rule.bytes), rule.action == FaultAction::trickle ? 1 : 0));
      if (rule.action == FaultAction::trickle) rule.pause = read_wait(fields, "pause_ms", rule.pause);
      break;
    case FaultAction::wrong_length: rule.offset = read_offset(fields, rule.offset); break;
    case FaultAction::echo:
      rule.status = fields.number("status", 400, 200);
      if (rule.status > 599) fields.wrong("status", "must be between 200 and 599");
      break;
    case FaultAction::delay:
    case FaultAction::drop_before:
    case FaultAction::drop_after: break;
  }
}

FaultRule read_fault(Fields& fields) {
  FaultRule rule;
  const std::string action = fields.word("action", "", {std::begin(kFaultActions), std::end(kFaultActions)});
  const auto* found = std::find(std::begin(kFaultActions), std::end(kFaultActions), action);
  if (found == std::end(kFaultActions)) return rule;
  rule.action = static_cast<FaultAction>(found - std::begin(kFaultActions));
  rule.method = fields.text("method", "");
  rule.path = fields.text("path", rule.path);
  rule.from = fields.large_number("from", rule.from);
  if (rule.from == 0) fields.wrong("from", "counts from 1");
  rule.count = fields.large_number("count", rule.count);
  rule.percent = fields.number("percent", rule.percent, 1);
  rule.delay = read_wait(fields, "delay_ms", rule.delay);
  rule.hold = read_wait(fields, "hold_ms", rule.hold);
  const bool usual = usual_effect(rule.action) == FaultEffect::carried_out;
  const bool is_fixed = rule.action == FaultAction::drop_before || rule.action == FaultAction::drop_after;
  const bool carried_out = is_fixed ? usual : fields.flag("carried_out", usual);
  rule.effect = carried_out ? FaultEffect::carried_out : FaultEffect::none;
  rule.headers = read_fault_headers(fields);
  read_details(fields, rule);
  return rule;
}

}  // namespace

Result<std::vector<FaultRule>> parse_faults(std::string_view text) {
  const auto document = parse_json(text);
  if (!document) {
    const std::string_view before = text.substr(0, document.error());
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    return fail(Trouble::usage, "the faults are not well-formed JSON (line " + std::to_string(line) + ")");
  }
  if (!document->is_array())
    return fail(Trouble::usage, "the faults can't be used: they must be an array of rules");
  Complaint complaint;
  std::vector<FaultRule> rules;
  for (std::size_t i = 0; i < document->size() && !complaint.any(); ++i) {
    Fields fields((*document)[i], "rule " + std::to_string(i + 1), Instant{}, complaint);
    rules.push_back(read_fault(fields));
    fields.finish();
  }
  if (complaint.any()) return fail(Trouble::usage, "the faults can't be used: " + complaint.text);
  return rules;
}

}  // namespace zonepin::sim
