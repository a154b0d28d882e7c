#include "wishes.h"

#include <algorithm>

namespace zonepin::simulation {

namespace {

bool names(const Story& story, const Wish& wish, const WishedToken& token) {
  if (!wish.id.empty() || wish.name != token.name) return false;
  if (wish.owner.empty()) return true;
  const auto owner = story.state.users.find(token.owner);
  return owner != story.state.users.end() && owner->second.login == wish.owner;
}

bool says_the_same(const Wish& a, const Wish& b) {
  return a.what == b.what && condition_text(a.connection, a.include, a.exclude) ==
                                 condition_text(b.connection, b.include, b.exclude);
}

const Wish* by_rules(const Story& story, const WishedToken& token) {
  const Wish* network = nullptr;
  const Wish* revoke = nullptr;
  bool contradicts = false;
  for (const Wish& rule : story.rules) {
    if (!token.name.starts_with(rule.name)) continue;
    if (rule.what == Wish::What::ignore) return nullptr;
    if (rule.what == Wish::What::revoke) revoke = &rule;
    if (rule.what != Wish::What::network) continue;
    contradicts = contradicts || (network != nullptr && !says_the_same(*network, rule));
    network = &rule;
  }
  if (revoke != nullptr) return revoke;
  return contradicts ? nullptr : network;
}

}  // namespace

std::string condition_text(const std::string& connection, std::vector<std::string> include,
                           std::vector<std::string> exclude) {
  std::string text = connection;
  for (auto* list : {&include, &exclude}) {
    std::sort(list->begin(), list->end());
    text += " |";
    for (const std::string& each : *list) text += " " + each;
  }
  return text;
}

const Wish* wish_for(const Story& story, const std::vector<WishedToken>& tokens, const std::string& id) {
  const auto token =
      std::find_if(tokens.begin(), tokens.end(), [&](const WishedToken& each) { return each.id == id; });
  if (token == tokens.end()) return nullptr;
  for (const Wish& wish : story.entries) {
    if (wish.id == id) return &wish;
  }
  const Wish* decides = nullptr;
  for (const Wish& wish : story.entries) {
    if (!names(story, wish, *token)) continue;
    const auto fits = std::count_if(tokens.begin(), tokens.end(),
                                    [&](const WishedToken& each) { return names(story, wish, each); });
    if (fits != 1 || decides != nullptr) return nullptr;
    decides = &wish;
  }
  return decides != nullptr ? decides : by_rules(story, *token);
}

}  // namespace zonepin::simulation
