// What every command stands on: the world, the options, and one way to speak.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/result.h"
#include "base/world.h"
#include "cli/options.h"
#include "report/style.h"

namespace zonepin {

// A saved plan and the like are read up to this size by those that know better; everything else up to this.
class Stage {
 public:
  Stage(World& world, const Options& options);

  World& world() { return world_; }
  const Options& options() const { return options_; }
  bool json() const { return options_.format == Format::json; }
  Style out_style() const { return out_style_; }
  Style err_style() const { return err_style_; }

  void out(std::string_view text) { world_.terminal.out(text); }
  void note(std::string_view line);     // to standard error, a newline added
  void warn(std::string_view line);     // the same, marked as a warning

  // Says what went wrong, one line, for a machine format on standard output as well. Gives the exit code.
  int fail(const Error& error);
  // An error of one org of a run that has others: only said to standard error.
  int fail_org(const Error& error);
  // Every mistake with its place; warnings alone are said and give 0.
  int refuse(const Diagnostics& diagnostics, const Sources& sources);

  // A yes from a person. Without a terminal, or without an answer, Trouble::usage or a "no".
  Result<bool> confirm(std::string_view question);

 private:
  void say_error(const Error& error);

  World& world_;
  const Options& options_;
  Style out_style_;
  Style err_style_;
};

}  // namespace zonepin
