// Which token was used, told by two lists: one before the use, one after it. Okta moves a token's `expiresAt`
// with every use (FACTS 7), and says nowhere else whose secret a request came with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/token.h"

namespace zonepin {

// One use of a token.
struct Sighting {
  std::optional<std::string> user_id;  // whom Okta said the token acts as; none: it did not say
  std::optional<Instant> at;           // when, by Okta's clock, to the second; none: not known
};

// What the lists say of it.
struct Suspects {
  std::vector<Token> tokens;  // that it can have been, as they are after it, by id; one: it was that
  std::size_t moved = 0;  // tokens of that user whose expiresAt moved: more than one if others were used, too
};

// The tokens whose expiresAt moved, less those of other users; of several, the one that was used in the
// second of the sighting or beside it, if that is one alone. None moved: every token of the user, for it may
// be any.
Suspects suspects_of(const std::vector<Token>& before, const std::vector<Token>& after,
                     const Sighting& sighting);

// Whether the lists tell.
bool is_told(const Suspects& suspects);

}  // namespace zonepin
