// Which tokens a match speaks of (DESIGN 3).
#pragma once

#include <string_view>

#include "base/time.h"
#include "model/desired.h"
#include "model/token.h"

namespace zonepin {

enum class Fit { no, yes, unknown };

// `login` is the owner's; empty: not known. All fields that are given must fit.
// - name, client: globs. A token without clientName fits a client unknown.
// - owner: the token's userId, letter by letter, or a glob on the login. While the login is not known a glob
// fits unknown;
//   then it alone decides, so that whoever may look logins up knows where that is worth a request.
// - connection: of effective_network().
// - idle: last_use_of() and `idle` are over by `now`; an unknown last use is never idle. age: `created` and
// `age` are; an
//   unknown or unreadable creation is never old.
// - `not`: the token fits what stands there not. Unknown stays unknown on both sides: what is not known
// claims nothing.
Fit fit_of(const TokenMatch& match, const Token& token, std::string_view login, Instant now);

// Whether fit_of() is yes.
bool matches(const TokenMatch& match, const Token& token, std::string_view login, Instant now);

// Whether a login could make a difference to fit_of(): an owner is given, here or under `not`.
bool asks_for_login(const TokenMatch& match);

}  // namespace zonepin
