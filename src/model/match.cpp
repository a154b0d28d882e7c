#include "model/match.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "model/glob.h"

namespace zonepin {

namespace {

Fit fit_if(bool fits) {
  return fits ? Fit::yes : Fit::no;
}

Fit both(Fit one, Fit other) {
  if (one == Fit::no || other == Fit::no) return Fit::no;
  return one == Fit::yes ? other : Fit::unknown;
}

Fit opposite(Fit fit) {
  switch (fit) {
    case Fit::no: return Fit::yes;
    case Fit::yes: return Fit::no;
    case Fit::unknown: break;
  }
  return Fit::unknown;
}

Fit owner_fit(const std::string& owner, const Token& token, const Users& users) {
  if (token.user_id == owner) return Fit::yes;
  if (is_user_id(owner)) return Fit::no;
  const std::string_view login = users.login_of(token.user_id);
  if (!login.empty()) return fit_if(fits_glob(owner, login));
  const auto literal = literal_of(owner);
  const auto known = literal ? users.ids.find(*literal) : users.ids.end();
  return known == users.ids.end() ? Fit::unknown : fit_if(token.user_id == known->second);
}

Fit client_fit(const std::string& client, const Token& token) {
  return token.client_name ? fit_if(fits_glob(client, *token.client_name)) : Fit::unknown;
}

bool is_over(const std::optional<Instant>& since, const Duration& length, Instant now) {
  return since && add(*since, length) <= now;
}

std::optional<Instant> creation_of(const Token& token) {
  return token.created ? parse_instant(*token.created) : std::nullopt;
}

}  // namespace

Fit fit_of(const TokenMatch& match, const Token& token, const Users& users, Instant now) {
  // What is cheap and certain first: most rules fit few tokens.
  if (match.name && !fits_glob(*match.name, token.name)) return Fit::no;
  if (match.connection && effective_network(token).connection != *match.connection) return Fit::no;
  if (match.idle && !is_over(last_use_of(token), *match.idle, now)) return Fit::no;
  if (match.age && !is_over(creation_of(token), *match.age, now)) return Fit::no;
  Fit fit = Fit::yes;
  if (match.client) fit = both(fit, client_fit(*match.client, token));
  if (match.owner) fit = both(fit, owner_fit(*match.owner, token, users));
  for (const TokenMatch& excluded : match.excluded) {
    if (fit == Fit::no) break;
    fit = both(fit, opposite(fit_of(excluded, token, users, now)));
  }
  return fit;
}

bool matches(const TokenMatch& match, const Token& token, const Users& users, Instant now) {
  return fit_of(match, token, users, now) == Fit::yes;
}

std::string match_text(const TokenMatch& match) {
  std::vector<std::string> parts;
  const auto quoted = [](const std::string& text) { return '"' + text + '"'; };
  if (match.name) parts.push_back("name " + quoted(*match.name));
  if (match.owner) parts.push_back("owner " + quoted(*match.owner));
  if (match.client) parts.push_back("client " + quoted(*match.client));
  if (match.connection) parts.push_back("connection " + *match.connection);
  if (match.idle) parts.push_back("idle " + format_duration(*match.idle));
  if (match.age) parts.push_back("age " + format_duration(*match.age));
  for (const TokenMatch& excluded : match.excluded) parts.push_back("not (" + match_text(excluded) + ")");
  return join(parts, ", ");
}

std::string entry_text(const DesiredToken& entry) {
  if (!entry.id.empty()) return entry.id;
  return '"' + entry.name + '"' + (entry.owner.empty() ? "" : " of " + entry.owner);
}

bool asks_for_login(const TokenMatch& match) {
  return match.owner || std::any_of(match.excluded.begin(), match.excluded.end(),
                                    [](const TokenMatch& excluded) { return excluded.owner.has_value(); });
}

}  // namespace zonepin
