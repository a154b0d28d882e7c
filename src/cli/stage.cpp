#include "cli/stage.h"

#include <algorithm>

#include "base/text.h"
#include "cli/exit_code.h"
#include "report/diagnostics_json.h"

namespace zonepin {

namespace {

// NO_COLOR and TERM=dumb switch colours off, unless somebody asks for them (https://no-color.org).
bool wants_color(const Options& options, Environment& environment, bool is_terminal) {
  if (options.color != ColorMode::automatic) return options.color == ColorMode::always;
  const auto no_color = environment.get("NO_COLOR");
  if (no_color && !no_color->empty()) return false;
  return is_terminal && environment.get("TERM").value_or("") != "dumb";
}

// CI services take `##[…]` as a command wherever it stands in a log. JSON holds two of these signs within a
// string alone, where one can be written otherwise.
std::string without_log_commands(std::string json) {
  for (std::size_t at = json.find("##"); at != std::string::npos; at = json.find("##", at))
    json.replace(at, 1, "\\u0023");
  return json;
}

}  // namespace

Stage::Stage(World& world, const Options& options) : world_(world), options_(options) {
  const std::size_t width = std::clamp<std::size_t>(world.terminal.width(), 40, 200);
  out_style_ = {wants_color(options, world.environment, world.terminal.out_is_terminal()), width};
  err_style_ = {wants_color(options, world.environment, world.terminal.err_is_terminal()), width};
  redraws_ = world.terminal.err_is_terminal() && world.environment.get("TERM").value_or("") != "dumb";
}

void Stage::status(std::string_view line) {
  if (!redraws_) return;
  if (line.empty() && status_columns_ == 0) return;
  // Spaces instead of an escape sequence: every terminal knows them.
  std::string text = "\r" + discreet(line.substr(0, err_style_.width - 1));
  const std::size_t columns = text.size() - 1;
  if (columns < status_columns_) text.append(status_columns_ - columns, ' ');
  if (line.empty()) text += '\r';
  status_columns_ = columns;
  world_.terminal.err(text);
}

void Stage::event(std::string_view line) {
  if (!tells_events()) return;
  world_.terminal.out(discreet(line));
  world_.terminal.flush();
}

void Stage::note(std::string_view line) {
  status({});
  world_.terminal.err(discreet(line) + "\n");
}

void Stage::warn(std::string_view line) {
  note("warning: " + std::string(line));
}

void Stage::out(std::string_view text) {
  status({});
  is_answered_ = true;
  world_.terminal.out(json() ? without_log_commands(discreet(text)) : discreet(text));
}

Result<void> Stage::write(const std::string& path, std::string_view text) {
  if (blotter_.finds_secret(text)) {
    return zonepin::fail(Trouble::failure,
                         escape(path) +
                             " was not written: a credential of this run stands in what Okta answered, "
                             "perhaps as the name of a token",
                         "change that in Okta: everybody who lists its tokens can read it there");
  }
  return world_.files.write_atomically(path, text);
}

int Stage::fail(const Error& error) {
  note("error: " + error.message + (error.mend.empty() ? "" : "; " + error.mend));
  errors_.push_back(error);
  return code_of(error.trouble);
}

namespace {

// Columns of a text in a file: as wide as a terminal that nobody has made narrow.
constexpr std::size_t kFileColumns = 100;

}  // namespace

RunFacts Stage::facts(int code) {
  return {world_.clock.now(), code, options_.source_revision};
}

int Stage::tell_files(const Telling& telling, int code) {
  is_told_ = true;
  std::optional<Report> report;
  for (const OutputFile& output : options_.outputs) {
    const auto made = [&] {
      if (!report) report = telling.report(facts(code));
      return render(output.format, *report, {false, kFileColumns});
    };
    const std::string text = output.format == Format::text && telling.text
                                 ? telling.text({false, kFileColumns})
                             : output.format == Format::json && telling.json ? telling.json()
                                                                             : made();
    const auto written = write(output.path, text);
    if (written) continue;
    const int failed = fail(written.error());
    if (code == kDone || code == kChanges) code = failed;
  }
  return code;
}

int Stage::tell(const Telling& telling, int code) {
  if (options_.format == Format::text && telling.text) {
    out(telling.text(out_style_));
  } else if (options_.format == Format::json && telling.json) {
    out(telling.json());
  } else {
    out(render(options_.format, telling.report(facts(code)), out_style_));
  }
  return tell_files(telling, code);
}

int Stage::finish(int code) {
  if (refusal_.empty() && errors_.empty()) return code;
  Telling telling;
  telling.report = [&](const RunFacts& run) {
    return report_of_failure(refusal_, refused_sources_, errors_, run);
  };
  telling.json = [&] {
    return refusal_.empty() ? errors_json(errors_) : diagnostics_json(refusal_, refused_sources_);
  };
  if (options_.format != Format::text && !is_answered_) {
    out(options_.format == Format::json ? telling.json()
                                        : render(options_.format, telling.report(facts(code)), {}));
  }
  return is_told_ ? code : tell_files(telling, code);
}

int Stage::refuse(const Diagnostics& diagnostics, const Sources& sources) {
  status({});
  world_.terminal.err(discreet(render(diagnostics, sources)));
  if (!has_errors(diagnostics)) return kDone;
  const auto errors = std::count_if(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::error;
  });
  note(plural(static_cast<std::size_t>(errors), "error") + ": mend the manifests and run it again");
  if (!text() || !options_.outputs.empty()) {
    refusal_ = diagnostics;
    refused_sources_ = sources;
  }
  return kInvalid;
}

Result<bool> Stage::confirm(std::string_view question) {
  if (!world_.terminal.can_ask()) {
    return zonepin::fail(Trouble::usage,
                         "nobody can be asked here: standard input or standard error is no terminal",
                         "add --auto-approve");
  }
  const auto answer = world_.terminal.ask(question);
  if (!answer && world_.interrupt.requested())
    return zonepin::fail(Trouble::interrupted, "interrupted at the question; nothing was written");
  return answer && trim(*answer) == "yes";
}

}  // namespace zonepin
