#include "measure.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

namespace zonepin {

namespace {

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

[[noreturn]] void become(const std::vector<std::string>& argv) {
  std::vector<char*> raw;
  for (const std::string& argument : argv) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(nowhere, STDOUT_FILENO);
  execv(raw.front(), raw.data());
  _exit(127);
}

}  // namespace

Cost run_and_measure(const std::vector<std::string>& argv) {
  const auto began = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) become(argv);
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return {127, 0, 0, 0};
  const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - began;
  Cost cost;
  cost.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  cost.cpu_ms = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
  cost.wall_ms = wall.count();
  cost.peak_kb = usage.ru_maxrss;
  return cost;
}

}  // namespace zonepin
