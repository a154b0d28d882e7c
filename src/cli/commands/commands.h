// Every command: a stage in, an exit code out. What they have in common lives a level up.
#pragma once

#include "cli/stage.h"

namespace zonepin {

int plan_command(Stage& stage);
int drift_command(Stage& stage);
int check_command(Stage& stage);
int explain_command(Stage& stage);
int can_i_command(Stage& stage);
int apply_command(Stage& stage);
int validate_command(Stage& stage);
int fmt_command(Stage& stage);
int snapshot_command(Stage& stage);
int export_command(Stage& stage);
int list_tokens_command(Stage& stage);
int list_zones_command(Stage& stage);
int get_command(Stage& stage);
int doctor_command(Stage& stage);
int revoke_command(Stage& stage);
int fence_command(Stage& stage);
int identify_command(Stage& stage);
int show_command(Stage& stage);
int schema_command(Stage& stage);
int completion_command(Stage& stage);
int man_pages_command(Stage& stage);
int version_command(Stage& stage);

}  // namespace zonepin
