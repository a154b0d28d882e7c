// Files and folders of this machine (POSIX). Every error names the path and the reason; a wrong path, a
// missing right and a file over its limit are Trouble::usage (the user can mend them), a failing disk is
// Trouble::failure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/world.h"

namespace zonepin {

class Signals;

class DiskFiles : public Files {
 public:
  // A signal ends the wait for standard input.
  explicit DiskFiles(Signals& signals) : signals_(signals) {}

  // A pipe, a FIFO or a device is read to its end.
  Result<std::string> read(const std::string& path, std::size_t limit) override;
  // See atomic_write.h.
  Result<void> write_atomically(const std::string& path, std::string_view text) override;
  // "-" gives itself. Symbolic links are followed, each folder is read once however often it is linked, so
  // loops end. Sorted by path, byte by byte. A folder that can't be read is an error: nothing is left out in
  // silence.
  Result<std::unique_ptr<AppendFile>> open_append(const std::string& path, std::string_view begins) override;
  Result<std::vector<std::string>> find_manifests(const std::string& path, std::size_t limit) override;
  Result<std::vector<std::string>> find_snapshots(const std::string& path, std::size_t limit) override;
  bool is_folder(const std::string& path) override;
  Result<std::vector<std::string>> names_in(const std::string& folder) override;
  bool exists(const std::string& path) override;
  Result<void> make_folder(const std::string& path) override;

 private:
  Signals& signals_;
};

// An error about a path: "PATH: REASON", as usage or failure according to errno.
Error file_error(const std::string& path, int error_number);

// A path that no system call would understand as it stands (empty, or with a NUL inside).
Result<void> check_path(const std::string& path);

}  // namespace zonepin
