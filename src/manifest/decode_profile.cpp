#include "manifest/decode_profile.h"

#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "manifest/decode_parts.h"
#include "manifest/problems.h"
#include "manifest/yaml.h"
#include "model/desired.h"

namespace zonepin {

namespace {

constexpr const char* kSmallestProfile =
    "the smallest profile is two lines:\napiVersion: zonepin/v1\nkind: Profile";

template <typename Names>
std::string one_of(const Names& names) {
  return "it may be " + join(std::vector<std::string>(names.begin(), names.end()), ", ");
}

// A text that is one of few words; where it is none, that is reported.
template <typename Names>
std::optional<std::string> decode_word(Reader& reader, const Value& value, const Names& names) {
  auto text = reader.text(value, one_of(names));
  if (!text) return std::nullopt;
  for (const std::string_view name : names) {
    if (text->value == name) return std::move(text->value);
  }
  const std::string guess = did_you_mean(text->value, {names.begin(), names.end()});
  reader.problems().error(text->place, std::string(value.name) + " can't be " + in_quotes(text->value),
                          guess.empty() ? one_of(names) : guess);
  return std::nullopt;
}

void decode_levels(Reader& reader, const Value& value, ProfileEdits& edits) {
  const auto members =
      reader.entries(value, "the level of a rule", "a rule's id", "write rules: { token-idle: error }");
  if (!members) return;
  for (const Keyed& member : *members) {
    const auto rule = parse_check_rule(member.key.value);
    if (!rule) {
      const std::string guess = did_you_mean(member.key.value, {kCheckNames.begin(), kCheckNames.end()});
      reader.problems().error(
          member.key.place, "there is no rule " + in_quotes(member.key.value),
          guess.empty() ? "the rules of check are " +
                              join(std::vector<std::string>(kCheckNames.begin(), kCheckNames.end()), ", ")
                        : guess);
      continue;
    }
    if (const auto word = decode_word(reader, member.value, kCheckLevelNames))
      edits.levels[*rule] = *parse_check_level(*word);
  }
}

void decode_bound(Reader& reader, const Fields& fields, std::string_view name,
                  std::optional<Duration>& into) {
  const Value value = fields.get(name);
  if (value.given()) into = decode_duration(reader, value);
}

void decode_width(Reader& reader, const Fields& fields, std::string_view name, std::size_t most,
                  std::optional<std::size_t>& into) {
  const Value value = fields.get(name);
  if (value.given()) into = reader.number(value, most);
}

void decode_bounds(Reader& reader, const Value& value, ProfileEdits& edits) {
  constexpr std::size_t kBitsV4 = 32;
  constexpr std::size_t kBitsV6 = 128;
  const auto fields = reader.mapping(value, {"idle", "old", "expiring", "widest_ipv4", "widest_ipv6"},
                                     "write bounds: { idle: P14D, old: P1Y }");
  if (!fields) return;
  decode_bound(reader, *fields, "idle", edits.idle);
  decode_bound(reader, *fields, "old", edits.old);
  decode_bound(reader, *fields, "expiring", edits.expiring);
  decode_width(reader, *fields, "widest_ipv4", kBitsV4, edits.widest_ipv4);
  decode_width(reader, *fields, "widest_ipv6", kBitsV6, edits.widest_ipv6);
}

// A field that has one value, and must stand there.
void expect_the_word(Reader& reader, const Fields& fields, std::string_view name, std::string_view word) {
  const std::string line = std::string(name) + ": " + std::string(word);
  require(reader, fields, name, "this profile", "begin it with " + line);
  const Value value = fields.get(name);
  if (!value.given()) return;
  const auto text = reader.text(value, "write " + line);
  if (text && text->value != word) {
    reader.problems().error(
        text->place, std::string(name) + " of a profile can't be " + in_quotes(text->value), "write " + line);
  }
}

ProfileEdits decode_whole_profile(Reader& reader, const Value& document) {
  ProfileEdits edits;
  const auto fields =
      reader.mapping(document, {"apiVersion", "kind", "extends", "bounds", "rules"}, kSmallestProfile);
  if (!fields) return edits;
  expect_the_word(reader, *fields, "apiVersion", "zonepin/v1");
  expect_the_word(reader, *fields, "kind", "Profile");
  if (const Value extends = fields->get("extends"); extends.given()) {
    const auto word = decode_word(reader, extends, kProfileNames);
    for (const std::string_view name : kProfileNames) {
      if (word && *word == name) edits.extends = name;
    }
  }
  if (const Value bounds = fields->get("bounds"); bounds.given()) decode_bounds(reader, bounds, edits);
  if (const Value rules = fields->get("rules"); rules.given()) decode_levels(reader, rules, edits);
  return edits;
}

}  // namespace

DecodedProfile decode_profile(const Source& source) {
  DecodedProfile decoded;
  Problems problems(decoded.diagnostics);
  const Tree tree = parse_yaml(source.text, 0, problems);
  std::vector<NodeId> roots;
  for (const NodeId root : tree.documents()) {
    if (tree.kind(root) != NodeKind::null) roots.push_back(root);
  }
  Reader reader(tree, problems);
  if (roots.empty() && problems.none())
    problems.error({0, 1, 1, 1}, "there is no profile in this file", kSmallestProfile);
  if (roots.size() > 1)
    problems.error(tree.place(roots[1]), "a file holds one profile, and this is a second one");
  ProfileEdits edits;
  if (!roots.empty())
    edits = decode_whole_profile(reader, {roots.front(), "a profile", tree.place(roots.front())});
  decoded.diagnostics = sorted(std::move(decoded.diagnostics));
  if (!has_errors(decoded.diagnostics)) decoded.edits = std::move(edits);
  return decoded;
}

}  // namespace zonepin
