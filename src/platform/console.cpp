#include "platform/console.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "platform/descriptor.h"
#include "platform/signals.h"

namespace zonepin {
namespace {

constexpr std::size_t kFlushAt = std::size_t{64} << 10;
constexpr std::size_t kMaxAnswer = 4096;  // what a terminal lets a person type in one line
constexpr std::size_t kDefaultWidth = 80;
constexpr std::size_t kMaxWidth = 10'000;

std::optional<std::size_t> columns_variable() {
  const char* value = std::getenv("COLUMNS");
  if (value == nullptr) return std::nullopt;
  const std::string_view text = value;
  std::size_t columns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), columns);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (columns == 0 || columns > kMaxWidth) return std::nullopt;
  return columns;
}

}  // namespace

Console::~Console() {
  flush();
}

void Console::out(std::string_view text) {
  pending_ += text;
  if (pending_.size() >= kFlushAt) flush();
}

void Console::err(std::string_view text) {
  flush();  // On one screen, or in one log of a CI job, what was said first stands first.
  write_whole(STDERR_FILENO, text);
}

bool Console::can_ask() {
  return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

bool Console::out_is_terminal() {
  return isatty(STDOUT_FILENO) == 1;
}

bool Console::err_is_terminal() {
  return isatty(STDERR_FILENO) == 1;
}

std::size_t Console::width() {
  if (const std::optional<std::size_t> columns = columns_variable(); columns.has_value()) return *columns;
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    struct winsize size {};
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  }
  return kDefaultWidth;
}

std::optional<std::string> Console::ask(std::string_view question) {
  flush();
  write_whole(STDERR_FILENO, question);
  for (;;) {
    if (const std::size_t end = typed_.find('\n'); end != std::string::npos) {
      std::string line = typed_.substr(0, end);
      typed_.erase(0, end + 1);
      if (line.ends_with('\r')) line.pop_back();
      return line;
    }
    if (typed_.size() > kMaxAnswer) return std::nullopt;
    if (wait_readable(STDIN_FILENO, signals_) == Readiness::interrupted) return std::nullopt;
    if (read_some(STDIN_FILENO, typed_, kMaxAnswer) > 0) continue;
    if (typed_.empty()) return std::nullopt;
    typed_ += '\n';  // The last line of the input may lack its newline.
  }
}

Result<void> Console::finish() {
  flush();
  if (write_error_ == 0) {
    // Some file systems report a failed write only when a descriptor is closed: close a copy.
    Descriptor copy(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
    if (copy.open()) write_error_ = copy.close_now();
  }
  if (write_error_ == 0) return {};
  return fail(Trouble::failure, "standard output could not be written: " + reason_of(write_error_),
              "the result is incomplete: run it again with a place that takes all of it");
}

void Console::flush() {
  if (write_error_ == 0) write_error_ = write_whole(STDOUT_FILENO, pending_);
  pending_.clear();
}

}  // namespace zonepin
