// From where a credential may be used, as Okta keeps it.
#pragma once

#include <string>
#include <vector>

namespace zonepin::sim {

struct Network {
  std::string connection;
  std::vector<std::string> include;  // empty: absent in answers
  std::vector<std::string> exclude;

  bool operator==(const Network&) const = default;
};

}  // namespace zonepin::sim
