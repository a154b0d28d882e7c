#include "support/golden.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

namespace zonepin {

void check_golden(const std::string& path, const std::string& text) {
  const std::filesystem::path file = std::filesystem::path(ZONEPIN_ROOT) / "tests" / "golden" / path;
  INFO("golden file tests/golden/", path);
  const char* update = std::getenv("ZONEPIN_UPDATE_GOLDEN");
  if (update != nullptr && std::string_view(update) == "1") {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    FAIL_CHECK("written anew; read it, and run again without ZONEPIN_UPDATE_GOLDEN");
    return;
  }
  std::ifstream in(file, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), "no such golden file: run with ZONEPIN_UPDATE_GOLDEN=1 to make it");
  const std::string expected{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  CHECK(text == expected);
}

}  // namespace zonepin
