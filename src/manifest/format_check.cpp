#include "manifest/format_check.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "manifest/draft.h"
#include "manifest/lexemes.h"
#include "manifest/yaml.h"

namespace zonepin {

namespace {

OrgEntry placeless(OrgEntry org) {
  org.place = {};
  org.host_place = {};
  return org;
}

std::optional<std::vector<std::string_view>> comments_of(std::string_view text) {
  Diagnostics diagnostics;
  Problems problems(diagnostics);
  const Tree tree = parse_yaml(text, 0, problems);
  const auto lexemes = lexemes_of(tree);
  if (!lexemes || has_errors(diagnostics)) return std::nullopt;
  std::vector<std::string_view> comments;
  for (const Lexeme& lexeme : *lexemes) {
    if (lexeme.kind != LexemeKind::comment) continue;
    comments.push_back(text.substr(lexeme.begin, lexeme.end - lexeme.begin));
  }
  std::sort(comments.begin(), comments.end());
  return comments;
}

}  // namespace

bool mean_the_same(Manifests one, Manifests other) {
  for (Manifests* manifests : {&one, &other}) {
    for (Document& document : manifests->documents) document = without_places(std::move(document));
    for (OrgEntry& org : manifests->orgs) org = placeless(std::move(org));
  }
  return one.documents == other.documents && one.orgs == other.orgs;
}

bool have_the_same_comments(std::string_view one, std::string_view other) {
  const auto comments = comments_of(one);
  return comments && comments == comments_of(other);
}

}  // namespace zonepin
