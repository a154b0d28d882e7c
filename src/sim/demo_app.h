// A service app to try OAuth with: a fresh key, written to a file that only its owner may read.
#pragma once

#include <string>

#include "base/result.h"
#include "sim/state.h"

namespace zonepin::sim {

inline constexpr std::string_view kDemoClientId = "0oademo0000000000001";
inline constexpr std::string_view kDemoKeyId = "zonepin-demo";

struct DemoAppOptions {
  std::string key_path;
  std::string algorithm = "RS256";  // one of kSignatureAlgorithms
  std::string dpop = "optional";    // one of kDpopModes
};

// Puts the app into the org, in place of one of the same client id.
Result<void> add_demo_app(State& state, const DemoAppOptions& options);

// The lines for the environment of a client.
std::string demo_app_environment(const DemoAppOptions& options);

}  // namespace zonepin::sim
