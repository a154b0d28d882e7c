// Tokens that a person names by id on the command line: `revoke ID…` and `fence ID…`.
#pragma once

#include "cli/stage.h"

namespace zonepin {

// Plans what the options order, as if a manifest said so, and carries it out through the same guards and the
// same question as apply. Gives the exit code.
int carry_out_order(Stage& stage);

}  // namespace zonepin
