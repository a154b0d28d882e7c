#include "cli/commands/commands.h"
#include "cli/orders.h"

namespace zonepin {

int fence_command(Stage& stage) {
  return carry_out_order(stage);
}

}  // namespace zonepin
