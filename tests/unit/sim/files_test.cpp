#include "sim/files.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace zonepin::sim {

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "zonepin-sim-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::size_t count() const {
    const std::filesystem::directory_iterator files(path_);
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }

 private:
  std::filesystem::path path_;
};

TEST_CASE("a file is replaced as a whole, and nothing is left beside it") {
  const Folder folder;
  const std::string path = folder.file("state.json");
  REQUIRE(write_file_atomically(path, "first, and longer"));
  struct stat first {};
  REQUIRE(::stat(path.c_str(), &first) == 0);
  // Somebody who has the old file open goes on reading the old one.
  std::ifstream reader(path);
  REQUIRE(write_file_atomically(path, "second"));
  std::string old;
  std::getline(reader, old);
  CHECK(old == "first, and longer");
  CHECK(*read_file(path, 100) == "second");
  struct stat second {};
  REQUIRE(::stat(path.c_str(), &second) == 0);
  CHECK(first.st_ino != second.st_ino);
  CHECK((second.st_mode & 0777) == 0600);  // there are secrets in it
  CHECK(folder.count() == 1);
}

TEST_CASE("what can't be read or written is an error that names the file") {
  const Folder folder;
  const Result<std::string> missing = read_file(folder.file("none"), 100);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message.find("No such file") != std::string::npos);
  REQUIRE(write_file_atomically(folder.file("big"), std::string(101, 'x')));
  CHECK_FALSE(read_file(folder.file("big"), 100));
  CHECK(read_file(folder.file("big"), 101));
  CHECK_FALSE(write_file_atomically(folder.file("none/state.json"), "x"));
  std::filesystem::create_directory(folder.file("folder"));
  CHECK_FALSE(write_file_atomically(folder.file("folder"), "x"));  // a folder is not replaced
  CHECK(folder.count() == 2);
}

}  // namespace

}  // namespace zonepin::sim
