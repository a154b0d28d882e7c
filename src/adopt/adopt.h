// live -> the manifest that it fulfils already: how an existing org is taken over. Pure. A plan that is made
// from what comes out, on the same live org, is empty and undecided about nothing.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "manifest/draft.h"
#include "model/token.h"

namespace zonepin {

// How entries name their tokens.
enum class EntryKey {
  automatic,  // by name where the name is unique and the owner is known to be active, else by id
  id,
  name,  // by name where that is possible, else by id with a comment that says why
};

// What entries want of their tokens.
enum class EntryWants {
  live,        // the condition that is live
  revocation,  // a proposal, for tokens that nobody speaks of: to be reviewed, entry by entry
};

// What is known of a user.
struct OwnerFacts {
  std::string login;   // empty: not known
  std::string status;  // ACTIVE, SUSPENDED, …; empty: not known

  bool operator==(const OwnerFacts&) const = default;
};
using Owners = std::map<std::string, OwnerFacts>;  // by user id

enum class Usage { left_out, told };    // the last use, in comments
enum class Pins { left_out, written };  // of the zones that entries name
enum class AdoptAs { entries, rules };

struct AdoptWishes {
  EntryKey key = EntryKey::automatic;
  EntryWants wants = EntryWants::live;
  Usage usage = Usage::left_out;
  Pins pins = Pins::written;
  AdoptAs as = AdoptAs::entries;
  std::string org;  // as the document names it
  Owners owners;
  std::optional<std::set<std::string>> only;  // ids of tokens; none: all that are live
};

struct Adopted {
  Draft draft;
  std::size_t tokens = 0;   // that the draft speaks of
  std::size_t by_name = 0;  // of them, by their names
  std::size_t ignored = 0;  // of them, because a manifest can't say their condition
  std::size_t ruled = 0;    // of them, by rules
};

Adopted adopt(const Live& live, const AdoptWishes& wishes);

}  // namespace zonepin
