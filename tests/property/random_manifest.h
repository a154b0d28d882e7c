// Valid manifests made at random and written in every style that YAML has for them: fields in any order,
// blocks and brackets, all quotes, comments wherever they may stand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace zonepin {

struct RandomManifest {
  std::string text;
  std::size_t comments = 0;  // `# comment-0` and so on, each with a colon or semicolon behind its number
};

// The same seed gives the same text.
RandomManifest random_manifest(std::uint64_t seed);

}  // namespace zonepin
