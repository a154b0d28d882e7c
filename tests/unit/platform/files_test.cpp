#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "child.h"
#include "platform/disk_files.h"
#include "platform/signals.h"

namespace zonepin {
namespace {

namespace fs = std::filesystem;

struct Disk {
  Signals signals;
  DiskFiles files{signals};
  TemporaryFolder folder;

  std::string read_error(const std::string& path, std::size_t limit = 100) {
    const Result<std::string> text = files.read(path, limit);
    return text ? "" : text.error().message;
  }
  std::vector<std::string> manifests(const std::string& below, std::size_t limit = 100) {
    std::vector<std::string> found = files.find_manifests(folder.path(below), limit).value();
    for (std::string& each : found) each.erase(0, folder.path().size() + 1);
    return found;
  }
};

mode_t mode_of(const std::string& path) {
  struct stat status {};
  stat(path.c_str(), &status);
  return status.st_mode & 07777;
}

}  // namespace

TEST_CASE("files: a whole file, up to and not beyond the limit") {
  Disk disk;
  disk.folder.write("a", std::string("one\0two\n", 8));
  CHECK(disk.files.read(disk.folder.path("a"), 8).value() == std::string("one\0two\n", 8));
  const std::string path = disk.folder.path("a");
  CHECK(disk.read_error(path, 7) == path + ": larger than 7 bytes, the most that is read");
  disk.folder.write("big", std::string((1 << 20) + 1, 'x'));
  CHECK(disk.read_error(disk.folder.path("big"), 1 << 20) ==
        disk.folder.path("big") + ": larger than 1 MiB, the most that is read");
  disk.folder.write("empty", "");
  CHECK(disk.files.read(disk.folder.path("empty"), 0).value().empty());
}

TEST_CASE("files: what can't be read is named with the reason") {
  Disk disk;
  CHECK(disk.read_error(disk.folder.path("gone")) == disk.folder.path("gone") + ": no such file or folder");
  CHECK(disk.read_error(disk.folder.path()) == disk.folder.path() + ": is a folder, not a file");
  CHECK(disk.read_error("") == "an empty path names no file");
  CHECK(disk.read_error(std::string("a\0b", 3)).ends_with(": a path can't hold a NUL byte"));
  CHECK(disk.read_error("a\x1b[31m\n") == "a\\x1b[31m\\n: no such file or folder");
  CHECK(disk.files.read(disk.folder.path("gone"), 9).error().trouble == Trouble::usage);
  disk.folder.write("file", "");
  CHECK(disk.read_error(disk.folder.path("file/below")).ends_with(": not a directory"));
}

TEST_CASE("files: what lies in a folder, hidden names included") {
  Disk disk;
  disk.folder.write("d/b", "");
  disk.folder.write("d/.hidden", "");
  disk.folder.write("d/a/below", "");
  CHECK(disk.files.names_in(disk.folder.path("d")).value() == std::vector<std::string>{".hidden", "a", "b"});
  fs::create_directory(disk.folder.path("none"));
  CHECK(disk.files.names_in(disk.folder.path("none")).value().empty());
  CHECK(disk.files.names_in(disk.folder.path("gone")).error().trouble == Trouble::usage);
  CHECK_FALSE(disk.files.names_in(disk.folder.path("d/b")));
}

TEST_CASE("files: a file without the right to read it") {
  Disk disk;
  disk.folder.write("closed.yaml", "secret");
  disk.folder.write("locked/a.yaml", "");
  chmod(disk.folder.path("closed.yaml").c_str(), 0);
  chmod(disk.folder.path("locked").c_str(), 0);
  const ChildResult child = run_child([&] {
    become_nobody();
    const Result<std::string> text = disk.files.read(disk.folder.path("closed.yaml"), 9);
    if (text || text.error().message != disk.folder.path("closed.yaml") + ": permission denied") return 1;
    // A folder that can't be looked into hides manifests: that is an error, too.
    const auto found = disk.files.find_manifests(disk.folder.path(), 9);
    return !found && found.error().message == disk.folder.path("locked") + ": permission denied" ? 0 : 2;
  });
  CHECK(child.exit_code == 0);
  chmod(disk.folder.path("locked").c_str(), 0755);
}

TEST_CASE("files: standard input, with its limit, and ended by a signal") {
  const auto read_input = [](std::size_t limit) {
    Signals signals;
    const Result<std::string> text = DiskFiles(signals).read("-", limit);
    std::fputs(text ? text->c_str() : text.error().message.c_str(), stdout);
    std::fflush(stdout);
    return 0;
  };
  CHECK(run_child([&] { return read_input(5); }, "hello").out == "hello");
  CHECK(run_child([&] { return read_input(4); }, "hello").out ==
        "standard input: larger than 4 bytes, the most that is read");
  const ChildResult interrupted = run_child([&] {
    int silent[2];
    if (pipe(silent) != 0) return 1;
    dup2(silent[0], STDIN_FILENO);
    Signals signals;
    raise(SIGTERM);
    const Result<std::string> text = DiskFiles(signals).read("-", 9);
    return !text && text.error().trouble == Trouble::interrupted ? 0 : 2;
  });
  CHECK(interrupted.exit_code == 0);
}

TEST_CASE("files: a FIFO is read to its end") {
  Disk disk;
  const std::string fifo = disk.folder.path("fifo");
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  std::thread writer([&] { CHECK(disk.files.write_atomically(fifo, "through a pipe").has_value()); });
  CHECK(disk.files.read(fifo, 100).value() == "through a pipe");
  writer.join();
  CHECK(fs::is_fifo(fifo));  // Written into, not replaced.
}

TEST_CASE("writing: a new file follows the umask, an old one keeps its permissions, nothing else stays") {
  Disk disk;
  const mode_t umask_before = umask(022);
  CHECK(disk.files.write_atomically(disk.folder.path("new"), "1").has_value());
  CHECK(mode_of(disk.folder.path("new")) == 0644);
  chmod(disk.folder.path("new").c_str(), 0640);
  CHECK(disk.files.write_atomically(disk.folder.path("new"), "22").has_value());
  CHECK(mode_of(disk.folder.path("new")) == 0640);
  CHECK(disk.folder.read("new") == "22");
  CHECK(disk.folder.entries() == 1);
  umask(umask_before);
}

TEST_CASE("writing: it replaces the file, so that who has the old one open keeps it whole") {
  Disk disk;
  disk.folder.write("plan", "old");
  fs::create_hard_link(disk.folder.path("plan"), disk.folder.path("witness"));
  CHECK(disk.files.write_atomically(disk.folder.path("plan"), "new").has_value());
  CHECK(disk.folder.read("plan") == "new");
  CHECK(disk.folder.read("witness") == "old");
}

TEST_CASE("writing: a link stays a link, also one whose target is not there yet") {
  Disk disk;
  disk.folder.write("deep/target", "old");
  fs::create_symlink("deep/target", disk.folder.path("link"));
  fs::create_symlink("deep/later", disk.folder.path("dangling"));
  fs::create_symlink("loop", disk.folder.path("loop"));
  CHECK(disk.files.write_atomically(disk.folder.path("link"), "new").has_value());
  CHECK(disk.files.write_atomically(disk.folder.path("dangling"), "there").has_value());
  CHECK(fs::is_symlink(disk.folder.path("link")));
  CHECK(disk.folder.read("deep/target") == "new");
  CHECK(fs::is_symlink(disk.folder.path("dangling")));
  CHECK(disk.folder.read("deep/later") == "there");
  CHECK_FALSE(disk.files.write_atomically(disk.folder.path("loop"), "x").has_value());
}

TEST_CASE("writing: a disk that takes only half leaves the old file and no remains") {
  Disk disk;
  disk.folder.write("plan", "old");
  const ChildResult child = run_child([&] {
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small { 1000, 1000 };
    setrlimit(RLIMIT_FSIZE, &small);
    const Result<void> done = disk.files.write_atomically(disk.folder.path("plan"), std::string(5000, 'x'));
    return !done &&
                   done.error().message == disk.folder.path("plan") + ": could not be written: file too large"
               ? 0
               : 1;
  });
  CHECK(child.exit_code == 0);
  CHECK(disk.folder.read("plan") == "old");
  CHECK(disk.folder.entries() == 1);
}

TEST_CASE("writing: what can't be written is named with the reason") {
  Disk disk;
  const auto message = [&](const std::string& path) {
    return disk.files.write_atomically(path, "x").error().message;
  };
  const std::string here = disk.folder.path();
  CHECK(message(here) == here + ": is a folder, not a file");
  CHECK(message(here + "/no/file") ==
        here + "/no/file: could not be written: there is no folder " + here + "/no");
  CHECK(message(here + "/name/") == here + "/name/: could not be written: it names a folder");
  CHECK(message("/dev/full") == "/dev/full: could not be written: no space left on the device");
  disk.folder.write("mine", "old");
  chmod(disk.folder.path("mine").c_str(), 0444);
  const ChildResult child = run_child([&] {
    become_nobody();
    std::fputs(message(here + "/mine").c_str(), stdout);
    std::fputs(("\n" + message(here + "/other")).c_str(), stdout);
    std::fflush(stdout);
    return 0;
  });
  if (geteuid() == 0) {
    CHECK(child.out == here + "/mine: could not be written: permission denied\n" + here +
                           "/other: could not be written: permission denied in folder " + here);
  }
  CHECK(disk.folder.read("mine") == "old");
}

TEST_CASE("writing: standard output by its name goes on where it is, also in a redirected file") {
  const ChildResult child = run_child([] {
    Signals signals;
    DiskFiles files(signals);
    if (write(STDOUT_FILENO, "first ", 6) != 6) return 1;
    if (!files.write_atomically("/dev/stdout", "second ")) return 2;
    if (!files.write_atomically("/dev/fd/1", "third")) return 3;
    return files.write_atomically("/dev/null", "lost").has_value() ? 0 : 4;
  });
  CHECK(child.exit_code == 0);
  CHECK(child.out == "first second third");
}

TEST_CASE("manifests: every *.yaml and *.yml below a folder, by path, without hidden ones") {
  Disk disk;
  for (const char* name : {"m/b.yaml", "m/a/z.yml", "m/a.yaml", "m/.git/config.yaml", "m/.a.yaml",
                           "m/README.md", "m/x.YAML", "m/folder.yaml/inner.yaml"}) {
    disk.folder.write(name, "");
  }
  REQUIRE(mkfifo(disk.folder.path("m/pipe.yaml").c_str(), 0600) == 0);  // Reading it would never end.
  CHECK(disk.manifests("m") ==
        std::vector<std::string>{"m/a.yaml", "m/a/z.yml", "m/b.yaml", "m/folder.yaml/inner.yaml"});
  CHECK(disk.manifests("m/README.md") == std::vector<std::string>{"m/README.md"});
  CHECK(disk.files.find_manifests("-", 1).value() == std::vector<std::string>{"-"});
  CHECK(disk.files.find_manifests(disk.folder.path("m/"), 4).value().front() == disk.folder.path("m/a.yaml"));
  CHECK(disk.files.find_manifests(disk.folder.path("m"), 3).error().message ==
        disk.folder.path("m") + ": holds more than 3 manifests (*.yaml, *.yml), the most that is read");
  CHECK(disk.files.find_manifests(disk.folder.path("gone"), 3).error().message ==
        disk.folder.path("gone") + ": no such file or folder");
  CHECK(disk.files.is_folder(disk.folder.path("m")));
  CHECK_FALSE(disk.files.is_folder(disk.folder.path("m/b.yaml")));
}

TEST_CASE("manifests: links are followed, loops and second ways to a folder are not walked again") {
  Disk disk;
  disk.folder.write("m/real/a.yaml", "");
  disk.folder.write("elsewhere/b.yaml", "");
  fs::create_directory_symlink("..", disk.folder.path("m/real/up"));
  fs::create_directory_symlink("../elsewhere", disk.folder.path("m/there"));
  fs::create_directory_symlink("../elsewhere", disk.folder.path("m/there-again"));
  fs::create_symlink("nowhere", disk.folder.path("m/dangling.yaml"));
  // `real/up` is the root itself, reached a second time: its files would be found twice, were it walked.
  CHECK(disk.manifests("m") ==
        std::vector<std::string>{"m/dangling.yaml", "m/real/a.yaml", "m/there/b.yaml"});
}

TEST_CASE("snapshots: every *.json below a folder, by path, without hidden ones, and any file by its name") {
  Disk disk;
  for (const char* name : {"s/b.json", "s/a/z.json", "s/a.json", "s/.git/x.json", "s/.a.json", "s/a.yaml",
                           "s/x.JSON", "s/live.txt"}) {
    disk.folder.write(name, "");
  }
  REQUIRE(mkfifo(disk.folder.path("s/pipe.json").c_str(), 0600) == 0);
  const auto found = disk.files.find_snapshots(disk.folder.path("s"), 9);
  CHECK(found.value() == std::vector<std::string>{disk.folder.path("s/a.json"),
                                                  disk.folder.path("s/a/z.json"),
                                                  disk.folder.path("s/b.json")});
  CHECK(disk.files.find_snapshots(disk.folder.path("s/live.txt"), 9).value() ==
        std::vector<std::string>{disk.folder.path("s/live.txt")});
  CHECK(disk.files.find_snapshots(disk.folder.path("s"), 2).error().message ==
        disk.folder.path("s") + ": holds more than 2 snapshots (*.json), the most that is read");
  CHECK(disk.files.find_snapshots(disk.folder.path("gone"), 3).error().message ==
        disk.folder.path("gone") + ": no such file or folder");
}

TEST_CASE("manifests: too deep a tree is an error, not a crash") {
  Disk disk;
  std::string deep = "m";
  for (int depth = 0; depth < 70; ++depth) deep += "/d";
  disk.folder.write(deep + "/a.yaml", "");
  CHECK(disk.files.find_manifests(disk.folder.path("m"), 9)
            .error()
            .message.ends_with(": more than 64 folders deep"));
}

}  // namespace zonepin
