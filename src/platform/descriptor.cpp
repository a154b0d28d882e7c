#include "platform/descriptor.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/text.h"
#include "platform/signals.h"

namespace zonepin {

Descriptor::~Descriptor() {
  if (open()) close(number_);
}

int Descriptor::release() {
  const int number = number_;
  number_ = -1;
  return number;
}

int Descriptor::close_now() {
  if (!open()) return 0;
  // After EINTR the descriptor is gone on Linux: closing again could hit somebody else's.
  return close(release()) == 0 || errno == EINTR ? 0 : errno;
}

int write_whole(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      struct pollfd wanted {
        descriptor, POLLOUT, 0
      };
      if (poll(&wanted, 1, -1) == -1 && errno != EINTR) return errno;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

std::ptrdiff_t read_some(int descriptor, std::string& to, std::size_t most) {
  const std::size_t before = to.size();
  to.resize(before + most);
  ssize_t got = -1;
  do {
    got = read(descriptor, to.data() + before, most);
  } while (got == -1 && errno == EINTR);
  to.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
  return got;
}

Readiness wait_readable(int descriptor, const Signals& signals) {
  std::array<struct pollfd, 2> wanted = {{{descriptor, POLLIN, 0}, {signals.descriptor(), POLLIN, 0}}};
  for (;;) {
    const int ready = poll(wanted.data(), wanted.size(), -1);
    if (ready == -1 && errno == EINTR) continue;
    if (ready > 0 && wanted[1].revents != 0) return Readiness::interrupted;
    return Readiness::ready;  // Also for what can't be polled: reading it will say why.
  }
}

std::string reason_of(int error_number) {
  switch (error_number) {
    case ENOENT: return "no such file or folder";
    case ENOSPC: return "no space left on the device";
    case EPIPE: return "the reader went away (broken pipe)";
    case EBADF: return "it is closed";
    default: return lowercase(std::generic_category().message(error_number));
  }
}

}  // namespace zonepin
