// Runs a piece of a test in a process of its own, where it can close descriptors, change its user and be
// killed.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace zonepin {

struct ChildResult {
  int exit_code = -1;  // 128 + signal when a signal ended it
  std::string out;
  std::string err;
};

// `body` gives the exit code. Standard input is `input`.
ChildResult run_child(const std::function<int()>& body, const std::string& input = {});

// Gives up root's rights, if we have them; whoever calls it in the test's own process loses them for good.
void become_nobody();

// A folder that anybody may enter and that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string path() const { return folder_.string(); }
  void write(const std::string& name, const std::string& text) const;  // makes the folders above it
  std::string read(const std::string& name) const;
  std::size_t entries() const;  // hidden ones included

 private:
  std::filesystem::path folder_;
};

}  // namespace zonepin
