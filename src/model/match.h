// Which tokens a match speaks of (DESIGN 3).
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "model/desired.h"
#include "model/token.h"

namespace zonepin {

enum class Fit { no, yes, unknown };

// All fields that are given must fit. `users` tells whose login is known.
// - name, client: globs. A token without clientName fits a client unknown.
// - owner: the token's userId, letter by letter, or a glob on the login. A text that is a user id is never
// a login. A glob without a wildcard needs only the user id that this login stands for. While what it takes
// is not known the owner fits unknown; then it alone decides, so that whoever may look users up knows where
// that is worth a request.
// - connection: of effective_network().
// - idle: last_use_of() and `idle` are over by `now`; an unknown last use is never idle. age: `created` and
// `age` are; an
//   unknown or unreadable creation is never old.
// - `not`: the token fits what stands there not. Unknown stays unknown on both sides: what is not known
// claims nothing.
Fit fit_of(const TokenMatch& match, const Token& token, const Users& users, Instant now);

// Whether fit_of() is yes.
bool matches(const TokenMatch& match, const Token& token, const Users& users, Instant now);

// `name "etl-*", owner "*@acme.example", not (age P14D)`: what a match is known by wherever it stands.
// Raw.
std::string match_text(const TokenMatch& match);

// The same of an entry: its id, else its name and owner.
std::string entry_text(const DesiredToken& entry);

// Whether a login could make a difference to fit_of(): an owner is given, here or under `not`.
bool asks_for_login(const TokenMatch& match);

}  // namespace zonepin
