#include "platform/append_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/text.h"
#include "platform/descriptor.h"
#include "platform/disk_files.h"

namespace zonepin {
namespace {

constexpr mode_t kForMeAlone = S_IRUSR | S_IWUSR;

Error append_error(const std::string& path, int error_number) {
  Error error = file_error(path, error_number);
  error.message = escape(path) + ": could not be written: " + reason_of(error_number);
  return error;
}

class DiskAppendFile : public AppendFile {
 public:
  DiskAppendFile(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}

  Result<void> append(std::string_view text) override {
    if (const int error = write_whole(file_.number(), text); error != 0)
      return fail(append_error(path_, error));
    return {};
  }

  Result<void> sync() override {
    // A pipe or a device has no disk behind it.
    if (fsync(file_.number()) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
      return fail(append_error(path_, errno));
    return {};
  }

 private:
  std::string path_;
  Descriptor file_;
};

// A process that was killed may have left half a line.
Result<void> end_last_line(const std::string& path, int file) {
  char last = '\n';
  const off_t size = lseek(file, 0, SEEK_END);
  if (size > 0 && pread(file, &last, 1, size - 1) != 1) return fail(append_error(path, errno));
  if (last == '\n') return {};
  if (const int error = write_whole(file, "\n"); error != 0) return fail(append_error(path, error));
  return {};
}

// That the file is there at all reaches the disk with its folder.
void sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.open()) fsync(opened.number());
}

}  // namespace

Result<std::unique_ptr<AppendFile>> open_append_file(const std::string& path, std::string_view begins) {
  if (const Result<void> good = check_path(path); !good) return fail(good.error());
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, kForMeAlone));
  if (!file.open()) return fail(append_error(path, errno));
  struct stat status {};
  if (fstat(file.number(), &status) != 0) return fail(append_error(path, errno));
  if (S_ISREG(status.st_mode)) {
    if (flock(file.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      return fail(Trouble::usage, escape(path) + ": another run is writing to it",
                  "give each run a journal of its own, or wait for the other one");
    }
    std::string front(begins.size(), '\0');
    const ssize_t got = pread(file.number(), front.data(), front.size(), 0);
    if (got < 0) return fail(append_error(path, errno));
    front.resize(static_cast<std::size_t>(got));
    // A run that died may have got no further than the beginning of its first line.
    if (front.size() < begins.size() && begins.starts_with(front)) {
      if (ftruncate(file.number(), 0) != 0) return fail(append_error(path, errno));
    } else if (front != begins) {
      return fail(Trouble::usage, escape(path) + ": holds something else, and is left as it is",
                  "name a file that is not there yet, or one of these from an earlier run");
    }
    if (auto ended = end_last_line(path, file.number()); !ended) return fail(ended.error());
    sync_folder_of(path);
  }
  return std::make_unique<DiskAppendFile>(path, std::move(file));
}

}  // namespace zonepin
