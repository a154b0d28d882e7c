#include "base/world.h"

namespace zonepin {

bool never_sent(TransportFault fault) {
  switch (fault) {
    case TransportFault::resolve:
    case TransportFault::refused:
    case TransportFault::tls:
    case TransportFault::proxy: return true;
    case TransportFault::timeout:
    case TransportFault::lost:
    case TransportFault::too_large:
    case TransportFault::cancelled: return false;
  }
  return false;
}

}  // namespace zonepin
