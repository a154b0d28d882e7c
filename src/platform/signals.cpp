#include "platform/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>

#include "base/ensure.h"

namespace zonepin {
namespace {

constexpr int kInterruptedExit = 130;
// The last two would end us in the middle of a write that fails with an error of its own just as well.
constexpr std::array<int, 4> kSignals = {SIGINT, SIGTERM, SIGPIPE, SIGXFSZ};

bool is_for_a_write(int signal) {
  return signal == SIGPIPE || signal == SIGXFSZ;
}

// A signal handler can reach nothing but globals. Only lock-free atomics are safe in it.
std::atomic<int> wake_descriptor{-1};
std::atomic<std::int64_t> first_signal_ms{0};  // 0: none yet
std::array<struct sigaction, kSignals.size()> earlier_actions;
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

extern "C" void zonepin_on_signal(int) {
  const int saved_errno = errno;
  struct timespec now {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t now_ms = std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000 + 1;
  std::int64_t first = 0;
  if (first_signal_ms.compare_exchange_strong(first, now_ms)) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(wake_descriptor.load(), &one, sizeof one);
  } else if (now_ms - first > kSameKeyPress.count()) {
    _exit(kInterruptedExit);
  }
  errno = saved_errno;
}

void install(int signal, void (*handler)(int), struct sigaction& earlier) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // Waits that a signal shall end poll the descriptor.
  sigemptyset(&action.sa_mask);
  ensure(sigaction(signal, &action, &earlier) == 0, "a signal handler can't be set");
}

}  // namespace

Signals::Signals() {
  ensure(wake_descriptor.load() == -1, "there is one Signals at a time");
  wake_descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  ensure(wake_descriptor.load() != -1, "eventfd() gives no descriptor");
  first_signal_ms = 0;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    install(kSignals[i], is_for_a_write(kSignals[i]) ? SIG_IGN : zonepin_on_signal, earlier_actions[i]);
  }
}

Signals::~Signals() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &earlier_actions[i], nullptr);
  close(wake_descriptor.exchange(-1));
  first_signal_ms = 0;
}

bool Signals::requested() {
  return first_signal_ms.load() != 0;
}

int Signals::descriptor() const {
  return wake_descriptor.load();
}

}  // namespace zonepin
