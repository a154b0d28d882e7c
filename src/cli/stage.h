// What every command stands on: the world, the options, and one way to speak.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/world.h"
#include "cli/blotter.h"
#include "cli/options.h"
#include "report/build_report.h"
#include "report/style.h"

namespace zonepin {

// How a result is said. What no format asks for is not made.
struct Telling {
  std::function<Report(const RunFacts&)> report;
  std::function<std::string(const Style&)> text{};  // none: made from the report, as all other formats are
  std::function<std::string()> json{};              // the same
};

// A saved plan and the like are read up to this size by those that know better; everything else up to this.
class Stage {
 public:
  Stage(World& world, const Options& options);

  World& world() { return world_; }
  const Options& options() const { return options_; }
  bool json() const { return options_.format == Format::json; }
  // Whether standard output is for people, so that what is said on the way may stand there as well.
  bool text() const { return options_.format == Format::text; }
  Style out_style() const { return out_style_; }
  Style err_style() const { return err_style_; }

  // The result. For a machine format it is one whole document, and the only one.
  void out(std::string_view text);
  // A line of what happens on the way, on standard output at once; with --format jsonl, elsewhere nothing.
  void event(std::string_view line);
  bool tells_events() const { return options_.format == Format::jsonl; }
  // The result of a command that makes a report (makes_report()): on standard output in its format, and in
  // every --output. Gives `code`, or that of a file that could not be written where all else went well.
  int tell(const Telling& telling, int code);
  // The same without standard output.
  int tell_files(const Telling& telling, int code);
  void note(std::string_view line);  // to standard error, a newline added
  // How things stand: one line that is drawn over, on a terminal; elsewhere nothing. Empty takes it away, and
  // so does whatever else is said.
  void status(std::string_view line);
  bool redraws() const { return redraws_; }  // whether status() shows anything
  void warn(std::string_view line);          // the same, marked as a warning

  // From now on the secret is blotted out of all that is said here: a server or a proxy may repeat what it
  // was sent.
  void hide(const Secret& secret) { blotter_.hide(secret); }
  std::string discreet(std::string_view text) const { return blotter_.blot(text); }
  // A file of the result. Blotted out it would be another plan or snapshot: with a secret in it, it is not
  // written, and that is an error.
  Result<void> write(const std::string& path, std::string_view text);

  // Says what went wrong, one line, on standard error. Gives the exit code.
  int fail(const Error& error);
  // Every mistake with its place; warnings alone are said and give 0. `what` is to be mended.
  int refuse(const Diagnostics& diagnostics, const Sources& sources, std::string_view what = "the manifests");

  // A yes from a person. Without a terminal it is Trouble::usage, with a signal instead of an answer
  // Trouble::interrupted.
  Result<bool> confirm(std::string_view question);

  // Call it last: where a machine format or an --output is wanted and nothing else was put out, the mistakes
  // and errors of the run are the document. Gives the exit code, as tell() does.
  int finish(int code);

 private:
  RunFacts facts(int code);
  void say(std::string_view text);  // to standard error, without secrets and in its letters

  World& world_;
  const Options& options_;
  Style out_style_;
  Style err_style_;
  Blotter blotter_;
  bool redraws_ = false;
  std::size_t status_columns_ = 0;  // of the status line that is on the screen
  bool is_answered_ = false;
  bool is_told_ = false;     // to every --output
  Diagnostics refusal_;      // mistakes with their places
  Sources refused_sources_;  // what they are in, where a report needs them
  std::vector<Error> errors_;
};

}  // namespace zonepin
