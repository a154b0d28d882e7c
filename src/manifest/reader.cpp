#include "manifest/reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "manifest/limits.h"
#include "manifest/scalar_type.h"

namespace zonepin {

namespace {

// What people write in the wrong place, or what other tools call it. `within` is the place that the help is
// for; empty: any.
// `means` is the field that is not missing then.
struct StrayField {
  std::string_view name;
  std::string_view within;
  std::string_view help;
  std::string_view means = {};
};

constexpr std::string_view kBelongsToMatch = "it belongs into match: { name: \"etl-*\" }";
constexpr std::string_view kBelongsToNetwork =
    "it belongs into network: { connection: ZONE, include: [a-zone] }";
constexpr std::string_view kIsOwner = "the owner of a token, a login or a user id, is its owner";
constexpr std::string_view kIsFlat = "a manifest is flat: org, tokens and the rest stand beside kind";
constexpr std::string_view kIsForTokens = "it belongs to a document of kind: ApiTokens";
constexpr std::string_view kIsForComments = "what is only for people is a comment: # …";

constexpr StrayField kStrayFields[] = {
    {"id", "match", "one token by its id is an entry of tokens; a match goes by name, owner or client"},
    {"network", "match", "it stands beside match:, not within"},
    {"state", "match", "it stands beside match:, not within"},
    {"include", "match", "the zones of a token can't be matched; connection: ANYWHERE or ZONE can"},
    {"exclude", "match", "what a match leaves out stands under not: { name: \"etl-legacy-*\" }"},
    {"not", "not", "a not holds no other not"},
    {"match", "an entry of tokens",
     "an entry speaks of one token, by name or id; for many there are rules:", "name"},
    {"id", "an entry of rules",
     "one token by its id is an entry of tokens; a rule goes by match: { name: \"etl-*\" }", "match"},
    {"name", "an entry of rules", kBelongsToMatch, "match"},
    {"owner", "an entry of rules", kBelongsToMatch, "match"},
    {"client", "an entry of rules", kBelongsToMatch, "match"},
    {"idle", "an entry of rules", "it belongs into match: { idle: P14D }", "match"},
    {"age", "an entry of rules", "it belongs into match: { age: P14D }", "match"},
    {"not", "an entry of rules", "it belongs into match:, beside what it is taken from", "match"},
    {"name", "an entry of waivers", kBelongsToMatch, "match"},
    {"owner", "an entry of waivers", kBelongsToMatch, "match"},
    {"token", "an entry of waivers", "say which tokens by match: { name: partner-sync }", "match"},
    {"id", "an entry of waivers", "say which tokens by match: { name: partner-sync }", "match"},
    {"guard", "an entry of waivers", "a guard is lifted under acks:", "rule"},
    {"rule", "an entry of acks", "a finding is accepted under waivers:", "guard"},
    {"id", "an entry of acks", "the token that the guard is lifted for is its token", "token"},
    {"name", "an entry of acks", "a guard is lifted for one token, by its id: token: 00Tabcdefg1234567890",
     "token"},
    {"expires", "an entry of acks", "its end is its until", "until"},
    {"expires", "an entry of waivers", "its end is its until", "until"},
    {"connection", "scope",
     "a scope goes by what a token is, not by what it does: that would change under it"},
    {"idle", "scope", "a scope goes by what a token is, not by what it does: that would change under it"},
    {"age", "scope", "a scope goes by what a token is, not by what it does: that would change under it"},
    {"state", "default", "default is a network; tokens are revoked one by one, or by a rule", "network"},
    {"ignore", "default", "tokens that nothing claims are not written anyway: leave default out", "network"},
    {"name", "a zone pin", "the name of the zone stands in front: ci-runners: { id: nzo1a2b3c4d5e6f7g8h9 }"},
    {"url", "an entry of orgs", "it is its host", "host"},
    {"org", "an entry of orgs", "it is its host", "host"},
    {"tokens", "a document of kind Orgs", kIsForTokens},
    {"rules", "a document of kind Orgs", kIsForTokens},
    {"org", "a document of kind Orgs", kIsForTokens},
    {"orgs", "the document", "orgs have a document of their own, with kind: Orgs"},
    {"match", "the document", "it belongs to an entry of rules: or waivers:"},
    {"network", "the document", "it belongs to an entry of tokens: or rules:, or under default:"},
    {"min_tokens", "the document", "it belongs under expect: { min_tokens: 100 }"},
    {"egress", "the document", "it belongs under self:, beside the token's name"},
    {"revoke", "the document", "it belongs under limits: { revoke: 5 }"},
    {"update_pct", "the document", "it belongs under limits: { update_pct: 30 }"},
    {"connection", "", kBelongsToNetwork, "network"},
    {"include", "", kBelongsToNetwork, "network"},
    {"exclude", "", "it belongs into network: { connection: ZONE, exclude: [a-zone] }", "network"},
    {"zone", "", "zones are listed in network: { connection: ZONE, include: [a-zone] }", "network"},
    {"zones", "", "zones are listed in network: { connection: ZONE, include: [a-zone] }", "network"},
    {"userId", "", kIsOwner},
    {"login", "", kIsOwner},
    {"email", "", kIsOwner},
    {"user", "", kIsOwner},
    {"user_id", "", kIsOwner},
    {"clientName", "", "what Okta calls clientName is client, in a match"},
    {"client_name", "", "what Okta calls clientName is client, in a match"},
    {"metadata", "", kIsFlat},
    {"spec", "", kIsFlat},
    {"revoked", "", "write state: revoked, and a reason", "state"},
    {"comment", "", kIsForComments},
    {"description", "", kIsForComments},
    {"note", "", kIsForComments},
};

StrayField stray_field(std::string_view name, std::string_view within) {
  const auto found =
      std::find_if(std::begin(kStrayFields), std::end(kStrayFields), [&](const StrayField& field) {
        return field.name == name && (field.within.empty() || field.within == within);
      });
  return found == std::end(kStrayFields) ? StrayField{} : *found;
}

std::string names_in_words(FieldNames names) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

// Continuation bytes of UTF-8 do not count.
std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

}  // namespace

Value Fields::get(std::string_view name) const {
  for (const Value& value : values_) {
    if (value.name == name) return value;
  }
  return {};
}

bool Fields::missing(std::string_view name) const {
  return !given(name) && std::find(meant_.begin(), meant_.end(), name) == meant_.end();
}

Value Reader::document(NodeId root) const {
  return {root, "the document", tree_.place(root)};
}

std::optional<Fields> Reader::mapping(const Value& value, FieldNames known, std::string_view instead) {
  if (tree_.kind(value.node) != NodeKind::mapping) {
    wrong_type(value, "a mapping", std::string(instead));
    return std::nullopt;
  }
  const std::vector<Field> given = tree_.fields(value.node);
  Fields fields;
  fields.place_ = tree_.place(value.node);
  fields.values_.reserve(given.size());
  for (const Field& field : given) {
    if (!pick_one(field, known, fields)) unknown_field(field.key, value.name, known, fields);
  }
  return fields;
}

Fields Reader::pick(const Value& mapping, FieldNames known) const {
  Fields fields;
  fields.place_ = tree_.place(mapping.node);
  for (const Field& field : tree_.fields(mapping.node)) pick_one(field, known, fields);
  return fields;
}

bool Reader::pick_one(const Field& field, FieldNames known, Fields& fields) const {
  const auto name = std::find(known.begin(), known.end(), tree_.scalar(field.key));
  if (name == known.end()) return false;
  if (fields.given(*name)) return true;  // a key given twice was reported with the tree
  // A value that is not there has no place of its own.
  const bool empty = is_absent(field.value);
  fields.values_.push_back({field.value, *name, tree_.place(empty ? field.key : field.value)});
  return true;
}

void Reader::unknown_field(NodeId key, std::string_view within, FieldNames known, Fields& fields) {
  const std::string_view name = tree_.scalar(key);
  const std::vector<std::string_view> candidates(known);
  const StrayField stray = stray_field(name, within);
  if (!stray.means.empty()) fields.meant_.push_back(stray.means);
  std::string detail(stray.help);
  const auto meant = nearest(name, candidates);
  // `candidates` holds views of literals, so this one outlives the call.
  if (meant) fields.meant_.push_back(*meant);
  if (meant && detail.empty()) detail = did_you_mean(name, candidates);
  if (detail.empty()) detail = "there may be: " + names_in_words(known);
  problems_.error(tree_.place(key), "unknown field " + in_quotes(name) + " in " + std::string(within),
                  detail);
}

std::optional<std::vector<Value>> Reader::list(const Value& value, std::string_view member_name) {
  if (tree_.kind(value.node) != NodeKind::sequence) {
    std::string detail;
    if (const auto single = peek(value)) {
      detail = "write " + std::string(value.name) + ": [" + escape_cut(*single, 80) + "]";
    } else if (tree_.kind(value.node) == NodeKind::mapping) {
      detail = "in a list each member begins with a dash and a space";
    }
    wrong_type(value, "a list", std::move(detail));
    return std::nullopt;
  }
  std::vector<Value> members;
  const std::vector<NodeId> items = tree_.items(value.node);
  members.reserve(items.size());
  for (const NodeId item : items) members.push_back({item, member_name, tree_.place(item)});
  return members;
}

std::optional<std::vector<Keyed>> Reader::entries(const Value& value, std::string_view member_name,
                                                  std::string_view key_name, std::string_view instead) {
  if (tree_.kind(value.node) != NodeKind::mapping) {
    wrong_type(value, "a mapping", std::string(instead));
    return std::nullopt;
  }
  std::vector<Keyed> members;
  for (const Field& field : tree_.fields(value.node)) {
    const auto key = text({field.key, key_name, tree_.place(field.key)});
    const bool empty = is_absent(field.value);
    if (key)
      members.push_back({*key, {field.value, member_name, tree_.place(empty ? field.key : field.value)}});
  }
  return members;
}

std::optional<Text> Reader::text(const Value& value, std::string_view instead) {
  const NodeKind kind = tree_.kind(value.node);
  const bool scalar = kind == NodeKind::scalar || kind == NodeKind::null;
  const ScalarType type = scalar ? type_of(tree_, value.node) : ScalarType::string;
  const std::string_view raw = tree_.scalar(value.node);
  if (!scalar || type != ScalarType::string) {
    const std::string_view word = type == ScalarType::null ? null_text(tree_, value.node) : raw;
    std::string detail(instead);
    if (detail.empty() && scalar && !word.empty())
      detail = "put it into quotes: \"" + escape_cut(word, 80) + "\"";
    wrong_type(value, "a text", std::move(detail));
    return std::nullopt;
  }
  if (raw.empty()) {
    problems_.error(value.place, std::string(value.name) + " is empty");
    return std::nullopt;
  }
  if (raw.size() > kMaxTextLength && code_points(raw) > kMaxTextLength) {
    problems_.error(value.place, std::string(value.name) + " is longer than " +
                                     std::to_string(kMaxTextLength) + " characters");
    return std::nullopt;
  }
  return Text{std::string(raw), value.place};
}

std::optional<std::size_t> Reader::number(const Value& value, std::size_t most) {
  const bool scalar = tree_.kind(value.node) == NodeKind::scalar;
  if (!scalar || type_of(tree_, value.node) != ScalarType::integer) {
    wrong_type(value, "a whole number", help_with_number(value));
    return std::nullopt;
  }
  const std::string_view text = tree_.scalar(value.node);
  const auto found = integer_value(text);
  if (found && *found <= most) return static_cast<std::size_t>(*found);
  problems_.error(value.place, std::string(value.name) + " can't be " + escape_cut(text, 40),
                  "it may be 0 to " + std::to_string(most));
  return std::nullopt;
}

// `30%`, or a number in quotes: what it would be without them.
std::string Reader::help_with_number(const Value& value) const {
  const auto text = peek(value);
  if (!text) return {};
  const std::string_view digits = text->substr(0, text->find_first_not_of("0123456789"));
  const std::string_view behind = trim(text->substr(digits.size()));
  if (digits.empty() || !(behind.empty() || behind == "%")) return {};
  return "write the number alone: " + escape_cut(digits, 40);
}

std::optional<bool> Reader::boolean(const Value& value) {
  const bool scalar = tree_.kind(value.node) == NodeKind::scalar;
  const std::string word = scalar ? lowercase(tree_.scalar(value.node)) : std::string();
  if (scalar && type_of(tree_, value.node) == ScalarType::boolean) return word == "true";
  const bool means_true = word == "true" || word == "yes" || word == "on" || word == "1";
  const bool means_false = word == "false" || word == "no" || word == "off" || word == "0";
  wrong_type(value, "true or false", means_true ? "write true" : means_false ? "write false" : "");
  return std::nullopt;
}

std::optional<std::string_view> Reader::peek(const Value& value) const {
  if (!value.given() || tree_.kind(value.node) != NodeKind::scalar) return std::nullopt;
  if (type_of(tree_, value.node) != ScalarType::string) return std::nullopt;
  return tree_.scalar(value.node);
}

// `key:` with nothing behind it.
bool Reader::is_absent(NodeId value) const {
  return tree_.kind(value) == NodeKind::null && null_text(tree_, value).empty();
}

void Reader::wrong_type(const Value& value, std::string_view wanted, std::string detail) {
  const std::string name(value.name);
  const std::string must_be = name + " must be " + std::string(wanted);
  const bool absent = is_absent(value.node);
  if (absent || (tree_.kind(value.node) == NodeKind::null && detail.empty())) {
    detail =
        wanted == "a list" ? "an empty list is written " + name + ": []" : "write one, or leave the line out";
  }
  problems_.error(value.place,
                  must_be + (absent ? ", but there is " : ", but this is ") + describe(tree_, value.node),
                  std::move(detail));
}

}  // namespace zonepin
