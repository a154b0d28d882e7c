#include "platform/host.h"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>

#include "base/ensure.h"

namespace zonepin {

Instant SystemClock::now() {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

Milliseconds SystemClock::steady() {
  return std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

std::optional<std::string> ProcessEnvironment::get(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

std::vector<std::string> ProcessEnvironment::names(std::string_view prefix) {
  std::vector<std::string> found;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view pair = *entry;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || !pair.starts_with(prefix)) continue;
    if (equals < prefix.size()) continue;  // The prefix reached into the value.
    found.emplace_back(pair.substr(0, equals));
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::uint64_t SystemRandom::next() {
  std::uint64_t value = 0;
  ssize_t got = -1;
  do {
    got = getrandom(&value, sizeof value, 0);
  } while (got == -1 && errno == EINTR);
  ensure(got == static_cast<ssize_t>(sizeof value), "the kernel gives no random bytes");
  return value;
}

}  // namespace zonepin
