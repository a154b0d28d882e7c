// What every file, pipe and terminal needs: a descriptor that closes itself, whole reads and writes, errno in
// words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace zonepin {

class Signals;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  bool open() const { return number_ >= 0; }
  int release();
  // Closes it now; 0, or the errno of what could not be written.
  int close_now();

 private:
  int number_;
};

// All of `text`, through short writes, interruptions and non-blocking pipes; 0, or errno.
int write_whole(int descriptor, std::string_view text);

// Appends what is there, at most `most` bytes; the count, 0 at the end, or -1 with errno set. Through
// interruptions.
std::ptrdiff_t read_some(int descriptor, std::string& to, std::size_t most);

enum class Readiness { ready, interrupted };

// Blocks until `descriptor` has something to read (or its end), or a signal asks the run to end.
Readiness wait_readable(int descriptor, const Signals& signals);

// "no such file or folder", "permission denied", …, in lower case and without an end.
std::string reason_of(int error_number);

}  // namespace zonepin
