#include "manifest/reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "manifest/limits.h"
#include "manifest/scalar_type.h"

namespace zonepin {

namespace {

// What people write in the wrong place, or what other tools call it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kStrayFields = {{
    {"connection", "it belongs into network: { connection: ZONE, include: [a-zone] }"},
    {"include", "it belongs into network: { connection: ZONE, include: [a-zone] }"},
    {"exclude", "it belongs into network: { connection: ZONE, exclude: [a-zone] }"},
    {"zone", "zones are listed in network: { connection: ZONE, include: [a-zone] }"},
    {"zones", "zones are listed in network: { connection: ZONE, include: [a-zone] }"},
    {"userId", "the owner of a token, a login or a user id, is its owner"},
    {"metadata", "a manifest is flat: org, tokens and the rest stand beside kind"},
    {"spec", "a manifest is flat: org, tokens and the rest stand beside kind"},
    {"revoked", "write state: revoked, and a reason"},
}};

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
  Fields fields = pick(value, known);
  for (const Field& field : tree_.fields(value.node)) {
    const bool is_known = std::find(known.begin(), known.end(), tree_.scalar(field.key)) != known.end();
    if (!is_known) unknown_field(field.key, value.name, known, fields);
  }
  return fields;
}

Fields Reader::pick(const Value& mapping, FieldNames known) const {
  Fields fields;
  fields.place_ = tree_.place(mapping.node);
  for (const Field& field : tree_.fields(mapping.node)) {
    const auto name = std::find(known.begin(), known.end(), tree_.scalar(field.key));
    if (name == known.end() || fields.given(*name)) continue;  // a key given twice was reported with the tree
    // A value that is not there has no place of its own.
    const bool empty = tree_.kind(field.value) == NodeKind::null;
    fields.values_.push_back({field.value, *name, tree_.place(empty ? field.key : field.value)});
  }
  return fields;
}

void Reader::unknown_field(NodeId key, std::string_view within, FieldNames known, Fields& fields) {
  const std::string_view name = tree_.scalar(key);
  const std::vector<std::string_view> candidates(known);
  std::string detail = did_you_mean(name, candidates);
  if (const auto meant = nearest(name, candidates)) {
    // `candidates` holds views of literals, so this one outlives the call.
    fields.meant_.push_back(*meant);
  } else {
    const auto stray = std::find_if(kStrayFields.begin(), kStrayFields.end(),
                                    [&](const auto& each) { return each.first == name; });
    detail =
        stray != kStrayFields.end() ? std::string(stray->second) : "there may be: " + names_in_words(known);
  }
  problems_.error(tree_.place(key), "unknown field " + in_quotes(name) + " in " + std::string(within),
                  detail);
}

std::optional<std::vector<Value>> Reader::list(const Value& value, std::string_view member_name) {
  if (tree_.kind(value.node) != NodeKind::sequence) {
    const auto single = peek(value);
    wrong_type(
        value, "a list",
        single ? "write " + std::string(value.name) + ": [" + escape_cut(*single, 80) + "]" : std::string());
    return std::nullopt;
  }
  std::vector<Value> members;
  const std::vector<NodeId> items = tree_.items(value.node);
  members.reserve(items.size());
  for (const NodeId item : items) members.push_back({item, member_name, tree_.place(item)});
  return members;
}

std::optional<Text> Reader::text(const Value& value) {
  const NodeKind kind = tree_.kind(value.node);
  const bool scalar = kind == NodeKind::scalar || kind == NodeKind::null;
  const ScalarType type = scalar ? type_of(tree_, value.node) : ScalarType::string;
  const std::string_view raw = tree_.scalar(value.node);
  if (!scalar || type != ScalarType::string) {
    const bool quotable = scalar && type != ScalarType::null;
    wrong_type(value, "a text",
               quotable ? "put it into quotes: \"" + escape_cut(raw, 80) + "\"" : std::string());
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

std::optional<std::string_view> Reader::peek(const Value& value) const {
  if (!value.given() || tree_.kind(value.node) != NodeKind::scalar) return std::nullopt;
  if (type_of(tree_, value.node) != ScalarType::string) return std::nullopt;
  return tree_.scalar(value.node);
}

void Reader::wrong_type(const Value& value, std::string_view wanted, std::string detail) {
  const std::string name(value.name);
  const std::string must_be = name + " must be " + std::string(wanted);
  if (tree_.kind(value.node) == NodeKind::null && tree_.scalar(value.node).empty()) {
    const bool list = wanted == "a list";
    problems_.error(value.place, must_be + ", but there is nothing",
                    list ? "an empty list is written " + name + ": []" : "write one, or leave the line out");
    return;
  }
  problems_.error(value.place, must_be + ", but this is " + describe(tree_, value.node), std::move(detail));
}

}  // namespace zonepin
