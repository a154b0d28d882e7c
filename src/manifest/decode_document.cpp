#include <string>
#include <utility>

#include "base/text.h"
#include "manifest/decode_parts.h"
#include "model/org.h"

namespace zonepin {

namespace {

constexpr std::string_view kApiVersion = "zonepin/v1";
constexpr std::string_view kKind = "ApiTokens";

// A field that has one possible value. False: it is there and says something else.
bool expect_word(Reader& reader, const Fields& fields, std::string_view name, std::string_view wanted) {
  const Value value = fields.get(name);
  const std::string line = std::string(name) + ": " + std::string(wanted);
  if (!value.given()) {
    if (fields.missing(name)) {
      reader.problems().error(fields.place(), std::string(name) + " is missing",
                              "begin the document with " + line);
    }
    return true;
  }
  const auto text = reader.text(value);
  if (!text) return false;
  if (text->value == wanted) return true;
  const std::string guess = did_you_mean(text->value, {wanted});
  reader.problems().error(text->place, std::string(name) + " " + in_quotes(text->value) + " is unknown",
                          guess.empty() ? "this zonepin knows " + line : guess);
  return false;
}

std::optional<Treatment> decode_treatment(Reader& reader, const Value& value) {
  const auto text = reader.text(value);
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

void decode_tokens(Reader& reader, const Value& value, Document& document) {
  const auto entries = reader.list(value, "an entry of tokens");
  if (!entries) return;
  document.tokens.reserve(entries->size());
  for (const Value& entry : *entries) document.tokens.push_back(decode_token(reader, entry));
}

void decode_acks(Reader& reader, const Value& value, Document& document) {
  const auto entries = reader.list(value, "an entry of acks");
  if (!entries) return;
  for (const Value& entry : *entries) document.acks.push_back(decode_ack(reader, entry));
}

// Something else altogether, such as another tool's file in the same folder: one message instead of one per
// field.
bool is_foreign(Reader& reader, const Value& document) {
  for (const Field& field : reader.tree().fields(document.node)) {
    const std::string name = lowercase(reader.tree().scalar(field.key));
    if (name == "apiversion" || name == "kind" || name == "tokens") return false;
  }
  return true;
}

bool is_document(Reader& reader, const Value& value) {
  const NodeKind kind = reader.tree().kind(value.node);
  if (kind == NodeKind::mapping && !is_foreign(reader, value)) return true;
  const std::string_view what = kind == NodeKind::mapping    ? "this mapping has neither apiVersion nor kind"
                                : kind == NodeKind::sequence ? "this document is a list"
                                                             : "this document is a text";
  reader.problems().error(
      value.place, "not a manifest: " + std::string(what),
      std::string("a manifest begins with two lines:\napiVersion: zonepin/v1\nkind: ApiTokens") +
          (kind == NodeKind::sequence ? "\nthe list goes under tokens:" : ""));
  return false;
}

}  // namespace

std::optional<Document> decode_document(Reader& reader, const Value& value) {
  if (!is_document(reader, value)) return std::nullopt;
  // An unknown kind has fields of its own: nothing else is looked at then.
  const auto kind = reader.peek(reader.pick(value, {"kind"}).get("kind"));
  const bool other_kind = kind && *kind != kKind;
  const auto fields =
      other_kind
          ? reader.pick(value, {"apiVersion", "kind"})
          : reader.mapping(value, {"apiVersion", "kind", "org", "unmanaged", "missing", "tokens", "acks"});
  if (!fields) return std::nullopt;
  expect_word(reader, *fields, "apiVersion", kApiVersion);
  if (!expect_word(reader, *fields, "kind", kKind)) return std::nullopt;
  Document document;
  document.place = fields->place();
  if (const Value org = fields->get("org"); org.given()) decode_org(reader, org, document);
  if (const Value unmanaged = fields->get("unmanaged"); unmanaged.given()) {
    document.unmanaged = decode_treatment(reader, unmanaged);
    document.unmanaged_place = unmanaged.place;
  }
  if (const Value missing = fields->get("missing"); missing.given()) {
    document.missing = decode_treatment(reader, missing);
    document.missing_place = missing.place;
  }
  if (const Value tokens = fields->get("tokens"); tokens.given()) decode_tokens(reader, tokens, document);
  if (const Value acks = fields->get("acks"); acks.given()) decode_acks(reader, acks, document);
  return document;
}

}  // namespace zonepin
