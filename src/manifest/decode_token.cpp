#include <string>
#include <utility>

#include "base/text.h"
#include "manifest/decode_parts.h"
#include "manifest/limits.h"

namespace zonepin {

namespace {

void check_names_a_token(Reader& reader, const Fields& fields) {
  if (!fields.missing("id") || !fields.missing("name")) return;
  reader.problems().error(
      fields.place(), "this entry does not say which token it speaks of",
      fields.given("owner")
          ? "add its name, or its id; all tokens of an owner are matched by a rule: match: { owner: … }"
          : "add its name, or its id");
}

// A name or owner is no glob; somebody who writes one here waits for ever.
void check_is_no_glob(Reader& reader, const Value& value, const std::string& text) {
  if (text.find('*') == std::string::npos) return;
  const std::string name(value.name);
  reader.problems().warning(value.place, "the " + name + " of a token is meant letter by letter, * included",
                            "for many tokens write a rule: match: { " + name + ": " + in_quotes(text) + " }");
}

}  // namespace

DesiredToken decode_token(Reader& reader, const Value& entry) {
  DesiredToken token;
  token.place = entry.place;
  const auto fields =
      reader.mapping(entry, {"id", "name", "owner", "network", "state", "reason", "not_before", "ignore"},
                     "write name: in front of it, and network: or state: below");
  if (!fields) return token;
  check_names_a_token(reader, *fields);
  if (const Value id = fields->get("id"); id.given()) token.id = decode_token_id(reader, id);
  token.name = decode_text(reader, *fields, "name");
  if (fields->missing("id")) check_is_no_glob(reader, fields->get("name"), token.name);
  token.owner = decode_text(reader, *fields, "owner");
  check_is_no_glob(reader, fields->get("owner"), token.owner);
  if (fields->given("owner")) token.owner_place = fields->get("owner").place;
  Wanted wanted = decode_wanted(reader, *fields,
                                {"an entry", "this entry does not say what is to be done with the token"});
  token.network = std::move(wanted.network);
  token.revoked = std::move(wanted.revoked);
  token.ignore = wanted.ignore;
  return token;
}

Rule decode_rule(Reader& reader, const Value& entry) {
  Rule rule;
  rule.place = entry.place;
  const auto fields =
      reader.mapping(entry, {"match", "network", "state", "reason", "not_before", "ignore", "min", "max"},
                     "write match: { name: \"etl-*\" }, and network: or state: below");
  if (!fields) return rule;
  require(reader, *fields, "match", "this rule", "say for which tokens: match: { name: \"etl-*\" }");
  if (const Value match = fields->get("match"); match.given()) rule.match = decode_match(reader, match);
  Wanted wanted =
      decode_wanted(reader, *fields, {"a rule", "this rule does not say what is to be done with its tokens"});
  rule.network = std::move(wanted.network);
  rule.revoked = std::move(wanted.revoked);
  rule.ignore = wanted.ignore;
  const Value min = fields->get("min");
  const Value max = fields->get("max");
  if (min.given()) rule.min = reader.number(min, kMaxCount);
  if (max.given()) rule.max = reader.number(max, kMaxCount);
  if (rule.min && rule.max && *rule.max < *rule.min) {
    reader.problems().error(max.place, "max is less than min",
                            "no number of tokens is within both: change one of the two");
  }
  return rule;
}

}  // namespace zonepin
