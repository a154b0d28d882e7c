// The zones of a live org, looked up as manifests name them.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "model/desired.h"
#include "model/token.h"

namespace zonepin {

// A condition with zone ids in place of names.
struct ResolvedNetwork {
  std::optional<NetworkCondition> condition;  // none: a zone can't be used, or a pin is broken
  std::string
      broken_pin;  // why a zone that it names is not the one that its pin speaks of: one line, escaped
};

// Refers to the zones and pins it was made from: they must outlive it.
class ZoneBook {
 public:
  explicit ZoneBook(const std::vector<Zone>& zones, const std::vector<ZonePin>& pins = no_pins());

  const Zone* by_id(std::string_view id) const;

  // A name that is pinned to the id of a live zone means that zone, whatever it is called now. Each member
  // that is unknown, ambiguous or unusable for a token (is_usable) adds one error at its place.
  ResolvedNetwork resolve(const DesiredNetwork& network, Diagnostics& diagnostics) const;

  // The only zone of this name; none: no zone has it, or several have.
  const Zone* by_name(std::string_view name) const;

 private:
  static const std::vector<ZonePin>& no_pins();
  std::optional<std::string> resolve_member(const ZoneRef& member, Diagnostics& diagnostics,
                                            std::string& broken_pin) const;

  std::map<std::string_view, const Zone*> by_id_;
  std::multimap<std::string_view, const Zone*> by_name_;
  std::map<std::string_view, const ZonePin*> pins_;  // those with an id, by name
  std::vector<std::string_view> usable_names_;
};

}  // namespace zonepin
