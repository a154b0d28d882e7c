// How a manifest says what is live: zones, conditions, pins.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "manifest/draft.h"
#include "model/network_condition.h"
#include "model/token.h"
#include "plan/zone_book.h"

namespace zonepin {

// What stands in a list of zones for one member of a live condition.
struct ZoneWord {
  std::string text;     // the zone's name, or its id, or a reserved word
  std::string note;     // what a reader should know who sees an id; empty: nothing
  std::string zone_id;  // of a zone that is named by its name; else empty
  std::string why_not;  // why a manifest can't say it, in words with escaped names; empty: it can
};

struct NetworkWord {
  std::optional<DesiredNetwork> network;  // none: a manifest can't say it
  std::string why_not;                    // as above
  Notes notes;
  std::vector<std::string> zone_ids;  // of the zones that are named by their names
};

// Refers to the zones it was made from.
class Wording {
 public:
  explicit Wording(const std::vector<Zone>& zones) : zones_(zones), book_(zones) {}

  // Read again by the planner, it is the same condition.
  NetworkWord network(const NetworkCondition& condition);

  // Pins that hold now: the zone's id, and its addresses where they are all known and not too many.
  std::vector<Noted<ZonePin>> pins(const std::set<std::string>& zone_ids) const;

 private:
  const ZoneWord& zone(const std::string& member);
  ZoneWord word_for(const std::string& member) const;
  bool reads_as(const std::string& text, const std::string& zone_id) const;

  const std::vector<Zone>& zones_;
  ZoneBook book_;
  std::map<std::string, ZoneWord> words_;
};

}  // namespace zonepin
