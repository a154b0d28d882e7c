// A file that only grows: what it takes over, and whom it refuses.
#include "platform/append_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace zonepin {
namespace {

constexpr std::string_view kBegins = "{\"journal\":";

struct Folder {
  std::string path = [] {
    char name[] = "/tmp/zonepin-append-XXXXXX";
    return std::string(mkdtemp(name));
  }();
  ~Folder() {
    unlink((path + "/j").c_str());
    rmdir(path.c_str());
  }
  std::string file() const { return path + "/j"; }
  std::string text() const {
    std::ifstream in(file());
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void hold(const std::string& text) const { std::ofstream(file()) << text; }
};

TEST_CASE("lines are appended, over several runs, and nobody else may read them") {
  Folder folder;
  for (int run = 0; run < 2; ++run) {
    auto file = open_append_file(folder.file(), kBegins);
    REQUIRE(file.has_value());
    CHECK((*file)->append("{\"journal\":1}\n").has_value());
    CHECK((*file)->sync().has_value());
  }
  CHECK(folder.text() == "{\"journal\":1}\n{\"journal\":1}\n");
  struct stat status {};
  REQUIRE(stat(folder.file().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("half a line that a dead run left is ended") {
  Folder folder;
  folder.hold("{\"journal\":1}\n{\"ev");
  REQUIRE(open_append_file(folder.file(), kBegins).has_value());
  CHECK(folder.text() == "{\"journal\":1}\n{\"ev\n");
}

TEST_CASE("where a run died within its first words, nothing is lost") {
  Folder folder;
  folder.hold("{\"jour");
  REQUIRE(open_append_file(folder.file(), kBegins).has_value());
  CHECK(folder.text().empty());
}

TEST_CASE("a file of something else is left alone") {
  for (const std::string text : {"apiVersion: zonepin/v1\n", "{}", "\n"}) {
    Folder folder;
    folder.hold(text);
    const auto file = open_append_file(folder.file(), kBegins);
    REQUIRE(!file.has_value());
    CHECK(file.error().trouble == Trouble::usage);
    CHECK(folder.text() == text);
  }
}

TEST_CASE("two runs can't share one") {
  Folder folder;
  const auto first = open_append_file(folder.file(), kBegins);
  REQUIRE(first.has_value());
  const auto second = open_append_file(folder.file(), kBegins);
  REQUIRE(!second.has_value());
  CHECK(second.error().message.find("another run") != std::string::npos);
}

TEST_CASE("a folder that is not there, a folder, a full device") {
  Folder folder;
  CHECK(open_append_file(folder.path + "/none/j", kBegins).error().trouble == Trouble::usage);
  CHECK(open_append_file(folder.path, kBegins).error().trouble == Trouble::usage);
  auto full = open_append_file("/dev/full", kBegins);
  REQUIRE(full.has_value());
  const auto appended = (*full)->append("x\n");
  REQUIRE(!appended.has_value());
  CHECK(appended.error().message.find("no space left") != std::string::npos);
}

}  // namespace
}  // namespace zonepin
