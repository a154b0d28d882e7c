#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "manifest/decode_parts.h"
#include "model/glob.h"
#include "model/network_condition.h"

namespace zonepin {

namespace {

// What is matched: live tokens as they are at the moment, or what they are for good; and within that, what is
// left out.
enum class MatchUse { tokens, tokens_not, scope, scope_not };

const FieldNames kOfTokens = {"name", "owner", "client", "connection", "idle", "age", "not"};
const FieldNames kOfTokensNot = {"name", "owner", "client", "connection", "idle", "age"};
const FieldNames kOfScope = {"name", "owner", "client", "not"};
const FieldNames kOfScopeNot = {"name", "owner", "client"};

FieldNames fields_of(MatchUse use) {
  switch (use) {
    case MatchUse::tokens: return kOfTokens;
    case MatchUse::tokens_not: return kOfTokensNot;
    case MatchUse::scope: return kOfScope;
    case MatchUse::scope_not: return kOfScopeNot;
  }
  return {};
}

std::optional<std::string> optional_glob(Reader& reader, const Value& value) {
  if (!value.given()) return std::nullopt;
  return decode_glob(reader, value);
}

std::optional<std::string> decode_matched_connection(Reader& reader, const Value& value) {
  auto text = reader.text(value, "it may be ANYWHERE or ZONE");
  if (!text) return std::nullopt;
  if (text->value == kAnywhere || text->value == kZone) return std::move(text->value);
  const std::string guess = did_you_mean(text->value, {kAnywhere, kZone});
  reader.problems().error(
      text->place, "connection can't be " + in_quotes(text->value),
      guess.empty() ? "it may be ANYWHERE or ZONE, in capitals as Okta writes it" : guess);
  return std::nullopt;
}

void report_empty(Reader& reader, const Value& value) {
  std::string detail = "say which tokens: { name: \"etl-*\" }; { name: \"*\" } means every one";
  if (value.name == "not") detail = "say what is left out, or leave the line out";
  reader.problems().error(value.place, std::string(value.name) + " is empty", std::move(detail));
}

TokenMatch decode_fields(Reader& reader, const Value& value, MatchUse use) {
  TokenMatch match;
  match.place = value.place;
  const auto glob = reader.peek(value);
  const auto fields = reader.mapping(
      value, fields_of(use),
      "write " + std::string(value.name) + ": { name: " + (glob ? in_quotes(*glob) : "\"etl-*\"") + " }");
  if (!fields) return match;
  if (reader.tree().fields(value.node).empty()) report_empty(reader, value);
  match.name = optional_glob(reader, fields->get("name"));
  match.owner = optional_glob(reader, fields->get("owner"));
  match.client = optional_glob(reader, fields->get("client"));
  if (match.owner) match.owner_place = fields->get("owner").place;
  if (const Value connection = fields->get("connection"); connection.given()) {
    match.connection = decode_matched_connection(reader, connection);
  }
  if (const Value idle = fields->get("idle"); idle.given()) match.idle = decode_duration(reader, idle);
  if (const Value age = fields->get("age"); age.given()) match.age = decode_duration(reader, age);
  if (const Value excluded = fields->get("not"); excluded.given()) {
    const bool of_scope = use == MatchUse::scope;
    match.excluded.push_back(
        decode_fields(reader, excluded, of_scope ? MatchUse::scope_not : MatchUse::tokens_not));
  }
  return match;
}

}  // namespace

std::string decode_glob(Reader& reader, const Value& glob) {
  const bool several = reader.tree().kind(glob.node) == NodeKind::sequence;
  auto text = reader.text(glob, several ? "it is one glob: for several write a rule for each" : "");
  if (!text) return {};
  if (const auto fault = check_glob(text->value)) {
    reader.problems().error(text->place, in_quotes(text->value) + " " + fault->summary, fault->detail);
    return {};
  }
  const std::string& value = text->value;
  if (value.front() == '^' || (value.size() > 1 && value.back() == '$')) {
    reader.problems().warning(text->place,
                              in_quotes(value) + " looks like a regular expression, but is a glob",
                              "^ and $ stand for themselves; a glob fits the whole text anyway");
  }
  return std::move(text->value);
}

TokenMatch decode_match(Reader& reader, const Value& match) {
  return decode_fields(reader, match, MatchUse::tokens);
}

TokenMatch decode_scope(Reader& reader, const Value& scope) {
  return decode_fields(reader, scope, MatchUse::scope);
}

}  // namespace zonepin
