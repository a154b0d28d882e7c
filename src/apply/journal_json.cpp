// The journal's lines: the one place in this room that knows JSON.
#include <array>
#include <nlohmann/json.hpp>

#include "apply/journal.h"
#include "base/json_text.h"

namespace zonepin {

namespace {

using LineJson = nlohmann::ordered_json;

constexpr std::size_t kMaxLineDepth = 4;

struct KindWord {
  JournalRecord::Kind kind;
  std::string_view word;
};
constexpr std::array<KindWord, 7> kKindWords = {{{JournalRecord::Kind::run, "run"},
                                                 {JournalRecord::Kind::planned, "planned"},
                                                 {JournalRecord::Kind::intent, "intent"},
                                                 {JournalRecord::Kind::result, "result"},
                                                 {JournalRecord::Kind::fate, "fate"},
                                                 {JournalRecord::Kind::confirmed, "confirmed"},
                                                 {JournalRecord::Kind::end, "end"}}};
constexpr std::array<Fate, 6> kJournalFates = {Fate::done,   Fate::already_done, Fate::gone,
                                               Fate::failed, Fate::not_reached,  Fate::unknown};

std::string_view word_of(JournalRecord::Kind kind) {
  for (const KindWord& each : kKindWords) {
    if (each.kind == kind) return each.word;
  }
  return "run";
}

void put_write(LineJson& json, const JournalRecord& record) {
  json["org"] = record.org;
  json["id"] = record.id;
  json["action"] = to_string(record.action);
}

void put_result(LineJson& json, const JournalRecord& record) {
  json["attempt"] = record.attempt;
  if (record.status != 0) {
    json["status"] = record.status;
    json["request_id"] = record.request_id;
  } else {
    json["sent"] = record.was_sent;
    json["reason"] = record.reason;
  }
}

// A member that must be there, of the type of `to`.
template <class Value>
void get(const LineJson& json, const char* name, Value& to) {
  to = json.at(name).get<Value>();
}

void get_write(const LineJson& json, JournalRecord& record) {
  get(json, "org", record.org);
  get(json, "id", record.id);
  const auto action = json.at("action").get<std::string>();
  if (action != to_string(Status::replace) && action != to_string(Status::revoke))
    throw std::invalid_argument("action");
  record.action = action == to_string(Status::replace) ? Status::replace : Status::revoke;
}

void get_result(const LineJson& json, JournalRecord& record) {
  get(json, "attempt", record.attempt);
  if (json.contains("status")) {
    get(json, "status", record.status);
    get(json, "request_id", record.request_id);
  } else {
    get(json, "sent", record.was_sent);
    get(json, "reason", record.reason);
  }
}

void get_fate(const LineJson& json, JournalRecord& record) {
  const auto word = json.at("fate").get<std::string>();
  bool known = false;
  for (const Fate fate : kJournalFates) {
    if (to_string(fate) != word) continue;
    record.fate = fate;
    known = true;
  }
  if (!known) throw std::invalid_argument("fate");
  get(json, "message", record.message);
  get(json, "request_id", record.request_id);
}

JournalRecord decode(const LineJson& json) {
  JournalRecord record;
  const auto word = json.at("event").get<std::string>();
  bool known = false;
  for (const KindWord& each : kKindWords) {
    if (each.word != word) continue;
    record.kind = each.kind;
    known = true;
  }
  const auto at = parse_instant(json.at("at").get<std::string>());
  if (!known || !at) throw std::invalid_argument("event");
  record.at = *at;
  switch (record.kind) {
    case JournalRecord::Kind::run: get(json, "digest", record.digest); break;
    case JournalRecord::Kind::planned:
      get_write(json, record);
      get(json, "name", record.name);
      break;
    case JournalRecord::Kind::intent:
      get_write(json, record);
      get(json, "attempt", record.attempt);
      break;
    case JournalRecord::Kind::result:
      get_write(json, record);
      get_result(json, record);
      break;
    case JournalRecord::Kind::fate:
      get_write(json, record);
      get_fate(json, record);
      break;
    case JournalRecord::Kind::confirmed: get(json, "org", record.org); break;
    case JournalRecord::Kind::end: get(json, "exit_code", record.exit_code); break;
  }
  return record;
}

}  // namespace

std::string line_of(const JournalRecord& record) {
  LineJson json = LineJson::object();
  if (record.kind == JournalRecord::Kind::run) json["journal"] = kJournalVersion;
  json["event"] = word_of(record.kind);
  json["at"] = format_instant(record.at);
  switch (record.kind) {
    case JournalRecord::Kind::run: json["digest"] = record.digest; break;
    case JournalRecord::Kind::planned:
      put_write(json, record);
      json["name"] = record.name;
      break;
    case JournalRecord::Kind::intent:
      put_write(json, record);
      json["attempt"] = record.attempt;
      break;
    case JournalRecord::Kind::result:
      put_write(json, record);
      put_result(json, record);
      break;
    case JournalRecord::Kind::fate:
      put_write(json, record);
      json["fate"] = to_string(record.fate);
      json["message"] = record.message;
      json["request_id"] = record.request_id;
      break;
    case JournalRecord::Kind::confirmed: json["org"] = record.org; break;
    case JournalRecord::Kind::end: json["exit_code"] = record.exit_code; break;
  }
  return json.dump(-1, ' ', true, LineJson::error_handler_t::replace) + "\n";
}

Result<JournalRecord> parse_journal_line(std::string_view line) {
  constexpr std::string_view kNone = "is no line of a journal";
  if (nests_deeper_than(line, kMaxLineDepth)) return fail(Trouble::usage, std::string(kNone));
  const LineJson json = LineJson::parse(line, nullptr, false);
  if (!json.is_object()) return fail(Trouble::usage, std::string(kNone));
  try {
    return decode(json);
  } catch (const std::exception&) {
    return fail(Trouble::usage, std::string(kNone));
  }
}

}  // namespace zonepin
