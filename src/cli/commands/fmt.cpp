// fmt: manifests in their canonical form.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/targets.h"
#include "manifest/format.h"
#include "report/diagnostics_json.h"
#include "report/unified_diff.h"

namespace zonepin {

namespace {

constexpr std::string_view kStandardInput = "<stdin>";

// The first line that differs: where somebody looks who is told that a file does.
Place first_difference(std::string_view before, std::string_view after, std::uint32_t source) {
  const auto found = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  const auto lines = std::count(before.begin(), found.first, '\n');
  return {source, static_cast<std::uint32_t>(lines) + 1, 1, 1};
}

// Each file by itself: one that can't be formatted keeps no other one from it.
class Formatting {
 public:
  Formatting(Stage& stage, Sources sources) : stage_(stage), sources_(std::move(sources)) {}

  int run() {
    for (std::uint32_t at = 0; at < sources_.size(); ++at) {
      if (stage_.world().interrupt.requested()) {
        return stage_.fail({Trouble::interrupted, "interrupted", "every file is whole; run it again"});
      }
      Formatted formatted = format_manifest(sources_[at].text, at);
      const bool refused = has_errors(formatted.diagnostics);
      for (Diagnostic& diagnostic : formatted.diagnostics) diagnostics_.push_back(std::move(diagnostic));
      if (!refused) act(at, formatted.text);
    }
    return end();
  }

 private:
  bool checks() const { return stage_.options().check; }
  bool shows() const { return stage_.options().diff; }

  void act(std::uint32_t at, const std::string& text) {
    const Source& source = sources_[at];
    const bool differs = text != source.text;
    if (!checks() && !shows()) {
      if (source.path == kStandardInput) {
        print(at, text);
      } else if (differs) {
        write(source.path, text);
      }
      return;
    }
    if (!differs) return;
    ++differing_;
    if (shows()) stage_.out(unified_diff(source.text, text, source.path, stage_.out_style()));
    if (!checks()) return;
    if (stage_.json()) {
      diagnostics_.push_back({Severity::error, "this file is not in its canonical form",
                              "zonepin fmt writes it anew; zonepin fmt --diff shows what changes",
                              first_difference(source.text, text, at)});
    } else if (!shows()) {
      stage_.out(escape(source.path) + "\n");
    }
  }

  // With a secret blotted out it would be another manifest.
  void print(std::uint32_t at, const std::string& text) {
    if (stage_.discreet(text) == text) return stage_.out(text);
    diagnostics_.push_back({Severity::error,
                            "this text holds what looks like a credential, which goes to no standard output",
                            "no manifest needs one: take it out, or format the file itself: zonepin fmt FILE",
                            {at, 1, 1, 1}});
  }

  void write(const std::string& path, const std::string& text) {
    const auto written = stage_.world().files.write_atomically(path, text);
    if (written) {
      stage_.note("formatted " + escape(path));
    } else {
      unwritten_ = stage_.fail(written.error());
    }
  }

  int end() {
    int code = stage_.refuse(sorted(diagnostics_), sources_);
    if (checks() && differing_ > 0) {
      code = kInvalid;
      if (!stage_.json()) {
        stage_.note(plural(differing_, "file") + " of " + std::to_string(sources_.size()) +
                    (differing_ == 1 ? " is" : " are") + " not in canonical form: run zonepin fmt");
      }
    }
    if (unwritten_ != kDone) code = unwritten_;
    if (code == kDone && stage_.json()) stage_.out(diagnostics_json(diagnostics_, sources_));
    return code;
  }

  Stage& stage_;
  Sources sources_;
  Diagnostics diagnostics_;
  std::size_t differing_ = 0;
  int unwritten_ = kDone;
};

// A formatted text or a difference is no JSON.
bool is_one_text_too_many(const Options& options) {
  const bool has_input = std::find(options.paths.begin(), options.paths.end(), "-") != options.paths.end();
  return options.format == Format::json && (options.diff || (has_input && !options.check));
}

}  // namespace

int fmt_command(Stage& stage) {
  if (is_one_text_too_many(stage.options())) {
    return stage.fail({Trouble::usage,
                       "fmt has a text for standard output here, which --format json has no room for",
                       "leave --format out, or use --check alone"});
  }
  auto sources = read_manifests(stage);
  if (!sources) return stage.fail(sources.error());
  return Formatting(stage, std::move(*sources)).run();
}

}  // namespace zonepin
