#include "plan/claims.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"

namespace zonepin {

namespace {

class OwnerBook {
 public:
  explicit OwnerBook(const Live& live) : users_(live.users) {}

  // The user id that an `owner` stands for; none when no such login is known.
  std::optional<std::string> id_of(const std::string& owner, const Token& token) const {
    if (token.user_id == owner) return owner;
    const auto found = users_.find(owner);
    if (found != users_.end() && !found->second.empty()) return found->second;
    return std::nullopt;
  }

  bool owns(const std::string& owner, const Token& token) const {
    if (owner.empty()) return true;
    const auto id = id_of(owner, token);
    return id && token.user_id == *id;
  }

 private:
  const std::map<std::string, std::string>& users_;
};

// As the last part of a path these are no logins: `me` is whoever asks, so that a manifest would mean another
// person with each credential, and the dots lead out of /users.
bool has_another_meaning(std::string_view owner) {
  return owner == "me" || owner == "." || owner == "..";
}

std::string contradiction(const DesiredToken& entry, const Token& token, const OwnerBook& owners) {
  if (!entry.name.empty() && entry.name != token.name) {
    return "the manifest calls it " + in_quotes(entry.name) + ", but the live token is named " +
           in_quotes(token.name) + ": correct the name or the id, or leave the name out";
  }
  if (!owners.owns(entry.owner, token)) {
    return "the manifest says that it belongs to " + in_quotes(entry.owner) + ", but its owner is " +
           escape(token.user_id.value_or("unknown")) + ": correct the owner or the id";
  }
  return {};
}

}  // namespace

bool looks_like_user_id(std::string_view text) {
  return text.size() == 20 && text.substr(0, 3) == "00u" &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

std::vector<std::string> logins_to_look_up(const Desired& desired, const std::vector<Token>& tokens) {
  std::set<std::string> logins;
  for (const DesiredToken& entry : desired.tokens) {
    const bool is_login = !looks_like_user_id(entry.owner) && !has_another_meaning(entry.owner);
    if (!entry.owner.empty() && is_login) logins.insert(entry.owner);
  }
  for (const Token& token : tokens) {
    if (token.user_id) logins.erase(*token.user_id);
  }
  return {logins.begin(), logins.end()};
}

Claims claims_of(const Desired& desired, const Live& live) {
  std::unordered_map<std::string_view, std::size_t> by_id;
  std::unordered_map<std::string_view, std::vector<std::size_t>> by_name;
  by_id.reserve(live.tokens.size());
  by_name.reserve(live.tokens.size());
  for (std::size_t at = 0; at < live.tokens.size(); ++at) {
    by_id.emplace(live.tokens[at].id, at);
    by_name[live.tokens[at].name].push_back(at);
  }

  const OwnerBook owners(live);
  Claims claims;
  claims.tokens.resize(live.tokens.size());
  claims.matches.resize(desired.tokens.size());
  claims.contradictions.resize(desired.tokens.size());
  for (std::size_t index = 0; index < desired.tokens.size(); ++index) {
    const DesiredToken& entry = desired.tokens[index];
    if (!entry.id.empty()) {
      const auto found = by_id.find(entry.id);
      if (found == by_id.end()) continue;
      claims.tokens[found->second].by_id.push_back(index);
      claims.matches[index].push_back(found->second);
      claims.contradictions[index] = contradiction(entry, live.tokens[found->second], owners);
      continue;
    }
    const auto found = by_name.find(entry.name);
    if (found == by_name.end()) continue;
    for (const std::size_t at : found->second) {
      if (!owners.owns(entry.owner, live.tokens[at])) continue;
      claims.tokens[at].by_name.push_back(index);
      claims.matches[index].push_back(at);
    }
  }
  return claims;
}

}  // namespace zonepin
