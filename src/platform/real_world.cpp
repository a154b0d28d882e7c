#include "platform/real_world.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/console.h"
#include "platform/curl_network.h"
#include "platform/disk_files.h"
#include "platform/host.h"
#include "platform/signals.h"
#include "platform/stderr_log.h"

namespace zonepin {
namespace {

// A program started with a closed standard descriptor would give its number to the next file or socket that
// it opens, and then print into that. /dev/null takes the place, the wrong way round for standard output, so
// that writing fails.
void keep_standard_descriptors_taken() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    const int opened = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY);
    if (opened != -1 && opened != descriptor) {
      dup2(opened, descriptor);
      close(opened);
    }
  }
}

}  // namespace

struct RealWorld::Doors {
  struct StandardDescriptors {
    StandardDescriptors() { keep_standard_descriptors_taken(); }
  };
  StandardDescriptors descriptors;  // First: the others open descriptors of their own.
  Signals signals;
  SystemClock clock;
  DiskFiles files{signals};
  ProcessEnvironment environment;
  SystemRandom random;
  Console console{signals};
  StderrLog log;
  CurlNetwork network{clock, signals};
};

RealWorld::RealWorld() : doors_(std::make_unique<Doors>()) {}

RealWorld::~RealWorld() = default;

World RealWorld::world() {
  return World{doors_->clock,   doors_->files,   doors_->environment, doors_->random,
               doors_->console, doors_->signals, doors_->log,         doors_->network};
}

}  // namespace zonepin
