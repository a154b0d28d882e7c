#include "platform/atomic_write.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <optional>

#include "base/text.h"
#include "platform/descriptor.h"
#include "platform/disk_files.h"
#include "platform/host.h"

namespace zonepin {
namespace {

constexpr int kMaxLinks = 40;  // as many as the kernel follows
constexpr int kMaxNameTries = 16;
constexpr mode_t kPermissions = 07777;

tl::unexpected<Error> write_error(const std::string& path, int error_number) {
  Error error = file_error(path, error_number);
  error.message = escape(path) + ": could not be written: " + reason_of(error_number);
  return fail(std::move(error));
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Where the last part of `path` leads in the end, also when nothing is there yet; none after too many links.
std::optional<std::string> follow_links(std::string path) {
  for (int links = 0; links < kMaxLinks; ++links) {
    std::string target(PATH_MAX, '\0');
    const ssize_t length = readlink(path.c_str(), target.data(), target.size());
    if (length < 0) return path;  // No link, or not there: it is what will be written.
    target.resize(static_cast<std::size_t>(length));
    path = target.starts_with('/') ? target : folder_of(path) + "/" + target;
  }
  return std::nullopt;
}

// The descriptor that /dev/stdout, /dev/fd/N and the like stand for: opening those by name would start at
// offset 0 of a redirected file, and replacing that file would take it away from under the shell.
std::optional<int> descriptor_named(const std::string& path) {
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    const std::string number = path.substr(folder.size());
    if (number.empty() || number.size() > 6) return std::nullopt;
    if (number.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    return std::stoi(number);
  }
  return std::nullopt;
}

Result<void> write_directly(const std::string& path, std::string_view text) {
  const std::optional<int> named = descriptor_named(path);
  Descriptor file(named ? fcntl(*named, F_DUPFD_CLOEXEC, 0)
                        : ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.open()) return write_error(path, errno);
  if (const int error = write_whole(file.number(), text); error != 0) return write_error(path, error);
  if (const int error = file.close_now(); error != 0) return write_error(path, error);
  return {};
}

// A file of its own beside the target; removed again unless it took the target's place.
class TemporaryFile {
 public:
  // `old`: the file that will be replaced, or null.
  explicit TemporaryFile(const std::string& target, const struct stat* old) : folder_(folder_of(target)) {
    SystemRandom random;
    // Nobody may read along while the replacement of a private file is written.
    const mode_t mode = old == nullptr ? 0666 : S_IRUSR | S_IWUSR;
    for (int tries = 0; tries < kMaxNameTries && !file_.has_value(); ++tries) {
      path_ = folder_ + "/.zonepin-" + std::to_string(random.next()) + ".tmp";
      Descriptor opened(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
      error_ = opened.open() ? 0 : errno;
      if (error_ == EEXIST) continue;
      if (error_ != 0) return;
      file_.emplace(std::move(opened));
    }
    if (file_.has_value() && old != nullptr) take_after(*old);
  }
  ~TemporaryFile() {
    if (file_.has_value() && !moved_) unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  int error() const { return error_; }

  // 0, or errno.
  int fill(std::string_view text) {
    if (const int error = write_whole(file_->number(), text); error != 0) return error;
    if (fsync(file_->number()) != 0 && errno != EINVAL && errno != ENOTSUP) return errno;
    return file_->close_now();
  }

  int move_over(const std::string& target) {
    if (rename(path_.c_str(), target.c_str()) != 0) return errno;
    moved_ = true;
    // The rename itself reaches the disk with the folder. Where a folder can't be opened or flushed, it has
    // to do without.
    const Descriptor folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.open()) fsync(folder.number());
    return 0;
  }

 private:
  void take_after(const struct stat& old) {
    struct stat mine {};
    fstat(file_->number(), &mine);
    if (mine.st_uid != old.st_uid || mine.st_gid != old.st_gid) {
      // Only root may give a file away; for anybody else it then belongs to who wrote it.
      if (fchown(file_->number(), old.st_uid, old.st_gid) != 0) errno = 0;
    }
    if (fchmod(file_->number(), old.st_mode & kPermissions) != 0) error_ = errno;
  }

  std::string folder_;
  std::string path_;
  std::optional<Descriptor> file_;
  int error_ = 0;
  bool moved_ = false;
};

// Names the folder when that is what is missing or closed.
tl::unexpected<Error> create_error(const std::string& path, const std::string& target, int error_number) {
  const std::string folder = escape(folder_of(target));
  if (error_number == ENOENT || error_number == ENOTDIR) {
    return fail(Trouble::usage, escape(path) + ": could not be written: there is no folder " + folder);
  }
  if (error_number == EACCES || error_number == EROFS) {
    return fail(Trouble::usage,
                escape(path) + ": could not be written: " + reason_of(error_number) + " in folder " + folder,
                "the folder must be writable, because the file is replaced as a whole");
  }
  return write_error(path, error_number);
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view text) {
  if (const Result<void> good = check_path(path); !good) return good;
  if (descriptor_named(path).has_value()) return write_directly(path, text);
  const std::optional<std::string> target = follow_links(path);
  if (!target.has_value()) return write_error(path, ELOOP);
  if (descriptor_named(*target).has_value()) return write_directly(*target, text);

  struct stat old {};
  const bool exists = stat(target->c_str(), &old) == 0;
  if (!exists && errno != ENOENT) return write_error(path, errno);
  if (exists && S_ISDIR(old.st_mode)) {
    return fail(Trouble::usage, escape(path) + ": is a folder, not a file");
  }
  if (exists && !S_ISREG(old.st_mode)) return write_directly(*target, text);
  // A rename would succeed on a file that its owner has made read-only; to write it would not, and that was
  // the wish.
  if (exists && faccessat(AT_FDCWD, target->c_str(), W_OK, AT_EACCESS) != 0) return write_error(path, errno);
  if (!exists && target->ends_with('/')) {
    return fail(Trouble::usage, escape(path) + ": could not be written: it names a folder");
  }

  TemporaryFile temporary(*target, exists ? &old : nullptr);
  if (temporary.error() != 0) return create_error(path, *target, temporary.error());
  if (const int error = temporary.fill(text); error != 0) return write_error(path, error);
  if (const int error = temporary.move_over(*target); error != 0) return write_error(path, error);
  return {};
}

}  // namespace zonepin
