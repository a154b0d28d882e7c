// Laws of formatting, on manifests made at random.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "manifest/format.h"
#include "manifest/format_check.h"
#include "property/random_manifest.h"

namespace zonepin {
namespace {

constexpr std::uint64_t kSeeds = 600;

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("formatting keeps what a manifest says and all of its comments, and does nothing the second time") {
  std::size_t valid = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const RandomManifest manifest = random_manifest(seed);
    const std::string& text = manifest.text;
    CAPTURE(seed);
    CAPTURE(text);
    const Manifests meant = decode_manifests({{"m.yaml", text}});
    INFO(render(meant.diagnostics, {{"m.yaml", text}}));
    REQUIRE_FALSE(has_errors(meant.diagnostics));
    ++valid;
    const Formatted formatted = format_manifest(text, 0);
    INFO(render(formatted.diagnostics, {{"m.yaml", text}}));
    REQUIRE_FALSE(has_errors(formatted.diagnostics));
    CAPTURE(formatted.text);
    REQUIRE(mean_the_same(meant, decode_manifests({{"m.yaml", formatted.text}})));
    for (std::size_t i = 0; i < manifest.comments; ++i) {
      REQUIRE(count_of(formatted.text, "# comment-" + std::to_string(i) + ":") +
                  count_of(formatted.text, "# comment-" + std::to_string(i) + ";") ==
              1);
    }
    const Formatted again = format_manifest(formatted.text, 0);
    INFO(render(again.diagnostics, {{"m.yaml", formatted.text}}));
    REQUIRE(again.text == formatted.text);
  }
  CHECK(valid == kSeeds);
}

}  // namespace zonepin
