#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "manifest/decode_parts.h"
#include "manifest/limits.h"

namespace zonepin {

namespace {

constexpr std::string_view kApiVersion = "zonepin/v1";
constexpr std::string_view kApiTokensKind = "ApiTokens";
constexpr std::string_view kOrgsKind = "Orgs";

// A field that has one of few values.
void expect_word(Reader& reader, const Fields& fields, std::string_view name,
                 const std::vector<std::string_view>& words) {
  const Value value = fields.get(name);
  const std::string lead = std::string(name) + ": ";
  if (!value.given()) {
    if (!fields.missing(name)) return;
    reader.problems().error(fields.place(), std::string(name) + " is missing",
                            "begin the document with " + lead + std::string(words.front()));
    return;
  }
  const auto text = reader.text(value, "write " + lead + std::string(words.front()));
  if (!text || std::find(words.begin(), words.end(), text->value) != words.end()) return;
  std::string detail = did_you_mean(text->value, words);
  if (detail.empty()) {
    detail = "this zonepin knows " + lead + join({words.begin(), words.end()}, " and " + lead);
  }
  reader.problems().error(text->place, std::string(name) + " " + in_quotes(text->value) + " is unknown",
                          detail);
}

// Something else altogether, such as another tool's file in the same folder: one message instead of one per
// field.
bool is_foreign(Reader& reader, const Value& document) {
  constexpr std::array<std::string_view, 5> kOurs = {"apiversion", "kind", "tokens", "rules", "orgs"};
  for (const Field& field : reader.tree().fields(document.node)) {
    const std::string name = lowercase(reader.tree().scalar(field.key));
    if (std::find(kOurs.begin(), kOurs.end(), name) != kOurs.end()) return false;
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

// What the document is: as it says; else as what it holds suggests.
std::optional<std::string_view> kind_of(Reader& reader, const Value& document) {
  const Fields fields = reader.pick(document, {"kind", "tokens", "rules", "orgs"});
  if (!fields.given("kind")) {
    const bool orgs = fields.given("orgs") && !fields.given("tokens") && !fields.given("rules");
    return orgs ? kOrgsKind : kApiTokensKind;
  }
  const auto kind = reader.peek(fields.get("kind"));
  if (!kind) return kApiTokensKind;  // not even a text: that is reported
  if (*kind == kOrgsKind) return kOrgsKind;
  if (*kind == kApiTokensKind) return kApiTokensKind;
  return std::nullopt;
}

void check_head(Reader& reader, const Fields& fields, std::string_view kind) {
  expect_word(reader, fields, "apiVersion", {kApiVersion});
  expect_word(reader, fields, "kind",
              kind == kOrgsKind ? std::vector<std::string_view>{kOrgsKind, kApiTokensKind}
                                : std::vector<std::string_view>{kApiTokensKind, kOrgsKind});
}

}  // namespace

void decode_document(Reader& reader, const Value& value, Manifests& manifests) {
  if (!is_document(reader, value)) return;
  const auto kind = kind_of(reader, value);
  if (!kind) {  // an unknown kind has fields of its own: nothing else is looked at then
    check_head(reader, reader.pick(value, {"apiVersion", "kind"}), kApiTokensKind);
    return;
  }
  if (*kind == kOrgsKind) {
    const Value document{value.node, "a document of kind Orgs", value.place};
    const auto fields = reader.mapping(document, {"apiVersion", "kind", "orgs"});
    if (!fields) return;
    check_head(reader, *fields, kOrgsKind);
    require(reader, *fields, "orgs", "this document",
            "name the orgs: orgs: { acme: { host: acme.okta.com } }");
    const Value orgs = fields->get("orgs");
    if (!orgs.given()) return;
    for (OrgEntry& entry : decode_orgs(reader, orgs)) manifests.orgs.push_back(std::move(entry));
    return;
  }
  const auto fields =
      reader.mapping(value, {"apiVersion", "kind", "org", "unmanaged", "missing", "scope", "self", "expect",
                             "limits", "zones", "tokens", "rules", "default", "acks", "waivers"});
  if (!fields) return;
  check_head(reader, *fields, kApiTokensKind);
  manifests.documents.push_back(decode_api_tokens(reader, *fields));
}

}  // namespace zonepin
