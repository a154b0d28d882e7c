#include "child.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/ensure.h"

namespace zonepin {
namespace {

constexpr unsigned kNobody = 65534;

// A temporary file, already unlinked: unlike a pipe it never fills up.
FILE* scratch() {
  FILE* file = std::tmpfile();
  ensure(file != nullptr, "no temporary file");
  return file;
}

std::string text_of(FILE* file) {
  std::string text;
  std::array<char, 4096> buffer{};
  std::rewind(file);
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file))
    text.append(buffer.data(), got);
  std::fclose(file);
  return text;
}

}  // namespace

ChildResult run_child(const std::function<int()>& body, const std::string& input) {
  FILE* in = scratch();
  FILE* out = scratch();
  FILE* err = scratch();
  std::fwrite(input.data(), 1, input.size(), in);
  std::fflush(in);
  std::rewind(in);
  std::fflush(nullptr);
  const pid_t child = fork();
  ensure(child >= 0, "fork() failed");
  if (child == 0) {
    dup2(fileno(in), STDIN_FILENO);
    dup2(fileno(out), STDOUT_FILENO);
    dup2(fileno(err), STDERR_FILENO);
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  std::fclose(in);
  ChildResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = text_of(out);
  result.err = text_of(err);
  return result;
}

void become_nobody() {
  if (geteuid() != 0) return;
  ensure(setgid(kNobody) == 0 && setuid(kNobody) == 0, "root's rights can't be given up");
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "zonepin-test-XXXXXX").string();
  ensure(mkdtemp(name.data()) != nullptr, "no temporary folder");
  folder_ = name;
  chmod(name.c_str(), 0755);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void TemporaryFolder::write(const std::string& name, const std::string& text) const {
  std::filesystem::create_directories((folder_ / name).parent_path());
  std::ofstream(folder_ / name, std::ios::binary) << text;
}

std::string TemporaryFolder::read(const std::string& name) const {
  std::ifstream file(folder_ / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::size_t TemporaryFolder::entries() const {
  const std::filesystem::directory_iterator all(folder_);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace zonepin
