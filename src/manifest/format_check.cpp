#include "manifest/format_check.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "manifest/lexemes.h"
#include "manifest/yaml.h"

namespace zonepin {

namespace {

void forget_places(DesiredNetwork& network) {
  network.place = {};
  for (ZoneRef& zone : network.include) zone.place = {};
  for (ZoneRef& zone : network.exclude) zone.place = {};
}

void forget_places(TokenMatch& match) {
  match.place = {};
  match.owner_place = {};
  for (TokenMatch& excluded : match.excluded) forget_places(excluded);
}

void forget_places(DesiredToken& token) {
  token.place = {};
  token.owner_place = {};
  if (token.network) forget_places(*token.network);
}

void forget_places(Rule& rule) {
  rule.place = {};
  forget_places(rule.match);
  if (rule.network) forget_places(*rule.network);
  if (rule.scope) forget_places(*rule.scope);
}

void forget_places(Document& document) {
  for (Place* place : {&document.place, &document.org_place, &document.unmanaged_place,
                       &document.missing_place, &document.min_tokens_place, &document.limits_place}) {
    *place = {};
  }
  if (document.scope) forget_places(*document.scope);
  if (document.self) document.self->place = {};
  for (ZonePin& pin : document.zones) pin.place = {};
  for (DesiredToken& token : document.tokens) forget_places(token);
  for (Rule& rule : document.rules) forget_places(rule);
  if (document.default_network) forget_places(*document.default_network);
  for (Ack& ack : document.acks) ack.place = {};
  for (Waiver& waiver : document.waivers) {
    waiver.place = {};
    forget_places(waiver.match);
  }
}

void forget_places(OrgEntry& org) {
  org.place = {};
  org.host_place = {};
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
    for (Document& document : manifests->documents) forget_places(document);
    for (OrgEntry& org : manifests->orgs) forget_places(org);
  }
  return one.documents == other.documents && one.orgs == other.orgs;
}

bool have_the_same_comments(std::string_view one, std::string_view other) {
  const auto comments = comments_of(one);
  return comments && comments == comments_of(other);
}

}  // namespace zonepin
