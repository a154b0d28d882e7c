#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "manifest/decode_parts.h"
#include "manifest/limits.h"
#include "model/org.h"

namespace zonepin {

namespace {

std::optional<Treatment> decode_treatment(Reader& reader, const Value& value) {
  const auto text = reader.text(value, "it may be report, ignore or fail");
  if (!text) return std::nullopt;
  for (const Treatment treatment : {Treatment::report, Treatment::ignore, Treatment::fail}) {
    if (text->value == to_string(treatment)) return treatment;
  }
  const std::string guess = did_you_mean(text->value, {"report", "ignore", "fail"});
  reader.problems().error(text->place, std::string(value.name) + " can't be " + in_quotes(text->value),
                          guess.empty() ? "it may be report, ignore or fail" : guess);
  return std::nullopt;
}

void decode_org(Reader& reader, const Value& value, Document& document) {
  const auto text = reader.text(value);
  if (!text) return;
  document.org = text->value;
  document.org_place = text->place;
  // Whether it is well-formed does not depend on the base domain of labels, which only the environment knows.
  if (const auto org = parse_org(text->value); !org) {
    reader.problems().error(text->place, org.error().message, org.error().mend);
  }
}

void decode_expect(Reader& reader, const Value& value, Document& document) {
  const auto fields = reader.mapping(value, {"min_tokens"}, "write expect: { min_tokens: 100 }");
  if (!fields) return;
  require(reader, *fields, "min_tokens", "expect", "write expect: { min_tokens: 100 }");
  const Value min_tokens = fields->get("min_tokens");
  if (!min_tokens.given()) return;
  document.min_tokens = reader.number(min_tokens, kMaxCount);
  document.min_tokens_place = min_tokens.place;
}

void decode_default(Reader& reader, const Value& value, Document& document) {
  const auto fields = reader.mapping(value, {"network"},
                                     "write default: { network: { connection: ZONE, include: [a-zone] } }");
  if (!fields) return;
  require(reader, *fields, "network", "default",
          "write default: { network: { connection: ZONE, include: [a-zone] } }");
  if (const Value network = fields->get("network"); network.given()) {
    document.default_network = decode_network(reader, network);
  }
}

// The default of a scoped document would claim what lies outside.
void check_scope(Reader& reader, const Fields& fields) {
  const Value standard = fields.get("default");
  if (!fields.given("scope") || !standard.given()) return;
  reader.problems().error(standard.place,
                          "a document with a scope has no default: it would hold for the whole org",
                          "for all within the scope write a rule: match: { name: \"*\" }");
}

// The members of a list, each by `decode`.
template <typename Entry>
void decode_list(Reader& reader, const Value& value, std::string_view member_name,
                 Entry (*decode)(Reader&, const Value&), std::vector<Entry>& entries) {
  if (!value.given()) return;
  const auto members = reader.list(value, member_name);
  if (!members) return;
  entries.reserve(members->size());
  for (const Value& member : *members) entries.push_back(decode(reader, member));
}

void decode_words(Reader& reader, const Fields& fields, Document& document) {
  if (const Value org = fields.get("org"); org.given()) decode_org(reader, org, document);
  if (const Value unmanaged = fields.get("unmanaged"); unmanaged.given()) {
    document.unmanaged = decode_treatment(reader, unmanaged);
    document.unmanaged_place = unmanaged.place;
  }
  if (const Value missing = fields.get("missing"); missing.given()) {
    document.missing = decode_treatment(reader, missing);
    document.missing_place = missing.place;
  }
  if (const Value limits = fields.get("limits"); limits.given()) {
    document.limits = decode_limits(reader, limits);
    document.limits_place = limits.place;
  }
  if (const Value expect = fields.get("expect"); expect.given()) decode_expect(reader, expect, document);
}

}  // namespace

Document decode_api_tokens(Reader& reader, const Fields& fields) {
  Document document;
  document.place = fields.place();
  decode_words(reader, fields, document);
  if (const Value scope = fields.get("scope"); scope.given()) document.scope = decode_scope(reader, scope);
  if (const Value self = fields.get("self"); self.given()) document.self = decode_self(reader, self);
  if (const Value zones = fields.get("zones"); zones.given())
    document.zones = decode_zone_pins(reader, zones);
  decode_list(reader, fields.get("tokens"), "an entry of tokens", decode_token, document.tokens);
  decode_list(reader, fields.get("rules"), "an entry of rules", decode_rule, document.rules);
  if (const Value standard = fields.get("default"); standard.given())
    decode_default(reader, standard, document);
  decode_list(reader, fields.get("acks"), "an entry of acks", decode_ack, document.acks);
  decode_list(reader, fields.get("waivers"), "an entry of waivers", decode_waiver, document.waivers);
  check_scope(reader, fields);
  return document;
}

Self decode_self(Reader& reader, const Value& value) {
  Self self;
  self.place = value.place;
  const auto fields =
      reader.mapping(value, {"id", "name", "owner", "egress"}, "write self: { name: zonepin-ci }");
  if (!fields) return self;
  const bool no_token = fields->missing("id") && fields->missing("name");
  if (no_token && (fields->given("owner") || fields->missing("egress"))) {
    reader.problems().error(fields->place(), "self does not say which token zonepin runs with",
                            fields->given("owner")
                                ? "add its name, or its id; an owner alone is not enough"
                                : "add its name or its id, or the addresses it calls from: egress");
  }
  if (const Value id = fields->get("id"); id.given()) self.id = decode_token_id(reader, id);
  self.name = decode_text(reader, *fields, "name");
  self.owner = decode_text(reader, *fields, "owner");
  if (const Value egress = fields->get("egress"); egress.given())
    self.egress = decode_addresses(reader, egress);
  return self;
}

Limits decode_limits(Reader& reader, const Value& value) {
  constexpr std::size_t kWhole = 100;
  Limits limits;
  const auto fields =
      reader.mapping(value, {"revoke", "update_pct"}, "write limits: { revoke: 5, update_pct: 30 }");
  if (!fields) return limits;
  if (fields->missing("revoke") && fields->missing("update_pct")) {
    reader.problems().error(fields->place(), "limits says nothing",
                            "write limits: { revoke: 5, update_pct: 30 }");
  }
  if (const Value revoke = fields->get("revoke"); revoke.given())
    limits.revoke = reader.number(revoke, kMaxCount);
  if (const Value percent = fields->get("update_pct"); percent.given()) {
    limits.update_pct = reader.number(percent, kWhole);
  }
  return limits;
}

}  // namespace zonepin
