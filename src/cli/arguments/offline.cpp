// Commands that need neither manifests nor Okta.
#include "base/text.h"
#include "cli/arguments/shared.h"
#include "cli/schemas.h"

namespace zonepin {

namespace {

void define_show(Grammar& grammar) {
  Options& options = grammar.options();
  Syntax show = grammar.command(Command::show, "show",
                                "Show a saved plan again, the plan that takes it back, or a journal",
                                "zonepin show plan.json --reverse --out undo.json");
  show.argument("file", options.subject, "FILE", "A plan file, or a journal");
  show.flag("--reverse", options.reverse, "The plan that puts every replaced condition back");
  show.option("--out", options.out_file, "FILE", "Save the plan that is shown");
}

void define_schema(Grammar& grammar) {
  Syntax schema = grammar.command(Command::schema, "schema",
                                  "Print the JSON Schema of something that zonepin reads or writes",
                                  "zonepin schema manifest");
  std::vector<std::string> names;
  for (const NamedSchema& known : kSchemas) names.emplace_back(known.name);
  schema.choice("name", grammar.options().subject, names, "NAME", join(names, ", "));
  schema.needs("name");
}

void define_completion(Grammar& grammar) {
  Syntax completion = grammar.command(Command::completion, "completion",
                                      "Print what makes a shell complete zonepin's words: bash, zsh or fish",
                                      "zonepin completion bash");
  completion.choice("shell", grammar.options().subject, {"bash", "zsh", "fish"}, "SHELL",
                    "bash, zsh or fish");
  completion.needs("shell");
}

void define_man_pages(Grammar& grammar) {
  Syntax pages = grammar.hidden_command(Command::man_pages, "man-pages",
                                        "Write a manual page for each command into a folder",
                                        "zonepin man-pages build/man");
  pages.argument("folder", grammar.options().subject, "DIR", "The folder; what it is in must be there");
}

}  // namespace

void define_offline(Grammar& grammar) {
  define_show(grammar);
  define_schema(grammar);
  define_completion(grammar);
  define_man_pages(grammar);
  grammar.command(Command::version, "version", "Print the version", "zonepin version");
}

}  // namespace zonepin
