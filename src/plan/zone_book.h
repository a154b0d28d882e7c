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

// Refers to the zones it was made from: they must outlive it.
class ZoneBook {
 public:
  explicit ZoneBook(const std::vector<Zone>& zones);

  const Zone* by_id(std::string_view id) const;

  // The condition with ids in place of names. Each member that is unknown, ambiguous or unusable for a token
  // (is_usable) adds one error at its place; then the result is none.
  std::optional<NetworkCondition> resolve(const DesiredNetwork& network, Diagnostics& diagnostics) const;

 private:
  std::optional<std::string> resolve_member(const ZoneRef& member, Diagnostics& diagnostics) const;

  std::map<std::string_view, const Zone*> by_id_;
  std::multimap<std::string_view, const Zone*> by_name_;
  std::vector<std::string_view> usable_names_;
};

}  // namespace zonepin
