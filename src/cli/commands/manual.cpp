// What a package installs beside the program: completions for shells, and manual pages. Neither needs an org.
#include "cli/manual/manual.h"
#include "cli/arguments/outline.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "report/script_json.h"

namespace zonepin {

int completion_command(Stage& stage) {
  const std::string& shell = stage.options().subject;
  const CommandOutline program = outline_of_program();
  const std::string script = shell == "bash"  ? bash_completion(program)
                             : shell == "zsh" ? zsh_completion(program)
                                              : fish_completion(program);
  stage.out(stage.json() ? script_json(shell, script) : script);
  return kDone;
}

int man_pages_command(Stage& stage) {
  const std::string& folder = stage.options().subject;
  if (auto made = stage.world().files.make_folder(folder); !made) return stage.fail(made.error());
  for (const ManPage& page : man_pages(outline_of_program(), ZONEPIN_VERSION)) {
    if (auto written = stage.write(folder + "/" + page.file, page.text); !written)
      return stage.fail(written.error());
  }
  return kDone;
}

}  // namespace zonepin
