#include "platform/disk_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>
#include <utility>

#include "base/text.h"
#include "platform/append_file.h"
#include "platform/atomic_write.h"
#include "platform/descriptor.h"
#include "platform/signals.h"

namespace zonepin {
namespace {

constexpr std::size_t kReadChunk = std::size_t{128} << 10;
constexpr std::size_t kMaxFolderDepth = 64;
constexpr std::size_t kMaxFolderEntries = 1'000'000;  // looked at in one search

std::string size_in_words(std::size_t bytes) {
  constexpr std::size_t kMebibyte = std::size_t{1} << 20;
  if (bytes >= kMebibyte && bytes % kMebibyte == 0) return std::to_string(bytes / kMebibyte) + " MiB";
  return plural(bytes, "byte");
}

tl::unexpected<Error> over_limit(const std::string& shown, std::size_t limit) {
  return fail(Trouble::usage, shown + ": larger than " + size_in_words(limit) + ", the most that is read");
}

Result<std::string> read_to_end(int descriptor, const std::string& shown, std::size_t limit,
                                const Signals* signals) {
  std::string text;
  for (;;) {
    if (signals != nullptr && wait_readable(descriptor, *signals) == Readiness::interrupted) {
      return fail(Trouble::interrupted, shown + ": interrupted while reading");
    }
    const std::size_t most =
        std::min(kReadChunk, limit - text.size() + 1);  // One more tells "over" from "at".
    const std::ptrdiff_t got = read_some(descriptor, text, most);
    if (got == 0) return text;
    if (got < 0 && errno == EAGAIN && signals != nullptr) continue;
    if (got < 0) return fail(Trouble::failure, shown + ": could not be read: " + reason_of(errno));
    if (text.size() > limit) return over_limit(shown, limit);
  }
}

// What a folder is searched for.
struct Sought {
  std::string_view what;
  std::vector<std::string_view> endings;
  std::string_view pattern;  // for a message
};

class FileSearch {
 public:
  FileSearch(std::string root, const Sought& sought, std::size_t limit)
      : root_(std::move(root)), sought_(sought), limit_(limit) {}

  Result<std::vector<std::string>> run() {
    struct stat root {};
    if (stat(root_.c_str(), &root) == 0) seen_.emplace(root.st_dev, root.st_ino);
    const Result<void> done = visit(root_, 0);
    if (!done) return fail(done.error());
    std::sort(found_.begin(), found_.end());
    return std::move(found_);
  }

 private:
  // The names in one folder, hidden ones left out, in order: which of two links to one folder is taken must
  // not depend on the disk.
  Result<std::vector<std::string>> names_in(const std::string& folder) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR*)> open_folder(opendir(folder.c_str()), closedir);
    if (open_folder == nullptr) return fail(file_error(folder, errno));
    for (;;) {
      errno = 0;
      const struct dirent* entry = readdir(open_folder.get());
      if (entry == nullptr && errno != 0) return fail(file_error(folder, errno));
      if (entry == nullptr) break;
      if (++entries_ > kMaxFolderEntries) {
        return fail(Trouble::usage, escape(root_) + ": holds more than " + std::to_string(kMaxFolderEntries) +
                                        " files and folders; name the folder with the " +
                                        std::string(sought_.what) + "s");
      }
      if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  // Recursion ends at kMaxFolderDepth.
  Result<void> visit(const std::string& folder, std::size_t depth) {
    if (depth > kMaxFolderDepth) {
      return fail(Trouble::usage,
                  escape(folder) + ": more than " + std::to_string(kMaxFolderDepth) + " folders deep");
    }
    const Result<std::vector<std::string>> names = names_in(folder);
    if (!names) return fail(names.error());
    for (const std::string& name : *names) {
      const Result<void> done = look_at(folder.ends_with('/') ? folder + name : folder + "/" + name, depth);
      if (!done) return done;
    }
    return {};
  }

  Result<void> look_at(const std::string& path, std::size_t depth) {
    const bool is_sought = std::any_of(sought_.endings.begin(), sought_.endings.end(),
                                       [&](std::string_view ending) { return path.ends_with(ending); });
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) {
      // A dangling link is kept: leaving a file out in silence would be worse than the error from reading
      // it.
      return is_sought ? keep(path) : Result<void>();
    }
    if (S_ISDIR(status.st_mode)) {
      if (!seen_.emplace(status.st_dev, status.st_ino).second) return {};
      return visit(path, depth + 1);
    }
    return is_sought && S_ISREG(status.st_mode) ? keep(path) : Result<void>();
  }

  Result<void> keep(const std::string& path) {
    if (found_.size() == limit_) {
      return fail(Trouble::usage, escape(root_) + ": holds more than " + plural(limit_, sought_.what) + " (" +
                                      std::string(sought_.pattern) + "), the most that is read");
    }
    found_.push_back(path);
    return {};
  }

  std::string root_;
  const Sought& sought_;
  std::size_t limit_;
  std::size_t entries_ = 0;
  std::set<std::pair<dev_t, ino_t>> seen_;
  std::vector<std::string> found_;
};

}  // namespace

Error file_error(const std::string& path, int error_number) {
  Error error{Trouble::failure, escape(path) + ": " + reason_of(error_number), {}};
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
    case ENAMETOOLONG: error.trouble = Trouble::usage; break;
    default: break;
  }
  return error;
}

Result<void> check_path(const std::string& path) {
  if (path.empty()) return fail(Trouble::usage, "an empty path names no file");
  if (path.find('\0') != std::string::npos) {
    return fail(Trouble::usage, escape(path) + ": a path can't hold a NUL byte");
  }
  return {};
}

Result<std::string> DiskFiles::read(const std::string& path, std::size_t limit) {
  if (path == "-") return read_to_end(STDIN_FILENO, "standard input", limit, &signals_);
  if (const Result<void> good = check_path(path); !good) return fail(good.error());
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.open()) return fail(file_error(path, errno));
  struct stat status {};
  if (fstat(file.number(), &status) != 0) return fail(file_error(path, errno));
  if (S_ISDIR(status.st_mode)) return fail(Trouble::usage, escape(path) + ": is a folder, not a file");
  if (S_ISREG(status.st_mode)) {
    if (static_cast<std::size_t>(status.st_size) > limit) return over_limit(escape(path), limit);
    return read_to_end(file.number(), escape(path), limit, nullptr);
  }
  return read_to_end(file.number(), escape(path), limit, &signals_);
}

Result<void> DiskFiles::write_atomically(const std::string& path, std::string_view text) {
  return replace_file(path, text);
}

Result<std::unique_ptr<AppendFile>> DiskFiles::open_append(const std::string& path, std::string_view begins) {
  return open_append_file(path, begins);
}

namespace {

Result<std::vector<std::string>> find_files(const std::string& path, const Sought& sought,
                                            std::size_t limit) {
  if (path == "-") return std::vector<std::string>{path};
  if (const Result<void> good = check_path(path); !good) return fail(good.error());
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return fail(file_error(path, errno));
  if (!S_ISDIR(status.st_mode)) return std::vector<std::string>{path};
  return FileSearch(path, sought, limit).run();
}

}  // namespace

Result<std::vector<std::string>> DiskFiles::find_manifests(const std::string& path, std::size_t limit) {
  return find_files(path, {"manifest", {".yaml", ".yml"}, "*.yaml, *.yml"}, limit);
}

Result<std::vector<std::string>> DiskFiles::find_snapshots(const std::string& path, std::size_t limit) {
  return find_files(path, {"snapshot", {".json"}, "*.json"}, limit);
}

bool DiskFiles::is_folder(const std::string& path) {
  struct stat status {};
  return check_path(path) && stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

Result<std::vector<std::string>> DiskFiles::names_in(const std::string& folder) {
  if (auto checked = check_path(folder); !checked) return fail(checked.error());
  const std::unique_ptr<DIR, int (*)(DIR*)> open_folder(opendir(folder.c_str()), closedir);
  if (open_folder == nullptr) return fail(file_error(folder, errno));
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const struct dirent* entry = readdir(open_folder.get());
    if (entry == nullptr && errno != 0) return fail(file_error(folder, errno));
    if (entry == nullptr) break;
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool DiskFiles::exists(const std::string& path) {
  struct stat status {};
  return check_path(path) && (lstat(path.c_str(), &status) == 0 || errno == EACCES);
}

Result<void> DiskFiles::make_folder(const std::string& path) {
  constexpr mode_t kEverybodysUmaskDecides = 0777;
  if (auto checked = check_path(path); !checked) return fail(checked.error());
  if (is_folder(path) || mkdir(path.c_str(), kEverybodysUmaskDecides) == 0) return {};
  return fail(file_error(path, errno));
}

}  // namespace zonepin
