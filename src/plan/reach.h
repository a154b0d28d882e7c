// From which addresses a token can be used, worked out from the zones that its condition names
// (docs/reach.md), and what a change of condition does to that. Pure; says what it can't know instead of
// guessing.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/address_set.h"
#include "model/token.h"
#include "plan/plan.h"

namespace zonepin {

// What a zone holds: the addresses of its gateways, and what of it can't be known, in words with escaped
// names ("zone \"geo\" (nzo…) is of type DYNAMIC"); empty: all is known.
struct ZoneContent {
  AddressSet addresses;
  std::string unknown;

  bool operator==(const ZoneContent&) const = default;
};

// Of an ACTIVE zone of type IP the gateways, whatever its usage; of any other zone nothing is known. A
// gateway is read by what it says (CIDR, range, single address), bits behind a prefix do not count.
ZoneContent content_of(const Zone& zone);

// Single addresses and CIDRs as manifests write them, checked before; what is neither is left out.
AddressSet addresses_of(const std::vector<std::string>& texts);

// Whether the zone has a say in every reach of its org: an ACTIVE one of usage BLOCKLIST, and the one that is
// exempt from those.
bool shapes_every_reach(const Zone& zone);

// The set (known + what `more` names) - what `less` names. At most one of the two is not empty, and what
// zones block is taken off.
struct Reach {
  AddressSet known;
  std::vector<std::string> more;  // unknown parts that may admit further addresses; sorted, in words as above
  std::vector<std::string> less;  // unknown parts that may take addresses of `known` away
  std::vector<std::string> assumed;  // what no document of Okta's says, in words; sorted

  bool is_known() const { return more.empty() && less.empty(); }
  bool operator==(const Reach&) const = default;
};

struct ReachDifference {
  Effect effect = Effect::unknown;
  AddressSet lost;  // of the known addresses
  AddressSet gained;
  std::vector<std::string> unknown;  // parts of either reach; sorted
  std::vector<std::string> assumed;  // of either reach; sorted
};

// `admitted` is the org's (ReachBook). The effect holds whatever the unknown parts hold; where that depends
// on them it is `unknown`.
ReachDifference difference_of(const Reach& before, const Reach& after, const AddressSet& admitted);

// The reaches of one org's conditions, each zone and each condition worked out once. Refers to the zones.
class ReachBook {
 public:
  explicit ReachBook(const std::vector<Zone>& zones);
  ~ReachBook();
  ReachBook(const ReachBook&) = delete;
  ReachBook& operator=(const ReachBook&) = delete;

  // None: a token without a condition, taken as ANYWHERE.
  Reach reach_of(const std::optional<NetworkCondition>& condition);

  // Every address but those that the org's ACTIVE zones of usage BLOCKLIST keep out: the reach of ANYWHERE.
  const AddressSet& admitted() const;
  // BLOCKLIST zones that may keep out more, in words: they take the same from every reach, so they are no
  // part of any.
  const std::vector<std::string>& unknown_blocks() const;

  // What a REPLACE does. Lists hold `limit` CIDRs at most.
  std::pair<Effect, ReachChange> change_of(const std::optional<NetworkCondition>& before,
                                           const std::optional<NetworkCondition>& after, std::size_t limit);

 private:
  struct Pages;
  std::unique_ptr<Pages> pages_;
};

// What became of a reach between two times, with the org's zones of each: of the same condition, or of one
// that changed as well.
std::pair<Effect, ReachChange> change_between(ReachBook& then, const std::optional<NetworkCondition>& before,
                                              ReachBook& now, const std::optional<NetworkCondition>& after,
                                              std::size_t limit);

// How many CIDRs each list of a plan with so many REPLACEs may hold: all of them in a plan that people read,
// and a file that can still be handled where one change in 20,000 has thousands.
std::size_t list_limit(std::size_t replaces);

// The change back.
Effect reverse_of(Effect effect);
ReachChange reverse_of(ReachChange change);

}  // namespace zonepin
