#include "plan/claims.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

#include "base/text.h"
#include "model/glob.h"
#include "model/match.h"

namespace zonepin {

namespace {

// As the last part of a path these are no logins: `me` is whoever asks, so that a manifest would mean another
// person with each credential, and the dots lead out of /users.
bool has_another_meaning(std::string_view owner) {
  return owner == "me" || owner == "." || owner == "..";
}

void add_login(const std::string& owner, std::set<std::string>& logins) {
  if (!owner.empty() && !is_user_id(owner) && !has_another_meaning(owner)) logins.insert(owner);
}

void add_literals(const TokenMatch& match, std::set<std::string>& logins) {
  if (match.owner) {
    if (const auto literal = literal_of(*match.owner)) add_login(*literal, logins);
  }
  for (const TokenMatch& excluded : match.excluded) add_literals(excluded, logins);
}

// Every match that decides about claims.
std::vector<const TokenMatch*> matches_of(const Desired& desired) {
  std::vector<const TokenMatch*> matches;
  for (const auto& scope : desired.token_scopes) {
    if (scope) matches.push_back(&*scope);
  }
  for (const Rule& rule : desired.rules) {
    matches.push_back(&rule.match);
    if (rule.scope) matches.push_back(&*rule.scope);
  }
  return matches;
}

// How a rule, within the scope of its document, bears on a token.
struct RuleFit {
  Fit match = Fit::no;
  Fit scope = Fit::yes;
};

RuleFit fit_of_rule(const Rule& rule, const Token& token, const Users& users, Instant now) {
  RuleFit fit{fit_of(rule.match, token, users, now), Fit::yes};
  if (fit.match != Fit::no && rule.scope) fit.scope = fit_of(*rule.scope, token, users, now);
  return fit;
}

class Claimer {
 public:
  Claimer(const Desired& desired, const Live& live, Instant now) : desired_(desired), live_(live), now_(now) {
    claims_.tokens.resize(live.tokens.size());
    claims_.entries.resize(desired.tokens.size());
    claims_.rules.resize(desired.rules.size());
  }

  Claims claims() {
    index_tokens();
    for (std::size_t index = 0; index < desired_.tokens.size(); ++index) {
      if (desired_.tokens[index].id.empty()) {
        claim_by_name(index);
      } else {
        claim_by_id(index);
      }
    }
    for (std::size_t index = 0; index < desired_.rules.size(); ++index) claim_by_rule(index);
    return std::move(claims_);
  }

 private:
  void index_tokens() {
    if (desired_.tokens.empty()) return;
    by_id_.reserve(live_.tokens.size());
    by_name_.reserve(live_.tokens.size());
    for (std::size_t at = 0; at < live_.tokens.size(); ++at) {
      by_id_.emplace(live_.tokens[at].id, at);
      by_name_[live_.tokens[at].name].push_back(at);
    }
  }

  Fit scope_fit(std::size_t index, const Token& token) const {
    if (desired_.token_scopes.empty() || !desired_.token_scopes[index]) return Fit::yes;
    return fit_of(*desired_.token_scopes[index], token, live_.users, now_);
  }

  void claim_by_id(std::size_t index) {
    const DesiredToken& entry = desired_.tokens[index];
    const auto found = by_id_.find(entry.id);
    if (found == by_id_.end()) return;
    claims_.tokens[found->second].by_id.push_back(index);
    claims_.entries[index].tokens.push_back(found->second);
    claims_.entries[index].contradiction = contradiction(index, live_.tokens[found->second]);
  }

  std::string contradiction(std::size_t index, const Token& token) const {
    const DesiredToken& entry = desired_.tokens[index];
    if (!entry.name.empty() && entry.name != token.name) {
      return "the manifest calls it " + in_quotes(entry.name) + ", but the live token is named " +
             in_quotes(token.name) + ": correct the name or the id, or leave the name out";
    }
    if (!owns(entry.owner, token, live_.users)) {
      return "the manifest says that it belongs to " + in_quotes(entry.owner) + ", but its owner is " +
             escape(token.user_id.value_or("unknown")) + ": correct the owner or the id";
    }
    switch (scope_fit(index, token)) {
      case Fit::yes: break;
      case Fit::no:
        return "it lies outside of the `scope` of the document that the entry stands in: move the entry, or "
               "widen the scope";
      case Fit::unknown:
        return "whether it lies within the `scope` of the entry's document can't be told, because its "
               "owner's login or its "
               "clientName is not known: move the entry to a document without a scope";
    }
    return {};
  }

  void claim_by_name(std::size_t index) {
    const DesiredToken& entry = desired_.tokens[index];
    const auto found = by_name_.find(entry.name);
    if (found == by_name_.end()) return;
    for (const std::size_t at : found->second) {
      if (!owns(entry.owner, live_.tokens[at], live_.users)) continue;
      if (scope_fit(index, live_.tokens[at]) != Fit::yes) {
        if (!claims_.entries[index].outside) claims_.entries[index].outside = at;
        continue;
      }
      claims_.tokens[at].by_name.push_back(index);
      claims_.entries[index].tokens.push_back(at);
    }
  }

  void claim_by_rule(std::size_t index) {
    RuleClaim& claim = claims_.rules[index];
    for (std::size_t at = 0; at < live_.tokens.size(); ++at) {
      const RuleFit fit = fit_of_rule(desired_.rules[index], live_.tokens[at], live_.users, now_);
      if (fit.match == Fit::no) continue;
      if (fit.scope == Fit::no) {
        ++claim.outside;
      } else if (fit.match == Fit::yes && fit.scope == Fit::yes) {
        ++claim.matched;
        claims_.tokens[at].by_rule.push_back(index);
      } else {
        ++claim.in_doubt;
        claims_.tokens[at].in_doubt.push_back(index);
      }
    }
  }

  const Desired& desired_;
  const Live& live_;
  Instant now_;
  std::unordered_map<std::string_view, std::size_t> by_id_;
  std::unordered_map<std::string_view, std::vector<std::size_t>> by_name_;
  Claims claims_;
};

std::set<std::string> named_logins(const Desired& desired) {
  std::set<std::string> logins;
  for (const DesiredToken& entry : desired.tokens) add_login(entry.owner, logins);
  if (desired.self) add_login(desired.self->owner, logins);
  for (const TokenMatch* match : matches_of(desired)) add_literals(*match, logins);
  return logins;
}

// Where the login of a token's owner would make a difference.
class Doubts {
 public:
  Doubts(const Desired& desired, const Users& users, Instant now) : users_(users), now_(now) {
    for (const Rule& rule : desired.rules) {
      if (asks_for_login(rule.match) || (rule.scope && asks_for_login(*rule.scope))) rules_.push_back(&rule);
    }
    for (std::size_t index = 0; index < desired.token_scopes.size(); ++index) {
      const auto& scope = desired.token_scopes[index];
      if (!scope || !asks_for_login(*scope)) continue;
      const DesiredToken& entry = desired.tokens[index];
      scopes_.emplace(entry.id.empty() ? entry.name : entry.id, &*scope);
    }
  }

  bool concern(const Token& token) const {
    return std::any_of(rules_.begin(), rules_.end(),
                       [&](const Rule* rule) { return is_open(*rule, token); }) ||
           is_open(scopes_.equal_range(token.id), token) || is_open(scopes_.equal_range(token.name), token);
  }

 private:
  using Scopes = std::unordered_multimap<std::string_view, const TokenMatch*>;

  bool is_open(const Rule& rule, const Token& token) const {
    const RuleFit fit = fit_of_rule(rule, token, users_, now_);
    if (fit.match == Fit::no || fit.scope == Fit::no) return false;
    return fit.match == Fit::unknown || fit.scope == Fit::unknown;
  }
  bool is_open(const std::pair<Scopes::const_iterator, Scopes::const_iterator>& scopes,
               const Token& token) const {
    return std::any_of(scopes.first, scopes.second, [&](const auto& scope) {
      return fit_of(*scope.second, token, users_, now_) == Fit::unknown;
    });
  }

  const Users& users_;
  Instant now_;
  std::vector<const Rule*> rules_;
  Scopes scopes_;  // by the id or name of the entry
};

}  // namespace

bool owns(const std::string& owner, const Token& token, const Users& users) {
  if (owner.empty() || token.user_id == owner) return true;
  const auto found = users.ids.find(owner);
  return found != users.ids.end() && !found->second.empty() && token.user_id == found->second;
}

UnknownUsers unknown_users(const Desired& desired, const Live& live, Instant now) {
  UnknownUsers unknown;
  std::set<std::string> logins = named_logins(desired);
  std::set<std::string> ids;
  const Doubts doubts(desired, live.users, now);
  for (const Token& token : live.tokens) {
    if (!token.user_id) continue;
    logins.erase(*token.user_id);  // an owner may be a user id of another form
    if (live.users.logins.count(*token.user_id) == 0 && doubts.concern(token)) ids.insert(*token.user_id);
  }
  for (const std::string& login : logins) {
    if (live.users.ids.count(login) == 0) unknown.logins.push_back(login);
  }
  unknown.ids.assign(ids.begin(), ids.end());
  return unknown;
}

bool names_users(const Desired& desired) {
  const auto matches = matches_of(desired);
  return !named_logins(desired).empty() ||
         std::any_of(matches.begin(), matches.end(),
                     [](const TokenMatch* match) { return asks_for_login(*match); });
}

Claims claims_of(const Desired& desired, const Live& live, Instant now) {
  return Claimer(desired, live, now).claims();
}

}  // namespace zonepin
