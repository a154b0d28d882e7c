#include "sim/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace zonepin::sim {

namespace {

// Closes what it holds.
class OpenFile {
 public:
  explicit OpenFile(int number) : number_(number) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (number_ >= 0) ::close(number_);
  }

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

tl::unexpected<Error> file_error(const std::string& deed, const std::string& path) {
  return fail(Trouble::usage, "can't " + deed + " " + in_quotes(path) + ": " + std::strerror(errno));
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// So that the rename survives a power cut; a folder that can't be opened for it is no failure of the write.
void flush_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const OpenFile file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.is_open()) ::fsync(file.number());
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return file_error("read", path);
  std::string text;
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t got = ::read(file.number(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_error("read", path);
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > limit) {
      return fail(Trouble::usage, in_quotes(path) + " is larger than " + std::to_string(limit) + " bytes");
    }
  }
}

Result<void> write_file_atomically(const std::string& path, std::string_view text) {
  const std::string beside = path + ".new-" + std::to_string(::getpid());
  OpenFile file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file.is_open()) return file_error("write", beside);
  const bool whole = write_all(file.number(), text) && ::fsync(file.number()) == 0 && file.close();
  if (!whole || ::rename(beside.c_str(), path.c_str()) != 0) {
    tl::unexpected<Error> error = file_error("write", path);
    ::unlink(beside.c_str());
    return error;
  }
  flush_folder_of(path);
  return {};
}

}  // namespace zonepin::sim
