// Reads what an org has: tokens, zones, and the users that somebody asked for. A state machine; the list and
// zone pages go side by side.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/org.h"
#include "model/token.h"
#include "okta/codec.h"
#include "okta/machine.h"

namespace zonepin::okta {

struct ReadWants {
  bool tokens = true;
  bool zones = true;
  bool self = false;       // whose SSWS token this is; it works with no other credential (FACTS 6)
  bool raw_pages = false;  // keep the bodies, for a snapshot or a projection
  // Told the tokens and the users known so far, says which users to look up next (logins or ids). It is asked
  // again when these were answered, until it names nobody who was not asked for. Empty: none.
  std::function<std::vector<std::string>(const Live&)> users;
  // User ids whose login and status are to be told, where the caller may see users; not beside `users`. One
  // is asked for first.
  std::vector<std::string> owners;
};

struct Reading {
  Live live;
  std::map<std::string, User> owners;    // by user id; those of ReadWants::owners that there are
  std::optional<Error> owners_refused;   // Okta does not let the caller see users: then there are none
  std::vector<std::string> token_pages;  // raw bodies, when asked for
  std::vector<std::string> zone_pages;
};

class Reader : public Machine {
 public:
  Reader(OrgAddress org, ReadWants wants, Governor& governor, std::uint64_t seed,
         std::optional<Milliseconds> deadline);

  Lane& lane() override { return lane_; }
  void advance(Milliseconds now) override;
  bool finished() const override { return lane_.idle() && pending_ == 0; }
  void interrupt() override;

  // Once finished. A user that does not exist is no error: the id of such a login in live.users is empty, and
  // such an id has no login.
  Result<Reading> take();

 private:
  // One paged list on its way.
  struct Listing {
    std::vector<std::string> targets;  // of the pages asked for: a repeated one is a loop
    std::vector<std::string> bodies;   // when raw pages are wanted
  };

  void submit(Call call);
  void take_over(Ended ended);
  void take_page(Ended ended, Listing& listing);
  void take_self(const Ended& ended);
  void take_user(const Ended& ended);
  void tokens_complete();
  void look_users_up();
  void ask_for_owners(std::size_t count);
  void take_owner(const Ended& ended);
  void give_up(Error error);
  void zones_complete();

  OrgAddress org_;
  ReadWants wants_;
  Lane lane_;
  Listing tokens_;
  Listing zones_;
  std::set<std::string> users_asked_;
  std::size_t users_pending_ = 0;
  std::size_t owners_asked_ = 0;  // of wants_.owners, from the first
  std::size_t pending_ = 0;       // calls submitted and not taken over
  bool interrupted_ = false;
  std::optional<Error> error_;
  Reading reading_;
};

}  // namespace zonepin::okta
